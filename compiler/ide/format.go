package ide

// Formatting, as edits that are as small as lines are: what is canonical already is in no edit, so that cursors, folds and
// breakpoints stay where they are.

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Format are the edits that bring a file into the canonical style. It is not ok if the file has errors in its syntax, as these
// would be guessed at.
func Format(s *Snapshot, path string) (edits []diag.Edit, ok bool) {
	file := s.file(path)
	if file == nil {
		return nil, false
	}
	canonical, ok := syntax.Format(file.Tree.Text)
	if !ok {
		return nil, false
	}
	return joined(lineEdits(file.Tree.Text, canonical, 0)), true
}

// FormatRange are the edits for the statements and definitions on the lines that a span touches. What is wrong elsewhere in the file does
// not matter; it is not ok if one of the definitions themselves has an error in its syntax.
func FormatRange(s *Snapshot, path string, span source.Span) (edits []diag.Edit, ok bool) {
	file := s.file(path)
	if file == nil {
		return nil, false
	}
	if span.Start <= 0 && int(span.End) >= len(file.Tree.Text) {
		return Format(s, path)
	}
	if span.End > span.Start { // what begins behind its last line is not in it
		rest, _, _ := strings.Cut(file.Tree.Text[span.End-1:], "\n")
		span.Start = int32(strings.LastIndexByte(file.Tree.Text[:span.Start], '\n') + 1)
		span.End += int32(len(rest)) - 1
	}
	first, last := touchedItems(file.Tree, span)
	if first > last {
		return nil, true
	}
	part := source.Span{Start: lineStart(file.Tree.Text, file.Tree.Items[first]), End: separated(file.Tree.Text, file.Tree.Items[last])}
	text := file.Tree.Text[part.Start:part.End]
	canonical, ok := syntax.Format(text)
	if !ok {
		return nil, false
	}
	if !strings.HasSuffix(text, "\n") {
		canonical = strings.TrimSuffix(canonical, "\n")
	}
	wanted := statementsIn(file, first, last, span)
	edits = slices.DeleteFunc(lineEdits(text, canonical, part.Start), func(e diag.Edit) bool {
		return e.Span.End <= wanted.Start && e.Span.Len() > 0 || e.Span.End < wanted.Start || e.Span.Start >= wanted.End
	})
	return joined(edits), true
}

// FormatOnType are the edits after a character was typed, which ends at offset: "}" has the construct formatted that it ends, ";" the
// statement. Where the text is not sound yet there are none.
func FormatOnType(s *Snapshot, path string, offset int32, typed string) []diag.Edit {
	file := s.file(path)
	if file == nil || typed != "}" && typed != ";" {
		return nil
	}
	at := offset - int32(len(typed))
	if at < 0 || !strings.HasPrefix(file.Tree.Text[at:], typed) || inText(file.Tree, at) {
		return nil
	}
	span := source.Span{Start: at, End: at}
	if typed == "}" {
		span = closedBy(file.Tree, offset)
	}
	edits, _ := FormatRange(s, path, span)
	return edits
}

// inText says whether an offset lies in a String or comment.
func inText(tree *syntax.File, offset int32) bool {
	start := int32(0)
	if item := itemBefore(tree, offset); item != nil {
		start = item.Span.Start
	}
	return newCursor(tree.Text, start, offset).inside != inCode
}

// closedBy is the span of the whole expression or definition that ends with a block or hash whose "}" ends at offset.
func closedBy(tree *syntax.File, offset int32) source.Span {
	span := source.Span{Start: offset - 1, End: offset}
	item := tree.ItemAt(offset)
	if item == nil {
		return span
	}
	for _, n := range item.Path(offset - 1) {
		if end := item.Abs(n.Span()).End; end == offset {
			return item.Abs(n.Span())
		}
	}
	return span
}

// touchedItems are the first and the last item that a span touches; the first is above the last if there is none.
func touchedItems(tree *syntax.File, span source.Span) (first, last int) {
	first, last = len(tree.Items), -1
	for i, item := range tree.Items {
		if item.Span.Start <= span.End && separated(tree.Text, item) >= span.Start {
			first, last = min(first, i), i
		}
	}
	return first, last
}

// lineStart is where an item's line starts, if nothing else stands before it.
func lineStart(text string, item *syntax.Item) int32 {
	start := item.Span.Start
	for start > 0 && (text[start-1] == ' ' || text[start-1] == '\t') {
		start--
	}
	if start > 0 && text[start-1] != '\n' {
		return item.Span.Start
	}
	return start
}

// separated is where an item ends, the ";" after an import included.
func separated(text string, item *syntax.Item) int32 {
	end := item.Span.End
	if _, ok := item.Def.(*syntax.ImportDef); !ok {
		return end
	}
	for int(end) < len(text) && (text[end] == ' ' || text[end] == '\t') {
		end++
	}
	if int(end) < len(text) && text[end] == ';' {
		return end + 1
	}
	return item.Span.End
}

// statementsIn is the span of the statements that a span touches if it lies in one block, else that of the items.
func statementsIn(file *resolve.File, first, last int, span source.Span) source.Span {
	item := file.Tree.Items[first]
	whole := source.Span{Start: item.Span.Start, End: separated(file.Tree.Text, file.Tree.Items[last])}
	if first != last {
		return whole
	}
	block := blockAround(item, span)
	if block == nil {
		return whole
	}
	wanted := span
	for _, e := range block.Exprs {
		if abs := item.Abs(e.Span()); abs.Start <= span.End && abs.End >= span.Start {
			wanted = wanted.Join(abs)
		}
	}
	return wanted
}

// blockAround is the innermost block of an item between whose braces a span lies.
func blockAround(item *syntax.Item, span source.Span) *syntax.Block {
	var block *syntax.Block
	for _, n := range item.Path(span.Start) {
		b, ok := n.(*syntax.Block)
		if ok && item.Abs(b.Open).End <= span.Start && span.End <= item.Abs(b.Close).Start {
			block = b
		}
	}
	return block
}

// lineEdits turn one text into another that has the same letters but other white space, commas and semicolons: each replaces as few
// whole lines as it can. The edits' spans are those of the old text, moved by base.
func lineEdits(old, canonical string, base int32) []diag.Edit {
	var edits []diag.Edit
	was, is := splitLines(old), splitLines(canonical)
	for i, j := 0, 0; i < len(was) || j < len(is); {
		if i < len(was) && j < len(is) && was[i] == is[j] {
			base += int32(len(was[i]))
			i, j = i+1, j+1
			continue
		}
		k, l := sameLetters(was[i:], is[j:])
		before, after := strings.Join(was[i:i+k], ""), strings.Join(is[j:j+l], "")
		edits = append(edits, diag.Edit{Span: source.Span{Start: base, End: base + int32(len(before))}, New: after})
		base += int32(len(before))
		i, j = i+k, j+l
	}
	return edits
}

// splitLines are the lines of a text with their endings.
func splitLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	return lines[:len(lines)-1+min(1, len(lines[len(lines)-1]))]
}

// sameLetters is how many lines of each text, at least one in all, have the same letters.
func sameLetters(was, is []string) (i, j int) {
	switch {
	case len(was) > 0 && letters(was[0]) == "" && (len(is) == 0 || letters(is[0]) != ""):
		return 1, 0
	case len(is) > 0 && letters(is[0]) == "" && (len(was) == 0 || letters(was[0]) != ""):
		return 0, 1
	}
	var before, after strings.Builder
	for i < len(was) || j < len(is) {
		if i < len(was) && (i == 0 || j == len(is) || j > 0 && before.Len() <= after.Len()) {
			before.WriteString(letters(was[i]))
			i++
		} else {
			after.WriteString(letters(is[j]))
			j++
		}
		if i > 0 && j > 0 && before.Len() == after.Len() && before.String() == after.String() {
			break
		}
	}
	return i, j
}

// letters is a line without what formatting adds and takes away.
func letters(line string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n,;\uFEFF", r) {
			return -1
		}
		return r
	}, line)
}

// joined makes one edit of those that follow each other without a gap.
func joined(edits []diag.Edit) []diag.Edit {
	var all []diag.Edit
	for _, e := range edits {
		if last := len(all) - 1; last >= 0 && all[last].Span.End == e.Span.Start {
			all[last].Span.End = e.Span.End
			all[last].New += e.New
			continue
		}
		all = append(all, e)
	}
	return all
}
