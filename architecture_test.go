package main

import (
	"go/ast"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An invariant that no test holds is a wish. So each names its tests, as `TestName`, with the package in front where the name
// alone does not tell, and they exist.
func TestInvariantsNameTheirTests(t *testing.T) {
	tests := map[string][]string{}
	for _, file := range parsedFiles(t) {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && file.test {
				tests[fn.Name.Name] = append(tests[fn.Name.Name], file.pkg)
			}
		}
	}
	page, err := os.ReadFile("ARCHITECTURE.md")
	require.NoError(t, err)
	invariants := regexp.MustCompile(`(?m)^\*\*Invariant:\*\*(?:.+\n)+`).FindAllString(string(page), -1)
	require.NotEmpty(t, invariants)
	named := regexp.MustCompile("`(?:([a-z/]+)\\.)?((?:Test|Fuzz)[A-Za-z0-9]+)`")
	for _, invariant := range invariants {
		names := named.FindAllStringSubmatch(invariant, -1)
		assert.NotEmpty(t, names, "no test is named in: %s", invariant)
		for _, name := range names {
			pkg, exists := name[1], tests[name[2]]
			assert.True(t, len(exists) > 0 && (pkg == "" || slices.Contains(exists, pkg)), "%s does not exist", name[0])
		}
	}
}

// The code map has a line for each package.
func TestTheCodeMapIsComplete(t *testing.T) {
	page, err := os.ReadFile("ARCHITECTURE.md")
	require.NoError(t, err)
	var packages []string
	for _, file := range parsedFiles(t) {
		if file.pkg != "." && !slices.Contains(packages, file.pkg) && !strings.Contains(file.pkg, "testdata") {
			packages = append(packages, file.pkg)
		}
	}
	for _, pkg := range packages {
		assert.True(t, strings.Contains(string(page), "| `"+pkg+"` |"), "the code map of ARCHITECTURE.md misses %s", pkg)
	}
}
