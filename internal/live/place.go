package live

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/client-go/rest"
)

// What a Pod or an Event names is free text for whoever may create one, and the path of a request is made of it: ../
// would lead to another object, or through a proxy to anything, with the token of the one who asks.

// at is a GET of the path that some segments make, which is yet to be made. It is the only place where a path becomes a
// request: no segment leads anywhere but to what stands below the one before it.
func (c *Client) at(segments ...string) (*rest.Request, error) {
	for i, s := range segments {
		if !isSegment(s) && !(s == "" && i == len(segments)-1) { // a slash at the end: a folder
			return nil, apierrors.NewNotFound(schema.GroupResource{}, s)
		}
	}
	c.requests.Add(1)
	return c.rest.Get().AbsPath("/" + strings.Join(segments, "/")).MaxRetries(0), nil // ask does that, and says so
}

// Path is the path of an object, or with an empty name of the list of its kind; an error where there can be none of
// that name.
func Path(k cluster.Kind, namespace, name string) (string, error) {
	segments, err := placeOf(k, namespace, name)
	return "/" + strings.Join(segments, "/"), err
}

// REST is what makes requests, for internal/cure: here every request is a GET.
func (c *Client) REST() rest.Interface { return c.rest }

// Host is the API server, as errors name it.
func (c *Client) Host() string { return c.host }

// isSegment reports whether a text is one part of a path, in whichever way a server on the way reads it.
func isSegment(s string) bool {
	return s != "" && s != "." && s != ".." && !strings.ContainsAny(s, `/\%?#;`) &&
		strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// placeOf are the segments of what is asked of the API server about a kind, or about one object of it; an error where
// there can be none of that name: what Kubernetes does not allow is not there.
func placeOf(k cluster.Kind, namespace, name string) ([]string, error) {
	if !possibleNamespace(namespace) || !possible(name) {
		return nil, apierrors.NewNotFound(schema.GroupResource{Group: k.Group, Resource: k.Resource()}, name)
	}
	segments := []string{"apis", k.Group, k.Version}
	if k.Group == "" {
		segments = []string{"api", k.Version}
	}
	if namespace != "" {
		segments = append(segments, "namespaces", namespace)
	}
	segments = append(segments, k.Resource())
	if name != "" {
		segments = append(segments, name)
	}
	return segments, nil
}

// possible reports whether an object can have a name; none is no name, and can be.
func possible(name string) bool { return name == "" || cluster.Possible(name) }

func possibleNamespace(name string) bool {
	return name == "" || len(validation.IsDNS1123Label(name)) == 0
}
