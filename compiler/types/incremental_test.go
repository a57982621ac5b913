package types_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
)

// After any edit the facts are those that are found from nothing.
func TestEditsGiveTheSame(t *testing.T) {
	reused := 0
	for seed := range uint64(testkit.Amount(25, 5)) {
		rng := rand.New(rand.NewPCG(seed, 3))
		text := progen.Program(seed, progen.Options{Functions: 8, Depth: 3, Threads: seed%2 == 0}) + circles
		s := ide.NewSnapshot(ide.Project{Read: func(string) (string, error) { return "", errNoFile }}).Open("main.hk", text)
		for range 25 {
			text = s.Text("main.hk")
			edited := edit(rng, text)
			next := s.Open("main.hk", edited)
			reused += sameItems(s, next)
			got, want := describe(next), describe(ide.NewSnapshot(ide.Project{Read: func(string) (string, error) { return "", errNoFile }}).Open("main.hk", edited))
			require.Equal(t, want, got, "from\n%s\nto\n%s", text, edited)
			require.Equal(t, want, describe(onDisk(edited)), "what is found out when it is asked for, in\n%s", edited)
			s = next
		}
	}
	require.Greater(t, reused, testkit.Amount(1000, 200), "what has not changed is kept")
}

// Opening a file and closing it changes nothing of what is known; what is kept of it depends on whether it is open.
func TestOpenAndClosed(t *testing.T) {
	text := progen.Program(1, progen.Options{Functions: 8, Depth: 3, Threads: true}) + circles
	closed := onDisk(text)
	open := closed.Open("main.hk", text)
	again := open.Close("main.hk")
	require.Equal(t, describe(closed), describe(open))
	require.Equal(t, describe(closed), describe(again))
	require.Zero(t, sameItems(closed, closed), "what is asked for is not kept")
	require.Len(t, open.Program().File("main.hk").Items, sameItems(open, open.Open("main.hk", text)), "what is asked for is kept")
	require.Zero(t, sameItems(open, again), "what was kept is forgotten")
}

// onDisk is a project with a file that is not open.
func onDisk(text string) *ide.Snapshot {
	read := func(string) (string, error) { return text, nil }
	return ide.NewSnapshot(ide.Project{Hark: []string{"main.hk"}, Read: read})
}

var errNoFile = fmt.Errorf("no such file")

// circles are functions that use each other.
const circles = `
fn even(n) { if n == 0 { true } else { odd(n - 1) } }
fn odd(n) { if n == 0 { false } else { even(n - 1) } }
fn build(n, out) { if n == 0 { out } else { build(n - 1, append(out, pick(n))) } }
fn pick(x) { x }
fn fail(n) { signal("error", str(n)) }
fn either(n) { if n == 0 { fail(n) } else { forever(n); n } }
fn forever(n) { if n == 1 { either(n) } else { forever(n - 1) } }
fn behind(n) { either(n); print(n); fail(n); await async fail(n); n }
fn spread(n) { if n == 0 { map_async(lambda(m) { spread(m) }, [n, 1]) } else { pmap(spread, [n], 2) } }
fn use(n: Int) { [even(n), build(n, []), pick("a")] }
`

// edit changes a text somewhere: a token becomes another one, a line goes or comes twice, two functions change places.
func edit(rng *rand.Rand, text string) string {
	lines := strings.Split(text, "\n")
	i := rng.IntN(len(lines))
	switch rng.IntN(6) {
	case 0:
		lines = append(lines[:i], lines[i+1:]...)
	case 1:
		lines = append(lines[:i+1], lines[i:]...)
	case 2:
		return strings.Replace(text, "fn f"+fmt.Sprint(rng.IntN(8))+"(", "fn g(", 1)
	case 3:
		return strings.Replace(text, "pick(", []string{"pick(1, ", "odd(", "str("}[rng.IntN(3)], 1)
	default:
		lines[i] = strings.Replace(lines[i], []string{"1", "a", "true", "]", "2", "else"}[rng.IntN(6)],
			[]string{`"s"`, "null", "2.5", "[1]", "pick(2)"}[rng.IntN(5)], 1)
	}
	return strings.Join(lines, "\n")
}

// sameItems is how many facts a later snapshot has taken over.
func sameItems(s, next *ide.Snapshot) int {
	before := map[*types.Item]bool{}
	for i := range s.Program().File("main.hk").Items {
		before[s.Types().Item(s.Program().File("main.hk"), i)] = true
	}
	n, file := 0, next.Program().File("main.hk")
	for i := range file.Items {
		if before[next.Types().Item(file, i)] {
			n++
		}
	}
	return n
}

// describe is all that is known of the types of a file.
func describe(s *ide.Snapshot) string {
	var b strings.Builder
	file, facts := s.Program().File("main.hk"), s.Types()
	for i, item := range file.Tree.Items {
		known := facts.Item(file, i)
		for _, fn := range file.Items[i].Funcs {
			fmt.Fprintln(&b, known.Signature(fn))
		}
		syntax.Walk(item.Def, func(n syntax.Node) bool {
			switch n := n.(type) {
			case syntax.Expr:
				fmt.Fprint(&b, known.Of(n), len(known.Of(n).Threads()), known.Of(n).Fields())
			case *syntax.Name:
				fmt.Fprint(&b, known.Name(n))
			}
			return true
		})
	}
	for name, binding := range file.Scope.Names {
		if binding.Kind == resolve.Function && file.Scope.Def(name) != nil {
			fmt.Fprintln(&b, facts.Signatures(binding))
			break
		}
	}
	for _, d := range facts.Diagnostics(file) {
		fmt.Fprintln(&b, d)
	}
	return b.String()
}
