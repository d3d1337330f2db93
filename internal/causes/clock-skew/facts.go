package clockskew

import (
	"fmt"
	"strconv"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// tolerable is what the clocks of healthy machines differ at most, with what measuring them over the network adds.
const tolerable = 30 * time.Second

// testimony is what the node itself tells of its clock.
type testimony struct {
	proof  []cluster.Sign
	args   map[string]string
	future bool // a sandbox of this very Pod was made in the future: that is what makes a taken name last
	right  bool // the clock was compared with the API server's and is right, and it has not gone back
}

func clockFacts(p *diagnose.Pass) testimony {
	t := testimony{args: map[string]string{}}
	facts := p.Facts()
	if facts == nil {
		return t
	}
	if facts.Sandboxes != nil {
		for i, s := range facts.Sandboxes.Odd {
			if !s.Future || s.PodUID != string(p.Pod.UID) || s.PodUID == "" {
				continue
			}
			t.future = true
			t.proof = append(t.proof, p.CiteFact(fmt.Sprintf("sandboxes.odd[%d].created", i),
				s.Created.UTC().Format(time.RFC3339)))
			if !s.Ready && t.args["sandbox"] == "" {
				t.args["sandbox"] = s.ID[:min(len(s.ID), 13)] // as crictl shows it, and takes it
			}
		}
	}
	c := facts.Clock
	if c == nil {
		return t
	}
	if o := c.OffsetMillis; o != nil {
		off := time.Duration(*o) * time.Millisecond
		t.right = off.Abs() <= tolerable
		if !t.right {
			t.proof = append(t.proof, p.CiteFact("clock.offsetMillis", strconv.FormatInt(*o, 10)))
			name := "ahead"
			if off < 0 {
				name = "behind"
			}
			t.args[name] = off.Abs().Round(time.Second).String()
		}
	}
	for i, s := range c.Steps {
		if by := time.Duration(s.Millis) * time.Millisecond; by < -tolerable {
			t.right = false
			t.proof = append(t.proof, p.CiteFact(fmt.Sprintf("clock.steps[%d].millis", i),
				strconv.FormatInt(s.Millis, 10)))
			t.args["back"] = by.Abs().Round(time.Second).String()
		}
	}
	return t
}
