package vm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

func pick(random *rand.Rand, choices ...string) string { return choices[random.IntN(len(choices))] }

// randomSpec is a format specification, often a good one.
func randomSpec(random *rand.Rand) string {
	return pick(random, "", "", "<", ">", "^", "=", "*<", "é>", "0=", "0^", "x=") + pick(random, "", "", "", "+", "-", " ") + pick(random, "", "", "", "", "0") +
		pick(random, "", "", "1", "5", "8", "12", "20") + pick(random, "", "", "", ",", "_") + pick(random, "", "", ".0", ".1", ".2", ".5", ".17", ".", ".30") +
		pick(random, "", "", "d", "s", "f", "e", "g", "%", "E", "F", "G", "x", "X", "b", "o", "?", "dd")
}

func TestFormatSpecificationsAsInPython(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 1))
	values := []Value{Int(0), Int(7), Int(-42), Int(1234567), Int(1 << 62), value(t, "-123456789012345678901234567890"), String(""), String("häß𝄞"), String("text")}
	for _, f := range append(interestingFloats(random, 10), math.Inf(1), math.Inf(-1), math.NaN(), 1234567.891, 0.00001234, 99999.5, 999999.5) {
		values = append(values, Float(f))
	}
	var cases []pythonCase
	for range testkit.Amount(6000, 600) {
		spec, v := randomSpec(random), values[random.IntN(len(values))]
		want := outcomeOf(t, "format", String("{:"+spec+"}"), v)
		if strings.HasPrefix(want, "!") {
			want = "!"
		}
		cases = append(cases, pythonCase{fmt.Sprintf("%s.format(%s)", pyText("{:"+spec+"}"), pythonValue(v)), want})
	}
	for _, i := range []int64{0, 255, -255, 65536} {
		for _, spec := range []string{"#x", "#X", "#b", "#o", "#010x", "#_b", "+#12_x", "#d", "020_b", "010,", "09,", "08,", "07,"} {
			cases = append(cases, pythonCase{fmt.Sprintf("format(%d, %q)", i, spec), outcomeOf(t, "format", String("{:"+spec+"}"), Int(i))})
		}
	}
	agreeWithPinnedPython(t, cases)
}

func TestTemplatesAsInPython(t *testing.T) {
	random := rand.New(rand.NewPCG(16, 1))
	var cases []pythonCase
	for range testkit.Amount(3000, 300) {
		var b strings.Builder
		for range random.IntN(5) {
			b.WriteString(pick(random, "{}", "{0}", "{1}", "{2}", "{{", "}}", "{", "}", "text", "ä", "{:>4}", "{0:<4}"))
		}
		want := outcomeOf(t, "format", String(b.String()), Int(1), String("two"))
		if strings.HasPrefix(want, "!") {
			want = "!"
		}
		cases = append(cases, pythonCase{pyText(b.String()) + ".format(1, 'two')", want})
	}
	agreeWithPython(t, cases)
}

func FuzzFormat(f *testing.F) {
	for _, seed := range []string{"{}", "{0:>8}", "{{{1:,.2f}}}", "{:é^+#012_.3x}", "{", "}", "{:.}", "{2}", "{:=5s}"} {
		f.Add(seed, "text", 1.5)
	}
	tooWide := regexp.MustCompile(`[0-9]{5}`)
	f.Fuzz(func(t *testing.T, template, text string, number float64) {
		if tooWide.MatchString(template) {
			return // good, but slow
		}
		args := []Value{String(template), String(text), Float(number), Int(int64(math.Float64bits(number)))}
		made, err := builtinFormat(&Machine{}, args)
		if err == nil {
			require.True(t, utf8.ValidString(made.Text()))
			require.Equal(t, utf8.RuneCountInString(made.Text()), made.Len())
		}
	})
}
