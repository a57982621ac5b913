package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The same program for both servers: functions of ten lines with a comment, some calls, a closure, a loop or what stands for it.

// dialect is a language as far as the measurements need it.
type dialect struct {
	name string
	ext  string
	id   string
	// command starts the server, options are those it is initialized with.
	command func() ([]string, error)
	options map[string]any
	// project are the files that make a folder a project.
	project map[string]string
	// head opens a file, part is its n-th function of ten lines.
	head func(pkg, file int) string
	part func(file, n int) string
	// lineOf is a line inside of the function that ten lines of part define, counted from its first; where typing goes on.
	typing int
	// problem is a statement with a name that does not exist; broken is one that is not finished.
	problem, broken func(n int) string
	// word is a name whose beginning is completed at the end of typed, hover a column on a name in the line behind.
	typed string
	path  func(file int) string
}

var harkDialect = dialect{
	name: "hark-ls", ext: ".hk", id: "hark", typing: 4,
	command: func() ([]string, error) {
		binary, err := filepath.Abs(filepath.Join("..", "bin", "hark-ls"))
		return []string{binary, "lsp"}, err
	},
	project: map[string]string{"hark.toml": ""},
	head: func(_, file int) string {
		if file == 0 {
			return "import(step_0_0, :hark f0, :as other);\nfn other_one(x) { other(x, 1) }\n"
		}
		return fmt.Sprintf("import(step_%d_0, :hark f%d, :as other);\nfn other_one(x) { other(x, 1) }\n", file-1, file-1)
	},
	part: func(file, n int) string {
		return fmt.Sprintf(`/** Part %[2]d of a pipeline. */
fn part_%[1]d_%[2]d(rows, limit) {
  chosen = filter(lambda(x) { x > limit }, rows);
  if nullp(chosen) { signal("info", "nothing above " + str(limit)) } else { null };
  futures = map(lambda(x) { async step_%[1]d_%[2]d(x, limit) }, chosen);
  total = reduce(lambda(a, x) { a + x }, await futures, 0);
  {"total": total, "count": length(chosen), "mean": total / length(chosen)}
}
fn step_%[1]d_%[2]d(x, by) { try { x * by + 1 } catch e { 0 } }

`, file, n)
	},
	problem: func(n int) string { return fmt.Sprintf("  unknown_%d;\n", n) },
	broken:  func(n int) string { return fmt.Sprintf("  print(unknown_%d +;\n", n) },
	typed:   "  cho",
	path:    func(file int) string { return fmt.Sprintf("f%d.hk", file) },
}

// filesPerPackage is how many Go files share a package.
const filesPerPackage = 10

var goDialect = dialect{
	name: "gopls", ext: ".go", id: "go", typing: 4, command: goplsCommand,
	options: map[string]any{"diagnosticsDelay": "0s"},
	project: map[string]string{"go.mod": "module example.com/bench\n\ngo 1.24\n"},
	head: func(pkg, file int) string {
		if file > 0 && file%filesPerPackage == 0 {
			return fmt.Sprintf("package p%d\n\nimport other \"example.com/bench/p%d\"\n\nvar _ = other.Step%d_0\n\n", pkg, pkg-1, file-1)
		}
		return fmt.Sprintf("package p%d\n\n", pkg)
	},
	part: func(file, n int) string {
		return fmt.Sprintf(`// Part%[1]d_%[2]d is a part of a pipeline.
func Part%[1]d_%[2]d(items []int, limit int) map[string]int {
	chosen := []int{}
	for _, x := range items { if x > limit { chosen = append(chosen, x) } }
	total := 0
	for _, x := range chosen { total += Step%[1]d_%[2]d(x, limit) }
	return map[string]int{"total": total, "count": len(chosen), "mean": total / len(chosen)}
}
func Step%[1]d_%[2]d(x, by int) int { if by == 0 { return 0 }; return x*by + 1 }

`, file, n)
	},
	problem: func(n int) string { return fmt.Sprintf("\t_ = unknown%d\n", n) },
	broken:  func(n int) string { return fmt.Sprintf("\tprintln(unknown%d +\n", n) },
	typed:   "\tcho",
	path: func(file int) string {
		return fmt.Sprintf("p%d/f%d.go", file/filesPerPackage, file)
	},
}

// text is a file of that many lines.
func (d dialect) text(file, lines int) string {
	var b strings.Builder
	b.WriteString(d.head(file/filesPerPackage, file))
	for n := range lines / 10 {
		b.WriteString(d.part(file, n))
	}
	return b.String()
}

// write makes a project of so many files; every tenth ends with a name that does not exist, in a function of its own.
func (d dialect) write(dir string, files, lines int) (problems []string, err error) {
	for name, text := range d.project {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	for file := range files {
		path := filepath.Join(dir, filepath.FromSlash(d.path(file)))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		text := d.text(file, lines)
		if files > 1 && file%10 == 9 {
			text += map[string]string{
				".hk": "fn wrong() {\n" + d.problem(file) + "}\n", ".go": "func wrong() {\n" + d.problem(file) + "}\n",
			}[d.ext]
			problems = append(problems, fileURI(path))
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	return problems, nil
}
