package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
	lines "github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/runtime/engine"
)

// An error that rests on types says that whoever gets to that place faults. Programs are run to see whether that is true: the value at
// the place tells that it was reached, and the expression that it is a part of tells that it was passed, which must not be.

const reached, passed = "reached", "passed"

// typeErrors are the errors of a program's entry file that rest on types.
func (c *languageCase) typeErrors() []diag.Diagnostic {
	s := ide.NewSnapshot(ide.Project{Hark: []string{"main.hk"}, PythonPath: []string{"", "src"}, Read: func(path string) (string, error) {
		text, ok := c.files[path]
		if !ok {
			return "", os.ErrNotExist
		}
		return text, nil
	}})
	if s.Program().Stops() {
		return nil
	}
	return slices.DeleteFunc(ide.Diagnostics(s, "main.hk"), func(d diag.Diagnostic) bool {
		ofTypes := d.Code/100 == 3 || d.Code == diag.NotAFunction || d.Code == diag.FutureAsValue || d.Code == diag.NotForPython
		return d.Severity != diag.Error || !ofTypes
	})
}

// telling is the program that tells.
func (c *languageCase) telling(d diag.Diagnostic) *languageCase {
	text := c.files["main.hk"]
	item := syntax.Parse(text).ItemAt(d.Span.Start)
	around := d.Span
	operator := d.Code == diag.OperandType && strings.Contains(d.Message, " and ")
	for _, n := range item.Path(d.Span.Start) {
		span := item.Abs(n.Span())
		switch n.(type) {
		case *syntax.Call, *syntax.Binary, *syntax.Unary, *syntax.HashLit:
			if span.Covers(d.Span) && (span != d.Span || operator) {
				around = span
			}
		}
	}
	told := &languageCase{name: c.name, args: c.args, files: maps.Clone(c.files)}
	told.files["main.hk"] = text[:around.Start] + "first([" + text[around.Start:d.Span.Start] + "first([" + text[d.Span.Start:d.Span.End] +
		`, print("` + reached + `")])` + text[d.Span.End:around.End] + `, print("` + passed + `")])` + text[around.End:]
	if d.Code == diag.FunctionArity { // the place is that of the arguments
		told.files["main.hk"] = text[:around.Start] + "first([" + text[around.Start:around.End] +
			`, print("` + reached + `"), print("` + passed + `")])` + text[around.End:]
	}
	return told
}

// faults holds that nobody gets past a place that is said to fault.
func (c *languageCase) faults(t *testing.T, d diag.Diagnostic, python engine.Foreign) {
	t.Helper()
	told := c.telling(d)
	program, refused := told.compile()
	require.Empty(t, refused, told.files["main.hk"])
	line, _ := lines.NewLines(c.files["main.hk"]).OffsetColumn(d.Span.Start)
	last := ""
	for _, text := range told.runStraight(t, program, python).output {
		if text == passed {
			require.NotEqual(t, reached, last, "line %d: %s %s\n%s", line+1, d.Code, d.Message, told.files["main.hk"])
		}
		if text == passed || text == reached {
			last = text
		}
	}
}

func TestTypeErrorsAreFaults(t *testing.T) {
	found := 0
	testkit.Run(t, "testdata/language/*.txtar", func(t *testing.T, archive *testkit.Case) {
		for _, c := range languageCases(t, archive) {
			for _, d := range c.typeErrors() {
				found++
				c.faults(t, d, c.python(t))
			}
		}
	})
	require.Greater(t, found, 15, "the suite has programs with errors of types")
}

// literals of a random program, which are replaced by others.
var literals = regexp.MustCompile(`\b\d+\b|"[a-z]*"|\btrue\b|\bfalse\b|\[\]|\{\}`)

var annotations = regexp.MustCompile(`(:| ->) (Int|Bool|String|List\[Int\]|Hash\[String, Int\]|Fn\[Int, Int\])`)

// TestTypeErrorsOfRandomProgramsAreFaults takes programs that are sound and puts literals of other kinds into them.
func TestTypeErrorsOfRandomProgramsAreFaults(t *testing.T) {
	found := 0
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 7))
		text := progen.Program(seed, progen.Options{Functions: 3, Depth: 3, Threads: seed%2 == 0})
		text = literals.ReplaceAllStringFunc(text, func(old string) string {
			if rng.IntN(40) > 0 {
				return old
			}
			return []string{"1", `"a"`, "null", "true", "[1]", `{"k": 1}`, "2.5", ":s", "lambda(x) { x }", "[]", "0"}[rng.IntN(11)]
		})
		c := &languageCase{name: fmt.Sprint(seed), files: map[string]string{"main.hk": text}}
		for _, d := range c.typeErrors() {
			if found++; strings.Contains(text, "pmap") {
				continue // what it runs is none of this program's
			}
			c.faults(t, d, nil)
		}
	}
	t.Logf("%d errors", found)
	require.Greater(t, found, 40)
}

// seen is a program in which some expressions tell the kinds of their values, and what is known of their types.
func seen(rng *rand.Rand, text string) (string, []types.Type) {
	s := ide.NewSnapshot(ide.Project{Hark: []string{"main.hk"}, Read: func(string) (string, error) { return text, nil }})
	file := s.Program().File("main.hk")
	var found []types.Type
	var edits []diag.Edit
	for i, item := range file.Tree.Items {
		facts := s.Types().Item(file, i)
		syntax.Walk(item.Def, func(n syntax.Node) bool {
			e, ok := n.(syntax.Expr)
			if !ok {
				return true
			}
			switch e := e.(type) {
			case *syntax.Lambda, *syntax.Assign, *syntax.Async, *syntax.Bad:
				return true
			case *syntax.Call:
				if rng.IntN(3) > 0 {
					return true
				}
			case *syntax.Ident:
				if b := file.Items[i].Binding(e); b == nil || b.Kind != resolve.Local {
					return true
				}
			}
			if t := facts.Of(e); !t.IsAny() && rng.IntN(4) == 0 {
				span := item.Abs(e.Span())
				edits = append(edits, diag.Edit{Span: span, New: fmt.Sprintf("see(%d, (%s))", len(found), text[span.Start:span.End])})
				found = append(found, t)
				return false
			}
			return true
		})
	}
	slices.SortFunc(edits, func(a, b diag.Edit) int { return int(b.Span.Start - a.Span.Start) })
	for _, e := range edits {
		text = text[:e.Span.Start] + e.New + text[e.Span.End:]
	}
	return text + "\nfn see(i, x) { print(str(i) + \" \" + type_of(x)); x }\n", found
}

var kinds = map[string]types.Kinds{
	"Null": types.Null, "Bool": types.Bool, "Int": types.Int, "Float": types.Float, "String": types.String, "Symbol": types.Symbol,
	"List": types.List, "Hash": types.Hash, "Function": types.Function, "Future": types.Future,
}

// TestValuesAreOfTheirTypes runs random programs, in which many a literal is of another kind than the others expect, and looks at values.
func TestValuesAreOfTheirTypes(t *testing.T) {
	looked := 0
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 8))
		text := progen.Program(seed, progen.Options{Functions: 3, Depth: 3, Threads: seed%2 == 0})
		text = literals.ReplaceAllStringFunc(text, func(old string) string {
			if rng.IntN(60) > 0 {
				return old
			}
			return []string{"1", `"a"`, "null", "true", "[1]", `{"k": 1}`, "2.5", ":s"}[rng.IntN(8)]
		})
		text = annotations.ReplaceAllString(text, "") // they are believed
		told, found := seen(rng, text)
		c := &languageCase{name: fmt.Sprint(seed), files: map[string]string{"main.hk": told}}
		program, _ := c.compile()
		if program == nil {
			continue
		}
		for _, line := range c.runStraight(t, program, nil).output {
			number, kind, _ := strings.Cut(line, " ")
			i, err := strconv.Atoi(number)
			require.NoError(t, err)
			require.True(t, found[i].Kinds().Has(kinds[kind]), "see(%d, …) is %s, and not of %s\n%s", i, kind, found[i], told)
			looked++
		}
	}
	require.Greater(t, looked, 1000)
}
