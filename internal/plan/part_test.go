package plan

import "testing"

// TestDecodeNoPlan says of what is no plan what it is, and of a file that was cut that it may be a part.
func TestDecodeNoPlan(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "this is no plan, or only a part of one",
		"actions: []\nby: me\n": "this is no plan, or only a part of one",
		"apiVersion: stuck.dev/v1alpha1\nkind: Plan\n": "this is no plan, or only a part of one",
		"apiVersion: v1\nkind: List\n":                 "this is no plan but v1 List",
	} {
		if _, err := Decode([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}
