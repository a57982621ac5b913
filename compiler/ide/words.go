package ide

// What there is to say of the words of the language: keywords, attributes and types, for hover and completion.

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// keywordDocs explain the keywords, in Markdown.
var keywordDocs = map[syntax.Token]string{
	syntax.KwFn: "Defines a function: `fn name(a, b: Int) -> Int { … }`. Its value is that of the last expression of its body, and a call as " +
		"its last act takes no space, so that recursion is iteration.",
	syntax.KwLambda: "A function without a name of its own: `lambda(x) { x + 1 }`. It takes the values of the names around it with it, as they " +
		"are when it is created.",
	syntax.KwIf: "`if c { … } else { … }` is the value of the branch taken, `null` if there is none. `false` and `null` do not hold, all else " +
		"does.",
	syntax.KwElse:   "The branch that is taken if the condition does not hold.",
	syntax.KwAsync:  "`async f(x)` starts the call in a new thread and is its future at once.",
	syntax.KwAwait:  "`await x` waits for a future, or for all that a List holds, and is the value; any other value it returns as it is.",
	syntax.KwTrue:   "The Bool that holds.",
	syntax.KwFalse:  "The Bool that does not hold.",
	syntax.KwNull:   "The value that stands for nothing. As a condition it does not hold.",
	syntax.KwTry:    "`try { … } catch e { … }` is the value of the first block, or, if that raises, of the second, with the error in `e`.",
	syntax.KwCatch:  "What is done when the block before raises. The error is a Hash with `kind`, `message`, `function`, `line`, `thread` and `traceback`.",
	syntax.KwImport: "`import(name, module, 2)` makes a Python function known that is called with two arguments, `import(name, :hark module)` a function of another Hark file; `:as` or a last name gives it another name.",
}

// symbolDocs explain the symbols that an import has.
var symbolDocs = map[string]string{
	"python": "The function is one of a Python module. This is what is meant where nothing is said.",
	"hark":   "The function is one of another Hark file of the project: `lib.util` is `lib/util.hk`, from the project's root.",
	"as":     "The name by which the function is known here.",
}

// attributeDocs explain the attributes.
var attributeDocs = map[string]string{
	"retry":        "A call of the Python function that raises is repeated, up to `max` calls with the first one. The second waits `backoff` seconds, each later one twice as long as the one before; with `on`, only these kinds of errors are tried again.",
	"timeout":      "The seconds after which the call fails with an error of kind `Timeout`; for a function, its thread, counted from the `async`.",
	"at_most_once": "A call whose worker or machine dies before it has answered fails; without this it would be made again.",
	"memory":       "The threads that start here run on workers with this much memory, in megabytes.",
}

// attributeParamDocs explain the arguments of attributes.
var attributeParamDocs = map[string]string{
	"retry.max":        "How often the call is made at most, the first time included; 3 if it is not said.",
	"retry.backoff":    "The seconds to wait before the second try; each further wait is twice as long.",
	"retry.on":         "The kinds of errors after which it is tried again, a String or a List of them; a Python class stands for its subclasses too.",
	"timeout.seconds":  "The seconds, which may have a fraction.",
	"memory.megabytes": "The megabytes of memory.",
}

// typeDocs explain the types of the notation.
var typeDocs = map[string]string{
	"Int":    "A whole number of any size.",
	"Float":  "A number with a fraction, as IEEE 754 has it.",
	"Bool":   "`true` or `false`.",
	"String": "Text, counted in code points.",
	"Symbol": "A name as a value, `:red`.",
	"Null":   "`null`, and nothing else.",
	"Any":    "Any value: nothing is checked.",
	"List":   "`List[T]`: values of type T in a row.",
	"Hash":   "`Hash[K, V]`: values of type V by keys of type K, in the order in which they came.",
	"Future": "`Future[T]`: a value of type T that is still being computed by a thread; `await` gives it.",
	"Fn":     "`Fn[A, B, R]`: a function that takes an A and a B and returns an R; the result comes last.",
}

// typeNames are the types, in the order in which they are offered.
var typeNames = []string{"Int", "Float", "Bool", "String", "Symbol", "Null", "Any", "List", "Hash", "Future", "Fn"}

// attributeInfo describes an attribute; false if there is none of this name.
func attributeInfo(name string) (resolve.AttributeInfo, bool) {
	for _, info := range resolve.DescribeAttributes() {
		if info.Name == name {
			return info, true
		}
	}
	return resolve.AttributeInfo{}, false
}

// attributeHead is an attribute with its arguments, as it is written: "#[retry(max, backoff, on)]".
func attributeHead(info resolve.AttributeInfo) string {
	text := info.Name
	for i, p := range info.Params {
		if i == 0 {
			text += "("
		} else {
			text += ", "
		}
		text += p.Name
	}
	if len(info.Params) > 0 {
		text += ")"
	}
	return "#[" + text + "]"
}
