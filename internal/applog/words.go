package applog

import (
	"encoding/json"
	"strings"
)

// Where loggers that write JSON have what they say, and the error behind it: zap, zerolog, logrus, slog, bunyan, pino,
// Serilog, Logback, MongoDB.
var (
	messages = []string{"msg", "message", "@message", "@m", "event", "log", "text"}
	failures = []string{"error", "err", "exception", "cause", "reason"}
)

// Words is what a line says, to be read in a sentence: of an object of JSON its message and the error, with single
// spaces and without a full stop.
func Words(line string) string {
	return strings.TrimRight(strings.Join(strings.Fields(statement(line)), " "), ".")
}

func statement(line string) string {
	var o map[string]any
	if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &o) != nil {
		return line
	}
	message, failure := textAt(o, messages), textAt(o, failures)
	if attr, ok := o["attr"].(map[string]any); ok && failure == "" {
		failure = textAt(attr, failures)
	}
	switch {
	case message == "" && failure == "":
		return line
	case message == "" || strings.Contains(failure, message):
		return failure
	case failure == "" || strings.Contains(message, failure):
		return message
	}
	return message + ": " + failure
}

// textAt is the first text under some keys, or the message of an object there; "" for none.
func textAt(o map[string]any, keys []string) string {
	for _, key := range keys {
		switch v := o[key].(type) {
		case string:
			if v != "" {
				return v
			}
		case map[string]any:
			if text := textAt(v, messages); text != "" {
				return text
			}
		}
	}
	return ""
}
