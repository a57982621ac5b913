package syntax

import (
	"slices"
	"sort"

	"github.com/hark-lang/hark-ls/internal/source"
)

// A file is parsed again after an edit by parsing the items around the edit. Two observations make that exact.
//
// What the parser has made of the text up to some item depends on the text that it has looked at by then, and on no other. So all
// items before one that was reached without a look at the edited text are as they were.
//
// What it makes of the text from some item on depends on that text and on the parser's state, which between most items is the
// same: nothing is reported or half read that the item could notice. So once the new parse comes to an item of the old one behind
// the edit, both being in this state, all the rest is as it was, and only lies elsewhere.

// state is that of the parser before an item: what has to be known to go on from there.
type state struct {
	first    int32 // offset of the item's first token in the item: comments may come before it
	gap      int32 // how far behind the token before it that begins
	seen     int32 // how far the file's text has been looked at
	problems int32 // how many have been found
	plain    bool  // the state is the same as before most items
}

// state is the parser's before the item that begins at the current token, except that first is the token's place in the file.
func (p *parser) state() state {
	return state{
		first: p.tok.start, gap: p.tok.start - p.prev.end, seen: *p.seen, problems: int32(len(p.problems)), plain: p.plain(),
	}
}

// plain says whether nothing before the current token, which begins an item, has an effect on what follows.
func (p *parser) plain() bool {
	switch {
	case !p.tok.newline, p.tok.damaged, p.ahead, p.dirty, p.dirtyBefore, p.silent == p.tok.start:
		return false
	case len(p.comments) > 0 && p.comments[0].Span.Start < p.prev.end:
		return false
	}
	n := len(p.problems)
	return n == 0 || p.problems[n-1].Span.End < p.tok.start
}

// token is the offset of the item's first token in the file.
func (it *Item) token() int32 { return it.Span.Start + it.state.first }

// before is the end of the token before the item.
func (it *Item) before() int32 { return it.token() - it.state.gap }

// Reparse is the file in which a span of the text, in bytes, is replaced. The result is that of Parse for the whole text. The items that
// the edit does not touch are the same trees: they share Def and Comments, and differ in their Span only.
func Reparse(old *File, replaced source.Span, with string) *File {
	text := old.Text[:replaced.Start] + with + old.Text[replaced.End:]
	r := reparser{parser: newParser(text), old: old, edited: replaced, delta: int32(len(with)) - replaced.Len()}
	r.copies = true
	if start := r.start(); start > 0 {
		r.resume(start)
	}
	r.items(r.caughtUp)
	if r.tok.kind == EOF {
		r.file.Comments = append(r.file.Comments, r.comments...)
	} else {
		r.rest()
	}
	r.file.finish(r.problems)
	return r.file
}

// Revise is Parse for a text of which an earlier version has been parsed, and shares with that what Reparse does. Of the same text it is
// the same file.
func Revise(old *File, text string) *File {
	if old.Text == text {
		return old
	}
	replaced, with := Difference(old.Text, text)
	return Reparse(old, replaced, with)
}

// Difference is an edit that makes one text the other: all between what they have in common at the start and at the end.
func Difference(old, text string) (replaced source.Span, with string) {
	start := commonStart(old, text)
	a, b := old[start:], text[start:]
	end := commonEnd(a, b)
	return source.Span{Start: int32(start), End: int32(len(old) - end)}, b[:len(b)-end]
}

// stride is how many bytes are compared at once, as long as they are equal.
const stride = 256

func commonStart(a, b string) int {
	n, limit := 0, min(len(a), len(b))
	for n+stride <= limit && a[n:n+stride] == b[n:n+stride] {
		n += stride
	}
	for n < limit && a[n] == b[n] {
		n++
	}
	return n
}

func commonEnd(a, b string) int {
	n, limit := 0, min(len(a), len(b))
	for n+stride <= limit && a[len(a)-n-stride:len(a)-n] == b[len(b)-n-stride:len(b)-n] {
		n += stride
	}
	for n < limit && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

// reparser is a parser that knows an earlier version of the text.
type reparser struct {
	*parser
	old    *File
	edited source.Span // of the old text
	delta  int32       // by how much the text behind the edit has moved
	next   int         // the old item that may be met next
}

// start is the last item before which the old parser had not looked at what is edited, 0 if there is none.
func (r *reparser) start() int {
	items := r.old.Items
	i := sort.Search(len(items), func(i int) bool { return items[i].state.seen > r.edited.Start }) - 1
	for ; i > 0; i-- {
		if items[i].state.plain {
			return i
		}
	}
	return 0
}

// resume takes over what comes before an item of the old file and makes the parser's state that before it.
func (r *reparser) resume(item int) {
	first := r.old.Items[item]
	r.file.Items = append(make([]*Item, 0, len(r.old.Items)+1), r.old.Items[:item]...)
	comments := r.old.Comments
	r.file.Comments = slices.Clone(comments[:firstComment(comments, first.before())])
	r.problems = slices.Clone(r.old.found[:first.state.problems])
	r.next = item
	*r.seen = first.state.seen
	r.pos = first.before()
	r.tok = lexeme{start: r.pos, end: r.pos}
}

// firstComment is the index of the first comment at or behind an offset.
func firstComment(comments []Comment, offset int32) int {
	return sort.Search(len(comments), func(i int) bool { return comments[i].Span.Start >= offset })
}

// caughtUp says whether the old parser was before the current token, which begins an item, in the state in which this one is now.
func (r *reparser) caughtUp() bool {
	items, at := r.old.Items, r.tok.start-r.delta
	for r.next < len(items) && items[r.next].token() < at {
		r.next++
	}
	if r.next == len(items) {
		return false
	}
	item := items[r.next]
	return item.token() == at && item.before() >= r.edited.End && item.state.gap == r.tok.start-r.prev.end &&
		item.state.plain && r.plain()
}

// rest takes over what comes from the next old item on.
func (r *reparser) rest() {
	old, first := r.old, r.old.Items[r.next]
	moved := make([]Item, len(old.Items)-r.next)
	problems := int32(len(r.problems)) - first.state.problems
	for i, item := range old.Items[r.next:] {
		moved[i] = *item
		moved[i].Span = item.Span.Shift(r.delta)
		moved[i].state.seen = max(*r.seen, item.state.seen+r.delta)
		moved[i].state.problems += problems
		r.file.Items = append(r.file.Items, &moved[i])
	}
	for _, c := range old.Comments[firstComment(old.Comments, first.before()):] {
		c.Span = c.Span.Shift(r.delta)
		r.file.Comments = append(r.file.Comments, c)
	}
	for _, d := range old.found[first.state.problems:] {
		r.problems = append(r.problems, d.Shift(r.delta))
	}
}
