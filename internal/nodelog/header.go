package nodelog

import (
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/match"
)

// A prefix is what journald or syslog put before a message.
type prefix struct {
	at      time.Time
	program string // kubelet, containerd, systemd, kernel
	rest    string
}

var (
	prefixed = match.Lazy(`^(?:<\d+>)?([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|` +
		`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)) (\S+) ([^\s:\[\]]+)(?:\[\d+\])?: (.*)$`)
	klogged = match.Lazy(`^([IWEF])(\d{4} \d\d:\d\d:\d\d\.\d{6})\s+\d+ [^\s\]]+:\d+\] ?`)
)

// parsePrefix takes "Jan  2 03:04:05 host kubelet[123]: ...", the same with microseconds (short-precise), and
// "2006-01-02T03:04:05+0000 host ..." (short-iso). What stands in a stamp is in now's zone where the stamp has none.
func parsePrefix(line string, now time.Time) (prefix, bool) {
	m := prefixed().FindStringSubmatch(line)
	if m == nil {
		return prefix{}, false
	}
	p := prefix{program: m[3], rest: m[4]}
	if m[1][0] >= 'A' {
		p.at = yearless("Jan _2 15:04:05", m[1], now)
	} else {
		p.at = zoned(m[1])
	}
	return p, !p.at.IsZero()
}

// Program is the program that wrote a line of a log of several programs, as journald's or syslog's prefix names it; ""
// where there is none.
func Program(line string) string {
	if m := prefixed().FindStringSubmatch(cut(line)); m != nil {
		return m[3]
	}
	return ""
}

// yearless parses a stamp without a year and zone: the last such instant before now, give or take a day.
func yearless(layout, stamp string, now time.Time) time.Time {
	for _, year := range []int{now.Year() + 1, now.Year(), now.Year() - 1} {
		at, err := time.ParseInLocation("2006 "+layout, strconv.Itoa(year)+" "+stamp, now.Location())
		if err == nil && !at.After(now.AddDate(0, 0, 1)) {
			return at
		}
	}
	return time.Time{}
}

// zoned parses a stamp with a year: RFC 3339 and what journald and docker make of it; the zero time for one that is
// none.
func zoned(stamp string) time.Time {
	stamp = strings.Replace(stamp, ",", ".", 1)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00",
		"2006-01-02 15:04:05Z0700"} {
		if at, err := time.Parse(layout, stamp); err == nil {
			return at
		}
	}
	return time.Time{}
}
