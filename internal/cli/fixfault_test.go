package cli

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/livetest"
	"github.com/kubestuck/stuck/internal/plan"
	"github.com/kubestuck/stuck/internal/remedy"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// edit changes the Deployment web as somebody else would.
func (p *play) edit(do func(*appsv1.Deployment)) {
	d := p.Get("Deployment", "shop", "web").(*appsv1.Deployment).DeepCopy()
	do(d)
	p.Put(d)
}

var agreeing = []string{"1", "yes"}

// TestFixChangedBetween: whoever changes the object, or makes another of its name, between the dry run and the answer
// stops it; what only a controller writes does not.
func TestFixChangedBetween(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*appsv1.Deployment)
		code int
	}{
		"spec":       {func(d *appsv1.Deployment) { d.Spec.Template.Spec.HostNetwork = true }, ExitFailed},
		"annotation": {func(d *appsv1.Deployment) { d.Annotations["team"] = "x" }, ExitFailed},
		"another":    {func(d *appsv1.Deployment) { d.UID = "another" }, ExitFailed},
		"status":     {func(d *appsv1.Deployment) { d.Status.Replicas++ }, ExitFine},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, p *play) {
				wrongImage(p)
				p.before = map[int]func(){1: func() { p.edit(c.do) }}
				code := p.runFix(t, t.Context(), agreeing, fixFlags{})
				if c.code == ExitFine {
					p.wants(t, code, ExitFine)
					return
				}
				p.wants(t, code, c.code, "somebody has changed it")
				p.unchanged(t)
			})
		})
	}
}

// TestFixRefused: what an admission webhook, a quota or the API server refuses is said in its words, and nothing is
// done.
func TestFixRefused(t *testing.T) {
	for name, says := range map[string]string{
		"webhook": `admission webhook "policy.example.com" denied the request: no`,
		"quota":   `exceeded quota: compute, requested: pods=1`,
	} {
		for _, dry := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				inBubble(t, func(t *testing.T, p *play) {
					wrongImage(p)
					p.Answers = func(w livetest.Write) *livetest.Answer {
						if w.Verb == "patch" && w.Dry == dry {
							return &livetest.Answer{Code: http.StatusForbidden, Reason: metav1.StatusReasonForbidden, Message: says}
						}
						return nil
					}
					p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{}), ExitFailed, says[:30], "Nothing was changed")
					if p.image() != wrong {
						t.Errorf("the image is %s", p.image())
					}
				})
			})
		}
	}
}

// TestFixRightsMissing: rights are asked for before anything is tried.
func TestFixRightsMissing(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		p.Forbidden = []string{"patch deployments"}
		p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{}), ExitFailed,
			"you may not patch deployments.apps in namespace shop")
		p.unchanged(t)
		for _, asked := range p.Asked() {
			if strings.HasPrefix(asked, "patch") {
				t.Errorf("it asked for %s", asked)
			}
		}
	})
}

// TestFixServerGone says what is known where the API server goes away: before the change nothing was done; where the
// answer is lost it looks, and where nobody answers it says that it does not know.
func TestFixServerGone(t *testing.T) {
	lost := func(p *play, done, down bool) func(livetest.Write) *livetest.Answer {
		return func(w livetest.Write) *livetest.Answer {
			if w.Verb != "patch" || w.Dry {
				return nil
			}
			if down {
				go p.Down(true)
			}
			return &livetest.Answer{After: done}
		}
	}
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		p.before = map[int]func(){1: func() { p.Down(true) }}
		p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{}), ExitFailed, "was not changed", "Nothing was changed")
		p.unchanged(t)
	})
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		p.Answers = lost(p, true, false)
		p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{}), ExitFine)
	})
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		p.Answers = lost(p, false, false)
		p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{}), ExitFailed, "Nothing was changed")
	})
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		p.Answers = lost(p, true, true)
		p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{}), ExitFailed, "it is not known whether deployment/web",
			"kubectl -n shop get deployment/web")
	})
}

// TestFixInterrupted: Ctrl-C before the change leaves all as it is; while it waits, what was changed stays.
func TestFixInterrupted(t *testing.T) {
	for at := range 2 {
		inBubble(t, func(t *testing.T, p *play) {
			wrongImage(p)
			ctx, stop := context.WithCancel(t.Context())
			p.before = map[int]func(){at: stop}
			p.wants(t, p.runFix(t, ctx, agreeing, fixFlags{}), ExitFailed, "Nothing was changed")
			p.unchanged(t)
		})
	}
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		ctx, stop := context.WithCancel(t.Context())
		p.Controller = func(livetest.Write) {
			time.Sleep(5 * time.Second)
			stop()
		}
		p.wants(t, p.runFix(t, ctx, agreeing, fixFlags{}), ExitFailed, "what was changed stays", "--undo")
		if p.image() != old {
			t.Errorf("the image is %s", p.image())
		}
	})
}

// TestFixManaged: what somebody keeps in a repository is not changed in the cluster, unless that is asked for.
func TestFixManaged(t *testing.T) {
	for tool, mark := range map[string]func(*appsv1.Deployment){
		"Helm": func(d *appsv1.Deployment) {
			d.Annotations["meta.helm.sh/release-name"], d.Annotations["meta.helm.sh/release-namespace"] = "shop", "shop"
		},
		"Argo CD": func(d *appsv1.Deployment) {
			d.Annotations["argocd.argoproj.io/tracking-id"] = "shop:apps/Deployment:shop/web"
		},
		"Flux": func(d *appsv1.Deployment) {
			d.Labels = map[string]string{"kustomize.toolkit.fluxcd.io/name": "shop",
				"kustomize.toolkit.fluxcd.io/namespace": "flux-system"}
		},
	} {
		inBubble(t, func(t *testing.T, p *play) {
			wrongImage(p)
			p.edit(mark)
			p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{}), ExitFailed, tool, "--even-if-managed", "+      - image")
			p.unchanged(t)
			p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{evenIfManaged: true}), ExitFine)
		})
	}
}

// TestFixUnderWay: a rollout that nobody has seen yet is not changed again.
func TestFixUnderWay(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		p.edit(func(d *appsv1.Deployment) { d.Generation = 3 })
		p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{}), ExitFailed, "is being rolled out")
		p.unchanged(t)
	})
}

// planned writes a plan into a file, and reads it.
func (p *play) planned(t *testing.T) (string, *plan.Plan) {
	t.Helper()
	file, made := p.written(t)
	p.unchanged(t)
	return file, made
}

// written is the same, of whatever is stuck.
func (p *play) written(t *testing.T) (string, *plan.Plan) {
	t.Helper()
	p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{plan: true}), ExitFine)
	file := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(file, p.out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	made, err := plan.Decode(p.out.Bytes())
	if err != nil {
		t.Fatalf("%v:\n%s", err, p.out.String())
	}
	return file, made
}

// TestFixPlan: a plan is carried out exactly, once, for whoever gives its hash, and taken back to the same spec.
func TestFixPlan(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		before := p.Get("Deployment", "shop", "web").(*appsv1.Deployment).Spec
		file, made := p.planned(t)
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{apply: file}), ExitFailed, "--approve")
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{apply: file, approve: made.Hash}), ExitFine)
		if p.image() != old {
			t.Fatalf("the image is %s", p.image())
		}
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{apply: file, approve: made.Hash}), ExitFailed, "already")
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{undo: file}), ExitFailed, "--yes")
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{undo: file, yes: true}), ExitFine, "Taken back")
		after := p.Get("Deployment", "shop", "web").(*appsv1.Deployment).Spec
		if plan.State(asMap(t, before)) != plan.State(asMap(t, after)) {
			t.Errorf("another spec came back: %v, was %v", after, before)
		}
		p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{undo: file, yes: true}), ExitFine, "nothing to take back")
	})
}

// TestFixPlanIsNothingElse: a plan that is old, changed, of another cluster or of what is not so any more is not
// carried out, nor one that does what no answer proposes, whoever has approved it.
func TestFixPlanIsNothingElse(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*play, *plan.Plan)
		hash   string // that was approved; the plan's own where empty
		says   string
	}{
		"hash":    {nil, strings.Repeat("0", 64), "not the one that was approved"},
		"changed": {func(_ *play, m *plan.Plan) { m.Step.Risk = "none" }, "", "not the one that was approved"},
		"expired": {func(*play, *plan.Plan) { time.Sleep(16 * time.Minute) }, "", "expired"},
		"longer": {func(_ *play, m *plan.Plan) {
			m.Expires = m.Expires.Add(time.Hour)
			m.Hash = m.Sum()
		}, "", "expired"},
		"elsewhere": {func(_ *play, m *plan.Plan) {
			m.Cluster.UID = "another"
			m.Hash = m.Sum()
		}, "", "another cluster"},
		"over": {func(p *play, _ *plan.Plan) { p.Remove(podWith("new", "b", "", false)) }, "", "not so any more"},
		"other step": {func(_ *play, m *plan.Plan) {
			m.Actions[0].Operation = remedy.Operation{Verb: remedy.VerbDelete, Object: m.Actions[0].Object}
			m.Hash = m.Sum()
		}, "", "not so any more"},
		"answer that is no word": {func(_ *play, m *plan.Plan) {
			m.Step.Answers = map[string]string{"IMAGE": old + " && kubectl delete node n1"}
			m.Hash = m.Sum()
		}, "", "IMAGE cannot be"},
		"other change": {func(p *play, _ *plan.Plan) {
			p.edit(func(d *appsv1.Deployment) { d.Spec.Paused = true })
		}, "", "somebody has changed it"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, p *play) {
				p.Put(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "kube-system", UID: "here"}})
				wrongImage(p)
				file, made := p.planned(t)
				hash := made.Hash
				if c.change != nil {
					c.change(p, made)
					if made.Hash != hash {
						hash = made.Hash
					}
					if err := writeRecord(file, made); err != nil {
						t.Fatal(err)
					}
				}
				if c.hash != "" {
					hash = c.hash
				}
				p.wants(t, p.runFix(t, t.Context(), nil, fixFlags{apply: file, approve: hash}), ExitFailed, c.says)
				p.unchanged(t)
			})
		})
	}
}

// TestFixUndo: what somebody has changed since is not taken back.
func TestFixUndo(t *testing.T) {
	inBubble(t, func(t *testing.T, p *play) {
		wrongImage(p)
		file := filepath.Join(t.TempDir(), "record.yaml")
		p.wants(t, p.runFix(t, t.Context(), agreeing, fixFlags{record: file}), ExitFine)
		p.edit(func(d *appsv1.Deployment) { d.Spec.Template.Spec.Hostname = "mine" })
		p.wants(t, p.runFix(t, t.Context(), []string{"yes"}, fixFlags{undo: file}), ExitFailed, "since")
		if p.image() != old {
			t.Errorf("the image is %s", p.image())
		}
		p.edit(func(d *appsv1.Deployment) { d.Spec.Template.Spec.Hostname = "" })
		p.wants(t, p.runFix(t, t.Context(), []string{"yes"}, fixFlags{undo: file}), ExitFine, "Taken back")
		if p.image() != wrong {
			t.Errorf("the image is %s", p.image())
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the record: %v, %v", info.Mode(), err)
		}
	})
}
