package dump

import (
	"io"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pasted"
)

// maxPasted is how much of a text for people is read, in bytes: a description has some 4 KiB.
const maxPasted = 64 << 20

// pasted reads what kubectl prints for people. Objects of another form count more than what such a text tells of them.
func (r *reader) pasted(in io.Reader) {
	data, err := io.ReadAll(io.LimitReader(in, maxPasted))
	if err == nil && len(data) == maxPasted {
		err = &message.Error{What: message.Of("pasted.too-large", "n", maxPasted>>20)}
	}
	if err != nil {
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Because(err), Needs: message.Of("file.give-json")})
	}
	text := pasted.Parse(data, r.time)
	if text.Now.IsZero() {
		text.Now = r.time
	}
	for _, o := range text.Objects {
		told := describedTold
		if o.Thin {
			told = tableTold
		}
		r.put(found{kind: o.Kind, object: o.Object, told: told, at: text.Now,
			origin: cluster.Origin{File: r.name, Line: o.Line}})
	}
	switch {
	case len(text.Objects) == 0:
		r.gap(cluster.Gap{What: inFile(r.name), Why: message.Of("file.no-objects"), Needs: jsonNeeds(nil)})
	case text.Other > 0:
		r.gap(cluster.Gap{What: inLine(r.name, text.First), Why: message.Of("pasted.other", "n", text.Other),
			Needs: message.Of("file.give-nothing")})
	}
}
