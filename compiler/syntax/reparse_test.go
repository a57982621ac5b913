package syntax

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// After any sequence of edits a file is what parsing its whole text gives.
func TestReparseIsParse(t *testing.T) {
	sources := testkit.Sources(t)
	names := slices.Sorted(maps.Keys(sources))
	for seed := range uint64(testkit.Amount(500, 100)) {
		rng := rand.New(rand.NewPCG(seed, 7))
		text := ""
		for range 1 + rng.IntN(3) {
			whole := sources[names[rng.IntN(len(names))]]
			text += whole[:min(len(whole), 4000)] + "\n"
		}
		file := Parse(text)
		for range 25 {
			file = reparsed(t, file, randomEdit(rng, file.Text))
		}
	}
}

// edit is a change of a text.
type edit struct {
	span source.Span
	with string
}

// reparsed is the file after an edit, which has to be what parsing gives.
func reparsed(t testing.TB, file *File, e edit) *File {
	t.Helper()
	next := Reparse(file, e.span, e.with)
	want := Parse(file.Text[:e.span.Start] + e.with + file.Text[e.span.End:])
	if difference := differ(next, want); difference != "" {
		t.Fatalf("%s differ after %v becomes %q in %q", difference, e.span, e.with, file.Text)
	}
	return next
}

// differ names the parts of two files that are not equal, "" if they are.
func differ(got, want *File) string {
	switch {
	case got.Text != want.Text:
		return "texts"
	case len(got.Items) != len(want.Items):
		return "numbers of items"
	case !equalLists(got.Comments, want.Comments):
		return "comments"
	case !equalLists(got.Problems, want.Problems):
		return "problems"
	case !equalLists(got.found, want.found):
		return "problems as found"
	}
	for i, item := range got.Items {
		a, b := *item, *want.Items[i]
		if a.state.seen < b.state.seen {
			return "places that have been looked at"
		}
		a.state.seen = b.state.seen // may be more than need be
		if !equalLists(a.Comments, b.Comments) {
			return "comments of items"
		}
		if a.Comments = b.Comments; !reflect.DeepEqual(a, b) {
			return "items"
		}
	}
	return ""
}

func equalLists[T any](a, b []T) bool { return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b) }

// pieces are what edits put into texts.
var pieces = append(strings.Fields(`{ } ( ) [ ] } } { " ' ; , : = ==> -> a import( import fn #[ #[retry] else try catch if && & é 𝄞 “ ” ‘ $
	/* */ // /** */ /**x*/ await async lambda( \ \" . 5 1.2.3 007 e true List[Int] \u00e9 "a" 'b`),
	"\n", "\r\n", "\n\n", " ", "\t", "\xff", "\xc3", byteOrderMark, "\x00", "fn g(a) { a }\n", "\nfn h() {\n", "\n}\n", "import(f, m, 1);\n",
	"/** doc */\n", "\n// note\n", "  ", "\n}", "{\n", "fn ", "", "")

// randomEdit inserts, deletes, replaces or moves something somewhere.
func randomEdit(rng *rand.Rand, text string) edit {
	at := int32(rng.IntN(len(text) + 1))
	if rng.IntN(3) == 0 { // beside a token
		if l := Scan(text); len(l) > 0 {
			at = l[rng.IntN(len(l))].Span.Start
		}
	}
	e := edit{span: source.Span{Start: at, End: at}}
	left := int32(len(text)) - at
	switch rng.IntN(8) {
	case 0:
		e.span.End += min(left, 1)
	case 1:
		e.span.End += min(left, int32(rng.IntN(12)))
	case 2:
		e.span.End += min(left, int32(rng.IntN(400)))
		e.with = pieces[rng.IntN(len(pieces))]
	case 3:
		from := rng.IntN(len(text) + 1)
		e.with = text[from:min(len(text), from+rng.IntN(200))]
	case 4:
		e.span.End += min(left, int32(rng.IntN(3)))
		e.with = pieces[rng.IntN(len(pieces))]
	default:
		e.with = pieces[rng.IntN(len(pieces))]
	}
	return e
}

func FuzzReparse(f *testing.F) {
	for _, text := range testkit.Sources(f) {
		f.Add(text, uint16(len(text)/2), uint16(1), "{", uint16(len(text)/3), "/*")
	}
	f.Add("fn main() { 0a0 }\n;c() }\nfn main();\n#[timeout(3), memo}(512)] fn main() { b() }\n", uint16(0), uint16(0), "fn f() { 1 }\n", uint16(0), "")
	f.Fuzz(func(t *testing.T, text string, at, length uint16, with string, at2 uint16, with2 string) {
		file := reparsed(t, Parse(text), clamped(text, at, length, with))
		file = reparsed(t, file, clamped(file.Text, at2, 0, with2))
		reparsed(t, file, clamped(file.Text, at, uint16(len(with)), ""))
	})
}

func clamped(text string, at, length uint16, with string) edit {
	start := min(int(at), len(text))
	end := min(start+int(length), len(text))
	return edit{source.Span{Start: int32(start), End: int32(end)}, with}
}

// What an edit does not touch is not parsed again, whether the text is sound or broken.
func TestReparseShares(t *testing.T) {
	unit := "/** Doc. */\nfn f(a) {\n  g(a, \"text\")\n}\n\n"
	for name, test := range map[string]struct {
		edit func(text string) edit
		same int // items of 20
	}{
		"in a function":  {func(text string) edit { return after(text, 10, "g(a", "x") }, 19},
		"a brace":        {func(text string) edit { return after(text, 10, "g(a, \"text\")\n", "{") }, 18},
		"an open string": {func(text string) edit { return after(text, 10, "g(a, ", "\"") }, 19},
		"a comment":      {func(text string) edit { return after(text, 10, "g(a, ", "/*") }, 18},
		"a new function": {func(text string) edit { return after(text, 10, "}\n", "fn h() { 1 }\n") }, 18},
		"at the start":   {func(text string) edit { return edit{with: "import(a, b, 1);\n"} }, 19},
		"at the end": {func(text string) edit {
			return edit{source.Span{Start: int32(len(text)), End: int32(len(text))}, "fn h() {"}
		}, 19},
		"an empty line":   {func(text string) edit { return after(text, 10, "}\n", "\n") }, 18},
		"the doc comment": {func(text string) edit { return after(text, 10, "/** Doc", "s") }, 18},
	} {
		t.Run(name, func(t *testing.T) {
			before := Parse(strings.Repeat(unit, 20))
			now := reparsed(t, before, test.edit(before.Text))
			known := map[Def]bool{}
			for _, item := range before.Items {
				known[item.Def] = true
			}
			same := 0
			for _, item := range now.Items {
				if known[item.Def] {
					same++
				}
			}
			assert.Equal(t, test.same, same)
		})
	}
}

// after is an insertion behind a word, counted from 0.
func after(text string, nth int, word, with string) edit {
	at := 0
	for range nth + 1 {
		at += strings.Index(text[at:], word) + len(word)
	}
	return edit{source.Span{Start: int32(at), End: int32(at)}, with}
}

func BenchmarkReparse(b *testing.B) {
	file := Parse(benchText())
	require.Empty(b, file.Problems)
	e := after(file.Text, 200, "length(result", "s")
	b.ReportAllocs()
	for b.Loop() {
		Reparse(file, e.span, e.with)
	}
}
