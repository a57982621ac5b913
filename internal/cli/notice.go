package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/runtime/engine"
)

// A session that is run here may come to wait for somebody else: for a future that another process resolves, or until next
// week. One who looks at the terminal is told so.

const (
	// noticeAfter is how long nothing may run before one is told, and longSleep the shortest sleep that one is told of.
	noticeAfter = time.Second
	longSleep   = 10 * time.Second
)

// notice looks from time to time whether a session only waits, until it is told to stop.
func (w *worker) notice(ctx context.Context, session string) (stop func()) {
	ctx, stop = context.WithCancel(ctx)
	go func() {
		ticker := time.NewTicker(noticeAfter)
		defer ticker.Stop()
		told := ""
		for idle := false; ; {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			was := idle
			idle = w.engine.Idle()
			if was && idle {
				told = w.tell(ctx, session, told)
			}
		}
	}()
	return stop
}

// tell tells what a session waits for, if that is not what was told already.
func (w *worker) tell(ctx context.Context, session, told string) string {
	waiting, err := w.engine.Waiting(ctx, session)
	if err != nil || ctx.Err() != nil || !w.engine.Idle() {
		return told
	}
	now := describeAll(waiting)
	if now != told && now != "" {
		w.noticing(waiting)
	}
	return now
}

func describeAll(waiting []engine.Waiting) string {
	var b strings.Builder
	for _, w := range waiting {
		fmt.Fprintln(&b, w.ID.Thread, w.Targets, w.Until.Unix())
	}
	return b.String()
}

// notice tells the user what a session waits for from outside. Threads that wait for others wait for those.
func notice(env *environment, waiting []engine.Waiting) {
	const most = 5
	lines := outsideWaits(waiting, time.Now())
	for _, line := range lines[:min(len(lines), most)] {
		fmt.Fprintln(env.Err, env.err.faint(line))
	}
	if more := len(lines) - most; more > 0 {
		fmt.Fprintln(env.Err, env.err.faint(fmt.Sprintf("… and %s more", diag.Count(more, "thread"))))
	}
}

func outsideWaits(waiting []engine.Waiting, now time.Time) []string {
	var lines []string
	for _, w := range waiting {
		var names []string
		for _, target := range w.Targets {
			if engine.IsOutside(target) {
				names = append(names, outsideName(target))
			}
		}
		switch {
		case len(names) > 0:
			lines = append(lines, fmt.Sprintf("thread %s (%s) waits for %s: hark-ls resolve %s %s VALUE",
				w.ID.Thread, w.Function, futures(names), w.ID.Session, shellWord(names[0])))
		case len(w.Targets) == 0 && w.Until.Sub(now) >= longSleep:
			lines = append(lines, fmt.Sprintf("thread %s (%s) sleeps until %s", w.ID.Thread, w.Function, w.Until.Local().Format(time.DateTime)))
		}
	}
	return lines
}

// outsideName is the name of a future that is resolved from outside.
func outsideName(thread string) string { return strings.TrimPrefix(thread, engine.OutsideFuture("")) }

func futures(names []string) string {
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = fmt.Sprintf("future(%q)", name)
	}
	return orList(shown)
}

// shellWord is a text as a shell wants it.
func shellWord(text string) string {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("_-./:@%+,=", c)
	}
	if text != "" && strings.IndexFunc(text, func(c rune) bool { return !plain(c) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
