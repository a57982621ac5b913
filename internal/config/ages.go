package config

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

// How old sessions may become, and how long they are kept after that: of the keys of [instance] those that concern runs here, too.

// Ages are those of an instance's sessions.
type Ages struct {
	// MaxAge is how old a session may become before it fails, TTL how long its records are kept after that.
	MaxAge, TTL time.Duration
}

const day = 24 * time.Hour

// usualAges are those of a project that says nothing.
var usualAges = Ages{MaxAge: 90 * day, TTL: 30 * day}

const (
	ttlKey = "session_ttl"
	ageKey = "session_max_age"
)

// Ages are what [instance.NAME] says, what it leaves out [instance]; "" for the latter alone.
func (c *Config) Ages(instance string) Ages {
	named, base := c.ages[instance], c.ages[""]
	return Ages{
		MaxAge: cmp.Or(named.MaxAge, base.MaxAge, usualAges.MaxAge),
		TTL:    cmp.Or(named.TTL, base.TTL, usualAges.TTL),
	}
}

// age keeps what a key of an instance says, if it is about ages.
func (x *examiner) age(instance, key string, at unstable.Range, value *unstable.Node) {
	if value == nil || key != ttlKey && key != ageKey {
		return
	}
	d, ok := duration(value)
	if !ok {
		if x.wrong == nil {
			x.wrong = &Error{Path: FileName, code: diag.ValueKind, offset: int(at.Offset), Message: fmt.Sprintf(
				"'%s' has to be a number of seconds, or a text such as \"36h\" or \"90d\" (s, m, h, d)", key)}
		}
		return
	}
	if x.ages == nil {
		x.ages = map[string]Ages{}
	}
	ages := x.ages[instance]
	if key == ttlKey {
		ages.TTL = d
	} else {
		ages.MaxAge = d
	}
	x.ages[instance] = ages
}

var units = map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': day}

// duration is a time of at least a second, in whole units.
func duration(value *unstable.Node) (time.Duration, bool) {
	text, unit := string(value.Data), time.Second
	switch value.Kind {
	case unstable.Integer:
		text = strings.ReplaceAll(text, "_", "")
	case unstable.String:
		known := false
		if text != "" {
			unit, known = units[text[len(text)-1]]
		}
		if !known {
			return 0, false
		}
		text = text[:len(text)-1]
	default:
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || n > math.MaxInt64/int64(unit)/4 {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

// isInstanceKey says whether a name in [instance] is one of its keys, rather than an instance's name.
func isInstanceKey(name string) bool { return slices.Contains(instanceKeys, name) }
