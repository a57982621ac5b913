package main

import (
	"go/ast"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The arrows of the architecture. This is a statement of policy: a failing test means that an import is wrong, not that
// the table is. ARCHITECTURE.md says why the arrows run as they do.

const module = "github.com/hark-lang/hark-ls/"

// arrows has a row for each package: what it may import of this module. An arrow may be followed further: what an
// imported package may import, the importing one may too, unless a row of walls forbids it.
var arrows = map[string]string{
	"internal/source":              "",
	"internal/bug":                 "",
	"internal/config":              "compiler/diag",
	"internal/testkit":             "",
	"internal/testkit/progen":      "",
	"internal/testkit/compiled":    "compiler/codegen",
	"internal/testkit/play":        "vm",
	"internal/testkit/lambdalocal": "",
	"internal/cli":                 "lsp dap compiler/codegen runtime/deploy runtime/sim runtime/timeline runtime/ffi runtime/executor/* runtime/store/*",
	".":                            "internal/cli",
	"bench":                        "internal/cli",

	"compiler/diag":    "",
	"compiler/syntax":  "compiler/diag",
	"compiler/prelude": "",
	"compiler/resolve": "compiler/syntax compiler/prelude vm/bytecode",
	"compiler/types":   "compiler/resolve",
	"compiler/codegen": "compiler/types",
	"compiler/pyindex": "",
	"compiler/ide":     "compiler/types compiler/pyindex",

	"vm/bytecode": "",
	"vm":          "vm/bytecode",

	"runtime/engine":            "vm",
	"runtime/store/storetest":   "runtime/engine",
	"runtime/store/memstore":    "runtime/engine",
	"runtime/store/sqlitestore": "runtime/engine",
	"runtime/store/dynamostore": "runtime/engine",
	"runtime/ffi":               "runtime/engine",
	"runtime/executor/local":    "runtime/engine",
	"runtime/executor/process":  "runtime/engine",
	"runtime/executor/lambda":   "runtime/engine",
	"runtime/replay":            "runtime/engine",
	"runtime/fork":              "runtime/engine runtime/replay",
	"runtime/timeline":          "runtime/replay",
	"runtime/sim":               "runtime/engine runtime/store/memstore",
	"runtime/deploy":            "internal/config vm/bytecode",

	"lsp":          "compiler/ide internal/config",
	"dap/debugger": "compiler/codegen compiler/ide runtime/engine runtime/fork runtime/timeline",
	"dap":          "dap/debugger",
}

// everywhere may be imported by every package.
var everywhere = []string{"internal/source", "internal/bug"}

// confined are imports from outside that belong to some packages only (an ending "/" or not, a prefix of the path counts).
var confined = map[string]string{
	"github.com/aws/":                 "runtime/store/dynamostore runtime/executor/lambda runtime/deploy",
	"modernc.org/":                    "runtime/store/sqlitestore",
	"github.com/google/go-dap":        "dap internal/cli",
	"go.lsp.dev/":                     "lsp internal/cli",
	"github.com/spf13/":               "internal/cli",
	"go.uber.org/zap":                 "internal/cli lsp dap runtime/engine runtime/ffi runtime/executor/local runtime/executor/process runtime/executor/lambda runtime/deploy",
	"github.com/stretchr/testify":     "internal/testkit internal/testkit/compiled internal/testkit/play runtime/store/storetest",
	"github.com/google/go-cmp":        "internal/testkit runtime/store/storetest",
	"github.com/rogpeppe/go-internal": "internal/testkit internal/cli",
	"golang.org/x/tools":              "internal/testkit",
}

// pure are the packages whose result depends on their input alone: no clock, no randomness, no world.
var pure = []string{"compiler", "vm"}

// impure are what a pure package does not import; a prefix of the path counts.
var impure = []string{"os", "time", "net", "math/rand", "crypto/rand", "sync", "log", "syscall", "io/ioutil", "runtime", "plugin"}

// justified are the exceptions: package and import, and why the result still depends on the input alone.
var justified = map[string]string{
	"compiler/resolve sync": "the prelude is resolved at its first use and never changes afterwards",
}

func TestArrows(t *testing.T) {
	for _, file := range parsedFiles(t) {
		if file.test {
			continue // tests may drive a package through whatever they need
		}
		row, known := arrows[file.pkg]
		require.True(t, known, "%s: the package %s has no row in the table of arrows", file.path, file.pkg)
		allowed := append(reach(row), everywhere...)
		for _, path := range file.imports() {
			if inside, ok := strings.CutPrefix(path, module); ok {
				assert.Contains(t, allowed, inside, "%s imports %s, which no arrow allows", file.path, inside)
			}
		}
	}
}

func TestArrowsAreAcyclic(t *testing.T) {
	for pkg, row := range arrows {
		assert.NotContains(t, reach(row), pkg, "%s may import itself over its arrows", pkg)
	}
}

// reach is every package that can be reached over the arrows that start with those of a row.
func reach(row string) []string {
	todo, seen := strings.Fields(row), []string(nil)
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if family, ok := strings.CutSuffix(name, "*"); ok {
			todo = append(todo, withPrefix(family)...)
			continue
		}
		if !slices.Contains(seen, name) {
			seen = append(seen, name)
			todo = append(todo, strings.Fields(arrows[name])...)
		}
	}
	return seen
}

func withPrefix(prefix string) []string {
	var names []string
	for name := range arrows {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	return names
}

func TestOutsideImportsStayWhereTheyBelong(t *testing.T) {
	for _, file := range parsedFiles(t) {
		for _, path := range file.imports() {
			for prefix, packages := range confined {
				if file.test && !strings.HasPrefix(prefix, "github.com/aws") || !strings.HasPrefix(path, prefix) {
					continue
				}
				assert.Contains(t, strings.Fields(packages), file.pkg, "%s imports %s", file.path, path)
			}
		}
	}
}

func TestPurePackagesDoNotSeeTheWorld(t *testing.T) {
	for _, file := range pureFiles(t) {
		for _, path := range file.imports() {
			for _, banned := range impure {
				if path == banned || strings.HasPrefix(path, banned+"/") {
					assert.NotEmpty(t, justified[file.pkg+" "+path], "%s imports %s", file.path, path)
				}
			}
		}
	}
}

func TestPurePackagesStartNoGoroutine(t *testing.T) {
	for _, file := range pureFiles(t) {
		ast.Inspect(file.File, func(n ast.Node) bool {
			if start, ok := n.(*ast.GoStmt); ok {
				assert.Fail(t, "a goroutine in a pure package", at(start.Pos()))
			}
			return true
		})
	}
}

// Unsafe code is trusted because it is little: values and the run loop.
func TestUnsafeStaysInTwoFiles(t *testing.T) {
	var files []string
	for _, file := range parsedFiles(t) {
		if !file.test && slices.Contains(file.imports(), "unsafe") {
			files = append(files, file.path)
		}
	}
	assert.LessOrEqual(t, len(files), 2, "%v", files)
	for _, path := range files {
		assert.True(t, strings.HasPrefix(path, "vm/"), path)
	}
}

func pureFiles(t *testing.T) []goFile {
	var files []goFile
	for _, file := range parsedFiles(t) {
		top, _, _ := strings.Cut(file.pkg, "/")
		if !file.test && slices.Contains(pure, top) {
			files = append(files, file)
		}
	}
	return files
}
