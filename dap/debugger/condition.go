package debugger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/vm"
)

// Expressions that are evaluated at one place again and again: conditions, and what stands in braces in the message of a logpoint. Where
// the values of their names lie is found out once, and so is whether there are any.

// fixed is an expression for one place, and for machines of one Code.
type fixed struct {
	*expression
	from []origin
}

// origin is where the value of a name lies.
type origin struct {
	kind  originKind
	index int
}

type originKind uint8

const (
	inRegister originKind = iota
	inCapture
	inFunction // it is a function of the program
)

// visible are the names that a frame has when it comes to a place, with where their values are. A later name hides an earlier one.
func (d *Program) visible(code *vm.Code, p Place) map[string]origin {
	names := map[string]origin{}
	if p.Function < 0 || p.Function >= len(d.Funcs) {
		return names
	}
	f := &d.Funcs[p.Function]
	if len(f.Captures) == 0 && f.Name != "" {
		names[f.Name] = origin{inFunction, p.Function}
	}
	for i, name := range f.Captures {
		names[name] = origin{inCapture, i}
	}
	assigned, _ := code.Assigned(p.Function, p.PC)
	for _, params := range []bool{true, false} {
		for _, l := range f.Debug.Locals {
			pc := uint32(p.PC)
			if l.Param != params || pc < l.Start && !l.Param || pc >= l.End || !slices.Contains(assigned, int(l.Reg)) {
				continue
			}
			names[l.Name] = origin{inRegister, int(l.Reg)}
		}
	}
	return names
}

// fix compiles a text for a place.
func (d *Program) fix(code *vm.Code, p Place, text string) (*fixed, error) {
	known := d.visible(code, p)
	names := usedNames(text, known)
	e, err := d.compile(code, d.fileOf(p), text, names)
	if err != nil {
		return nil, err
	}
	x := &fixed{expression: e}
	for _, name := range names {
		x.from = append(x.from, known[name])
	}
	return x, nil
}

// value is that of the expression in the innermost frame of a machine that stands at its place.
func (x *fixed) value(ctx context.Context, m *vm.Machine, futures func(string) Future) (vm.Value, error) {
	args := make([]vm.Value, len(x.from))
	var captures []vm.Value
	for i, from := range x.from {
		switch from.kind {
		case inRegister:
			args[i] = m.Visible(from.index)
		case inFunction:
			args[i] = m.Code().Function(from.index)
		case inCapture:
			if captures == nil {
				captures = m.Captures(0)
			}
			if from.index < len(captures) {
				args[i] = captures[from.index]
			}
		}
		if args[i].IsUnset() {
			return vm.Null, fmt.Errorf("%s has no value here", x.names[i])
		}
	}
	return x.run(ctx, m, args, &world{futures: futures, fuel: conditionFuel})
}

// template is the message of a logpoint: texts with an expression after each but the last.
type template struct {
	texts       []string
	expressions []string
}

// parseTemplate takes a message apart. Braces within an expression have to be balanced; \{ and \} are braces of the text.
func parseTemplate(message string) (template, error) {
	var t template
	var text strings.Builder
	for i := 0; i < len(message); i++ {
		switch c := message[i]; {
		case c == '\\' && i+1 < len(message) && strings.IndexByte(`{}\`, message[i+1]) >= 0:
			i++
			text.WriteByte(message[i])
		case c == '{':
			n := closing(message[i:])
			if n < 0 {
				return t, fmt.Errorf("the message %q has a { without its }", message)
			}
			t.texts = append(t.texts, text.String())
			t.expressions = append(t.expressions, strings.TrimSpace(message[i+1:i+n]))
			text.Reset()
			i += n
		default:
			text.WriteByte(c)
		}
	}
	t.texts = append(t.texts, text.String())
	return t, nil
}

// closing is where the brace that a text begins with is closed, -1 if it is not. Braces in strings do not count.
func closing(text string) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// CheckBreakpoint says what is wrong with the texts of a breakpoint, as far as that can be told without its place: whether they are what
// they are to be.
func CheckBreakpoint(b Breakpoint) error {
	r := newRule(b.ID, b.Condition, b.Hits, b.Message)
	if r.wrong != nil {
		return r.wrong
	}
	if name := assigns(r.condition); name != "" {
		return fmt.Errorf("the condition %s assigns to %s: a comparison has ==", r.condition, name)
	}
	for _, text := range r.expressions() {
		if err := oneExpression(functionOf(text, nil)); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}

// expressions are those of all its texts.
func (r *rule) expressions() []string {
	all := r.message.expressions
	if r.condition != "" {
		all = append([]string{r.condition}, all...)
	}
	return all
}

// assigns is the name that a text assigns to, as in "x = 1"; "" if it does not.
func assigns(text string) string {
	name, value, _ := strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	if value == "" || strings.HasPrefix(value, "=") || nameInText.FindString(name) != name || oneExpression(functionOf(text, nil)) != nil {
		return ""
	}
	return name
}

// CheckBreakpoint says what is wrong with the texts of a breakpoint at its place.
func (d *Program) CheckBreakpoint(code *vm.Code, b Breakpoint) error {
	if err := CheckBreakpoint(b); err != nil {
		return err
	}
	for _, text := range newRule(b.ID, b.Condition, b.Hits, b.Message).expressions() {
		if _, err := d.fix(code, b.Place, text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}
