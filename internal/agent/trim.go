package agent

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/node"
	"github.com/kubestuck/stuck/internal/nodelog"
)

// maxSize is how many bytes an object has at most, as JSON. The rest of 100 KiB is for what the API server adds.
const maxSize = 96 << 10

// trim leaves out items until facts take no more than so many bytes, each time half of the list that takes most, and
// says so in Unread. Of logs what is left out is chosen by what is stuck. It returns how many.
func trim(f *nodefacts.NodeFacts, waiting map[string]bool, limit int) int {
	for i := range f.Unread {
		u := &f.Unread[i]
		u.Why = brief(u.Why)
		for name, value := range u.Args {
			u.Args[name] = brief(value)
		}
	}
	left := map[string]int{} // out, by path
	had := map[string]int{}
	total := 0
	size := func() int { return len(marshal(f)) + 200*len(left) } // with what will be told of it
	for size() > limit {
		l := longestList(reflect.ValueOf(f).Elem(), "")
		if l.path == "" {
			break // what is no list is small
		}
		n := l.list.Len()
		if had[l.path] == 0 {
			had[l.path] = n
		}
		out := (n + 1) / 2
		switch {
		case l.path == "logs":
			f.Logs = nodelog.Select(f.Logs, waiting, n-out)
		case newestLast(l.path):
			l.list.Set(l.list.Slice(out, n))
		default:
			l.list.Set(l.list.Slice(0, n-out))
		}
		left[l.path] += out
		total += out
	}
	for _, path := range slices.Sorted(maps.Keys(left)) {
		f.Unread = append(f.Unread, node.Unread(path, &message.Error{
			What: message.Of("fact.left-out", "n", left[path], "all", had[path])}))
	}
	return total
}

// newestLast reports whether the first items of a list are the oldest, and so are left out first.
func newestLast(path string) bool {
	return path == "clock.steps" || strings.HasPrefix(path, "kernel.")
}

// brief is a reason that is not too long: it may quote what a program said.
func brief(why string) string {
	const limit = 500
	if len(why) > limit {
		return strings.ToValidUTF8(why[:limit], "") + "..."
	}
	return why
}

// sized is a list of facts.
type sized struct {
	path string
	list reflect.Value
	size int
}

// longestList finds the list that takes most, whatever struct it is in; what could not be read is no such list.
func longestList(v reflect.Value, path string) (longest sized) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		field, at := v.Field(i), strings.TrimPrefix(path+"."+name, ".")
		if field.Kind() == reflect.Pointer {
			field = field.Elem()
		}
		var l sized
		switch {
		case name == "" || name == "metadata" || name == "unread":
		case field.Kind() == reflect.Struct:
			l = longestList(field, at)
		case field.Kind() == reflect.Slice && field.Len() > 0:
			l = sized{at, field, len(marshal(field.Interface()))}
		}
		if l.size > longest.size {
			longest = l
		}
	}
	return longest
}

// marshal makes JSON. Facts hold nothing that cannot be.
func marshal(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}
