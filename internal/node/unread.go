package node

import (
	"errors"
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/message"
)

// Unread is a fact that could not be read because of an error: with a code where the error says no more than a message
// of ours, and else in its words alone.
func Unread(path string, err error) nodefacts.Unread {
	u := nodefacts.Unread{Path: path, Why: err.Error()}
	var own *message.Error
	if !errors.As(err, &own) || own.Error() != u.Why {
		return u
	}
	u.Code = own.What.Code
	for name, value := range own.What.Args {
		if u.Args == nil {
			u.Args = map[string]string{}
		}
		u.Args[name] = fmt.Sprint(value)
	}
	return u
}
