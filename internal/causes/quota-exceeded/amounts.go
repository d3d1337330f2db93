package quotaexceeded

import (
	"strings"

	"github.com/kubestuck/stuck/internal/match"
	"k8s.io/apimachinery/pkg/api/resource"
)

// first is the first of some amounts: "limits.memory=2Gi,requests.memory=1800Mi".
func first(list string) (string, resource.Quantity, bool) {
	list, _, _ = strings.Cut(list, ",")
	name, value, _ := strings.Cut(list, "=")
	q, err := resource.ParseQuantity(value)
	return name, q, err == nil && resourceName().MatchString(name)
}

// resourceName is what a resource may be called: it goes into a command, and anyone may write an Event.
var resourceName = match.Lazy(`^[a-z0-9][A-Za-z0-9./-]*$`)

// amountOf is the amount of one resource in such a list.
func amountOf(list, name string) *resource.Quantity {
	for _, part := range strings.Split(list, ",") {
		if n, value, _ := strings.Cut(part, "="); n == name {
			if q, err := resource.ParseQuantity(value); err == nil {
				return &q
			}
		}
	}
	return nil
}
