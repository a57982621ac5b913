// Package testkit is what the tests of all packages share: cases as txtar archives, marks in source text, golden texts
// that one flag rewrites, and seeds for fuzzing. Only tests import it.
//
// # Cases
//
// A case is a txtar archive, or a section of one; what its sections mean is said by the test that reads them. By custom the
// sources come first and what is wanted of them last, in sections named "want/…" or "NAME.want":
//
//	testkit.Run(t, "testdata/format/*.txtar", func(t *testing.T, c *testkit.Case) {
//		c.Golden(t, "want/formatted", format(c.Text(t, "main.hk")))
//	})
//
// "go test -update" rewrites golden sections and files in place with what the program says now. Look at the difference
// before committing it.
//
// # Marks
//
// A comment "//@verb(args)" in source text says what is expected of its line. A line may carry several, "//@a(1) b("x")".
// Arguments are Go literals (strings, raw strings, numbers, true, false) or bare names, separated by commas. Collect reads
// them, and Match holds them strictly one to one against what was observed.
package testkit
