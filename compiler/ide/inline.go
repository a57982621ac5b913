package ide

// Inline values: which names of a function have a value that the debugger can show beside the code, while it stands somewhere in it.

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// InlineValue is a place where a variable of the debugger's frame is named.
type InlineValue struct {
	Span source.Span
	Name string
}

// InlineValues are the parameters, locals and captured names in a part of a file that belong to the function in which the debugger stands, up
// to the line where it does, in order. stopped is that line. A name is there once a line; names of the lambdas within are not: they
// have frames of their own.
func InlineValues(s *Snapshot, path string, span, stopped source.Span) []InlineValue {
	file := s.file(path)
	if file == nil {
		return nil
	}
	index := indexBefore(file.Tree, stopped.Start)
	if index < 0 {
		return nil
	}
	item, info := file.Tree.Items[index], file.Items[index]
	fn := stoppedIn(file, index, stopped)
	if fn == nil {
		return nil
	}
	last := stopped.End
	lines := source.NewLines(file.Tree.Text)
	seen := map[int]map[string]bool{}
	var all []InlineValue
	syntax.Walk(rootOf(fn), func(n syntax.Node) bool {
		if lambda, ok := n.(*syntax.Lambda); ok && lambda != fn.Lambda {
			return false
		}
		name := variableName(info, n)
		at := item.Abs(n.Span())
		if name == "" || at.Start > last || at.Start > span.End || at.End < span.Start {
			return true
		}
		line, _ := lines.OffsetColumn(at.Start)
		if seen[line] == nil {
			seen[line] = map[string]bool{}
		}
		if !seen[line][name] {
			seen[line][name] = true
			all = append(all, InlineValue{Span: at, Name: name})
		}
		return true
	})
	return all
}

// stoppedIn is the function whose frame stands on a line: the innermost one around the first thing on it.
func stoppedIn(file *resolve.File, index int, stopped source.Span) *resolve.Func {
	item, info, text := file.Tree.Items[index], file.Items[index], file.Tree.Text
	at := stopped.Start
	for at < stopped.End && int(at) < len(text) && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	if fn := funcAround(info, source.Span{Start: at - item.Span.Start, End: at - item.Span.Start}); fn != nil {
		return fn
	}
	return nil
}

func rootOf(fn *resolve.Func) syntax.Node {
	if fn.Lambda != nil {
		return fn.Lambda
	}
	return fn.Def
}

// variableName is the name of a variable that a node reads or writes; "" if it is none.
func variableName(info *resolve.Info, n syntax.Node) string {
	switch n := n.(type) {
	case *syntax.Ident:
		if b := info.Binding(n); b != nil && (b.Kind == resolve.Local || b.Kind == resolve.Capture) {
			return n.Name
		}
	case *syntax.Name:
		if b := info.Binding(n); b != nil && b.Kind == resolve.Local {
			return n.Text
		}
	}
	return ""
}
