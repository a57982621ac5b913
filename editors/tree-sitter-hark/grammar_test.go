// Package grammar_test holds that the tree-sitter grammar and the compiler see the same in a text. The grammar runs where it is used:
// in Neovim.
package grammar_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// trees parses texts by the grammar. The result has a tree for each of them.
func trees(t *testing.T, texts []string) []*tree {
	t.Helper()
	in, out := t.TempDir(), t.TempDir()
	for i, text := range texts {
		require.NoError(t, os.WriteFile(filepath.Join(in, fmt.Sprintf("%06d", i)), []byte(text), 0o644))
	}
	script, err := filepath.Abs("test/dump.lua")
	require.NoError(t, err)
	neovim(t, script, "TEXTS="+in, "TREES="+out)
	all := make([]*tree, len(texts))
	for i := range texts {
		lines, err := os.ReadFile(filepath.Join(out, fmt.Sprintf("%06d", i)))
		require.NoError(t, err)
		all[i] = readTree(t, string(lines))
	}
	return all
}

// neovim runs a script with the parser at hand.
func neovim(t *testing.T, script string, env ...string) string {
	t.Helper()
	readAll(t)
	program := filepath.Join(testkit.Install(t, "debian.sh", "nvim", "neovim"), "usr", "bin", "nvim")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "--clean", "--headless", "-S", script)
	cmd.Env = append(append(os.Environ(), "PARSER="+parser(t), "XDG_STATE_HOME="+t.TempDir()), env...)
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", said)
	return string(said)
}

// parser compiles the generated parser to a library.
func parser(t *testing.T) string {
	t.Helper()
	library := filepath.Join(t.TempDir(), "hark.so")
	out, err := exec.Command("cc", "-shared", "-fPIC", "-O1", "-I", "src", "src/parser.c", "-o", library).CombinedOutput()
	require.NoError(t, err, "compile the parser: %s", out)
	return library
}

// readAll opens what other programs read, so that the go command knows that a result depends on it.
func readAll(t *testing.T) {
	for _, pattern := range []string{"src/*.c", "queries/*.scm", "test/*.lua", "test/corpus/*.txt"} {
		paths, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, path := range paths {
			_, err := os.ReadFile(path)
			require.NoError(t, err)
		}
	}
}

// tree is a node of tree-sitter's, named or not.
type tree struct {
	field, kind string
	named       bool
	broken      bool // of the root: something in the text did not fit
	start, end  int32
	children    []*tree
}

// readTree reads what dump.lua writes.
func readTree(t *testing.T, written string) *tree {
	t.Helper()
	verdict, lines, _ := strings.Cut(strings.TrimSpace(written), "\n")
	if verdict == "broken" {
		return &tree{broken: true}
	}
	var path []*tree
	for _, line := range strings.Split(lines, "\n") {
		fields := strings.Fields(line)
		last := len(fields) - 1
		depth := number(t, fields[0])
		n := &tree{
			field: fields[1], kind: strings.Join(fields[2:last-1], " "),
			start: int32(number(t, fields[last-1])), end: int32(number(t, fields[last])),
		}
		n.named = !strings.HasPrefix(n.kind, `"`)
		if depth > 0 {
			parent := path[depth-1]
			parent.children = append(parent.children, n)
		}
		path = append(path[:depth], n)
	}
	return path[0]
}

func number(t *testing.T, digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err) // without testify, which takes its time
	}
	return n
}
