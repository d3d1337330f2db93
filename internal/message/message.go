// Package message holds what is told to people as codes with arguments, and the one table that makes sentences of them.
//
// A gap, an error, a text of --help is a [Message] until a renderer says it in a language. No text is read back.
package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Languages are those that every message exists in.
var Languages = []string{"en", "zh"}

// A Message is something to tell: what, by its code, and with which arguments.
type Message struct {
	Code string `json:"code"`
	Args Args   `json:"args,omitempty"`
}

// Args are the arguments of a message by name: strings, ints, or messages again.
type Args map[string]any

// Of makes a message of its code, and of the names and values of its arguments in turn.
func Of(code string, args ...any) Message {
	m := Message{Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		if m.Args == nil {
			m.Args = Args{}
		}
		m.Args[args[i].(string)] = args[i+1]
	}
	return m
}

// A text is one message in both languages. {name} stands for an argument, and {name|one|many} for a word that depends
// on whether that argument is 1.
type text struct{ en, zh string }

var parts = []map[string]text{
	commandLine, help, flags, causeFile, caseFile, gaps, fixes, remedies, curing, screen,
	next, glance, pageWords, timelineWords, webWords,
}

var table = func() map[string]text {
	all := map[string]text{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}()

// In says a message in a language; in English where there is no other.
func (m Message) In(lang string) string {
	t, ok := table[m.Code]
	if !ok {
		return m.Code
	}
	words := t.en
	if lang == "zh" {
		words = t.zh
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(words, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		slot, after, _ := strings.Cut(rest, "}")
		b.WriteString(m.fill(slot, lang))
		words = after
	}
}

func (m Message) fill(slot, lang string) string {
	name, forms, plural := strings.Cut(slot, "|")
	value, ok := m.Args[name]
	if !ok {
		return "{" + slot + "}"
	}
	if plural {
		one, many, _ := strings.Cut(forms, "|")
		if value == 1 {
			return one
		}
		return many
	}
	if inner, ok := value.(Message); ok {
		return inner.In(lang)
	}
	return fmt.Sprint(value)
}

// String says it in English.
func (m Message) String() string { return m.In("en") }

// Quote is a text of the system, a library, a server or an older file as it is: it has no translation.
func Quote(text string) Message { return Of("verbatim", "text", text) }

// Because is the message of an error: its own where it has one, and else what the system or a server says.
func Because(err error) Message {
	var own interface{ Message() Message }
	if errors.As(err, &own) {
		return own.Message()
	}
	return Quote(err.Error())
}

// maxNested is how deep messages stand in messages. Ours need four; a file may hold anything.
const maxNested = 8

// Valid reports whether a message, which may come from a file, is one of ours: it and those in it have codes of the
// table, and all that their texts have a place for.
func (m Message) Valid() bool { return m.valid(maxNested) }

func (m Message) valid(most int) bool {
	words, known := table[m.Code]
	if !known || most == 0 {
		return false
	}
	for _, value := range m.Args {
		if inner, ok := value.(Message); ok && !inner.valid(most-1) {
			return false
		}
	}
	for _, part := range strings.Split(words.en, "{")[1:] {
		slot, _, _ := strings.Cut(part, "}")
		name, _, _ := strings.Cut(slot, "|")
		if _, ok := m.Args[name]; !ok {
			return false
		}
	}
	return true
}

// UnmarshalJSON reads arguments: texts, numbers, and messages again. What is none of these, or stands too deep, is an
// error.
func (a *Args) UnmarshalJSON(data []byte) error {
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	args, ok := argsOf(raw, maxNested)
	if !ok {
		return errors.New("an argument is neither a text nor a number nor a message")
	}
	*a = args
	return nil
}

func argsOf(raw map[string]any, most int) (Args, bool) {
	args := Args{}
	for name, value := range raw {
		switch value := value.(type) {
		case string:
			args[name] = value
		case float64:
			if value != float64(int32(value)) {
				return nil, false
			}
			args[name] = int(value)
		case map[string]any:
			code, isMessage := value["code"].(string)
			inner, _ := value["args"].(map[string]any)
			if !isMessage || most == 0 {
				return nil, false
			}
			nested, ok := argsOf(inner, most-1)
			if !ok {
				return nil, false
			}
			args[name] = Message{Code: code, Args: nested}
		default:
			return nil, false
		}
	}
	return args, true
}

// Map returns the message with every text among its arguments, and among theirs, replaced by what f makes of it.
func (m Message) Map(f func(string) string) Message {
	args := maps.Clone(m.Args)
	for name, value := range args {
		switch value := value.(type) {
		case string:
			args[name] = f(value)
		case Message:
			args[name] = value.Map(f)
		}
	}
	return Message{Code: m.Code, Args: args}
}

// An Error is why something could not be done, and what to do about that.
type Error struct {
	What Message
	Todo Message // its Code is empty where there is nothing to advise
	Err  error   // what it comes from, if anything
}

// Message is why.
func (e *Error) Message() Message { return e.What }

// Error says it in English.
func (e *Error) Error() string { return e.What.In("en") }

// Unwrap is what it comes from.
func (e *Error) Unwrap() error { return e.Err }

// Known reports whether there is a message of a code.
func Known(code string) bool { _, ok := table[code]; return ok }

// Codes are the codes of all messages, in order.
func Codes() []string { return slices.Sorted(maps.Keys(table)) }
