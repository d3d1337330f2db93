package cluster

import "k8s.io/apimachinery/pkg/util/validation"

// Possible reports whether an object of any kind that is read here can have a name: one of DNS (DNS-1123 subdomain), of
// which some kinds want a narrower form. What a Pod or an Event names is free text; that none can be there of another
// name is known without asking, and asking could lead elsewhere.
func Possible(name string) bool { return len(validation.IsDNS1123Subdomain(name)) == 0 }
