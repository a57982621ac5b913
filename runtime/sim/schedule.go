package sim

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Event is something that was decided otherwise than in a calm world. As text it is where, as a name and a number, and what:
//
//	0.1/1:5 goes-to 0/1    at the fifth point of the first run of thread 0.1 the first run of thread 0 goes on
//	0.1/1:5 dies           there that run dies
//	0.1:2 comes-twice      the second invocation of thread 0.1
//
// Points are counted from 1; quiet:3 is the third time that nothing could go on.
type Event struct {
	at   place
	kind kind
	what string
}

// goesTo is the word for a choice of order.
const goesTo = "goes-to "

func (e Event) String() string {
	what := e.what
	if e.kind == order {
		what = goesTo + what
	}
	return fmt.Sprintf("%s:%d %s", e.at.name, e.at.n, what)
}

// ParseEvent reads what String wrote; what follows a # is not read.
func ParseEvent(line string) (Event, error) {
	text, _, _ := strings.Cut(line, "#")
	at, what, ok := strings.Cut(strings.TrimSpace(text), " ")
	colon := strings.LastIndexByte(at, ':')
	if !ok || colon < 0 {
		return Event{}, fmt.Errorf("%q is not an event: it has to be PLACE:NUMBER WHAT", line)
	}
	n, err := strconv.Atoi(at[colon+1:])
	if err != nil {
		return Event{}, fmt.Errorf("%q is not an event: %q is no number", line, at[colon+1:])
	}
	e := Event{at: place{at[:colon], n}}
	if task, ok := strings.CutPrefix(what, goesTo); ok {
		e.what = task
		return e, nil
	}
	for k, words := range options {
		for _, word := range words {
			if word == what && word != "" {
				e.kind, e.what = kind(k), what
				return e, nil
			}
		}
	}
	return Event{}, fmt.Errorf("%q is not an event: nothing is called %q", line, what)
}

// ParseEvents reads events, one to a line; empty lines are not read.
func ParseEvents(text string) ([]Event, error) {
	events := []Event{}
	var wrong []error
	for line := range strings.Lines(text) {
		if plain, _, _ := strings.Cut(line, "#"); strings.TrimSpace(plain) == "" {
			continue
		}
		e, err := ParseEvent(strings.TrimSuffix(line, "\n"))
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		events = append(events, e)
	}
	return events, errors.Join(wrong...)
}

// Shrink leaves out of a schedule what is not needed for it to fail: first halves, then ever smaller parts, then single events,
// trying at most so many schedules. fails says whether a case that runs a schedule fails as the whole one does.
func Shrink(events []Event, tries int, fails func([]Event) bool) []Event {
	for part := (len(events) + 1) / 2; part >= 1; {
		removed := false
		for from := 0; from < len(events) && tries > 0; {
			to := min(from+part, len(events))
			rest := append(append(make([]Event, 0, len(events)), events[:from]...), events[to:]...)
			tries--
			if !fails(rest) {
				from = to
				continue
			}
			events, removed = rest, true
		}
		if part == 1 && !removed || tries <= 0 {
			break
		}
		part = max(1, part/2)
	}
	return events
}
