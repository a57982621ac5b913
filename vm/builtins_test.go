package vm

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// callOn calls a builtin on a machine, with the check of the number of arguments that calls make.
func callOn(t testing.TB, m *Machine, name string, args ...Value) (Value, effect, *Error) {
	t.Helper()
	i, ok := bytecode.FindBuiltin(name)
	require.True(t, ok, name)
	require.True(t, bytecode.Builtins[i].Accepts(len(args)), "%s with %d arguments", name, len(args))
	m.effect = effect{}
	v, err := builtinFuncs[i](m, args)
	return v, m.effect, err
}

func TestEveryBuiltinHasAFunction(t *testing.T) {
	for i, row := range bytecode.Builtins {
		assert.NotNil(t, builtinFuncs[i], row.Name)
	}
	assert.Less(t, len(bytecode.Builtins), len(builtinFuncs))
}

// value reads an argument of a table: JSON, a Symbol, a future, or a Float that JSON lacks.
func value(t testing.TB, text string) Value {
	t.Helper()
	switch {
	case text == "nan", text == "inf", text == "-inf":
		f, _ := parseFloatText(text)
		return Float(f)
	case strings.HasPrefix(text, ":"):
		return Symbol(text[1:])
	case strings.HasPrefix(text, "<future "):
		return Future(strings.TrimSuffix(text[len("<future "):], ">"))
	}
	v, err := (&Machine{}).fromJSON(text)
	require.Nil(t, err, text)
	return v
}

// Each line is a builtin, its arguments and its value, or "!" with the kind and message of its error.
const builtinCases = `
list | => []
list | 1 | "a" => [1, "a"]
first | [1, 2] => 1
first | [] => !Index: first of an empty List
first | "ab" => !Type: first takes a List, not a String
rest | [1, 2, 3] => [2, 3]
rest | [1] => []
rest | [] => []
nth | [1, 2, 3] | 0 => 1
nth | [1, 2, 3] | -1 => 3
nth | [1, 2, 3] | -3 => 1
nth | [1, 2, 3] | 3 => !Index: nth 3 of a List of 3
nth | [1, 2, 3] | -4 => !Index: nth -4 of a List of 3
nth | [1] | 100000000000000000000 => !Index: nth 100000000000000000000 of a List of 1
nth | [1] | 0.0 => !Type: nth takes an Int, not a Float
nth | [1] | true => !Type: nth takes an Int, not a Bool
length | [1, [2, 3]] => 2
length | "häß𝄞" => 4
length | {"a": 1} => 1
length | 5 => !Type: length takes a List, a String or a Hash, not an Int
append | [1] | 2 => [1, 2]
append | null | 1 => [1]
append | 1 | 1 => !Type: append takes a List, not an Int
conc | [1] | [2] => [1, 2]
conc | 1 | [2] => [1, 2]
conc | null | [2] => [null, 2]
conc | [1] | null => [1]
conc | [] | [2] => [2]
conc | [1] | 2 => !Type: conc takes a List, not an Int
hash | => {}
hash | "a" | 1 | 1 | 2 | 1.0 | 3 => {"a": 1, 1: 3}
hash | "a" => !Arity: hash takes keys and values in turn, but got 1 arguments
hash | [1] | 2 => !Key: a List cannot be a key of a Hash
hash | nan | 2 => !Key: NaN cannot be a key of a Hash, because it equals nothing
get | {"a": 1} | "a" => 1
get | {"a": 1} | "b" => null
get | {} | [1] => !Key: a List cannot be a key of a Hash
get | [1] | 0 => !Type: get takes a Hash, not a List
set | {"a": 1} | :a | 2 => {"a": 1, :a: 2}
set | {"a": 1, "b": 2} | "a" | 3 => {"a": 3, "b": 2}
set | null | "a" | 3 => !Type: set takes a Hash, not Null
nullp | null => true
nullp | "" => true
nullp | {} => true
nullp | 0 => false
nullp | [null] => false
atomp | [] => false
atomp | {} => true
parse_int | " -42\n" => -42
parse_int | "007" => 7
parse_int | "1_000" => 1000
parse_int | "٣٤" => 34
parse_int | "000000000000000000000000000000" => 0
parse_int | "-00000000000000000000000000000012" => -12
parse_int | "123456789012345678901234567890" => 123456789012345678901234567890
parse_int | 2.9 => 2
parse_int | -2.9 => -2
parse_int | 1e20 => 100000000000000000000
parse_int | "1.0" => !Type: parse_int: "1.0" spells no Int
parse_int | nan => !Type: parse_int: there is no Int for nan
parse_int | null => !Type: parse_int takes a String or a number, not Null
parse_float | "1e3" => 1000.0
parse_float | "-Infinity" => -inf
parse_float | 3 => 3.0
parse_float | "0x10" => !Type: parse_float: "0x10" spells no number
str | "a\n" => "a\n"
str | [1, "a", null, {"k": true}] => "[1, \"a\", null, {\"k\": true}]"
str | ["\u00e9\u0000\u2028\"\\\n\r\t\u007f\udbff\udfff"] => "[\"é\\x00\\u2028\\\"\\\\\\n\\r\\t\\x7f\\U0010ffff\"]"
str | :sym => ":sym"
str | 1e16 => "1e+16"
str | <future 0.1> => "<future 0.1>"
signal | 1 | 2 => !Type: signal takes a String, not an Int
signal | "error" | "bad" => !error: bad
signal | "error" | {"kind": 1} => !error: {"kind": 1}
future | "" => !Type: future takes a name of 1 to 512 bytes, not of 0
future | "x" => <future f:x>
first_of | [] => !Index: first_of takes at least one future
first_of | [1, 2] => [0, 1]
with_timeout | 5 | 1 => 5
with_timeout | 5 | -1 => !Type: with_timeout takes a number of seconds from 0 on, not -1
with_timeout | [5] | 1 => !Type: with_timeout takes one future, not a List
check.list | "map" | [1] => [1]
check.list | "map" | {} => !Type: map takes a List, not a Hash
check.count | "pmap" | "limit" | 1 => 1
check.count | "pmap" | "limit" | 1.0 => !Type: pmap takes an Int as limit, not a Float
check.count | "pmap" | "limit" | 0 => !Type: pmap takes a limit of at least 1, not 0
check.count | "pmap" | "limit" | -100000000000000000000 => !Type: pmap takes a limit of at least 1, not -100000000000000000000
sleep | "1" => !Type: sleep takes a number of seconds, not a String
sleep | nan => !Type: sleep takes a number of seconds from 0 on, not nan
sleep | 1e300 => !Limit: sleep takes at most 1000000000 seconds
range | 3 => [0, 1, 2]
range | 0 => []
range | -3 => []
range | 2 | 5 => [2, 3, 4]
range | 5 | 2 | -1 => [5, 4, 3]
range | 0 | 10 | 4 => [0, 4, 8]
range | 1 | 2 | 0 => !Type: range takes a step other than 0
range | 9223372036854775806 | 9223372036854775809 => [9223372036854775806, 9223372036854775807, 9223372036854775808]
range | 1 | 3 | 100000000000000000000 => [1]
range | 1.5 => !Type: range takes an Int, not a Float
zip | [1, 2, 3] | ["a", "b"] => [[1, "a"], [2, "b"]]
zip | [] | [1] => []
reverse | [1, 2, 3] => [3, 2, 1]
reverse | [] => []
sort | [3, 1.5, 2, 100000000000000000000, -1] => [-1, 1.5, 2, 3, 100000000000000000000]
sort | [1, 1.0, 0] => [0, 1, 1.0]
sort | ["b", "a", "B", "é", ""] => ["", "B", "a", "b", "é"]
sort | [1, "a"] => !Type: sort takes only numbers or only Strings: an Int is the first, a String is at index 1
sort | [true] => !Type: sort takes numbers or Strings, not a Bool
sort.by_keys | [2, 1, 2] | ["x", "y", "z"] => ["y", "x", "z"]
sort.by_keys | [2] | [] => !Type: sort_by takes a key for each of 0 elements, not 1 keys
keys | {"a": 1, "b": 2} => ["a", "b"]
values | {"a": 1, "b": 2} => [1, 2]
items | {"a": 1} => [["a", 1]]
keys | [1] => !Type: keys takes a Hash, not a List
contains | [1, [2]] | [2.0] => true
contains | [1] | "1" => false
contains | {"1": 1} | 1 => false
contains | "hark" | "ar" => true
contains | "hark" | "" => true
contains | "hark" | 1 => !Type: contains takes a String, not an Int
contains | 1 | 1 => !Type: contains takes a List, a Hash or a String, not an Int
join | ["a", "b"] | ", " => "a, b"
join | [] | "," => ""
join | ["a", 1] | "," => !Type: join takes a List of Strings, but there is an Int at index 1
split | "a,b,,c" | "," => ["a", "b", "", "c"]
split | "" | "," => [""]
split | "a" | "" => !Type: split takes a separator that is not empty
upper | "straße ﬁ" => "STRASSE FI"
lower | "ΟΔΟΣ ΣΑΣ. Σ İ" => "οδος σας. σ i̇"
trim | " \t\n\u00a0\u2003a b\u0085" => "a b"
replace | "aaa" | "aa" | "b" => "ba"
replace | "né" | "" | "-" => "-n-é-"
format | "{} {1}" | 1 | 2 => !Type: cannot switch from automatic field numbering to manual field specification
format | "{1} {}" | 1 | 2 => !Type: cannot switch from manual field specification to automatic field numbering
format | "{{{}}}" | ["a"] => "{[\"a\"]}"
format | "{}" => !Index: Replacement index 0 out of range for 0 arguments
format | "}" => !Type: Single '}' encountered in format string
format | "{" => !Type: Single '{' encountered in format string
format | "{0" => !Type: expected '}' before end of string
format | "{name}" => !Type: format fills in {} and {0}, not {name}
format | "no fields" | 1 => "no fields"
min | 3 | 1 | 2.5 => 1
min | [1, 1.0] => 1
max | [1.0, 1] => 1.0
max | "a" | "b" => "b"
min | [] => !Index: min of an empty List
max | 3 => !Type: max takes one List, or several numbers or Strings, not an Int
min | [null] => !Type: min takes numbers or Strings, not Null
abs | -5 => 5
abs | -0.0 => 0.0
abs | -9223372036854775808 => 9223372036854775808
abs | -100000000000000000000 => 100000000000000000000
abs | "a" => !Type: abs takes a number, not a String
round | 2.5 => 2
round | 3.5 => 4
round | -0.5 => 0
round | 1e20 => 100000000000000000000
round | 2.675 | 2 => 2.67
round | 1250 | -2 => 1200
round | 1350 | -2 => 1400
round | -15 | -1 => -20
round | 15 | -100 => 0
round | 1e22 | -21 => 1e+22
round | 1.5 | 100000000000000000000 => 1.5
round | inf => !Type: round: there is no Int for inf
round | 1.7976931348623157e308 | -308 => !Limit: round: the result is too large for a Float
round | true => !Type: round takes a number, not a Bool
to_json | {"a": [1, 2.5, null, true], "1": {}} => "{\"a\": [1, 2.5, null, true], \"1\": {}}"
to_json | :a => !Type: a Symbol has no JSON
from_json | "{\"a\": 1, \"b\": [], \"a\": 2}" => {"a": 2, "b": []}
from_json | "[1,]" => !Type: Expecting value: line 1 column 4 (char 3)
from_json | "\"\\ud800\"" => !Type: Lone surrogate \ud800: line 1 column 2 (char 1)
from_json | 1 => !Type: from_json takes a String, not an Int
type_of | null => "Null"
type_of | 1.0 => "Float"
type_of | 100000000000000000000 => "Int"
type_of | :a => "Symbol"
type_of | <future 0> => "Future"
`

func TestBuiltins(t *testing.T) {
	for line := range strings.Lines(strings.TrimSpace(builtinCases)) {
		call, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=> ")
		require.True(t, ok, line)
		parts := strings.Split(call, "|")
		var args []Value
		for _, part := range parts[1:] {
			if part = strings.TrimSpace(part); part != "" {
				args = append(args, value(t, part))
			}
		}
		got, err := callBuiltin(t, strings.TrimSpace(parts[0]), args...)
		if err != nil {
			assert.Equal(t, want, "!"+err.Kind+": "+err.Message, line)
			continue
		}
		assert.Equal(t, want, Literal(got), line)
	}
}
