package vm

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Where the language does what Python does, Python itself is asked. One run of the interpreter answers thousands of cases.

// pythonCase is an expression whose value is a str, and what this machine says that is. A want that starts with "!" is an
// exception: its message, or "!" alone if only that there is one counts.
type pythonCase struct{ expression, want string }

const oracle = `
import json, sys
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)
for line in sys.stdin:
    try:
        answer = eval(line)
    except Exception as e:
        answer = "!" + str(e)
    print(json.dumps(answer))
`

// pinnedPython is the Python whose Unicode tables and messages are this machine's; others differ in details.
const pinnedPython = "Python 3.11."

// agreeWithPinnedPython is agreeWithPython for what differs between Pythons: another one than the pinned is not asked.
func agreeWithPinnedPython(t *testing.T, cases []pythonCase) {
	t.Helper()
	version, err := exec.Command("python3", "--version").Output()
	require.NoError(t, err)
	if strings.HasPrefix(string(version), pinnedPython) {
		agreeWithPython(t, cases)
	}
}

// agreeWithPython compares all cases with what Python says.
func agreeWithPython(t *testing.T, cases []pythonCase) {
	t.Helper()
	require.NotEmpty(t, cases)
	var input, output, problems bytes.Buffer
	for _, c := range cases {
		require.NotContains(t, c.expression, "\n")
		input.WriteString(c.expression + "\n")
	}
	python := exec.Command("python3", "-c", oracle)
	python.Stdin, python.Stdout, python.Stderr = &input, &output, &problems
	require.NoError(t, python.Run(), problems.String())
	lines := strings.Split(strings.TrimSuffix(output.String(), "\n"), "\n")
	require.Len(t, lines, len(cases))
	wrong := 0
	for i, c := range cases {
		var answer string
		require.NoError(t, json.Unmarshal([]byte(lines[i]), &answer), c.expression)
		if c.want == "!" && strings.HasPrefix(answer, "!") {
			continue
		}
		if answer != c.want {
			assert.Equal(t, answer, c.want, c.expression)
			if wrong++; wrong == 20 {
				t.Fatal("and more")
			}
		}
	}
}

// pyText is text as a Python literal.
func pyText(s string) string { return strconv.QuoteToASCII(s) }

// pyFloat is a Float as a Python expression.
func pyFloat(f float64) string {
	return "float.fromhex('" + strconv.FormatFloat(f, 'x', -1, 64) + "')"
}

// callBuiltin calls a builtin as the machine does.
func callBuiltin(t testing.TB, name string, args ...Value) (Value, *Error) {
	t.Helper()
	v, _, err := callOn(t, &Machine{}, name, args...)
	return v, err
}

// outcomeOf is what a builtin gives as text: a String itself, other values as literals, an error as "!" and its message.
func outcomeOf(t testing.TB, name string, args ...Value) string {
	t.Helper()
	v, err := callBuiltin(t, name, args...)
	if err != nil {
		return "!" + err.Message
	}
	return Show(v)
}
