// Package bug reports what "cannot happen": a broken invariant of this program, as opposed to a fault of its input.
package bug

import (
	"fmt"
	"os"
	"testing"
)

// Report says that an invariant is broken. Under test it panics, so that the test fails where the invariant broke;
// elsewhere it writes one line to stderr and the caller goes on with its most harmless answer.
func Report(format string, args ...any) {
	message := "hark-ls: bug: " + fmt.Sprintf(format, args...)
	if testing.Testing() {
		panic(message)
	}
	fmt.Fprintln(os.Stderr, message)
}
