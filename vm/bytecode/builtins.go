package bytecode

// Builtin is a function that the machine itself provides.
type Builtin struct {
	Name string
	// Min and Max are the numbers of arguments it takes; Max is -1 if there is no upper bound.
	Min, Max int
	// Params names the arguments, for named ones and for editors. Where Max is -1 the last name stands for all that follow.
	Params []string
	// Signature is one line per way of calling it, in Hark's notation of types. A single capital letter is a type variable
	// and "T..." stands for any number of arguments.
	Signature string
	// Doc is Markdown: a first paragraph of one sentence, then what else one has to know.
	Doc string
	// Examples are lines "EXPRESSION // VALUE"; each is true, a test runs them.
	Examples []string
	// Prelude: the name belongs to the prelude rather than to the core of the language.
	Prelude bool
	// Internal: only the prelude's own files may name it.
	Internal bool
	Effect   Effect
}

// Effect is what a call of a builtin does besides computing its value.
type Effect uint8

const (
	// Pure: nothing; the same arguments always give the same value or error.
	Pure Effect = iota
	// Output: it may write a line to the session's output.
	Output
	// Sleep: the thread stops for some seconds.
	Sleep
	// Await: the thread stops until a future is resolved.
	Await
	// Identity: its value depends on which session or thread calls it.
	Identity
)

// Accepts says whether the builtin can be called with this number of arguments.
func (b *Builtin) Accepts(arguments int) bool {
	return arguments >= b.Min && (b.Max < 0 || arguments <= b.Max)
}

// Builtins is the table. A program names a builtin by its index: within one number of Semantics rows are only ever added,
// and at the end.
var Builtins = append(append([]Builtin{}, coreBuiltins...), preludeBuiltins...)

var builtinIndex = func() map[string]int {
	index := make(map[string]int, len(Builtins))
	for i, b := range Builtins {
		index[b.Name] = i
	}
	return index
}()

// FindBuiltin is the index of a builtin in Builtins.
func FindBuiltin(name string) (int, bool) {
	i, ok := builtinIndex[name]
	return i, ok
}
