package cli

import (
	"fmt"
	"html"
	"io"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/runtime/timeline"
)

// A timeline as a picture: lanes from top to bottom, time from left to right. It has colours for light and for dark pages.

// Measures of the picture, in pixels.
const (
	svgWidth  = 1200
	svgLabel  = 230
	svgRight  = 170
	svgTop    = 64
	svgLane   = 24
	svgBar    = 14
	svgBottom = 40
	// manyArrows is how many lanes there are at most if arrows are drawn: between more lanes nobody could follow them.
	manyArrows = 150
	// letter is about how wide one is.
	letter = 6.6
)

const svgStyle = `
:root{--ink:#1f2933;--faint:#7b8794;--grid:#e4e7eb;--paper:#fff;--run:#2f9e6e;--call:#3b6fd4;--wait:#c3cad3;--sleep:#b39ddb;--bad:#d64545;--arrow:#9aa5b1}
@media(prefers-color-scheme:dark){:root{--ink:#e4e7eb;--faint:#9aa5b1;--grid:#2b333d;--paper:#14181d;--run:#4fbf8f;--call:#6f9cf0;--wait:#465260;--sleep:#8f79c4;--bad:#f07178;--arrow:#6b7785}}
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:var(--ink)}
.title{font-size:15px;font-weight:600}.faint{fill:var(--faint)}.in{fill:#fff;font-size:10.5px}.bad{fill:var(--bad)}
.grid{stroke:var(--grid);stroke-width:1}.paper{fill:var(--paper)}
.run{fill:var(--run)}.call{fill:var(--call)}.sleep{fill:var(--sleep)}.callfailed{fill:var(--bad)}
.wait{stroke:var(--wait);stroke-width:2;stroke-dasharray:2 3}
.arrow{stroke:var(--arrow);stroke-width:1;fill:none;opacity:.8}.tip{fill:var(--arrow)}
`

// picture draws a timeline.
type picture struct {
	out   io.Writer
	t     *timeline.Timeline
	lanes []*timeline.Lane
	rows  map[string]int
	scale float64 // pixels per nanosecond
}

func drawSVG(out io.Writer, t *timeline.Timeline, most int) {
	p := &picture{out: out, t: t, lanes: t.Lanes[:min(len(t.Lanes), most)], rows: map[string]int{}}
	length := max(t.Ended.Sub(t.Started), time.Microsecond)
	p.scale = float64(svgWidth-svgLabel-svgRight) / float64(length)
	height := svgTop + len(p.lanes)*svgLane + svgBottom
	p.put(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">`, svgWidth, height, svgWidth, height)
	p.put(`<style>%s</style><rect class="paper" width="100%%" height="100%%"/>`, svgStyle)
	p.put(`<text class="title" x="16" y="26">%s</text>`, html.EscapeString(t.Function+" · "+t.Status+" · "+shortDuration(length)))
	p.put(`<text class="faint" x="%d" y="26" text-anchor="end">%s</text>`, svgWidth-16, html.EscapeString(t.Session+"  "+t.Started.Local().Format(time.DateTime)))
	p.axis(length, height)
	for i, l := range p.lanes {
		p.rows[l.Thread] = i
	}
	if len(p.lanes) <= manyArrows {
		p.arrows()
	}
	for i, l := range p.lanes {
		p.lane(i, l)
	}
	p.legend(height)
	p.put(`</svg>`)
}

func (p *picture) put(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }

func (p *picture) x(t time.Time) float64 {
	x := float64(svgLabel) + float64(t.Sub(p.t.Started))*p.scale
	return max(svgLabel, min(x, svgWidth-svgRight))
}

func (p *picture) y(row int) float64 { return float64(svgTop + row*svgLane) }

func (p *picture) axis(length time.Duration, height int) {
	for _, tick := range ticks(length, 8) {
		x := p.x(p.t.Started.Add(tick))
		p.put(`<line class="grid" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`, x, svgTop-8, x, height-svgBottom+4)
		p.put(`<text class="faint" x="%.1f" y="%d" text-anchor="middle">%s</text>`, x, svgTop-14, shortDuration(tick))
	}
}

func (p *picture) lane(row int, l *timeline.Lane) {
	y := p.y(row)
	p.put(`<g><title>%s</title>`, html.EscapeString(laneTitle(l)))
	p.put(`<text x="16" y="%.1f">%s</text>`, y+15, html.EscapeString(strings.ReplaceAll(clipped(textLabel(l), svgLabel-24), " ", "\u00a0")))
	for i := range l.Spans {
		p.span(y, l, &l.Spans[i])
	}
	end := l.Ended
	if end.IsZero() {
		end = p.t.Ended
	}
	x := p.x(end) + 6
	switch {
	case l.Error != nil:
		p.put(`<text class="bad" x="%.1f" y="%.1f">✗ %s</text>`, x, y+15, html.EscapeString(clipped(l.Error.Kind, svgWidth-x-20)))
	case l.Ended.IsZero():
		p.put(`<text class="faint" x="%.1f" y="%.1f">… %s</text>`, x, y+15, l.Status)
	default:
		p.put(`<text class="faint" x="%.1f" y="%.1f">%s</text>`, x, y+15, shortDuration(l.Ended.Sub(l.Started)))
	}
	p.put(`</g>`)
}

// laneTitle is what one reads on a lane.
func laneTitle(l *timeline.Lane) string {
	text := "thread " + l.Thread + "  " + l.Function + "  " + l.Status
	switch {
	case l.Error != nil:
		text += "\n" + l.Error.Kind + ": " + clipped(l.Error.Message, 600)
	case l.Result != "":
		text += "\n=> " + clipped(l.Result, 600)
	case l.Waits != "":
		text += " for " + l.Waits
	}
	return text
}

func (p *picture) span(y float64, l *timeline.Lane, s *timeline.Span) {
	from, to := p.x(s.From), p.x(later(s.From, s.To))
	width := max(to-from, 1.5)
	title := html.EscapeString(spanTitle(l, s))
	if s.Kind == timeline.Wait {
		p.put(`<g><title>%s</title><rect x="%.1f" y="%.1f" width="%.1f" height="%d" fill="transparent"/><line class="wait" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/></g>`,
			title, from, y+4, width, svgBar, from, y+4+svgBar/2, to, y+4+svgBar/2)
		return
	}
	class := s.Kind
	if s.Failed {
		class = "callfailed"
	}
	p.put(`<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%d" rx="2"><title>%s</title></rect>`, class, from, y+4, width, svgBar, title)
	if s.Kind == timeline.Call && width > 5*letter {
		p.put(`<text class="in" x="%.1f" y="%.1f" pointer-events="none">%s</text>`, from+4, y+15, html.EscapeString(clipped(s.Name, width-8)))
	}
}

func spanTitle(l *timeline.Lane, s *timeline.Span) string {
	names := map[string]string{timeline.Run: "computes", timeline.Call: "in Python: " + s.Name, timeline.Wait: "waits for " + s.Name, timeline.Sleep: "sleeps"}
	text := fmt.Sprintf("thread %s %s, %s", l.Thread, names[s.Kind], shortDuration(s.To.Sub(s.From)))
	if s.Attempts > 1 {
		text += fmt.Sprintf(", %d attempts", s.Attempts)
	}
	if s.Error != nil {
		text += "\n" + s.Error.Kind + ": " + clipped(s.Error.Message, 600)
	}
	return text
}

// clipped is as much of a text as there is room for.
func clipped(text string, room float64) string {
	letters := []rune(text)
	fit := max(int(room/letter), 1)
	if len(letters) <= fit {
		return text
	}
	return string(letters[:max(fit-1, 0)]) + "…"
}

// arrows lead from where a thread was started to its lane, and from its end to who waited for it.
func (p *picture) arrows() {
	for i, l := range p.lanes {
		if from, ok := p.rows[l.Parent]; ok && l.Parent != "" {
			p.arrow(p.x(l.Started), from, i)
		}
		for _, s := range l.Spans {
			if from, ok := p.rows[s.Resolver]; ok && s.Kind == timeline.Wait {
				p.arrow(p.x(s.To), from, i)
			}
		}
	}
}

func (p *picture) arrow(x float64, from, to int) {
	y1, y2, tip := p.y(from)+4+svgBar, p.y(to)+4, -4.0
	if from > to {
		y1, y2, tip = p.y(from)+4, p.y(to)+4+svgBar, 4
	}
	p.put(`<path class="arrow" d="M%.1f %.1fV%.1f"/><path class="tip" d="M%.1f %.1fl-3 %.1fh6z"/>`, x, y1, y2, x, y2, tip)
}

func (p *picture) legend(height int) {
	x := float64(svgLabel)
	y := float64(height - 14)
	for _, entry := range [][2]string{{"run", "computes"}, {"call", "in Python"}, {"callfailed", "raised"}, {"sleep", "sleeps"}} {
		p.put(`<rect class="%s" x="%.1f" y="%.1f" width="14" height="10" rx="2"/><text class="faint" x="%.1f" y="%.1f">%s</text>`, entry[0], x, y-9, x+19, y, entry[1])
		x += 26 + letter*float64(len(entry[1])) + 14
	}
	p.put(`<line class="wait" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/><text class="faint" x="%.1f" y="%.1f">waits</text>`, x, y-4, x+14, y-4, x+19, y)
	if more := len(p.t.Lanes) - len(p.lanes); more > 0 {
		p.put(`<text class="faint" x="16" y="%.1f">… and %s more</text>`, y, diag.Count(more, "thread"))
	}
}
