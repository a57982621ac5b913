package resolve_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// The meaning of names, by the rules of the language and nothing else: programs are walked at random (each condition goes either
// way, each call may raise), with names looked up as the language says it. What was resolved has to give the same at every use;
// a value that is said never to be read has to be read on no walk, and what is said to be unreachable must not be reached.

func TestNamesByTheRules(t *testing.T) {
	for seed := range uint64(1500) {
		rng := rand.New(rand.NewPCG(seed, 1))
		text := randomNames(rng)
		p := load(text)
		file := p.Entry()
		require.Empty(t, file.Tree.Problems, text)
		w := &walker{t: t, rng: rng, text: text, info: file.Items[1], item: file.Tree.Items[1], read: map[*syntax.Name]bool{}}
		w.silent, w.dead = w.claims(p, file)
		for range 30 {
			w.run()
		}
		for name := range w.read {
			require.False(t, w.silent[name.Span().Start], "%q at %d is read:\n%s", name.Text, name.Span().Start, text)
		}
	}
}

// randomNames is a program in which few names are many things: "g" a function, "first" a builtin, the others nothing.
func randomNames(rng *rand.Rand) string {
	g := &nameGen{Rand: rng}
	return "fn g(x) { x }\nfn main(a, b) " + g.block(3)
}

type nameGen struct{ *rand.Rand }

func (g *nameGen) name() string {
	return []string{"a", "b", "c", "d", "g", "first"}[g.IntN(6)]
}

func (g *nameGen) block(depth int) string {
	var parts []string
	for range 1 + g.IntN(4) {
		parts = append(parts, g.expr(depth))
	}
	return "{ " + strings.Join(parts, "; ") + " }"
}

func (g *nameGen) expr(depth int) string {
	if depth == 0 {
		return g.name()
	}
	switch g.IntN(14) {
	case 0, 1, 2:
		return g.name() + " = " + g.expr(depth-1)
	case 3:
		return fmt.Sprintf("if (%s) %s else %s", g.expr(depth-1), g.block(depth-1), g.block(depth-1))
	case 4:
		return fmt.Sprintf("if (%s) %s else if (%s) %s", g.expr(depth-1), g.block(depth-1), g.expr(depth-1), g.block(depth-1))
	case 5:
		return fmt.Sprintf("(%s && (%s) || (%s))", g.name(), g.expr(depth-1), g.expr(depth-1))
	case 6, 7:
		return fmt.Sprintf("try %s catch %s %s", g.block(depth-1), g.name(), g.block(depth-1))
	case 8, 9:
		return fmt.Sprintf("%s = lambda(%s) %s", g.name(), g.name(), g.block(depth-1))
	case 10:
		return fmt.Sprintf("list(lambda() %s, %s)", g.block(depth-1), g.expr(depth-1))
	case 11:
		return fmt.Sprintf("list(%s, %s)", g.expr(depth-1), g.expr(depth-1))
	case 12:
		return `signal("error", ` + g.name() + ")"
	}
	return g.name()
}

// value is what a name stands for on a walk: what an assignment or parameter gave it, or what it means without.
type value struct {
	written *syntax.Name // nil for a parameter's, a catch's, a lambda's own and a global
	what    string
}

var globals = map[string]*value{
	"g": {what: "function"}, "first": {what: "builtin"}, "signal": {what: "builtin"}, "list": {what: "builtin"},
}

// scope is a running function: its locals as they were resolved, and its names by the rules.
type scope struct {
	fn       *resolve.Func
	slots    []*value
	captures []*value
	names    map[string]*value
	self     *value
	outer    func(name string) *value
}

// lookup is what a name means by the rules.
func (s *scope) lookup(name string) *value {
	if v := s.names[name]; v != nil {
		return v
	}
	if s.self != nil && name == s.fn.Name {
		return s.self
	}
	return s.outer(name)
}

// resolved is the value of a binding.
func (s *scope) resolved(t *testing.T, b *resolve.Binding) *value {
	if b == nil {
		return nil
	}
	var v *value
	switch b.Kind {
	case resolve.Local:
		v = s.slots[b.Index]
	case resolve.Capture:
		v = s.captures[b.Index]
	case resolve.Self:
		v = s.self
	case resolve.Function:
		v = globals[b.Def.Name]
	case resolve.Builtin:
		v = &value{what: "builtin"}
	}
	switch b.State {
	case resolve.Set:
		require.NotNil(t, v)
	case resolve.Unset:
		require.Nil(t, v)
	}
	if v == nil && b.Outer != nil {
		return s.resolved(t, b.Outer)
	}
	return v
}

type walker struct {
	t      *testing.T
	rng    *rand.Rand
	text   string
	item   *syntax.Item
	info   *resolve.Info
	read   map[*syntax.Name]bool
	silent map[int32]bool // starts of assignments whose values are said never to be read
	dead   [][2]int32
}

// claims are the places of values that are never read and of what is never reached.
func (w *walker) claims(p *resolve.Program, file *resolve.File) (silent map[int32]bool, dead [][2]int32) {
	silent = map[int32]bool{}
	for _, d := range p.DiagnosticsOf(file) {
		span := d.Span.Shift(-w.item.Span.Start)
		switch d.Code {
		case diag.UnreadValue, diag.UnusedLocal:
			silent[span.Start] = true
		case diag.Unreachable:
			dead = append(dead, [2]int32{span.Start, span.End})
		}
	}
	return silent, dead
}

func (w *walker) run() {
	s := w.enter(w.info.Funcs[0])
	s.outer = func(name string) *value { return globals[name] }
	w.block(s, s.fn.Block())
}

func (w *walker) enter(fn *resolve.Func) *scope {
	s := &scope{fn: fn, slots: make([]*value, len(fn.Locals)), names: map[string]*value{}}
	for i := range fn.Params {
		s.slots[i] = &value{what: "argument"}
		s.names[fn.Locals[i].Name] = s.slots[i]
	}
	return s
}
