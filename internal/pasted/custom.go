package pasted

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// A table of kubectl get events -o custom-columns has whatever heads its columns were given. What they hold is told by
// what stands in them.

var (
	customHead = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^[A-Z][\w./-]*(?: {2,}[A-Z][\w./-]*){2,}[ \t\r]*\n(?:.*\S {2,})?(?:Normal|Warning) `)
	})
	customCell = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\S+`) })
	reasonCell = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z][A-Za-z0-9]+$`) })
	objectCell = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:[A-Za-z]+/)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$`)
	})
	sourceCell = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:kubelet|taint-eviction-controller|[a-z-]*scheduler|[a-z-]+-controller(?:-manager)?)$`)
	})
	partCell = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^spec\.\w+\{[^}]+\}$`) })
)

// isCustom reports whether a line and the next one begin such a table.
func isCustom(lines []line) bool {
	return len(lines) > 1 && customHead().MatchString(lines[0].text+"\n"+lines[1].text+" ")
}

// custom reads such a table, and says how many lines it has; 0 where it is none.
func custom(lines []line, now time.Time) ([]Object, int) {
	head := lines[0].text
	names, at := customCell().FindAllString(head, -1), customCell().FindAllStringIndex(head, -1)
	sorted := slices.Clone(names)
	if slices.Sort(sorted); len(slices.Compact(sorted)) != len(names) {
		return nil, 0
	}
	var rows []row
	more, end := tail{sep: " "}, names[len(names)-1]
	n := 1
	for ; n < len(lines); n++ {
		text := lines[n].text
		if text == "" || isBegin(text) || tableHead().MatchString(text) {
			break
		}
		r := row{cut(text, names, at), lines[n].number}
		if r.cells == nil && len(rows) == 0 {
			return nil, 0
		}
		if r.cells == nil {
			more.add(strings.TrimSpace(text))
			continue
		}
		more.endCell(rows, end)
		rows = append(rows, r)
	}
	more.endCell(rows, end)
	c := customOf(names, rows)
	if c.kind == "" || c.reason == "" || c.object == "" {
		return nil, 0
	}
	var out []Object
	for i, r := range rows {
		if o, ok := c.event(r, now, i); ok {
			out = append(out, o)
		}
	}
	return out, n
}

// columnsOf are the names of the columns by what they hold; "" where there is none of it.
type columnsOf struct{ kind, reason, message, object, namespace, count, last, part, about string }

func customOf(names []string, rows []row) columnsOf {
	var c columnsOf
	all := func(name string, is func(string) bool) bool {
		some := false
		for _, r := range rows {
			if v := r.cells[name]; v != "" && !isNone(v) {
				if some = true; !is(v) {
					return false
				}
			}
		}
		return some
	}
	put := func(where *string, name string) {
		if *where == "" {
			*where = name
		}
	}
	var objects []string
	for _, name := range names {
		switch {
		case all(name, func(v string) bool { return v == corev1.EventTypeNormal || v == corev1.EventTypeWarning }):
			put(&c.kind, name)
		case all(name, func(v string) bool { _, err := strconv.Atoi(v); return err == nil }):
			put(&c.count, name)
		case all(name, func(v string) bool { return !clock(v).IsZero() }):
			c.last = name
		case all(name, partCell().MatchString):
			put(&c.part, name)
		case all(name, func(v string) bool { return kinds[strings.ToLower(v)] != "" }):
			put(&c.about, name)
		case all(name, reasonCell().MatchString):
			put(&c.reason, name)
		case strings.HasPrefix(name, "NS") || strings.HasPrefix(name, "NAMESPACE"):
			put(&c.namespace, name)
		case all(name, sourceCell().MatchString):
		case all(name, objectCell().MatchString):
			objects = append(objects, name)
		default:
			c.message = name
		}
	}
	for _, name := range objects {
		if strings.HasPrefix(name, "O") || strings.HasPrefix(name, "POD") || strings.HasPrefix(name, "INVOLVED") {
			put(&c.object, name)
		}
	}
	if len(objects) > 0 {
		put(&c.object, objects[0])
	}
	return c
}

// event is the Event of a row. Of which namespace it is may not be told.
func (c columnsOf) event(r row, now time.Time, n int) (Object, bool) {
	name, kind := r.cells[c.object], "Pod"
	if of, rest, ok := strings.Cut(name, "/"); ok {
		kind, name = of, rest
	}
	if c.about != "" {
		kind = r.cells[c.about]
	}
	if k, ok := kinds[strings.ToLower(kind)]; ok {
		kind = k
	}
	if isNone(name) || isNone(r.cells[c.reason]) {
		return Object{}, false
	}
	value := func(column string) string {
		if v := r.cells[column]; column != "" && !isNone(v) {
			return v
		}
		return ""
	}
	e := told{kind: r.cells[c.kind], reason: value(c.reason), message: value(c.message), path: value(c.part), count: 1,
		line: r.line}
	if n, err := strconv.Atoi(value(c.count)); err == nil {
		e.count = max(n, 1)
	}
	if at := clock(value(c.last)); !at.IsZero() && at.Before(now) {
		e.last = now.Sub(at)
		e.first = e.last
	}
	e.undated = c.last == ""
	o := e.event(kind, value(c.namespace), name, now, customEvents+n)
	o.Anywhere = c.namespace == ""
	return o, true
}
