package main

//go:generate go -C notices run . ../../THIRD_PARTY_NOTICES
