package vm

import (
	"fmt"
	"go/format"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Letters that are awkward: several in one, none in the other case, final sigmas and what hides from them, digits, spaces.
var awkward = []rune("aZ 09.-_'ßẞΣσςΑαİıǅŉﬁΐ\u0345\u0307\u00ad·:’\u2028\u0085\u00a0\u1680\u2003\u3000\x1c\t\n\r\x00é٣𝐀𐐀Ⓐⓐ中\ufeff\uffff\U0010ffff\"\\{}")

func awkwardText(random *rand.Rand, length int) string {
	var b strings.Builder
	for range random.IntN(length + 1) {
		b.WriteRune(awkward[random.IntN(len(awkward))])
	}
	return b.String()
}

// Every character goes through, of the large blocks without case a few, and words of awkward ones.
func TestLettersAsInPython(t *testing.T) {
	if testing.Short() {
		return // about tables that seldom change
	}
	var words []string
	var chunk strings.Builder
	for r := rune(0); r <= 0x10ffff; r++ {
		if r >= 0x3400 && r < 0xa000 || r >= 0xac00 && r < 0xe000 || r >= 0x1f000 {
			r |= 0xff
		}
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		chunk.WriteRune(r)
		chunk.WriteRune('\'') // case-ignorable: neighbours are sigmas' business
		if r%512 == 511 {
			words = append(words, chunk.String())
			chunk.Reset()
		}
	}
	random := rand.New(rand.NewPCG(7, 1))
	for range testkit.Amount(2000, 200) {
		words = append(words, awkwardText(random, 8))
	}
	var cases []pythonCase
	for _, word := range words {
		for _, c := range []struct{ python, hark string }{{"upper", "upper"}, {"lower", "lower"}, {"strip", "trim"}} {
			cases = append(cases, pythonCase{pyText(word) + "." + c.python + "()", outcomeOf(t, c.hark, String(word))})
		}
	}
	agreeWithPinnedPython(t, cases)
}

func TestSpaceAndPrintableCharactersAsInPython(t *testing.T) {
	if testing.Short() {
		return // about tables that seldom change
	}
	var space, hidden []string
	for r := rune(0); r <= 0x10ffff; r++ {
		if r == 0xd800 {
			r = 0xe000
		}
		if isSpace(r) {
			space = append(space, fmt.Sprint(r))
		}
		if !isPrintable(r) {
			hidden = append(hidden, fmt.Sprint(r))
		}
	}
	all := "[str(c) for c in range(0x110000) if not 0xd800 <= c < 0xe000 and %s]"
	agreeWithPinnedPython(t, []pythonCase{
		{"' '.join(" + fmt.Sprintf(all, "chr(c).isspace()") + ")", strings.Join(space, " ")},
		{"' '.join(" + fmt.Sprintf(all, "not chr(c).isprintable()") + ")", strings.Join(hidden, " ")},
	})
}

func TestSplitJoinReplaceAsInPython(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 1))
	few := func(length int) string {
		var b strings.Builder
		for range random.IntN(length + 1) {
			b.WriteRune([]rune("abß𝐀")[random.IntN(4)])
		}
		return b.String()
	}
	var cases []pythonCase
	for range testkit.Amount(2000, 200) {
		s, part, other := few(12), few(2), few(3)
		cases = append(cases,
			pythonCase{fmt.Sprintf("%s.replace(%s, %s)", pyText(s), pyText(part), pyText(other)), outcomeOf(t, "replace", String(s), String(part), String(other))},
			pythonCase{fmt.Sprintf("str(%s in %s).lower()", pyText(part), pyText(s)), outcomeOf(t, "contains", String(s), String(part))},
			pythonCase{fmt.Sprintf("str(len(%s))", pyText(s)), outcomeOf(t, "length", String(s))})
		if part == "" {
			continue
		}
		parts, _ := callBuiltin(t, "split", String(s), String(part))
		cases = append(cases,
			pythonCase{fmt.Sprintf("%s.join(%s.split(%s))", pyText(other), pyText(s), pyText(part)), outcomeOf(t, "join", parts, String(other))})
	}
	agreeWithPython(t, cases)
}

// pythonValue is a value as a Python expression.
func pythonValue(v Value) string {
	switch v.Kind() {
	case KindNull:
		return "None"
	case KindBool:
		return map[bool]string{true: "True", false: "False"}[v.Bool()]
	case KindFloat:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return "float('" + Show(v) + "')"
		}
		return pyFloat(v.Float())
	case KindString:
		return pyText(v.Text())
	case KindList:
		var items []string
		for _, item := range v.Items() {
			items = append(items, pythonValue(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case KindHash:
		var pairs []string
		for key, item := range v.Pairs() {
			pairs = append(pairs, pythonValue(key)+": "+pythonValue(item))
		}
		return "{" + strings.Join(pairs, ", ") + "}"
	}
	return Show(v)
}

// randomValue is a value that Python knows too.
func randomValue(random *rand.Rand, depth int) Value {
	kinds := 8
	if depth == 0 {
		kinds = 6
	}
	switch random.IntN(kinds) {
	case 0:
		return Null
	case 1:
		return Bool(random.IntN(2) == 0)
	case 2:
		return Int(random.Int64N(2000) - 1000)
	case 3:
		return BigInt(new(big.Int).Lsh(big.NewInt(random.Int64()), uint(random.IntN(80))))
	case 4:
		floats := []float64{0.5, math.Copysign(0, -1), 1e300, 2e16, math.Inf(1), math.Inf(-1), math.Pi * float64(random.IntN(9)), math.NaN()}
		return Float(floats[random.IntN(len(floats))])
	case 5:
		return String(awkwardText(random, 6))
	case 6:
		return List(randomValues(random, depth-1)...)
	}
	var b hashBuilder
	keys := randomValues(random, 0)
	for _, key := range keys {
		if order, isNumber := compareNumbers(key, Int(0)); isNumber && (order == 0 || Equal(key, Int(1))) {
			continue // Python takes it for the same key as a Bool
		}
		_ = b.set(key, randomValue(random, depth-1)) // NaN is left out
	}
	return b.finish()
}

func randomValues(random *rand.Rand, depth int) []Value {
	values := make([]Value, random.IntN(5))
	for i := range values {
		values[i] = randomValue(random, depth)
	}
	return values
}

// The tables are what the generator beside them writes.
func TestUnicodeTablesAreFresh(t *testing.T) {
	if testing.Short() {
		return // about tables that seldom change
	}
	written, err := exec.Command("python3", "-c", `import unicodedata; print(unicodedata.unidata_version)`).Output()
	require.NoError(t, err)
	committed, err := os.ReadFile("unicode_tables.go")
	require.NoError(t, err)
	require.Contains(t, string(committed), "// Unicode "+pinnedUnicode+",")
	if strings.TrimSpace(string(written)) != pinnedUnicode {
		return // TestLettersAsInPython asks the pinned Python; this one knows other characters
	}
	generated, err := exec.Command("python3", "unicode_tables.py").Output()
	require.NoError(t, err)
	formatted, err := format.Source(generated)
	require.NoError(t, err)
	require.Equal(t, string(committed), string(formatted), "run: python3 unicode_tables.py | gofmt > unicode_tables.go")
}

const pinnedUnicode = "14.0.0"
