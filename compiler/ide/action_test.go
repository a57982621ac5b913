package ide_test

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

func everyKind(ide.ActionKind) bool { return true }

func only(kind ide.ActionKind) func(ide.ActionKind) bool {
	return func(k ide.ActionKind) bool { return k == kind }
}

// allActions are the actions for all of a file's text.
func allActions(s *ide.Snapshot, path string, kind ide.ActionKind) []ide.Action {
	return ide.Actions(s, path, source.Span{End: int32(len(s.Text(path)))}, only(kind))
}

// changed are the texts of a project's files after a change.
func changed(files map[string]string, change []ide.FileEdits) map[string]string {
	after := map[string]string{}
	for name, text := range files {
		after[name] = text
	}
	for _, file := range change {
		after[file.Path] = applied(after[file.Path], file.Edits)
	}
	return after
}

func filesOf(example string) map[string]string {
	files := map[string]string{}
	for _, file := range txtar.Parse([]byte(example)).Files {
		files[file.Name] = string(file.Data)
	}
	if len(files) == 0 {
		files["main.hk"] = example
	}
	return files
}

// tallyOf counts the problems of a project by code.
func tallyOf(s *ide.Snapshot) map[diag.Code]int {
	count := map[diag.Code]int{}
	for _, path := range s.Paths() {
		for _, d := range ide.Diagnostics(s, path) {
			count[d.Code]++
		}
	}
	return count
}

// checkFixes applies each fix of a project's files by itself: it takes its problem away and brings no other; where the parser did not
// understand a text, mending that may show more. It is the codes that had one.
func checkFixes(t *testing.T, what string, files map[string]string, strict bool) map[diag.Code]bool {
	s := ide.NewSnapshot(projectWith(files))
	before, fixed := tallyOf(s), map[diag.Code]bool{}
	for _, path := range s.Paths() {
		for _, action := range allActions(s, path, ide.QuickFix) {
			require.NotNil(t, action.Problem)
			fixed[action.Problem.Code] = true
			after := ide.NewSnapshot(projectWith(changed(files, action.Files)))
			count := tallyOf(after)
			fewer := same(after, action.Problem) < same(s, action.Problem)
			if strings.HasPrefix(action.Title, "fix all") {
				fewer = count[action.Problem.Code] < before[action.Problem.Code]
			}
			assert.True(t, fewer, "%s: %s: %s", what, action.Problem.Code, action.Title)
			for code, n := range count {
				if strict || action.Problem.Code >= 100 && action.Problem.Code != diag.AsyncNeedsCall {
					assert.LessOrEqual(t, n, before[code], "%s: %s: %s brings %s", what, action.Problem.Code, action.Title, code)
				}
			}
		}
	}
	return fixed
}

// same counts the problems of a project that are like one. Of those in syntax only the first of a kind may be reported, so that they are
// told apart by what they say.
func same(s *ide.Snapshot, problem *diag.Diagnostic) int {
	n := 0
	for _, path := range s.Paths() {
		for _, d := range ide.Diagnostics(s, path) {
			if d.Code == problem.Code && (d.Code >= 100 || d.Message == problem.Message) {
				n++
			}
		}
	}
	return n
}

// unfixable are the codes whose example has no fix: no change is sensible whatever the program is, or what it needs is not in the example.
var unfixable = "HK0002 HK0011 HK0012 HK0027 HK0031 HK0102 HK0110 HK0112 HK0207 HK0302 HK0303 HK0304 HK0306 " +
	"HK0307 HK0308 HK0503 HK0504 HK0511 HK0512 HK0513 HK0515 HK0603 HK0701 HK0702 HK0703 HK0704"

func TestEveryFixMends(t *testing.T) {
	var without []string
	for _, row := range diag.Table {
		t.Run(row.Code.String(), func(t *testing.T) {
			if !checkFixes(t, row.Code.String(), filesOf(row.Bad), true)[row.Code] {
				without = append(without, row.Code.String())
			}
		})
	}
	assert.Equal(t, unfixable, strings.Join(without, " "))
}

// All programs of the repository that have something wrong with them are mended one fix at a time.
func TestFixesOfAllPrograms(t *testing.T) {
	fixes := 0
	for name, text := range testkit.SomeSources(t) {
		if strings.Contains(name, "testdata/fuzz") || len(text) > 6000 || strings.Contains(name, "bench") {
			continue
		}
		fixes += len(checkFixes(t, name, map[string]string{"main.hk": text}, false))
	}
	t.Log(fixes)
	assert.Greater(t, fixes, testkit.Amount(100, 20))
}

// An archive of testdata/action is a project. A mark "do(anchor, title, want)" applies the action of that title, or with that beginning, at
// its place, and compares the files that it changes with the sections "want/…"; "want" may also be the reason why it is disabled, in a mark
// "refuse(anchor, title, reason)"; "none(anchor, title)" holds that it is not offered.
func TestActions(t *testing.T) {
	answers(t, "action", table{
		"do": func(m *marked, at mark) []string {
			action, ok := find(m, at)
			if !ok || action.Disabled != "" {
				return []string{at.Args[1], "not offered: " + action.Disabled + titles(m, at)}
			}
			var b strings.Builder
			for _, file := range action.Files {
				fmt.Fprintf(&b, "=== %s\n%s", file.Path, withoutMarks(file.Path, applied(m.Snapshot.Text(file.Path), file.Edits)))
			}
			m.Golden(m.t, "want/"+at.Args[2], b.String())
			return at.Args[1:]
		},
		"refuse": func(m *marked, at mark) []string {
			action, _ := find(m, at)
			return []string{at.Args[1], action.Disabled}
		},
		"none": func(m *marked, at mark) []string {
			if action, ok := find(m, at); ok {
				return []string{action.Title}
			}
			return at.Args[1:]
		},
	})
}

func find(m *marked, at mark) (ide.Action, bool) {
	for _, action := range ide.Actions(m.Snapshot, at.Path, at.Span, everyKind) {
		if strings.HasPrefix(action.Title, at.Args[1]) {
			return action, true
		}
	}
	return ide.Action{}, false
}

func titles(m *marked, at mark) string {
	text := ""
	for _, action := range ide.Actions(m.Snapshot, at.Path, at.Span, everyKind) {
		text += "; " + action.Title
	}
	return text
}

// withoutMarks is a text without the comments that hold marks.
func withoutMarks(name, text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if before, _, found := strings.Cut(line, commentMark[path.Ext(name)]); found {
			lines[i] = strings.TrimRight(before, " ") + "\n"
		}
	}
	return strings.Join(lines, "")
}

// Organising imports twice is organising them once; it brings no problem, and changes nothing of what the program is.
func TestOrganizeImports(t *testing.T) {
	organized, sorted := 0, 0
	for name, text := range testkit.Sources(t) {
		if len(text) > 20000 {
			continue
		}
		files := map[string]string{"main.hk": text}
		s := ide.NewSnapshot(projectWith(files))
		for _, action := range allActions(s, "main.hk", ide.OrganizeImports) {
			organized++
			after := ide.NewSnapshot(projectWith(changed(files, action.Files)))
			before := tallyOf(s)
			for code, n := range tallyOf(after) {
				assert.LessOrEqual(t, n, before[code], "%s: %s", name, code)
			}
			assert.Empty(t, allActions(after, "main.hk", ide.OrganizeImports), "%s: %s", name, after.Text("main.hk"))
			if len(after.Program().Entry().Tree.Items) == len(s.Program().Entry().Tree.Items) && !s.Program().Stops() {
				sorted++
				assert.Equal(t, instructions(s), instructions(after), name)
			}
		}
	}
	assert.Greater(t, organized, 3)
	assert.Positive(t, sorted)
}

// numbered is an import in an instruction.
var numbered = regexp.MustCompile(`, i([0-9]+)$`)

// instructions are those of a program's functions, without their places, and with imports by their names.
func instructions(s *ide.Snapshot) []string {
	p, all := codegen.Generate(s.Program()), []string(nil)
	for i := range p.Funcs {
		if strings.HasPrefix(p.Files[p.Funcs[i].File].Path, "prelude/") {
			continue
		}
		var b strings.Builder
		for _, line := range strings.Split(bytecode.DisassembleFunc(p, i), "\n") {
			b.WriteString(numbered.ReplaceAllStringFunc(line, func(at string) string {
				n, err := strconv.Atoi(at[3:])
				if err != nil {
					return at
				}
				return fmt.Sprint(", ", p.Imports[n].Module, p.Imports[n].Name, p.Imports[n].Attrs)
			}) + "\n")
		}
		all = append(all, b.String())
	}
	return all
}

// Organised imports keep their attributes and comments, and their groups.
func TestOrganizedImports(t *testing.T) {
	text := "// All of it.\n\nimport(b, src.x, 1); // second\n#[retry(max=3)]\nimport(a, src.x, 1);\nimport(unused, src.x, 1);\n\n" +
		"import(f, :hark lib);\nimport(c, src.a, 1);\nimport(c, src.a, 1);\n\nfn main() { [a, b, c, f] }\n"
	want := "// All of it.\n\n#[retry(max=3)]\nimport(a, src.x, 1);\nimport(b, src.x, 1); // second\n\n" +
		"import(c, src.a, 1);\nimport(f, :hark lib);\n\nfn main() { [a, b, c, f] }\n"
	s := exampleProject("-- main.hk --\n" + text + "-- lib.hk --\nfn f() { 1 }\n")
	actions := allActions(s, "main.hk", ide.OrganizeImports)
	require.Len(t, actions, 1)
	testkit.Equal(t, want, applied(text, actions[0].Files[0].Edits))
}

// What is certain is done at once, and nothing certain is left.
func TestFixAll(t *testing.T) {
	s, _ := open("fn main(a, b) { x = a\n  y = b\n  print(x and y) }\n", nil)
	all := allActions(s, "main.hk", ide.FixAll)
	require.Len(t, all, 1)
	s = s.Edit("main.hk", reversed(all[0].Files[0].Edits)...)
	assert.Equal(t, "[]", codes(s))
	assert.Empty(t, allActions(s, "main.hk", ide.FixAll))
}

// All problems of a kind are mended at once.
func TestFixAllOfAKind(t *testing.T) {
	for text, want := range map[string]string{
		"fn main(a, b) {\n  x = 1;\n  x = a;\n  y = 2;\n  y = b;\n  x + y\n}\n": "fn main(a, b) {\n  x = a;\n  y = b;\n  x + y\n}\n",
		"fn main() {\n  [[1 2],\n  [1 2]]\n}\n":                                 "fn main() {\n  [[1, 2],\n  [1, 2]]\n}\n",
		"fn f(a, b) { 1 }\n\nfn g(c) { 2 }\n":                                   "fn f(_a, _b) { 1 }\n\nfn g(_c) { 2 }\n",
	} {
		s := exampleProject(text)
		action, found := ide.Action{}, false
		for _, a := range allActions(s, "main.hk", ide.QuickFix) {
			if strings.HasPrefix(a.Title, "fix all") {
				action, found = a, true
			}
		}
		require.True(t, found, text)
		testkit.Equal(t, want, applied(text, action.Files[0].Edits))
	}
}

// reversed are edits from the last to the first, so that each counts in the text that the others have left.
func reversed(edits []diag.Edit) []diag.Edit {
	edits = slices.Clone(edits)
	slices.Reverse(edits)
	return edits
}
