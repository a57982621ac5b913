package cli

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/hark-lang/hark-ls/runtime/timeline"
)

// A timeline as a page to look around in: it has the data in it, and needs nothing from elsewhere.

//go:embed trace.html
var tracePage string

// Where the page gets its data and its title.
const (
	pageData  = `"DATA"`
	pageTitle = "TITLE"
)

// pageLane is a lane with the lines that its thread printed.
type pageLane struct {
	*timeline.Lane
	Waits string     `json:"waits,omitempty"`
	Lines []pageLine `json:"lines,omitempty"`
}

// pageLine is a line, and when it was printed in microseconds from the start.
type pageLine struct {
	At     int64  `json:"at"`
	Text   string `json:"text"`
	Stream string `json:"stream"`
}

func drawHTML(out io.Writer, t *timeline.Timeline, most int) error {
	lanes := make([]pageLane, min(len(t.Lanes), most))
	for i := range lanes {
		l := t.Lanes[i]
		lanes[i] = pageLane{Lane: l, Waits: l.Waits}
		for j := range l.Lines {
			line := &l.Lines[j]
			lanes[i].Lines = append(lanes[i].Lines, pageLine{line.Segment.Start.Sub(t.Started).Microseconds(), line.Text, streamNames[line.Stream]})
		}
	}
	// The encoder escapes <, > and &, so that nothing in the data ends the script.
	data, err := json.Marshal(map[string]any{
		"session": t.Session, "function": t.Function, "status": t.Status, "started": t.Started, "ended": t.Ended, "lanes": lanes, "left": len(t.Lanes) - len(lanes),
	})
	if err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	title := strings.NewReplacer("<", "", ">", "", "&", "").Replace(t.Function + " " + t.Session)
	page := strings.Replace(tracePage, pageTitle, title, 1)
	_, err = io.WriteString(out, strings.Replace(page, pageData, string(data), 1))
	return err
}
