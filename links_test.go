package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A link from one page to another leads somewhere.
func TestLinksLeadSomewhere(t *testing.T) {
	links := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	require.NoError(t, eachFile(func(path string) error {
		if filepath.Ext(path) != ".md" {
			return nil
		}
		page, err := os.ReadFile(path)
		for _, link := range links.FindAllStringSubmatch(prose(string(page)), -1) {
			_, missing := os.Stat(filepath.Join(filepath.Dir(path), link[1]))
			assert.NoError(t, missing, "%s links to %s", path, link[1])
		}
		return err
	}))
}

// Each feature has its page, with a picture, and one gets there from the page of VS Code; no picture is there for nothing.
func TestFeaturesHavePagesWithPictures(t *testing.T) {
	index, err := os.ReadFile("docs/editors/vscode.md")
	require.NoError(t, err)
	features, err := filepath.Glob("docs/features/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, features)
	shown := string(index)
	for _, path := range features {
		page, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Contains(t, string(index), "](../features/"+filepath.Base(path)+")", "the page of VS Code does not lead to %s", path)
		assert.Contains(t, string(page), "](../images/", "%s has no picture", path)
		shown += string(page)
	}
	pictures, err := filepath.Glob("docs/images/*.png")
	require.NoError(t, err)
	for _, path := range pictures {
		assert.Contains(t, shown, "](../images/"+filepath.Base(path)+")", "%s is shown nowhere", path)
	}
}

// prose is a page without what stands between backquotes.
func prose(page string) string {
	var b strings.Builder
	for i, part := range strings.Split(page, "`") {
		if i%2 == 0 {
			b.WriteString(part)
		}
	}
	return b.String()
}
