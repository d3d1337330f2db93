package nodelog

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/match"
)

// A prefix is what journald or syslog put before a message.
type prefix struct {
	at      time.Time
	host    string
	program string // kubelet, containerd, systemd, kernel
	rest    string
}

var (
	prefixed = match.Lazy(`(?s)^(?:<\d+>)?(?:(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d))|` +
		`(\S{1,15}) +(\d{1,2})\.? (\d\d:\d\d:\d\d(?:[.,]\d+)?)|` +
		`\S{1,15} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) (\S+)) (\S+) ([^\s:\[\]]+)(?:\[\d+\])?: (.*)$`)
	klogged = match.Lazy(`^([IWEF])(\d{4} \d\d:\d\d:\d\d\.\d{6})\s+\d+ [^\s\]]+:\d+\] ?`)
)

// parsePrefix takes "Jan  2 03:04:05 host kubelet[123]: ...", the same with microseconds (short-precise) and with
// months in other languages, "2006-01-02T03:04:05+0000 host ..." (short-iso), and "Mon 2006-01-02 03:04:05 UTC host
// ..." (short-full). What stands in a stamp is in now's zone where the stamp has none.
func parsePrefix(line string, now time.Time) (prefix, bool) {
	m := prefixed().FindStringSubmatch(line)
	if m == nil {
		return prefix{}, false
	}
	p := prefix{host: m[7], program: m[8], rest: m[9]}
	switch {
	case m[1] != "":
		p.at = zoned(m[1])
	case m[2] != "":
		month, ok := monthOf(m[2])
		if !ok {
			return prefix{}, false
		}
		p.at = yearless("1 2 15:04:05", strconv.Itoa(int(month))+" "+m[3]+" "+strings.Replace(m[4], ",", ".", 1), now)
	default:
		zone := now.Location()
		if m[6] == "UTC" {
			zone = time.UTC
		}
		p.at, _ = time.ParseInLocation("2006-01-02 15:04:05", m[5], zone)
	}
	return p, !p.at.IsZero()
}

// months are how names of months begin in the languages of Europe; in those of East Asia they are numbers.
var months = [...]string{"jan ene gen янв led sty", "feb fév fev февр фев úno lut", "mar mär maa mrt мар bře",
	"apr avr abr апр dub kwi",
	"may mai maj mei mag мая май kvě", "jun juin giu июн čer cze", "jul juil lug июл lip", "aug aoû ago авг srp sie",
	"sep set сен zář wrz", "oct okt ott out окт říj paź", "nov ноя lis", "dec dez déc dic дек pro gru"}

// chinese are the months as journald writes them in Taiwan.
const chinese = "一 二 三 四 五 六 七 八 九 十 十一 十二"

// monthOf is the month that a word names.
func monthOf(word string) (time.Month, bool) {
	low := strings.ToLower(word)
	if n, err := strconv.Atoi(strings.TrimRight(low, "月월")); err == nil && n >= 1 && n <= 12 {
		return time.Month(n), true
	}
	if n := slices.Index(strings.Fields(chinese), strings.TrimSuffix(low, "月")); n >= 0 {
		return time.Month(n + 1), true
	}
	for i, names := range months {
		for name := range strings.FieldsSeq(names) {
			if strings.HasPrefix(low, name) {
				return time.Month(i + 1), true
			}
		}
	}
	return 0, false
}

// Program is the program that wrote a line of a log of several programs, as journald's or syslog's prefix names it; ""
// where there is none.
func Program(line string) string {
	p, _ := parsePrefix(unwrapped(cut(line)), time.Unix(0, 0))
	return p.program
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
