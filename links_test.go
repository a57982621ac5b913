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
