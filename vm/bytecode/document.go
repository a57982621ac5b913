package bytecode

import (
	"fmt"
	"strings"
)

// operandLetters are what the documentation calls operands, by their meaning.
var operandLetters = map[Operand]string{
	Def: "R", Use: "R", UseDef: "R", Window: "R", WindowV: "R", Items: "R", Pairs: "R", Captured: "R", WideDef: "R", WideUse: "R",
	Count: "count", Flag: "flag", Small: "small", Imm: "number", Target: "@", ConstRef: "constant", NameRef: "name", NamesRef: "names",
	FuncRef: "F", ImportRef: "I", BuiltinRef: "B", CaptureRef: "capture",
}

// Documentation is the table of operations as Markdown.
func Documentation() string {
	var b strings.Builder
	b.WriteString("| operation | a | b | c | d | what it does |\n|---|---|---|---|---|---|\n")
	for _, row := range rows {
		fmt.Fprintf(&b, "| `%s` |", row.Name)
		for _, kind := range row.operands() {
			fmt.Fprintf(&b, " %s |", operandLetters[kind])
		}
		doc := "`" + strings.ReplaceAll(row.Doc, "|", "\\|") + "`"
		if row.Blocks {
			doc += " *may wait*"
		}
		fmt.Fprintf(&b, " %s |\n", doc)
	}
	return b.String()
}
