package lsp_test

import (
	"fmt"
	"strings"
	"testing"
)

// longText is 10,000 lines of ordinary functions.
func longText() string {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, `/** Part %[1]d of a pipeline. */
fn part_%[1]d(items, limit) {
  chosen = filter(lambda(x) { x > limit }, items);
  if nullp(chosen) { signal("info", "nothing above " + str(limit)) } else { null };
  futures = map(lambda(x) { async step_%[1]d(x, limit) }, chosen);
  total = reduce(lambda(a, x) { a + x }, await futures, 0);
  {"total": total, "count": length(chosen), "mean": total / length(chosen)}
}
fn step_%[1]d(x, by) { try { x * by + 1 } catch e { 0 } }

`, i)
	}
	return b.String()
}

// An edit in the middle of a long file, up to the push that reports it.
func BenchmarkEditToPush(b *testing.B) {
	for name, statement := range map[string]string{"sound": "  unknown_%d;\n", "broken": "  print(unknown_%d +;\n"} {
		b.Run(name, func(b *testing.B) {
			c := initialized(b)
			c.open(scratch, longText())
			c.diagnostics(scratch, 1)
			version, written := 1, "5003:0"
			for b.Loop() {
				version++
				c.edit(scratch, version, "5003:0", written, fmt.Sprintf(statement, version))
				written = "5004:0"
				c.diagnostics(scratch, version)
			}
		})
	}
}

func BenchmarkCompletionAfterAnEdit(b *testing.B) {
	c := initialized(b)
	c.open(scratch, longText())
	version, written := 1, "5003:0"
	for b.Loop() {
		version++
		c.edit(scratch, version, "5003:0", written, fmt.Sprintf("  cho%s\n", strings.Repeat("s", version%2)))
		written = "5004:0"
		c.labels(scratch, "5003:5")
		c.diagnostics(scratch, version)
	}
}

// The start on a workspace of 200 files, 100,000 lines, until the problem of the last one is told.
func BenchmarkWorkspace(b *testing.B) {
	files := map[string]string{"hark.toml": "", "z.hk": "fn wrong() { oops }\n"}
	text := longText()
	for i := range 200 {
		files[fmt.Sprintf("lib/f%d.hk", i)] = text[:len(text)/20]
	}
	w := folderWith(b, files)
	for b.Loop() {
		c := w.opened(object{})
		c.findings(w.uri("z.hk"))
		c.notify("exit", nil)
		_ = c.finished()
	}
}
