package containercrashing

import "slices"

// codes are the exit codes that mean the same whatever the program is.
var codes = []string{"126", "127", "137", "139", "143"}

// explained are arguments with the exit code under the name that its meaning is told by, where it has one.
func explained(args map[string]string) map[string]string {
	if code := args["exitcode"]; slices.Contains(codes, code) {
		args["code"+code] = code
	}
	return args
}
