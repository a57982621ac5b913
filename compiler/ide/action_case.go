package ide

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Names that begin with an upper-case letter get one that begins with a lower-case one, wherever they are written: in the function that they
// are local to, in the file if that defines them.

// lowerCase offers to write a name as names are written.
func (f *fixing) lowerCase() {
	word := f.text(f.d.Span)
	if word == "" || word[0] < 'A' || word[0] > 'Z' {
		return
	}
	if f.words == nil {
		f.words = f.capitals()
	}
	for _, c := range f.words {
		if c.word != word || !c.everywhere && c.item != f.item {
			continue
		}
		var edits []diag.Edit
		for _, span := range c.spans {
			edits = append(edits, diag.Edit{Span: span, New: c.small})
		}
		if !c.bound && !isName(c.small) {
			return
		}
		f.add("change to '"+c.small+"'", edits...)
		return
	}
}

// capital is a word that begins with an upper-case letter and stands for a name.
type capital struct {
	word  string
	small string // what it is to be
	// item is the function that has it, unless the file defines it and it is everywhere the same.
	item       int
	everywhere bool
	bound      bool // it is given a value here, rather than only read
	spans      []source.Span
}

// capitals are those of the file.
func (f *fixing) capitals() []*capital {
	defined := map[string]bool{}
	for _, item := range f.file.Tree.Items {
		if def, ok := item.Def.(*syntax.FuncDef); ok && def.Name != nil {
			defined[def.Name.Text] = true
		}
	}
	var all []*capital
	used := map[string][]int{} // the items that have a name
	f.eachName(func(item int, text string, span source.Span, binds bool) {
		used[text] = append(used[text], item)
		if text == "" || text[0] < 'A' || text[0] > 'Z' {
			return
		}
		at := slices.IndexFunc(all, func(c *capital) bool { return c.word == text && (c.item == item || c.everywhere) })
		if at < 0 {
			at = len(all)
			all = append(all, &capital{word: text, item: item, everywhere: defined[text]})
		}
		all[at].bound = all[at].bound || binds
		all[at].spans = append(all[at].spans, span)
	})
	for i, c := range all {
		f.makeSmall(c, all[:i], used)
	}
	return all
}

// makeSmall gives a word a name that is none of those around, unless it is only read: then it is to be a name that there is.
func (f *fixing) makeSmall(c *capital, before []*capital, used map[string][]int) {
	c.small = lowered(c.word)
	if !c.bound {
		return
	}
	fresh := freshNames{taken: func(name string) bool {
		return f.file.Scope.Lookup(name) != nil || c.everywhere && used[name] != nil || slices.Contains(used[name], c.item) ||
			slices.ContainsFunc(before, func(b *capital) bool { return b.small == name && (b.item == c.item || b.everywhere || c.everywhere) })
	}}
	fresh.add(c.small)
	c.small = fresh.all[0]
}

// eachName calls yield for each place of the file where a name is written, and says whether it is given a value there.
func (f *fixing) eachName(yield func(item int, text string, span source.Span, binds bool)) {
	for i, item := range f.file.Tree.Items {
		if _, ok := item.Def.(*syntax.FuncDef); !ok {
			continue
		}
		syntax.Walk(item.Def, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.TypeExpr, *syntax.Attr:
				return false
			case *syntax.Name:
				yield(i, n.Text, item.Abs(n.Span()), true)
			case *syntax.Ident:
				yield(i, n.Name, item.Abs(n.Span()), false)
			}
			return true
		})
	}
}

// lowered is a word as a name: "VALUE" is "value", "MaxSize" is "maxSize", "HTTPServer" is "httpServer".
func lowered(word string) string {
	end := 0 // of the capital letters that it begins with
	for end < len(word) && word[end] >= 'A' && word[end] <= 'Z' {
		end++
	}
	if strings.ToUpper(word) == word {
		return strings.ToLower(word)
	}
	if end > 1 && end < len(word) && word[end] >= 'a' && word[end] <= 'z' {
		end--
	}
	return strings.ToLower(word[:end]) + word[end:]
}
