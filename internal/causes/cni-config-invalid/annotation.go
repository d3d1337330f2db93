package cniconfiginvalid

import "github.com/kubestuck/stuck/internal/match"

// inAnnotation is what Multus says that it cannot read in the Pod's annotation: that is no configuration of the node.
var inAnnotation = match.Lazy(`parsePodNetwork|network for pod: failed to parse (?:CIDR|IP address)`)
