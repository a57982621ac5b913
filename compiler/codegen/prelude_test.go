package codegen_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/prelude"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// TestPreludeIsDocumented holds the form in which the editor shows the functions of the prelude: a sentence that names every
// parameter, and examples that are true.
func TestPreludeIsDocumented(t *testing.T) {
	p := compile(t, "main.hk", text("fn main() { ["+strings.Join(preludeNames(t), ", ")+"] }"))
	shown := 0
	for i := range p.Funcs {
		f := &p.Funcs[i]
		if p.Files[f.File].Path == "main.hk" || prelude.Private(f.Name) {
			continue
		}
		shown++
		sentence, rest, _ := strings.Cut(f.Doc, "\n")
		assert.NotContains(t, sentence, ". ", "%s begins with one sentence", f.Name)
		assert.True(t, strings.HasSuffix(sentence, "."), f.Name)
		for _, param := range f.Params {
			assert.Contains(t, sentence, "`"+param.Name, "%s does not say what %s is", f.Name, param.Name)
			assert.NotEmpty(t, param.Type, f.Name)
		}
		assert.NotEmpty(t, f.Result, f.Name)
		checkExamples(t, f, rest)
	}
	assert.Equal(t, len(preludeNames(t)), shown)
}

// preludeNames are the functions that the prelude's files offer.
func preludeNames(t *testing.T) []string {
	var names []string
	for _, file := range resolve.Load("main.hk", text("fn main() { 1 }")).Files {
		for _, def := range file.Scope.Defs {
			if file.Prelude && !prelude.Private(def.Name) {
				names = append(names, def.Name)
			}
		}
	}
	require.Subset(t, names, strings.Fields("map filter reduce sort_by map_async await_all pmap retry_call"))
	return names
}

func checkExamples(t *testing.T, f *bytecode.Func, doc string) {
	t.Helper()
	examples := 0
	for line := range strings.SplitSeq(doc, "\n") {
		expr, value, ok := strings.Cut(line, " // ")
		if !ok || !strings.HasPrefix(line, "    ") {
			continue
		}
		examples++
		got := run(t, compile(t, "main.hk", text("fn main() { "+expr+" }")))
		assert.Equal(t, run(t, compile(t, "main.hk", text("fn main() { "+value+" }"))), got, "%s: %s", f.Name, expr)
	}
	assert.NotZero(t, examples, "%s has no example", f.Name)
}

// TestUsersDefinitionWins holds that a program's own function hides the prelude's, for the program but not for the prelude.
func TestUsersDefinitionWins(t *testing.T) {
	p := compile(t, "main.hk", text(`fn map(a, b) { 5 } fn length(x) { 6 } fn main() { [map(1, 2), length(3), filter(lambda(x) { x }, [1])] }`))
	assert.Equal(t, "[5, 6, [1]]", run(t, p))
}

// TestPreludeIsLeftOut holds that only what a program uses of the prelude is part of it.
func TestPreludeIsLeftOut(t *testing.T) {
	p := compile(t, "main.hk", text(`fn main() { retry_call(lambda() { 1 }, 2) }`))
	var names []string
	for i := range p.Funcs {
		names = append(names, p.Funcs[i].Name)
	}
	assert.Equal(t, []string{"main", "retry_call", "", "retry_call.from"}, names)
	assert.Len(t, p.Files, 2)
}
