package syntax

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Each section NAME.hk of the archives has the tree in NAME.tree and, if it has problems, these in NAME.problems.
func TestTrees(t *testing.T) {
	testkit.Run(t, "testdata/trees/*.txtar", func(t *testing.T, c *testkit.Case) {
		eachProgram(c, func(name string) {
			text := c.Text(t, name+".hk")
			file := Parse(text)
			requireSound(t, file)
			c.Golden(t, name+".tree", dump(file))
			if len(file.Problems) > 0 || c.Has(name+".problems") {
				c.Golden(t, name+".problems", problems(file))
			}
		})
	})
}

// Each section of these is a good program with one mistake, which has to be reported once.
func TestOneMistakeIsOneProblem(t *testing.T) {
	testkit.Run(t, "testdata/mistakes/*.txtar", func(t *testing.T, c *testkit.Case) {
		eachProgram(c, func(name string) {
			file := Parse(c.Text(t, name+".hk"))
			requireSound(t, file)
			assert.Len(t, file.Problems, 1, name)
			c.Golden(t, name+".problems", problems(file))
		})
	})
}

func eachProgram(c *testkit.Case, test func(name string)) {
	for _, name := range c.Names() {
		if name, ok := strings.CutSuffix(name, ".hk"); ok {
			test(name)
		}
	}
}

// problems lists the problems of a file, with lines and columns from 1, related places and fixes.
func problems(f *File) string {
	var b strings.Builder
	lines := source.NewLines(f.Text)
	place := func(s source.Span) string {
		l1, c1 := lines.OffsetColumn(s.Start)
		l2, c2 := lines.OffsetColumn(s.End)
		if l1 == l2 {
			return fmt.Sprintf("%d:%d-%d", l1+1, c1+1, c2+1)
		}
		return fmt.Sprintf("%d:%d-%d:%d", l1+1, c1+1, l2+1, c2+1)
	}
	for _, p := range f.Problems {
		fmt.Fprintf(&b, "%s %s %s: %s\n", place(p.Span), p.Severity, p.Code, p.Message)
		for _, r := range p.Related {
			fmt.Fprintf(&b, "  %s: %s\n", place(r.Span), r.Message)
		}
		for _, fix := range p.Fixes {
			fmt.Fprintf(&b, "  fix: %s", fix.Title)
			for _, e := range fix.Edits {
				fmt.Fprintf(&b, " [%s %q]", place(e.Span), e.New)
			}
			if fix.Certain {
				b.WriteString(" certain")
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// requireSound holds what is true of the tree of any text: every byte is in an item or a comment or is white space or a
// separator; items and siblings are in order; a node lies in its parent; IDs are dense.
func requireSound(t testing.TB, f *File) {
	t.Helper()
	outside := []byte(f.Text)
	blank := func(s source.Span) {
		for i := s.Start; i < s.End; i++ {
			outside[i] = ' '
		}
	}
	end := int32(0)
	for _, item := range f.Items {
		require.LessOrEqual(t, end, item.Span.Start, "items overlap")
		end = item.Span.End
		blank(item.Span)
		requireSoundItem(t, f, item)
	}
	for _, c := range f.Comments {
		require.Equal(t, c.Text, f.Text[c.Span.Start:c.Span.End])
		blank(c.Span)
	}
	rest := strings.TrimPrefix(string(outside), byteOrderMark)
	require.Empty(t, strings.Trim(rest, " \t\r\n;"), "text is in no node")
}

func requireSoundItem(t testing.TB, f *File, item *Item) {
	t.Helper()
	require.Equal(t, source.Span{End: item.Span.Len()}, item.Def.Span())
	for _, c := range item.Comments {
		span := item.Abs(c.Span)
		require.Equal(t, c.Text, f.Text[span.Start:span.End])
	}
	seen := make([]bool, item.Nodes)
	Walk(item.Def, func(n Node) bool {
		if seen[n.ID()] {
			t.Fatalf("two nodes have the ID %d", n.ID())
		}
		seen[n.ID()] = true
		at := n.Span().Start
		for c := range Children(n) {
			if c.Span().Start < at || c.Span().End < c.Span().Start || n.Span().End < c.Span().End {
				t.Fatalf("%T %v is not in its place in %T %v", c, c.Span(), n, n.Span())
			}
			at = c.Span().End
		}
		return true
	})
}

func TestPath(t *testing.T) {
	const text = "import(f, m, 1);\nfn main(a) { f(a + 1) }\n"
	file := Parse(text)
	at := int32(strings.Index(text, "a + 1"))
	item := file.ItemAt(at)
	require.Same(t, file.Items[1], item)
	var kinds []string
	for _, n := range item.Path(at) {
		kinds = append(kinds, strings.TrimPrefix(fmt.Sprintf("%T", n), "*syntax."))
	}
	assert.Equal(t, []string{"FuncDef", "Block", "Call", "Arg", "Binary", "Ident"}, kinds)
	assert.Nil(t, file.ItemAt(int32(len(text))))
}

func TestLiteralValues(t *testing.T) {
	file := Parse("fn f() { 123456789012345678901234567890; 1e999; 5.; '\\x41\\101\\u00e9\\d\\\n!' }")
	exprs := file.Items[0].Def.(*FuncDef).Body.Exprs
	assert.Equal(t, "123456789012345678901234567890", exprs[0].(*NumberLit).Int().String())
	assert.True(t, exprs[1].(*NumberLit).Float64() > 1e308)
	assert.Equal(t, 5.0, exprs[2].(*NumberLit).Float64())
	assert.Equal(t, "AAé\\d!", exprs[3].(*StringLit).Value)
}

func TestParseType(t *testing.T) {
	for text, want := range map[string]string{
		"Int": "Int", " Hash[ String,List[Any]? ]?": "Hash[String, List[Any]?]?", "Fn[Int,Null]": "Fn[Int, Null]", "Fn": "Fn",
	} {
		typ, ok := ParseType(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, typ.String())
	}
	for _, text := range []string{"", "Number", "Int Int", "Hash[Int]", "List[Int", "Int??", "1", "List[]"} {
		_, ok := ParseType(text)
		assert.False(t, ok, text)
	}
}

// Long chains are no nesting: neither the parser nor those who walk the tree recurse over them.
func TestLongChains(t *testing.T) {
	n := testkit.Amount(100_000, 20_000)
	for _, text := range []string{
		"1" + strings.Repeat(" + 1", n),
		"f" + strings.Repeat("()", n),
		"if a { 1 }" + strings.Repeat(" else if a { 1 }", n),
	} {
		text = "fn main(a, f) { " + text + " }"
		file := Parse(text)
		require.Empty(t, file.Problems)
		nodes := 0
		Walk(file.Items[0].Def, func(Node) bool { nodes++; return true })
		assert.Greater(t, nodes, n)
		_, ok := Format(text)
		assert.True(t, ok)
	}
}

// hostile are texts that make a careless parser recurse, look ahead or go back without end.
var hostile = strings.Fields(`( { [ if_a if_a_{ if_{ " ' a_b_ fn_ fn_f()_{ fn_f()_{~ } ) async_ - ! a_=_ a_<_ a_+_ a( a() {a: {a_ /*a*/ //~
	#[ #[a~ import( import(~ lambda( lambda()_{ try_{ else_ :a f(:a_ $ \ . 1. if_a_{}_else_ if_a_{b}_else_if_ catch_e_{ {~ }~ x_{ {_{} ({
	fn_f(a:_List[ a~ a;~ ~ return_ not_ a_and_ (; {; [a~ elif_ }_{ fn_f()_{_}_} if_a_{_}_} ]{ ({[ f(a~b '~ é "\ud800" [,] if_if_a_{b}_`)

func TestHostileTextsTakeLinearTime(t *testing.T) {
	size := testkit.Amount(64<<10, 16<<10) // a quadratic step over so much takes longer than the limit on any machine
	for _, unit := range append(hostile, "\xff", "\x00") {
		unit = strings.NewReplacer("_", " ", "~", "\n").Replace(unit)
		for _, head := range []string{"", "fn f() {\n", "fn f() { x = "} {
			text := head + strings.Repeat(unit, size/len(unit))
			start := testkit.CPUTime(t)
			Parse(text)
			assert.Less(t, testkit.CPUTime(t)-start, 5*time.Second, "%q after %q", unit, head)
		}
	}
}
