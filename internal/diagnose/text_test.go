package diagnose

import "testing"

func TestExpand(t *testing.T) {
	args := map[string]string{"secret": "api tls", "holder": ""}
	for _, c := range []struct{ in, want string }{
		{"Secret {secret} is gone", "Secret api tls is gone"},
		{"Secret {other} is gone", "Secret OTHER is gone"},
		{"Held[[ by {holder}]] still", "Held still"},
		{"Gone[[ ({secret})]]", "Gone (api tls)"},
		{"[[{secret} and {holder}]]both", "both"},
		{"{Not} a { placeholder }", "{Not} a { placeholder }"},
	} {
		if got := Expand(c.in, args, nil); got != c.want {
			t.Errorf("Expand(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestShellQuote(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"api-tls", "api-tls"},
		{"registry.example.com/a:1@sha256:00", "registry.example.com/a:1@sha256:00"},
		{"", "''"},
		{"a; rm -rf /", "'a; rm -rf /'"},
		{"it's", `'it'\''s'`},
		{"a\nb\x1b[31m", "'ab[31m'"},
		{"$(reboot)", "'$(reboot)'"},
	} {
		if got := ShellQuote(c.in); got != c.want {
			t.Errorf("ShellQuote(%q) = %s, want %s", c.in, got, c.want)
		}
	}
}

// TestNoFlagFromOutside leaves out of a command what would be read as a flag, and says it in prose.
func TestNoFlagFromOutside(t *testing.T) {
	args := map[string]string{"image": "--all", "pod": "web", "previous": "--previous"}
	if got := Expand("crictl rmi {image} && logs {pod} {previous}", args, ShellQuote); got !=
		"crictl rmi IMAGE && logs web --previous" {
		t.Errorf("got %s", got)
	}
	if got := Expand("Image {image}", args, nil); got != "Image --all" {
		t.Errorf("got %s", got)
	}
}
