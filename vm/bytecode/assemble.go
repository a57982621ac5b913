package bytecode

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
)

// Assemble is the program of a listing, for tests of the machine. Besides what Disassemble writes it accepts
// labels ("again:" on a line of its own, "@again"), functions by name, and leaves out what can be counted: the numbers of
// instructions, functions and imports, "registers=". The listing itself becomes the program's source file, so that an
// instruction's line is its line there.
func Assemble(text string) (*Program, error) {
	a := &assembler{program: &Program{Semantics: Semantics, Files: []File{{Path: "listing.hk", Text: text}}}}
	for _, scan := range []func(line string, words []string) error{a.declare, a.fill} {
		offset := int32(0)
		a.current = -1
		for number, line := range strings.SplitAfter(text, "\n") {
			a.span = source.Span{Start: offset, End: offset + int32(len(strings.TrimRight(line, "\r\n")))}
			offset += int32(len(line))
			if err := a.scanLine(line, scan); err != nil {
				return nil, fmt.Errorf("assemble line %d: %w", number+1, err)
			}
		}
	}
	return a.program, nil
}

type assembler struct {
	program *Program
	labels  []map[string]int32 // by function
	counts  []int32            // instructions, by function
	current int                // function
	span    source.Span        // of the line
}

func (a *assembler) scanLine(line string, scan func(string, []string) error) error {
	line, _, _ = strings.Cut(line, " ; ")
	line = strings.TrimSpace(line)
	if line == "" || strings.HasPrefix(line, ";") {
		return nil
	}
	words := strings.Fields(line)
	if words[0] == "func" && !strings.Contains(line, "(") { // the operation, not a definition
		words[0] = "func "
	}
	if words[0] == "func" {
		a.current++
	} else if a.current < 0 && words[0] != "import" {
		return fmt.Errorf("%q outside of a function", words[0])
	}
	return scan(line, words)
}

// declare is the first pass: functions, imports and labels.
func (a *assembler) declare(line string, words []string) error {
	switch words[0] {
	case "func":
		return a.declareFunc(line)
	case "import":
		return a.declareImport(words)
	case "export", "handler":
		return nil
	}
	if label, ok := strings.CutSuffix(line, ":"); ok {
		a.labels[a.current][label] = a.counts[a.current]
		return nil
	}
	a.counts[a.current]++
	return nil
}

// declareImport reads: import i0 alias = "module" "name" count.
func (a *assembler) declareImport(words []string) error {
	words = slices.DeleteFunc(words[1:], func(w string) bool { return w == "=" || w == fmt.Sprintf("i%d", len(a.program.Imports)) })
	if len(words) != 4 {
		return fmt.Errorf("want: import alias = \"module\" \"name\" count")
	}
	count, err := strconv.Atoi(words[3])
	if err != nil {
		return err
	}
	a.program.Imports = append(a.program.Imports, Import{Alias: words[0], Module: strings.Trim(words[1], `"`),
		Name: strings.Trim(words[2], `"`), Count: int32(count), Span: a.span})
	return nil
}

// declareFunc reads: func f0 name(a, b) registers=4 captures=c,d.
func (a *assembler) declareFunc(line string) error {
	head, tail, ok1 := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "func")), "(")
	params, rest, ok2 := strings.Cut(tail, ")")
	if !ok1 || !ok2 {
		return fmt.Errorf("want: func name(parameters)")
	}
	f := Func{Span: a.span, Registers: 16}
	names := strings.Fields(head)
	if len(names) > 0 && names[0] == fmt.Sprintf("f%d", len(a.program.Funcs)) {
		names = names[1:]
	}
	f.Name = strings.Join(names, " ")
	for _, name := range strings.FieldsFunc(params, func(r rune) bool { return r == ',' || r == ' ' }) {
		f.Params = append(f.Params, Param{Name: name})
	}
	for _, word := range strings.Fields(rest) {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "registers":
			n, err := strconv.ParseUint(value, 10, 32)
			if err != nil {
				return err
			}
			f.Registers = uint32(n)
		case "captures":
			f.Captures = strings.Split(value, ",")
		default:
			return fmt.Errorf("unknown word %q", word)
		}
	}
	a.program.Funcs = append(a.program.Funcs, f)
	a.labels = append(a.labels, map[string]int32{})
	a.counts = append(a.counts, 0)
	return nil
}

// fill is the second pass: code, handlers and exports.
func (a *assembler) fill(line string, words []string) error {
	switch {
	case words[0] == "func" || words[0] == "import" || strings.HasSuffix(line, ":"):
		return nil
	case words[0] == "export":
		return a.export(words)
	case words[0] == "handler":
		return a.handler(words)
	}
	if _, err := strconv.Atoi(words[0]); err == nil {
		line = strings.TrimSpace(strings.TrimPrefix(line, words[0]))
	}
	in, err := a.instr(line)
	if err != nil {
		return err
	}
	f := &a.program.Funcs[a.current]
	f.Code = append(f.Code, in)
	f.Debug.Spans = append(f.Debug.Spans, a.span)
	return nil
}

// export reads: export name, or: export name = f0.
func (a *assembler) export(words []string) error {
	if len(words) != 2 && len(words) != 4 {
		return fmt.Errorf("want: export name = f0")
	}
	target := words[len(words)-1]
	for i := range a.program.Imports {
		if target == fmt.Sprintf("i%d", i) || target == a.program.Imports[i].Alias {
			a.program.Exports = append(a.program.Exports, Export{words[1], uint32(i), true})
			return nil
		}
	}
	n, err := a.function(target)
	a.program.Exports = append(a.program.Exports, Export{Name: words[1], Func: uint32(n)})
	return err
}

// handler reads: handler 0..5 -> @7 r3.
func (a *assembler) handler(words []string) error {
	if len(words) != 5 {
		return fmt.Errorf("want: handler 0..5 -> @7 r3")
	}
	first, last, _ := strings.Cut(words[1], "..")
	var numbers [4]int32
	for i, text := range []string{first, last, words[3], words[4]} {
		var err error
		if numbers[i], err = a.position(text); err != nil {
			return err
		}
	}
	f := &a.program.Funcs[a.current]
	f.Handlers = append(f.Handlers, Handler{uint32(numbers[0]), uint32(numbers[1]), uint32(numbers[2]), uint32(numbers[3])})
	return nil
}

// position reads @7, @label, label, r7 or 7.
func (a *assembler) position(text string) (int32, error) {
	text = strings.TrimPrefix(text, "@")
	if n, ok := a.labels[a.current][text]; ok {
		return n, nil
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(text, "r"), 10, 32)
	return int32(n), err
}

func (a *assembler) function(text string) (int32, error) {
	for i := range a.program.Funcs {
		if text == a.program.Funcs[i].Name || text == fmt.Sprintf("f%d", i) {
			return int32(i), nil
		}
	}
	return 0, fmt.Errorf("no function %s", text)
}

func (a *assembler) instr(line string) (Instr, error) {
	name, rest, _ := strings.Cut(line, " ")
	at := slices.IndexFunc(rows, func(r Row) bool { return r.Name == name })
	if at < 0 {
		return Instr{}, fmt.Errorf("no operation %q", name)
	}
	row := &rows[at]
	texts := splitOperands(rest)
	var values [4]int32
	for i, kind := range row.operands() {
		if kind == None {
			continue
		}
		if len(texts) == 0 {
			return Instr{}, fmt.Errorf("%s: too few operands", name)
		}
		var err error
		if values[i], err = a.operand(kind, texts[0]); err != nil {
			return Instr{}, fmt.Errorf("%s: operand %q: %w", name, texts[0], err)
		}
		texts = texts[1:]
	}
	if len(texts) > 0 {
		return Instr{}, fmt.Errorf("%s: too many operands", name)
	}
	return Instr{row.Op, uint8(values[0]), uint8(values[1]), uint8(values[2]), values[3]}, nil
}

// splitOperands splits at commas outside of quotes.
func splitOperands(text string) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quoted:
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == ',' && !quoted:
			parts = append(parts, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	if last := strings.TrimSpace(text[start:]); last != "" {
		parts = append(parts, last)
	}
	return parts
}

func (a *assembler) operand(kind Operand, text string) (int32, error) {
	switch kind {
	case FuncRef:
		return a.function(text)
	case ImportRef:
		n, err := strconv.ParseInt(strings.TrimPrefix(text, "i"), 10, 32)
		return int32(n), err
	case BuiltinRef:
		n, ok := FindBuiltin(text)
		if !ok {
			return 0, fmt.Errorf("no such builtin")
		}
		return int32(n), nil
	case NameRef:
		return a.constant(Const{Kind: ConstName, Text: text}), nil
	case NamesRef:
		names := strings.Fields(strings.Trim(text, "()"))
		if len(names) == 0 {
			return -1, nil
		}
		return a.constant(Const{Kind: ConstNames, Names: names}), nil
	case ConstRef:
		k, err := parseConst(text)
		return a.constant(k), err
	}
	return a.position(text)
}

func parseConst(text string) (Const, error) {
	if strings.HasPrefix(text, `"`) {
		s, err := strconv.Unquote(text)
		return Const{Kind: ConstString, Text: s}, err
	}
	if name, ok := strings.CutPrefix(text, ":"); ok {
		return Const{Kind: ConstSymbol, Text: name}, nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return Const{Kind: ConstInt, Int: n}, nil
	}
	if _, ok := new(big.Int).SetString(text, 10); ok {
		return Const{Kind: ConstBigInt, Text: text}, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	return Const{Kind: ConstFloat, Float: f}, err
}

// constant is the index of k in the table of constants.
func (a *assembler) constant(k Const) int32 {
	at := slices.IndexFunc(a.program.Consts, func(have Const) bool { return have.Kind == k.Kind && have.String() == k.String() })
	if at < 0 {
		at = len(a.program.Consts)
		a.program.Consts = append(a.program.Consts, k)
	}
	return int32(at)
}
