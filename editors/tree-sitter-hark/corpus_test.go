package grammar_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The corpus is in the form of tree-sitter's own tool ("tree-sitter test" reads it, "tree-sitter test --update" writes it).
var corpusCase = regexp.MustCompile(`(?s)={10,}\n([^\n]+)\n={10,}\n\n(.*?)\n---\n\n(.*?)(?:\n\n|\n?$)`)

// The generated parser is that of the grammar as it is.
func TestTheParserIsUpToDate(t *testing.T) {
	grammar, err := os.ReadFile("grammar.js")
	require.NoError(t, err)
	of, err := os.ReadFile("src/grammar.js.sha256")
	require.NoError(t, err)
	assert.Equal(t, fmt.Sprintf("%x  grammar.js\n", sha256.Sum256(grammar)), string(of), "run make grammar")
}

func TestCorpus(t *testing.T) {
	paths, err := filepath.Glob("test/corpus/*.txt")
	require.NoError(t, err)
	var names, texts, want []string
	for _, path := range paths {
		page, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, found := range corpusCase.FindAllStringSubmatch(string(page), -1) {
			names, texts = append(names, filepath.Base(path)+": "+found[1]), append(texts, found[2])
			want = append(want, strings.Join(strings.Fields(found[3]), " "))
		}
	}
	require.GreaterOrEqual(t, len(texts), 30)
	for i, parsed := range trees(t, texts) {
		assert.False(t, parsed.broken, names[i])
		assert.Equal(t, want[i], expression(parsed), names[i])
	}
}

// expression is a tree as the corpus has it: named nodes and their fields.
func expression(n *tree) string {
	var b strings.Builder
	fmt.Fprintf(&b, "(%s", n.kind)
	for _, child := range n.children {
		if !child.named {
			continue
		}
		b.WriteString(" ")
		if child.field != "-" {
			b.WriteString(child.field + ": ")
		}
		b.WriteString(expression(child))
	}
	return b.String() + ")"
}
