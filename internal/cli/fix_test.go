package cli

import (
	"bufio"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubestuck/stuck/internal/cure"
	"github.com/kubestuck/stuck/internal/live"
	"github.com/kubestuck/stuck/internal/livetest"
	"github.com/kubestuck/stuck/internal/remedy"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// wrongImage is a Deployment whose second revision has an image that is not there, while a Pod of the first runs.
func wrongImage(p *play) {
	one := int32(1)
	template := func(image string) corev1.PodTemplateSpec {
		return corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "web"}},
			Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: image}}}}
	}
	d := webAt(2, 2, "2", 1)
	d.Spec.Replicas, d.Spec.Template = &one, template("registry.example.com/web:2")
	d.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
	p.Put(d)
	for hash, revision := range map[string]string{"old": "1", "new": "2"} {
		r := replicaSet(hash, revision)
		r.Labels = map[string]string{"app": "web", "pod-template-hash": hash}
		r.Spec.Template, r.Spec.Replicas = template("registry.example.com/web:"+revision), &one
		r.Spec.Template.Labels["pod-template-hash"] = hash
		r.Status.Replicas, r.Status.ReadyReplicas = 1, map[string]int32{"old": 1}[hash]
		p.Put(r)
	}
	p.Put(podWith("old", "a", "registry.example.com/web:1", true))
	stuck := podWith("new", "b", "registry.example.com/web:2", false)
	p.Put(stuck)
	e := eventFor(stuck, "Warning", "Failed", `Failed to pull image "registry.example.com/web:2": rpc error: code = `+
		`NotFound desc = failed to pull and unpack image "registry.example.com/web:2": failed to resolve reference `+
		`"registry.example.com/web:2": registry.example.com/web:2: not found`)
	e.InvolvedObject.FieldPath = "spec.containers{app}"
	p.Put(e)
	p.Controller = func(w livetest.Write) {
		if w.Resource == "deployments" {
			time.Sleep(2 * time.Second)
			p.rollOut()
		}
	}
}

// podWith is a Pod of web with an image, that runs and is ready, or whose image is not there.
func podWith(hash, name, image string, runs bool) *corev1.Pod {
	pod := podOfWeb(hash, name, runs)
	pod.Spec.Volumes, pod.Spec.Containers[0].Image = nil, image
	pod.CreationTimestamp = metav1.NewTime(time.Now().Add(-5 * time.Minute))
	pod.Labels["app"] = "web"
	status := &pod.Status.ContainerStatuses[0]
	status.Image = image
	if runs {
		status.Ready = true
		pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
	} else {
		status.State.Waiting = &corev1.ContainerStateWaiting{Reason: "ImagePullBackOff",
			Message: `Back-off pulling image "` + image + `"`}
	}
	return pod
}

// rollOut is what the controller of Deployments does with web: it takes up the ReplicaSet that has its image.
func (p *play) rollOut() {
	d := p.Get("Deployment", "shop", "web").(*appsv1.Deployment).DeepCopy()
	number := "4"
	for _, hash := range []string{"old", "new"} {
		r := p.Get("ReplicaSet", "shop", "web-"+hash).(*appsv1.ReplicaSet).DeepCopy()
		if r.Spec.Template.Spec.Containers[0].Image == d.Spec.Template.Spec.Containers[0].Image {
			if r.Annotations["deployment.kubernetes.io/revision"] == "1" {
				number = "3"
			}
			r.Annotations["deployment.kubernetes.io/revision"] = number
			d.Annotations = map[string]string{"deployment.kubernetes.io/revision": number}
			d.Status.ObservedGeneration, d.Status.ReadyReplicas = d.Generation, r.Status.ReadyReplicas
			p.Put(r)
			if hash == "old" {
				p.Remove(podWith("new", "b", "", false))
			}
		}
	}
	p.Put(d)
}

// runFix runs kubectl stuck fix with what a person types; none can be asked where that is nil.
func (p *play) runFix(t *testing.T, ctx context.Context, typed []string, flags fixFlags) int {
	t.Helper()
	defer time.Sleep(10 * time.Second) // controllers act to the end
	p.out.Reset()
	p.errs.Reset()
	if flags.maxRisk == "" {
		flags.maxRisk = remedy.Low
	}
	if flags.wait == 0 {
		flags.wait = time.Minute
	}
	p.s.Asks = typed != nil
	p.s.In = &typist{lines: typed, before: p.before}
	p.s.code = 0
	if p.scope == (live.Scope{}) {
		p.scope = deploy
	}
	f := &fixing{session: p.s, fixFlags: flags, cat: catalogue(t), client: p.client, scope: p.scope,
		cure: cure.New(p.client, time.Now), in: bufio.NewReader(p.s.In)}
	if f.record == "" {
		f.record = filepath.Join(t.TempDir(), "record.yaml")
	}
	err := f.checkFlags()
	switch {
	case err != nil:
	case f.undo != "":
		err = f.takeBackFile(ctx)
	case f.apply != "":
		err = f.applyFile(ctx)
	default:
		err = f.converse(ctx)
	}
	if err != nil {
		p.s.complain(err)
		return ExitFailed
	}
	return p.s.code
}

// A typist types lines, one after the other. What happens before one of them happens then.
type typist struct {
	lines  []string
	at     int
	before map[int]func()
}

func (t *typist) Read(p []byte) (int, error) {
	if do := t.before[t.at]; do != nil {
		do()
		synctest.Wait() // all that follows of it has happened
	}
	if t.at == len(t.lines) {
		return 0, io.EOF
	}
	t.at++
	return copy(p, t.lines[t.at-1]+"\n"), nil
}

func (p *play) image() string {
	return p.Get("Deployment", "shop", "web").(*appsv1.Deployment).Spec.Template.Spec.Containers[0].Image
}

// all is what was shown.
func (p *play) shown() string { return p.out.String() + p.errs.String() }

func (p *play) wants(t *testing.T, code, want int, texts ...string) {
	t.Helper()
	if code != want {
		t.Errorf("exit code %d, want %d", code, want)
	}
	for _, text := range texts {
		if !strings.Contains(p.shown(), text) {
			t.Errorf("it does not say %q", text)
		}
	}
	if t.Failed() {
		t.Fatalf("it said:\n%s", p.shown())
	}
}

const old, wrong = "registry.example.com/web:1", "registry.example.com/web:2"

// TestFixAsks: it shows what can be done, asks which, shows the exact change, asks again, does it, and waits.
func TestFixAsks(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		code := p.runFix(t, t.Context(), []string{"1", "yes"}, fixFlags{})
		p.wants(t, code, ExitFine, "-      - image: registry.example.com/web:2", "+      - image: registry.example.com/web:1",
			"To take it back:")
		if p.image() != old {
			t.Errorf("the image is %s", p.image())
		}
	})
}

// TestFixDoesNothingUnasked: without a terminal and without --yes it says how, and a person who says no, nothing, or
// something else, or ends the input, has changed nothing.
func TestFixDoesNothingUnasked(t *testing.T) {
	for name, c := range map[string]struct {
		typed []string
		code  int
		says  string
	}{
		"nobody":          {nil, ExitFailed, "--yes"},
		"no":              {[]string{"1", "no"}, ExitStuck, "Nothing was changed"},
		"none":            {[]string{""}, ExitStuck, "Which?"},
		"end":             {[]string{}, ExitFailed, "Which?"},
		"end after which": {[]string{"1"}, ExitFailed, "Nothing was changed"},
		"y is not yes":    {[]string{"1", "y", "y", "y"}, ExitStuck, "Nothing was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, p *play) {
				wrongImage(p)
				p.wants(t, p.runFix(t, t.Context(), c.typed, fixFlags{}), c.code, c.says)
				p.unchanged(t)
			})
		})
	}
}

// unchanged holds that nothing was changed, and nothing was asked for that would.
func (p *play) unchanged(t *testing.T) {
	t.Helper()
	for _, asked := range p.Asked() {
		verb, _, _ := strings.Cut(asked, " ")
		if verb != "list" && verb != "get" && verb != "watch" && !strings.HasSuffix(asked, " dry") {
			t.Errorf("it asked for %s", asked)
		}
	}
	if p.image() != wrong {
		t.Errorf("the image is %s", p.image())
	}
	if t.Failed() {
		t.Fatalf("it said:\n%s", p.shown())
	}
}

// TestFixYes: --yes goes as far as --max-risk, and no further.
func TestFixYes(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{yes: true}), ExitFailed, "--max-risk disruptive")
		p.unchanged(t)
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{yes: true, maxRisk: remedy.DataLoss}), ExitFailed, "--max-risk")
		p.unchanged(t)
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{yes: true, maxRisk: remedy.Disruptive}), ExitFine)
		if p.image() != old {
			t.Errorf("the image is %s", p.image())
		}
	})
}
