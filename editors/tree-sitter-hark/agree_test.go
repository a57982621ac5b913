package grammar_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
)

// Both trees are written in one form, a node per line with its kind and place, indented by depth, and compared as texts.

// Every source of the repository that is sound has the same tree for both, and what is wrong for one is wrong for the other.
func TestTheCompilerAgrees(t *testing.T) {
	sources := testkit.Sources(t)
	names := slices.Sorted(maps.Keys(sources))
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = sources[name]
	}
	require.Greater(t, compare(t, names, texts), 300)
}

// The same holds for random programs.
func TestTheCompilerAgreesOnRandomPrograms(t *testing.T) {
	var names, texts []string
	for seed := range uint64(60) {
		names = append(names, fmt.Sprintf("seed %d", seed))
		texts = append(texts, progen.Program(seed, progen.Options{}))
	}
	assert.Equal(t, len(texts), compare(t, names, texts))
}

// And for a program with a mistake: each token left out, written twice, or with another one before it.
func TestTheCompilerAgreesOnMistakes(t *testing.T) {
	text := testkit.Open(t, "../../compiler/syntax/testdata/mutations.txtar").Text(t, "good.hk")
	var texts []string
	for i, l := range syntax.Scan(text) {
		if i%testkit.Amount(1, 4) != 0 {
			continue
		}
		before, token, after := text[:l.Span.Start], text[l.Span.Start:l.Span.End], text[l.Span.End:]
		texts = append(texts, before+after, before+token+" "+token+after)
		for _, other := range []string{")", "}", "{", "(", ";", ",", "x", "-", "=", `"`, "else", "try", ":s"} {
			texts = append(texts, before+other+" "+token+after)
		}
	}
	sound := compare(t, texts, texts)
	assert.Greater(t, sound, testkit.Amount(100, 25), "some of these mistakes are none")
	assert.Less(t, sound, len(texts)/2)
}

// compare holds that both see the same in each text, and is the number of sound ones.
func compare(t *testing.T, names, texts []string) (sound int) {
	t.Helper()
	for i, parsed := range trees(t, texts) {
		if strings.HasPrefix(texts[i], "\xff\xfe") || strings.HasPrefix(texts[i], "\xfe\xff") {
			continue // UTF-16: an editor decodes it before the grammar sees it, and the compiler looks no further
		}
		name, file := names[i], syntax.Parse(texts[i])
		codes := structural(file)
		if slices.Contains(codes, diag.TooDeep) || parsed.broken && slices.ContainsFunc(codes, isLenient) {
			continue
		}
		if codes = slices.DeleteFunc(codes, isLenient); len(codes) > 0 {
			assert.True(t, parsed.broken, "%s: the compiler says %v, the grammar nothing", name, codes)
			continue
		}
		sound++
		if assert.False(t, parsed.broken, "%s: the grammar finds a fault where the compiler finds none", name) {
			assert.Equal(t, ofCompiler(file), ofGrammar(parsed), name)
		}
	}
	return sound
}

// unstructured are problems that leave the structure of a text as it is: the grammar need not know of them.
var unstructured = []diag.Code{diag.InvalidUTF8, diag.BadEscape, diag.LoneSurrogate, diag.BraceEndsHere}

// lenient are problems that the grammar may have with a text, or not; if not, both have the same tree.
var lenient = []diag.Code{diag.UnknownType, diag.TypeArguments, diag.AsyncNeedsCall}

func isLenient(code diag.Code) bool { return slices.Contains(lenient, code) }

// structural are the problems of a text's structure.
func structural(file *syntax.File) []diag.Code {
	var codes []diag.Code
	for _, problem := range file.Problems {
		if !slices.Contains(unstructured, problem.Code) {
			codes = append(codes, problem.Code)
		}
	}
	return codes
}

// listing is the common form.
type listing struct{ strings.Builder }

func (l *listing) add(depth int, kind string, span source.Span) {
	for range depth {
		l.WriteString("  ")
	}
	l.WriteString(kind + " " + strconv.Itoa(int(span.Start)) + "-" + strconv.Itoa(int(span.End)) + "\n")
}

func ofCompiler(file *syntax.File) string {
	var l listing
	for _, item := range file.Items {
		l.node(item, 0, item.Def)
	}
	return l.String()
}

func (l *listing) node(item *syntax.Item, depth int, n syntax.Node) {
	span := n.Span()
	switch n := n.(type) {
	case *syntax.FuncDef:
		span.Start = n.Fn.Start // where its attributes begin, only the grammar knows
	case *syntax.ImportDef:
		span.Start = n.Keyword.Start
	case *syntax.Arg:
		if n.Name == nil {
			l.node(item, depth, n.Value)
			return
		}
	}
	l.add(depth, kindOf(n), item.Abs(span))
	for child := range syntax.Children(n) {
		l.node(item, depth+1, child)
	}
}

func kindOf(n syntax.Node) string {
	switch n := n.(type) {
	case *syntax.Binary:
		return "Binary " + n.Op.String()
	case *syntax.Unary:
		return "Unary " + n.Op.String()
	case *syntax.NumberLit:
		return fmt.Sprintf("NumberLit %t", n.Float)
	case *syntax.Ident:
		return "Name" // for the grammar, each is an identifier
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", n), "*syntax.")
}
