package nodefacts

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestNoNull has a time that a runtime does not tell left out: containerd 1.6 has containers without one, and the API
// server takes no null, so it would refuse all facts.
func TestNoNull(t *testing.T) {
	for _, o := range []any{Sandbox{}, Container{}, System{}} {
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "null") {
			t.Errorf("%T: %s", o, text)
		}
	}
}
