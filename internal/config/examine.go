package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// What decoding would pass over in silence is found by a second reading, over the syntax: keys that mean nothing, and
// levels and codes of [lint] that do not exist. Only the syntax has positions for all of them.

var projectKeys = []string{
	"hark_file", "python_src", "python_requirements", "data_dir", "package", "build_cmd", "python",
}

var instanceKeys = []string{
	"lambda_timeout", "lambda_memory", "env", "extra_layers", "policy_file", "s3_access", "managed_buckets",
	"upload_triggers", "enable_api", "schedule", "runtime", "architecture", "session_ttl", "session_max_age",
	"max_concurrency", "notify_topic",
}

var lintKey = regexp.MustCompile(`^HK\d{4}$`)

// examiner walks the top-level expressions of a file.
type examiner struct {
	parser   unstable.Parser
	table    []string
	warnings []diag.Diagnostic
	// ages are those of instances, by their names; wrong is the first value that is none.
	ages  map[string]Ages
	wrong *Error
}

func examine(text []byte) *examiner {
	x := &examiner{}
	x.parser.Reset(text)
	for x.parser.NextExpression() {
		x.expression(x.parser.Expression())
	}
	return x // a syntax error is reported by the decoder
}

func (x *examiner) expression(node *unstable.Node) {
	key, at := x.key(node)
	switch node.Kind {
	case unstable.Table, unstable.ArrayTable:
		x.table = key
		x.check(key, at, nil)
	case unstable.KeyValue:
		x.keyValue(append(slices.Clone(x.table), key...), at, node.Value())
	}
}

func (x *examiner) keyValue(key []string, at unstable.Range, value *unstable.Node) {
	if value.Kind != unstable.InlineTable {
		x.check(key, at, value)
		return
	}
	for it := value.Children(); it.Next(); {
		inner, at := x.key(it.Node())
		x.keyValue(append(slices.Clone(key), inner...), at, it.Node().Value())
	}
}

// key is the dotted key of a node, and the place of its last part.
func (x *examiner) key(node *unstable.Node) (key []string, last unstable.Range) {
	for it := node.Key(); it.Next(); {
		key = append(key, string(it.Node().Data))
		last = it.Node().Raw
	}
	return key, last
}

// check says what is wrong with one key; value is nil for a table's header.
func (x *examiner) check(key []string, at unstable.Range, value *unstable.Node) {
	switch {
	case key[0] == "project":
		x.known(key[1:], projectKeys, at)
	case key[0] == "instance":
		x.instance(key[1:], at, value)
	case key[0] == "lint" && len(key) > 1:
		x.lint(key[1], at, value)
	case key[0] != "lint" && (len(key) == 1 || value == nil):
		x.warn(diag.UnknownKey, at, "unknown key '%s' has no effect; known are [project], [instance] and [lint]", key[0])
	}
}

// instance checks a key of [instance], or of [instance.NAME], which has the same keys.
func (x *examiner) instance(key []string, at unstable.Range, value *unstable.Node) {
	name, named := "", len(key) > 0 && (len(key) > 1 || value == nil)
	if named && !isInstanceKey(key[0]) {
		name, key = key[0], key[1:]
	}
	x.known(key, instanceKeys, at)
	if len(key) == 1 {
		x.age(name, key[0], at, value)
	}
}

func (x *examiner) known(key, all []string, at unstable.Range) {
	if len(key) > 0 && !slices.Contains(all, key[0]) {
		x.warn(diag.UnknownKey, at, "unknown key '%s' has no effect; known are %s", strings.Join(key, "."), strings.Join(all, ", "))
	}
}

func (x *examiner) lint(code string, at unstable.Range, value *unstable.Node) {
	if number, err := strconv.ParseUint(strings.TrimPrefix(code, "HK"), 10, 16); !lintKey.MatchString(code) || err != nil || !known(diag.Code(number)) {
		x.warn(diag.UnknownLevel, at, "'%s' is no code of a diagnostic; codes look like HK0101", code)
		return
	}
	if value != nil && value.Kind == unstable.String && !slices.Contains(Levels, Level(value.Data)) {
		x.warn(diag.UnknownLevel, at, "'%s' is no level; levels are off, hint, info, warning, error", value.Data)
	}
}

func (x *examiner) warn(code diag.Code, at unstable.Range, format string, args ...any) {
	d := diag.New(code, fmt.Sprintf(format, args...))
	d.Span = source.Span{Start: int32(at.Offset), End: int32(at.Offset + at.Length)}
	x.warnings = append(x.warnings, d)
}

// known says whether there is such a code.
func known(code diag.Code) bool {
	_, found := diag.Find(code)
	return found
}
