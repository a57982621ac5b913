package pyindex_test

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/internal/testkit"
)

// answer is what Python's own parser says of a module.
type answer struct {
	Doc   string
	Names []answerName
}

type answerName struct {
	Name, Kind, Doc, Result string
	Extent                  [2]int32
	Params                  []answerParam
	Decorators              []string
}

type answerParam struct {
	Name       string
	Kind       pyindex.ParamKind
	Annotation string
	Default    string
}

// Python reads its own standard library, and so do we: names, parameters, kinds, defaults, annotations, docstrings and extents agree.
func TestStandardLibraryAsPythonReadsIt(t *testing.T) {
	paths := standardLibrary(t)
	paths = paths[:testkit.Amount(len(paths), len(paths)/5)]
	python := exec.Command("python3", "-W", "ignore", "testdata/oracle.py")
	python.Stdin = strings.NewReader(strings.Join(paths, "\n"))
	python.Stderr = os.Stderr
	out, err := python.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, python.Start())
	lines := bufio.NewReaderSize(out, 1<<20)
	files, functions, classes, params, unread := 0, 0, 0, 0, 0
	for _, path := range paths {
		line, err := lines.ReadBytes('\n')
		require.NoError(t, err)
		var want *answer
		require.NoError(t, json.Unmarshal(line, &want))
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		got := pyindex.Parse(strings.TrimPrefix(string(text), "\ufeff"))
		if want == nil {
			unread++
			continue
		}
		files++
		compare(t, path, got, want)
		for _, name := range want.Names {
			if name.Kind == "class" {
				classes++
			} else {
				functions++
				params += len(name.Params)
			}
		}
		if t.Failed() {
			break
		}
	}
	_ = python.Process.Kill()
	_ = python.Wait()
	t.Logf("compared %d files, %d functions with %d parameters, %d classes; %d files are no Python", files, functions, params, classes, unread)
	assert.Greater(t, functions, testkit.Amount(1000, 100))
}

// every is how many files of the library there are for one that is read. With 1, in half a minute, all of them agree.
const every = 6

// standardLibrary are Python files of the interpreter's library and of its tests, without what is installed into it.
func standardLibrary(t *testing.T) []string {
	out, err := exec.Command("python3", "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])").Output()
	require.NoError(t, err)
	var paths []string
	files := 0
	require.NoError(t, filepath.WalkDir(strings.TrimSpace(string(out)), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == "site-packages" || entry.Name() == "dist-packages") {
			return filepath.SkipDir
		}
		if err == nil && filepath.Ext(path) == ".py" {
			if files++; files%every == 0 {
				paths = append(paths, path)
			}
		}
		return err
	}))
	return paths
}

func compare(t *testing.T, path string, got *pyindex.Module, want *answer) {
	assert.Equal(t, want.Doc, got.Doc, path)
	have := map[string]*pyindex.Name{}
	for _, n := range got.Names {
		have[n.Name] = n
	}
	wanted := map[string]bool{}
	for _, w := range want.Names {
		wanted[w.Name] = true
		n := have[w.Name]
		if !assert.NotNil(t, n, "%s: %s is missing", path, w.Name) {
			continue
		}
		compareName(t, path+": "+w.Name, got.Text, n, w)
	}
	for _, n := range got.Names {
		defined := n.Kind == pyindex.Class || n.Kind == pyindex.Function && strings.HasPrefix(strings.TrimLeft(got.Text[n.Extent.Start:], "async "), "def")
		assert.True(t, !defined || wanted[n.Name], "%s: Python has no %s", path, n.Name)
	}
}

func compareName(t *testing.T, what, text string, n *pyindex.Name, w answerName) {
	last := w.Name[strings.LastIndexByte(w.Name, '.')+1:]
	assert.Equal(t, last, text[n.Span.Start:n.Span.End], what)
	assert.Equal(t, w.Extent, [2]int32{n.Extent.Start, n.Extent.End}, what)
	assert.Equal(t, named(w.Doc), named(n.Doc), what)
	if w.Kind == "class" {
		assert.Equal(t, pyindex.Class, n.Kind, what)
		return
	}
	assert.Equal(t, w.Kind == "async def", n.Async, what)
	if n.Kind == pyindex.Variable {
		assert.NotEmpty(t, w.Decorators, what)
		return
	}
	if len(n.Params) == len(w.Params)-1 { // of a classmethod
		w.Params = w.Params[1:]
	}
	var params []answerParam
	for _, p := range n.Params {
		params = append(params, answerParam{p.Name, p.Kind, written(p.Annotation), p.Default})
	}
	assert.Equal(t, len(w.Params), len(params), what)
	for i := range min(len(params), len(w.Params)) {
		want := w.Params[i]
		want.Default, params[i].Default = bare(want.Default), bare(params[i].Default)
		want.Annotation, params[i].Annotation = bare(want.Annotation), bare(params[i].Annotation)
		assert.Equal(t, want, params[i], what)
	}
	assert.Equal(t, bare(w.Result), bare(written(n.Result)), what)
}

// named leaves out of a docstring what only Python can know: characters given by their names.
func named(doc string) string {
	before, _, _ := strings.Cut(doc, `\N{`)
	return before
}

// bare is an expression without the parentheses around it, which a tree does not have.
func bare(s string) string {
	for strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	return s
}

func written(a *pyindex.Annotation) string {
	if a == nil {
		return ""
	}
	return a.Text
}
