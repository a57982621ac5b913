package progen

import (
	"fmt"
	"strings"
)

// Programs of any length, for measuring.

// Long is a sound file of about that many lines, of the kind that people write: functions with lambdas, threads and errors, that call
// themselves and, in chains of twenty, the one before. The head comes behind its imports. More are further functions: formats in which
// %[1]d is the number of the functions that they stand behind.
func Long(lines int, head string, more ...string) string {
	unit := longUnit + strings.Join(more, "")
	written := strings.Count(unit, "\n")
	var b strings.Builder
	b.WriteString("import(fetch, src.web, 1);\nimport(store, src.web, 2);\n" + head)
	for i, n := 0, strings.Count(b.String(), "\n"); n < lines; i, n = i+1, n+written {
		before := i - 1
		if i%20 == 0 {
			before = i
		}
		fmt.Fprintf(&b, unit, i, before)
	}
	return b.String()
}

const longUnit = `
/** Sums what the parts of a page have to say. */
fn part_%[1]d(page, depth) {
  text = fetch(page);
  words = filter(lambda(w) { length(w) > depth }, split(text, " "));
  total = reduce(lambda(sum, w) { sum + length(w) }, words, 0);
  limit = if total > 100 { 100 } else if total == 0 { 1 } else { total };
  report = {"page": page, "total": total, "limit": limit};
  try {
    saved = store(page, report);
    print("stored " + str(saved));
    get(report, "total")
  } catch problem {
    signal("warning", get(problem, "message"));
    if depth > 0 { part_%[2]d(page, depth - 1) } else { -limit }
  }
}

fn all_%[1]d(pages) {
  futures = map(lambda(page) { async part_%[1]d(page, 3) }, pages);
  results = await futures;
  first(results) + part_%[2]d(first(pages), 1)
}
`
