package containercrashing

// explained are arguments with the exit code under the name that its meaning is told by, where it has one whatever the
// program is.
func explained(args map[string]string) map[string]string {
	switch code := args["exitcode"]; code {
	case "126":
		args["code126"] = code
	case "127":
		args["code127"] = code
	case "137":
		args["code137"] = code
	case "139":
		args["code139"] = code
	case "143":
		args["code143"] = code
	}
	return args
}
