package agent

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/node"
	"github.com/kubestuck/stuck/internal/nodelog"
	"github.com/kubestuck/stuck/internal/render"
	"sigs.k8s.io/yaml"
)

// maxLogs is how many lines of logs facts have at most.
const maxLogs = 200

// read reads the facts of the node and the folders of its Pods.
func (s *session) read(ctx context.Context, h *node.Host) (*nodefacts.NodeFacts, map[string]folder, error) {
	f := h.Read(ctx)
	folders := (&folderReader{root: h.Root}).read(ctx, f)
	f.Logs = nodelog.Select(f.Logs, waitingUIDs(f, folders), maxLogs)
	return f, folders, ctx.Err()
}

// print writes the facts as YAML, in the form that kubectl stuck -f reads.
func (s *session) print(ctx context.Context, h *node.Host) error {
	f, _, err := s.read(ctx, h)
	if err != nil {
		return err
	}
	data, err := yaml.Marshal(f)
	if err != nil {
		return err
	}
	_, err = s.Out.Write(data)
	return err
}

// explainNode diagnoses the node and shows what came of it.
func (s *session) explainNode(ctx context.Context, h *node.Host, cat *diagnose.Catalogue) error {
	f, folders, err := s.read(ctx, h)
	if err != nil {
		return err
	}
	return s.show(f, folders, cat)
}

func (s *session) show(f *nodefacts.NodeFacts, folders map[string]folder, cat *diagnose.Catalogue) error {
	report := diagnose.Run(snapshot(f, podsOf(f, folders)...), cat, diagnose.Options{})
	report.DeadEnds = nil // a node alone does not know how far a Pod has come
	ahead := predict(f, cat, report)
	if len(report.Problems)+len(ahead.Problems)+report.Pods.Stuck > 0 {
		s.code = exitStuck
	}
	o := render.Options{Lang: s.lang}
	if s.output == "json" {
		return render.JSON(s.Out, merged(report, ahead), o)
	}
	return s.text(f.Name, report, ahead, o)
}

// text shows the Pods that are stuck, and below that what would become of one that is not there yet.
func (s *session) text(node string, report, ahead *diagnose.Report, o render.Options) error {
	var b bytes.Buffer
	if report.Pods.Seen == 0 {
		b.WriteString(message.Of("agent.none", "node", render.Safe(node)).In(s.lang) + "\n")
	} else if err := render.Text(&b, report, o); err != nil {
		return err
	}
	if len(ahead.Problems)+len(ahead.Gaps) > 0 {
		if len(ahead.Problems) > 0 {
			b.WriteString("\n" + message.Of("agent.ahead").In(s.lang) + "\n")
		}
		b.WriteString("\n")
		if err := render.Text(&b, ahead, o); err != nil {
			return err
		}
	}
	_, err := s.Out.Write(b.Bytes())
	return err
}

// merged is both in one report, as programs read it: a finding without a Pod is one that no Pod has as yet.
func merged(report, ahead *diagnose.Report) *diagnose.Report {
	r := *report
	r.Problems, r.Gaps = slices.Concat(report.Problems, ahead.Problems), slices.Concat(report.Gaps, ahead.Gaps)
	r.Texts = map[string]diagnose.Text{}
	maps.Copy(r.Texts, ahead.Texts)
	maps.Copy(r.Texts, report.Texts)
	return &r
}
