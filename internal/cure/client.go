// Package cure carries out plans: under the rights of whoever asks, for the objects that were meant and no others, and
// so that it can be taken back. It is the only room that changes anything in a cluster.
package cure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/plan"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Manager is the name under which the API server keeps who set which field.
const Manager = "kubectl-stuck"

// A Client changes objects of one API server.
type Client struct {
	live *live.Client
	now  func() time.Time
}

// New makes a client that asks as another one does.
func New(c *live.Client, now func() time.Time) *Client { return &Client{c, now} }

const (
	oneAnswer = 30 * time.Second // for how long one answer is waited for
	maxAnswer = 16 << 20         // and how large it may be
)

// A call is one request.
type call struct {
	verb            string
	kind            cluster.Kind
	namespace, name string
	form            string // of the body, application/json where empty
	body            any
	dry             bool
	params          map[string]string
}

// do makes a request, and decodes the answer where that is wanted. It is made once: who asks again has to know first
// what came of it.
func (c *Client) do(ctx context.Context, r call, into any) error {
	path, err := live.Path(r.kind, r.namespace, r.name)
	if err != nil {
		return err
	}
	req := c.live.REST().Verb(r.verb).AbsPath(path).MaxRetries(0).SetHeader("Accept", "application/json")
	if r.body != nil {
		data, err := json.Marshal(r.body)
		if err != nil {
			return err
		}
		if r.form == "" {
			r.form = "application/json"
		}
		req = req.SetHeader("Content-Type", r.form).Body(data)
	}
	if r.verb != "GET" && r.kind.Group != "authorization.k8s.io" && r.kind.Group != "authentication.k8s.io" {
		if r.verb != "DELETE" {
			req = req.Param("fieldManager", Manager)
		}
		if r.dry {
			req = req.Param("dryRun", "All")
		}
	}
	for name, value := range r.params {
		req = req.Param(name, value)
	}
	ctx, stop := context.WithTimeout(ctx, oneAnswer)
	defer stop()
	answer, err := req.Stream(ctx)
	if err != nil {
		return err
	}
	defer answer.Close()
	data, err := io.ReadAll(io.LimitReader(answer, maxAnswer+1))
	switch {
	case err != nil:
		return err
	case len(data) > maxAnswer:
		return &message.Error{What: message.Of("cure.answer.long")}
	case into == nil:
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}

// get reads an object. It may ask again: nothing comes of it.
func (c *Client) get(ctx context.Context, r cluster.Ref) (map[string]any, error) {
	if r.Kind == "Secret" {
		return nil, &message.Error{What: message.Of("cure.secret")}
	}
	var object map[string]any
	var err error
	for try := range 3 {
		if try > 0 && !pause(ctx, time.Duration(try)*time.Second) {
			break
		}
		object = nil
		err = c.do(ctx, call{verb: "GET", kind: cluster.KindOf(r.Kind), namespace: r.Namespace, name: r.Name}, &object)
		if err == nil || answered(err) {
			break
		}
	}
	return object, err
}

// pause waits, and reports whether there is time left.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// answered reports whether an error is what the API server says, so that nothing was done.
func answered(err error) bool {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return false
	}
	code := status.Status().Code
	return code >= 400 && code < 500 || apierrors.IsServerTimeout(err)
}

// Cluster tells which cluster this is.
func (c *Client) Cluster(ctx context.Context) (plan.Cluster, error) {
	out := plan.Cluster{Server: c.live.Host()}
	object, err := c.get(ctx, cluster.Ref{Kind: "Namespace", Name: "kube-system"})
	if err == nil {
		out.UID = textAt(object, "metadata", "uid")
	}
	if err != nil && !answered(err) {
		return out, err
	}
	return out, nil
}

// User is who asks, as the API server knows them; "" where it does not say.
func (c *Client) User(ctx context.Context) string {
	var out struct {
		Status struct {
			UserInfo struct {
				Username string `json:"username"`
			} `json:"userInfo"`
		} `json:"status"`
	}
	k := cluster.Kind{Name: "SelfSubjectReview", Group: "authentication.k8s.io", Version: "v1"}
	body := map[string]any{"apiVersion": k.APIVersion(), "kind": k.Name}
	if c.do(ctx, call{verb: "POST", kind: k, body: body}, &out) != nil {
		return ""
	}
	return out.Status.UserInfo.Username
}

// A right is what has to be allowed.
type right struct{ verb, namespace, kind, name string }

// allowed is the error where a right is not there.
func (c *Client) allowed(ctx context.Context, r right) error {
	of := cluster.KindOf(r.kind)
	k := cluster.Kind{Name: "SelfSubjectAccessReview", Group: "authorization.k8s.io", Version: "v1"}
	body := map[string]any{"apiVersion": k.APIVersion(), "kind": k.Name, "spec": map[string]any{
		"resourceAttributes": map[string]any{"verb": r.verb, "group": of.Group, "version": of.Version,
			"resource": of.Resource(), "namespace": r.namespace, "name": r.name}}}
	var out struct {
		Status struct {
			Allowed bool   `json:"allowed"`
			Reason  string `json:"reason"`
		} `json:"status"`
	}
	if err := c.do(ctx, call{verb: "POST", kind: k, body: body}, &out); err != nil {
		return &message.Error{What: message.Of("cure.rights.unknown", "why", message.Because(err)), Err: err}
	}
	if out.Status.Allowed {
		return nil
	}
	resource := of.Resource()
	if of.Group != "" {
		resource += "." + of.Group
	}
	if r.namespace == "" {
		return &message.Error{What: message.Of("cure.rights.cluster", "verb", r.verb, "resource", resource),
			Todo: message.Of("cure.rights.todo")}
	}
	return &message.Error{What: message.Of("cure.rights", "verb", r.verb, "resource", resource, "namespace",
		r.namespace), Todo: message.Of("cure.rights.todo")}
}

// textAt is the text at a place in an object; "" for none.
func textAt(object map[string]any, path ...string) string {
	for _, name := range path[:len(path)-1] {
		object, _ = object[name].(map[string]any)
	}
	text, _ := object[path[len(path)-1]].(string)
	return text
}

// CountPods is how many Pods a namespace has. It asks for one of them: the list says how many more there are.
func (c *Client) CountPods(ctx context.Context, namespace string) (int, error) {
	var list struct {
		Metadata struct {
			Remaining int `json:"remainingItemCount"`
		} `json:"metadata"`
		Items []struct{} `json:"items"`
	}
	err := c.do(ctx, call{verb: "GET", kind: cluster.KindOf("Pod"), namespace: namespace,
		params: map[string]string{"limit": "1"}}, &list)
	return len(list.Items) + list.Metadata.Remaining, err
}

// Owned reports whether something makes an object anew once it is gone.
func Owned(object map[string]any) bool { return controllerOf(object) != "" }

// controllerOf is the UID of what controls an object; "" for none.
func controllerOf(object map[string]any) string {
	meta, _ := object["metadata"].(map[string]any)
	owners, _ := meta["ownerReferences"].([]any)
	for _, o := range owners {
		if owner, _ := o.(map[string]any); owner["controller"] == true {
			uid, _ := owner["uid"].(string)
			return uid
		}
	}
	return ""
}
