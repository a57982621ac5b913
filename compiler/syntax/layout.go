package syntax

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The formatter first writes down what is to be printed with every place where a line may be broken, and then breaks lines
// where it has to. Places are in groups: of a group either all are broken or none. A group is broken if it does not fit
// into the rest of the line, or if it holds a break that cannot be avoided. (The idea is Oppen's, "Prettyprinting", 1980;
// the form is that of a list of instructions, so that no depth of the program is a depth of recursion.)

const (
	lineWidth   = 100
	indentWidth = 2
)

type layoutKind uint8

const (
	putText    layoutKind = iota
	putSpace              // a space, unless a line begins or ends here or a space is there
	putComment            // text of one or more lines
	putSuffix             // text that belongs at the end of the line, wherever that is
	ifBroken              // text if the group is broken
	softLine              // nothing, or a break
	spaceLine             // a space, or a break
	hardLine              // a break
	blankLine             // a break and an empty line
	indent
	dedent
	openGroup
	closeGroup
)

type layoutOp struct {
	kind   layoutKind
	broken bool // of openGroup
	text   string
}

// layout is what is to be printed.
type layout struct {
	ops  []layoutOp
	open []int // the groups that are open, by the place of their openGroup

	printer printer
}

func (l *layout) put(kind layoutKind, text string) {
	l.ops = append(l.ops, layoutOp{kind: kind, text: text})
	if kind == hardLine || kind == blankLine {
		l.breakGroups()
	}
}

func (l *layout) text(s string) { l.put(putText, s) }

// breakGroups breaks all groups that are open. Those around a broken one are broken already.
func (l *layout) breakGroups() {
	for i := len(l.open) - 1; i >= 0 && !l.ops[l.open[i]].broken; i-- {
		l.ops[l.open[i]].broken = true
	}
}

func (l *layout) group() {
	l.open = append(l.open, len(l.ops))
	l.put(openGroup, "")
}

func (l *layout) end() {
	l.open = l.open[:len(l.open)-1]
	l.put(closeGroup, "")
}

// suffix puts text at the end of the line that has been reached, before the break if one has been written down already.
// Nothing can follow it there, so that a second one gets a line of its own.
func (l *layout) suffix(text string) {
	at := len(l.ops)
	for i := at - 1; i >= 0 && l.ops[i].kind >= softLine && l.ops[i].kind != closeGroup; i-- {
		if l.ops[i].kind <= blankLine {
			at = i
			break
		}
	}
	if l.suffixed(at) {
		l.put(hardLine, "")
		at = len(l.ops)
	}
	l.ops = slices.Insert(l.ops, at, layoutOp{kind: putSuffix, text: text})
	for i := len(l.open) - 1; i >= 0; i-- {
		if l.open[i] >= at {
			l.open[i]++
		} else if l.ops[l.open[i]].broken {
			break
		} else {
			l.ops[l.open[i]].broken = true
		}
	}
}

// suffixed says whether the line before the place at has a suffix. As a suffix breaks the groups around it, a break after
// it is certain in those; in others it is not.
func (l *layout) suffixed(at int) bool {
	breaks := []bool{false} // by depth of the groups closed before at: whether a break has been seen in it
	for i := at - 1; i >= 0; i-- {
		switch kind := l.ops[i].kind; {
		case kind == putSuffix:
			return !slices.Contains(breaks, true)
		case kind == closeGroup:
			breaks = append(breaks, false)
		case kind == openGroup && len(breaks) > 1:
			breaks = breaks[:len(breaks)-1]
		case kind == hardLine, kind == blankLine:
			return false
		case kind == softLine, kind == spaceLine:
			if len(breaks) == 1 {
				return false
			}
			breaks[len(breaks)-1] = true
		}
	}
	return false
}

// atLine says whether a line may begin here.
func (l *layout) atLine() bool {
	for i := len(l.ops) - 1; i >= 0; i-- {
		switch l.ops[i].kind {
		case softLine, spaceLine, hardLine, blankLine:
			return true
		case indent, openGroup:
		default:
			return false
		}
	}
	return true
}

// lastText is the text before the place that has been reached, if nothing lies between.
func (l *layout) lastText() string {
	for i := len(l.ops) - 1; i >= 0; i-- {
		switch op := l.ops[i]; op.kind {
		case putText, putComment:
			return op.text
		case softLine, indent, openGroup, closeGroup:
		default:
			return ""
		}
	}
	return ""
}

// printer prints a layout.
type printer struct {
	out      strings.Builder
	ops      []layoutOp
	modes    []bool // of the groups around: whether they are broken
	indent   int
	column   int
	space    bool // a space is due before the next text
	spaced   bool // the last text ends with one
	suffixes []string
}

// drain prints what has been written down so far. No group is open then, and a break comes next.
func (l *layout) drain() {
	l.printer.ops = l.ops
	for i := range l.ops {
		l.printer.print(i)
	}
	l.ops = l.ops[:0]
}

func (l *layout) String() string {
	l.drain()
	l.printer.endLine()
	return l.printer.out.String()
}

func (p *printer) broken() bool { return len(p.modes) == 0 || p.modes[len(p.modes)-1] }

func (p *printer) print(i int) {
	switch op := p.ops[i]; op.kind {
	case putText:
		p.text(op.text)
	case putSpace:
		p.space = true
	case putComment:
		p.comment(op.text)
	case putSuffix:
		p.suffixes = append(p.suffixes, op.text)
	case ifBroken:
		if p.broken() {
			p.text(op.text)
		}
	case softLine, spaceLine, hardLine, blankLine:
		p.line(op.kind)
	case indent:
		p.indent += indentWidth
	case dedent:
		p.indent -= indentWidth
	case openGroup:
		p.modes = append(p.modes, p.broken() && (op.broken || !p.fits(i)))
	case closeGroup:
		p.modes = p.modes[:len(p.modes)-1]
	}
}

func (p *printer) line(kind layoutKind) {
	if kind != hardLine && kind != blankLine && !p.broken() {
		p.space = p.space || kind == spaceLine
		return
	}
	p.endLine()
	p.out.WriteByte('\n')
	if kind == blankLine {
		p.out.WriteByte('\n')
	}
	p.column = 0
}

func (p *printer) endLine() {
	p.space = false
	for _, s := range p.suffixes {
		p.space = true
		p.comment(s)
	}
	p.suffixes = p.suffixes[:0]
}

func (p *printer) text(s string) {
	if p.column == 0 {
		for range p.indent {
			p.out.WriteByte(' ')
		}
		p.column = p.indent
	} else if p.space && !p.spaced && strings.IndexByte(",;)]", s[0]) < 0 {
		p.out.WriteByte(' ')
		p.column++
	}
	p.space, p.spaced = false, s[len(s)-1] == ' '
	p.out.WriteString(s)
	if n := strings.LastIndexByte(s, '\n'); n >= 0 {
		p.column = utf8.RuneCountInString(s[n+1:])
		return
	}
	p.column += utf8.RuneCountInString(s)
}

// comment prints a comment; further lines of one whose lines begin with "*" are aligned.
func (p *printer) comment(s string) {
	lines := strings.Split(s, "\n")
	aligned := true
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\r")
		aligned = aligned && (i == 0 || strings.HasPrefix(strings.TrimLeft(line, " \t"), "*"))
	}
	p.text(lines[0])
	for _, line := range lines[1:] {
		p.out.WriteByte('\n')
		if aligned {
			line = strings.Repeat(" ", p.indent+1) + strings.TrimLeft(line, " \t")
		}
		p.out.WriteString(line)
		p.column = max(1, utf8.RuneCountInString(line))
	}
}

// fits says whether the group that opens at i, and what follows it up to the next possible break, fits into the line.
func (p *printer) fits(i int) bool {
	room, depth, inside := lineWidth-max(p.column, p.indent), 0, true
	for ; i < len(p.ops) && room >= 0; i++ {
		switch op := p.ops[i]; op.kind {
		case putText, putComment:
			room -= utf8.RuneCountInString(op.text)
		case putSpace:
			room--
		case softLine, spaceLine, hardLine, blankLine:
			if !inside {
				return true
			}
			if op.kind == spaceLine {
				room--
			}
		case openGroup:
			depth++
		case closeGroup:
			depth--
			inside = inside && depth > 0
		}
	}
	return room >= 0
}
