package cniconfiginvalid

// variant is what a message is about, by what was caught in it.
func variant(args map[string]string) string {
	switch {
	case args["absent"] != "" && args["secondary"] != "":
		return "link"
	case args["podcidr"] != "":
		return "podcidr"
	case args["secondary"] != "":
		return "secondary"
	case args["ipv6"] != "":
		return "ipv6"
	case args["version"] != "":
		return "version"
	}
	return ""
}
