package vm

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// interestingFloats are edges and random bits.
func interestingFloats(random *rand.Rand, n int) []float64 {
	floats := []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 1.5, 2.5, 0.1, 0.2 + 0.1, 1e15, 1e16, 9999999999999998, 1e-4, 9.999e-5, 1e22, 1e23,
		5e-324, math.MaxFloat64, -math.MaxFloat64, 2.2250738585072014e-308, 123456789.125, 1 << 53, 1<<53 + 2, 1 << 63, -1 << 63, 1 << 62,
		2.675, 1.005, 0.125, 1e300, 4.35, 5015, 1e100, 8.5, 9.5, 1e-300}
	for range n {
		f := math.Float64frombits(random.Uint64())
		if !math.IsNaN(f) && !math.IsInf(f, 0) {
			floats = append(floats, f)
		}
		floats = append(floats, (random.Float64()-0.5)*math.Pow(10, float64(random.IntN(20))), float64(random.IntN(1000000))/8)
	}
	return floats
}

// interestingInts are edges of words and random ones of all sizes.
func interestingInts(random *rand.Rand, n int) []*big.Int {
	var ints []*big.Int
	add := func(i *big.Int) { ints = append(ints, i, new(big.Int).Neg(i)) }
	for _, bits := range []uint{0, 1, 31, 32, 53, 62, 63, 64, 65, 100, 128} {
		for d := int64(-1); d <= 1; d++ {
			add(new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), bits), big.NewInt(d)))
		}
	}
	for range n {
		i := new(big.Int).SetUint64(random.Uint64())
		add(i.Rsh(i.Lsh(i, uint(random.IntN(100))), uint(random.IntN(160))))
	}
	return ints
}

func bigValue(i *big.Int) Value { return BigInt(new(big.Int).Set(i)) }

func TestFloatsLookAsInPython(t *testing.T) {
	var cases []pythonCase
	for _, f := range interestingFloats(rand.New(rand.NewPCG(1, 1)), testkit.Amount(3000, 300)) {
		cases = append(cases, pythonCase{"repr(" + pyFloat(f) + ")", Show(Float(f))})
	}
	agreeWithPython(t, cases)
}

func TestRoundAsInPython(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 1))
	var cases []pythonCase
	for _, f := range interestingFloats(random, testkit.Amount(1000, 100)) {
		cases = append(cases, pythonCase{"repr(round(" + pyFloat(f) + "))", outcomeOf(t, "round", Float(f))})
		for _, digits := range []int64{int64(random.IntN(30)) - 10, int64(random.IntN(800)) - 400, 2} {
			want := outcomeOf(t, "round", Float(f), Int(digits))
			if strings.HasPrefix(want, "!") {
				want = "!"
			}
			cases = append(cases, pythonCase{fmt.Sprintf("repr(round(%s, %d))", pyFloat(f), digits), want})
		}
	}
	for _, i := range interestingInts(random, 100) {
		for _, digits := range []int64{0, 3, -1, -2, -int64(random.IntN(50))} {
			cases = append(cases, pythonCase{fmt.Sprintf("repr(round(%s, %d))", i, digits), outcomeOf(t, "round", bigValue(i), Int(digits))})
		}
	}
	agreeWithPython(t, cases)
}

// spellings are texts that are nearly, or fully, numbers.
func spellings(random *rand.Rand) []string {
	all := []string{"", " ", "+", "-", ".", "1", "+1", "-0", "007", "1_0", "_1", "1_", "1__0", "1_0.5_0", "1._5", "1_.5", ".5", "5.", "1e5", "1e+5", "1E-5", "1e", "e5", "1e5.5",
		"1e1_0", "1e_1", "inf", "-inf", "+Infinity", "INFINITY", "infinit", "nan", "-NaN", "nan1", "i_nf", "0x10", "0b1", "1 2", "- 1", "+-1", "1\u00a0", "\u20031\u2003", "\u0661\u0662",
		"\u0967.\u0968", "１２", "𝟗", "²", "½", "Ⅷ", "1\x00", "1e400", "1e-400", "1,5", "١_٢", "\ufeff1", "\u200b1", "1\n", "\x1c1", "\u180e1", "99999999999999999999999", "0.1e1", "000_000"}
	const alphabet = "0123456789+-._eE infa\t٣"
	letters := []rune(alphabet)
	for range testkit.Amount(3000, 300) {
		var b strings.Builder
		for range 1 + random.IntN(7) {
			b.WriteRune(letters[random.IntN(len(letters))])
		}
		all = append(all, b.String())
	}
	return all
}

func TestNumbersAreReadAsInPython(t *testing.T) {
	var cases []pythonCase
	for _, s := range spellings(rand.New(rand.NewPCG(3, 1))) {
		for _, c := range []struct{ python, hark string }{{"int", "parse_int"}, {"float", "parse_float"}} {
			want := outcomeOf(t, c.hark, String(s))
			if strings.HasPrefix(want, "!") {
				want = "!"
			}
			cases = append(cases, pythonCase{"repr(" + c.python + "(" + pyText(s) + "))", want})
		}
	}
	agreeWithPython(t, cases)
}

func TestArithmeticAsInPython(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 1))
	ints := interestingInts(random, 40)
	var cases []pythonCase
	m := &Machine{}
	for range testkit.Amount(3000, 300) {
		a, b := ints[random.IntN(len(ints))], ints[random.IntN(len(ints))]
		x, y := bigValue(a), bigValue(b)
		check := func(python string, result Value, err *Error) {
			want := "!"
			if err == nil {
				want = Show(result)
			}
			cases = append(cases, pythonCase{fmt.Sprintf("(lambda a, b: str(%s))(%s, %s)", python, a, b), want})
		}
		sum, err := m.add(x, y)
		check("a + b", sum, err)
		difference, err := m.sub(x, y)
		check("a - b", difference, err)
		product, err := m.mul(x, y)
		check("a * b", product, err)
		quotient, err := m.div(x, y)
		check("abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)", quotient, err)
		rest, err := m.mod(x, y)
		check("a % b", rest, err)
		negative, err := m.neg(x)
		check("-a", negative, err)
	}
	agreeWithPython(t, cases)
}

func TestFloatArithmeticAsInPython(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 1))
	floats := interestingFloats(random, 100)
	m := &Machine{}
	var cases []pythonCase
	for range testkit.Amount(2000, 200) {
		a, b := floats[random.IntN(len(floats))], floats[random.IntN(len(floats))]
		for op, f := range map[string]func(a, b Value) (Value, *Error){"+": m.add, "-": m.sub, "*": m.mul, "/": m.div, "%": m.mod} {
			want := "!"
			if v, err := f(Float(a), Float(b)); err == nil {
				want = Show(v)
			}
			cases = append(cases, pythonCase{fmt.Sprintf("repr(%s %s %s)", pyFloat(a), op, pyFloat(b)), want})
		}
	}
	agreeWithPython(t, cases)
}

func TestComparisonOfIntsWithFloatsIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 1))
	ints := interestingInts(random, 40)
	m := &Machine{}
	var cases []pythonCase
	for range testkit.Amount(1000, 100) {
		i := ints[random.IntN(len(ints))]
		near, _ := new(big.Float).SetInt(i).Float64()
		for _, f := range []float64{near, math.Nextafter(near, math.Inf(1)), math.Nextafter(near, math.Inf(-1)), near + 0.5, math.Inf(random.IntN(2)*2 - 1), math.NaN()} {
			x, y := bigValue(i), Float(f)
			order, ordered, err := m.compare("<", x, y)
			require.Nil(t, err)
			float := pyFloat(f)
			if f != f || math.IsInf(f, 0) {
				float = "float('" + strconv.FormatFloat(f, 'g', -1, 64) + "')"
			}
			cases = append(cases, pythonCase{
				fmt.Sprintf("(lambda i, f: str([i < f, i <= f, f < i, i == f, f == i]))(%s, %s)", i, float),
				pyBools(ordered && order < 0, ordered && order <= 0, ordered && order > 0, Equal(x, y), Equal(y, x)),
			})
		}
	}
	agreeWithPython(t, cases)
}

func pyBools(bools ...bool) string {
	words := make([]string, len(bools))
	for i, b := range bools {
		words[i] = map[bool]string{true: "True", false: "False"}[b]
	}
	return "[" + strings.Join(words, ", ") + "]"
}
