package vm

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

func TestJSONIsWrittenAsInPython(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 1))
	var cases []pythonCase
	for range testkit.Amount(3000, 300) {
		v := randomValue(random, 4)
		cases = append(cases, pythonCase{"json.dumps(" + pythonValue(v) + ")", outcomeOf(t, "to_json", v)})
	}
	agreeWithPython(t, cases)
}

var brokenJSON = []string{"", " ", "nul", "nulll", "tru", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`,
	`{a:1}`, `{1:2}`, `{"a" 1}`, `{"a":1 "b":2}`, `"`, `"a`, "\"a\nb\"", "\"\x1f\"", `"\`, `"\x"`, `"\u`, `"\u1`, `"\u12`, `"\u123`, `"\u1234`, `"\u123g"`, `"\u 123"`, `"\u+123"`,
	`"\ud83d\ude00"`, `"\ud83d\u12"`, `"\ud83d\u123x"`, `"\ud83d"`, `"\ude00"`, `"\ud83dx"`, `"\ud83d\n"`, `"\ud83d\ud83d\ude00"`, `"\uD83D\uDE00"`, "01", "-", "-a", "--1", "+1",
	".5", "1.", "1.e5", "1e", "1e+", "1E5", "1e5.5", "-0", "-0.0", "1e999", "-1e999", "NaN", "-NaN", "Infinity", "-Infinity", "-Inf", "Infinit", "\ufeff1", "1\u00a0",
	"[[]", "[]]", "\n\n  x", "[\"ä\",\n \"𝄞\", x]", "\f1", "\v1", "1\x00", `"\/"`, "{}{}", "[1]\n2", "٣", "1٣", "123456789012345678901234567890", "0.1e-7", "\"\u007f\"", "\"\u2028\""}

func TestJSONIsReadAsInPython(t *testing.T) {
	random := rand.New(rand.NewPCG(10, 1))
	texts := append([]string(nil), brokenJSON...)
	for range testkit.Amount(4000, 400) {
		text := outcomeOf(t, "to_json", randomValue(random, 3))
		texts = append(texts, mutate(random, text))
	}
	var cases []pythonCase
	for _, text := range texts {
		want := fromAndToJSON(t, text)
		expression := fmt.Sprintf("json.dumps(json.loads(%s))", pyText(text))
		if strings.HasPrefix(want, "!Lone surrogate") {
			want, expression = "!", fmt.Sprintf("str(json.dumps(json.loads(%s), ensure_ascii=False).encode())", pyText(text))
		}
		cases = append(cases, pythonCase{expression, want})
	}
	agreeWithPinnedPython(t, cases)
}

func fromAndToJSON(t testing.TB, text string) string {
	v, err := callBuiltin(t, "from_json", String(text))
	if err != nil {
		return "!" + err.Message
	}
	return outcomeOf(t, "to_json", v)
}

// mutate puts in, takes out or changes a character or two, mostly ones that mean something.
func mutate(random *rand.Rand, text string) string {
	const alphabet = "[]{}\",:\\u0d81e.-+ntfINx \n\tä"
	letters, runes := []rune(alphabet), []rune(text)
	for range random.IntN(3) {
		at := random.IntN(len(runes) + 1)
		letter := letters[random.IntN(len(letters))]
		switch {
		case random.IntN(2) == 0 || at == len(runes):
			runes = append(runes[:at:at], append([]rune{letter}, runes[at:]...)...)
		case random.IntN(2) == 0:
			runes = append(runes[:at:at], runes[at+1:]...)
		default:
			runes[at] = letter
		}
	}
	return string(runes)
}

func FuzzFromJSON(f *testing.F) {
	for _, text := range brokenJSON {
		f.Add(text)
	}
	f.Add(`{"a": [1, 2.5, null, {"b": "\u00e9"}], "c": {}}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := (&Machine{}).fromJSON(String(text).text())
		if err != nil {
			return
		}
		written, err := (&Machine{}).toJSON(v)
		require.Nil(t, err)
		again, err := (&Machine{}).fromJSON(written.text())
		require.Nil(t, err)
		equal, _ := equalItems(v, again)
		require.True(t, equal, "%q", text)
	})
}

func FuzzReadNumbers(f *testing.F) {
	for _, text := range []string{"1", "-1_0", " 5. ", "1e5", "inf", "nan", "٣", "99999999999999999999", "1e-400"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = String(text).text()
		m := &Machine{}
		if i, err := builtinParseInt(m, []Value{String(text)}); err == nil {
			again, err := builtinParseInt(m, []Value{String(Show(i))})
			require.Nil(t, err)
			require.True(t, Equal(i, again), text)
			_, err = builtinParseFloat(m, []Value{String(text)})
			require.Nil(t, err, "an Int is a Float: %q", text)
		}
		if x, err := builtinParseFloat(m, []Value{String(text)}); err == nil {
			again, err := builtinParseFloat(m, []Value{String(Show(x))})
			require.Nil(t, err)
			require.Equal(t, Show(x), Show(again), text)
		}
	})
}
