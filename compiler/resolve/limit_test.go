package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/resolve"
)

func TestLimits(t *testing.T) {
	many := func(n int, sep, format string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
		}
		return strings.Join(parts, sep)
	}
	at := resolve.MaxArguments
	for _, c := range []struct {
		source string
		n      int
		want   string
	}{
		{"fn main() { max(%s) }", at, many(at+1, ", ", "#")},
		{"fn f(%s) { 1 } fn main() { f }", at, many(at+1, ", ", "p#")},
		{"fn main() { lambda(%s) { 1 } }", at, many(at+1, ", ", "p#")},
		{"fn main() { async max(%s) }", at, many(at+1, ", ", "#")},
		{"fn main() { " + many(at+1, ";", "v# = #") + "; lambda() { %s } }", at, many(at+1, " + ", "v#")},
		{"fn main() { %s }", resolve.MaxLocals, many(resolve.MaxLocals+1, ";", "v# = #")},
	} {
		last := strings.LastIndexAny(c.want, ",+;")
		for parts, found := range map[string]bool{c.want[:last]: false, c.want: true} {
			p := resolve.Load("main.hk", func(string) (string, error) { return fmt.Sprintf(c.source, parts), nil })
			has := false
			for _, file := range p.Diagnostics() {
				for _, d := range file.Problems {
					has = has || d.Code.String() == "HK0207"
				}
			}
			assert.Equal(t, found, has, "%.60s with %d", c.source, c.n)
		}
	}
	p := resolve.Load("main.hk", func(string) (string, error) {
		return "fn main() { [list(" + many(1000, ", ", "#") + "), hash(" + many(1000, ", ", "#") + ")] }", nil
	})
	assert.False(t, p.Stops())
}
