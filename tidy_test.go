package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What keeps the code readable, held by tests: see CONTRIBUTING.md for the reasons.

const (
	maxFunctionLines = 60
	maxFileLines     = 600
)

// longFunctions are the dispatch loops: splitting one would hide the machine, and its operations are elsewhere anyway.
var longFunctions = map[string]string{
	"vm/run.go dispatch": "one case for each operation that has a fast form",
}

// longFiles are tables, and what nobody reads from top to bottom. Archives of cases are data, and not meant at all.
var longFiles = map[string]string{
	"vm/run.go": "the dispatch loop, which is one function",
}

func TestFunctionsAreShort(t *testing.T) {
	for _, file := range parsedFiles(t) {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := fileSet.Position(fn.End()).Line - fileSet.Position(fn.Pos()).Line + 1
			if longFunctions[file.path+" "+fn.Name.Name] == "" {
				assert.LessOrEqual(t, lines, maxFunctionLines, "%s: %s is too long", at(fn.Pos()), fn.Name.Name)
			}
		}
	}
}

var codeFiles = map[string]bool{".go": true, ".py": true, ".ts": true, ".js": true, ".lua": true, ".hk": true, ".el": true, ".txtar": true}

func TestFilesAreShort(t *testing.T) {
	require.NoError(t, eachFile(func(path string) error {
		if !codeFiles[filepath.Ext(path)] || filepath.Ext(path) == ".txtar" || longFiles[path] != "" {
			return nil
		}
		text, err := os.ReadFile(path)
		if !bytes.HasPrefix(text, []byte("// Code generated ")) {
			assert.LessOrEqual(t, bytes.Count(text, []byte("\n")), maxFileLines, "%s is too long", path)
		}
		return err
	}))
}

// understood are methods whose name says all: those of well-known interfaces.
var understood = regexp.MustCompile(`^(String|GoString|Error|Unwrap|Is|As|Len|Less|Swap|Read|Write|Close|(Unm|M)arshal(JSON|Text))$`)

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, file := range parsedFiles(t) {
		if file.test {
			continue
		}
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Name.IsExported() && receiverIsExported(decl) && !understood.MatchString(decl.Name.Name) {
					assert.NotNil(t, decl.Doc, "%s: %s has no doc comment", at(decl.Pos()), decl.Name.Name)
				}
			case *ast.GenDecl:
				checkGroup(t, decl)
			}
		}
	}
}

func receiverIsExported(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return true
	}
	exported := false
	ast.Inspect(fn.Recv.List[0].Type, func(n ast.Node) bool {
		name, ok := n.(*ast.Ident)
		exported = exported || ok && name.IsExported()
		return true
	})
	return exported
}

// checkGroup holds that an exported name of a declaration is explained by its own comment or by that of the group. The
// values of an enumeration are explained by its type.
func checkGroup(t *testing.T, decl *ast.GenDecl) {
	typed := false
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			documented := decl.Doc != nil || spec.Doc != nil || spec.Comment != nil
			assert.True(t, documented || !spec.Name.IsExported(), "%s: %s has no doc comment", at(spec.Pos()), spec.Name.Name)
		case *ast.ValueSpec:
			typed = typed || decl.Tok == token.CONST && spec.Type != nil
			documented := typed || decl.Doc != nil || spec.Doc != nil || spec.Comment != nil
			assert.True(t, documented || !spec.Names[0].IsExported(), "%s: %s has no doc comment", at(spec.Pos()), spec.Names[0].Name)
		}
	}
}

func TestPackagesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	for _, file := range parsedFiles(t) {
		if !file.test {
			documented[file.pkg] = documented[file.pkg] || file.Doc != nil
		}
	}
	for pkg, ok := range documented {
		assert.True(t, ok, "the package %s has no package comment", pkg)
	}
}

// vague are the names that say nothing about what a thing is.
var vague = regexp.MustCompile(`(?i)(manager|helper|utils?|misc)$`)

func TestNamesSaySomething(t *testing.T) {
	for _, file := range parsedFiles(t) {
		assert.NotRegexp(t, vague, file.pkg)
		assert.NotRegexp(t, vague, strings.TrimSuffix(strings.TrimSuffix(file.path, ".go"), "_test"))
		for _, decl := range file.Decls {
			if group, ok := decl.(*ast.GenDecl); ok && group.Tok == token.TYPE {
				for _, spec := range group.Specs {
					assert.NotRegexp(t, vague, spec.(*ast.TypeSpec).Name.Name, at(spec.Pos()))
				}
			}
		}
	}
}

// unwanted are patterns that must not occur in a file of the repository, and what they would mean. They are written so that
// this file does not contain them.
var unwanted = []struct {
	pattern *regexp.Regexp
	meaning string
	only    func(path string) bool
}{
	{regexp.MustCompile(`\bTO` + `DO\b`), "work left undone: do it, or name it as planned in the documentation", source},
	{regexp.MustCompile(`\bFIX` + `ME\b`), "a known fault left in", source},
	{regexp.MustCompile(`\bXX` + `X\b`), "a known fault left in", source},
	{regexp.MustCompile(`\btime\.` + `Sleep\(`), "a test that guesses how long something takes", test},
	{regexp.MustCompile(`\.Sk` + `ip(f|Now)?\(`), "a test that does not test", test},
	{regexp.MustCompile("/wo" + "rk/"), "a path of one machine", text},
	{regexp.MustCompile("/ro" + "ot/"), "a path of one machine", text},
	{regexp.MustCompile("/tmp/" + "hark"), "a path of one machine", text},
	{regexp.MustCompile("<<<<" + "<<< "), "a conflict left in", text},
}

func source(path string) bool { return codeFiles[filepath.Ext(path)] }
func test(path string) bool   { return strings.HasSuffix(path, "_test.go") }
func text(string) bool        { return true }

func TestNothingUnwantedOccurs(t *testing.T) {
	require.NoError(t, eachFile(func(path string) error {
		content, err := os.ReadFile(path)
		for _, u := range unwanted {
			if !u.only(path) {
				continue
			}
			if found := u.pattern.Find(content); found != nil {
				assert.Fail(t, fmt.Sprintf("%s contains %s", path, found), u.meaning)
			}
		}
		return err
	}))
}

// A file ends with a newline and has no spaces at the ends of its lines, so that differences show what was changed.
func TestTextFilesAreClean(t *testing.T) {
	trailing := regexp.MustCompile(`[ \t]+\n`)
	require.NoError(t, eachFile(func(path string) error {
		if !codeFiles[filepath.Ext(path)] && filepath.Ext(path) != ".md" || strings.Contains(path, "testdata/") {
			return nil
		}
		content, err := os.ReadFile(path)
		assert.True(t, bytes.HasSuffix(content, []byte("\n")), "%s does not end with a newline", path)
		assert.False(t, trailing.Match(content), "%s has spaces at the end of a line", path)
		return err
	}))
}
