package bytecode

// The functions of the prelude that take no function, and are therefore the machine's own; those that take one are written
// in Hark.
var preludeBuiltins = []Builtin{
	{
		Name: "range", Min: 1, Max: 3, Params: []string{"start", "stop", "step"}, Prelude: true,
		Signature: "fn range(stop: Int) -> List[Int]\nfn range(start: Int, stop: Int) -> List[Int]\n" +
			"fn range(start: Int, stop: Int, step: Int) -> List[Int]",
		Doc: "The Ints from `start` (0 if it is not given) up to `stop`, which is not among them, in steps of `step`.\n\n" +
			"A negative step counts down; a step of 0 is an error.",
		Examples: []string{`range(3) // [0, 1, 2]`, `range(1, 4) // [1, 2, 3]`, `range(5, 0, -2) // [5, 3, 1]`},
	},
	{
		Name: "zip", Min: 2, Max: 2, Params: []string{"a", "b"}, Prelude: true,
		Signature: "fn zip(a: List[Any], b: List[Any]) -> List[List[Any]]",
		Doc:       "The pairs of the elements of two Lists that stand at the same index; what one of them has more is left out.",
		Examples:  []string{`zip([1, 2, 3], ["a", "b"]) // [[1, "a"], [2, "b"]]`},
	},
	{
		Name: "reverse", Min: 1, Max: 1, Params: []string{"xs"}, Prelude: true,
		Signature: "fn reverse(xs: List[T]) -> List[T]",
		Doc:       "The elements of a List from the last to the first.",
		Examples:  []string{`reverse([1, 2, 3]) // [3, 2, 1]`},
	},
	{
		Name: "sort", Min: 1, Max: 1, Params: []string{"xs"}, Prelude: true,
		Signature: "fn sort(xs: List[T]) -> List[T]",
		Doc: "The elements of a List of numbers, or of Strings, in ascending order; equal ones keep theirs.\n\n" +
			"Strings are ordered by their characters' numbers. NaN has no order and is an error.",
		Examples: []string{`sort([3, 1, 2.5]) // [1, 2.5, 3]`, `sort(["b", "a"]) // ["a", "b"]`},
	},
	{
		Name: "keys", Min: 1, Max: 1, Params: []string{"hash"}, Prelude: true,
		Signature: "fn keys(hash: Hash[K, V]) -> List[K]",
		Doc:       "The keys of a Hash, in the order in which they were first set.",
		Examples:  []string{`keys({"a": 1, "b": 2}) // ["a", "b"]`},
	},
	{
		Name: "values", Min: 1, Max: 1, Params: []string{"hash"}, Prelude: true,
		Signature: "fn values(hash: Hash[K, V]) -> List[V]",
		Doc:       "The values of a Hash, in the order of its keys.",
		Examples:  []string{`values({"a": 1, "b": 2}) // [1, 2]`},
	},
	{
		Name: "items", Min: 1, Max: 1, Params: []string{"hash"}, Prelude: true,
		Signature: "fn items(hash: Hash[K, V]) -> List[List[Any]]",
		Doc:       "The pairs `[key, value]` of a Hash, in the order of its keys.",
		Examples:  []string{`items({"a": 1, "b": 2}) // [["a", 1], ["b", 2]]`},
	},
	{
		Name: "contains", Min: 2, Max: 2, Params: []string{"c", "x"}, Prelude: true,
		Signature: "fn contains(c: List[T], x: T) -> Bool\nfn contains(c: Hash[K, V], x: K) -> Bool\n" +
			"fn contains(c: String, x: String) -> Bool",
		Doc:      "Whether a List has an element equal to `x`, a Hash the key `x`, or a String the part `x`.",
		Examples: []string{`contains([1, 2], 2.0) // true`, `contains({"a": 1}, "b") // false`, `contains("hark", "ar") // true`},
	},
	{
		Name: "join", Min: 2, Max: 2, Params: []string{"xs", "sep"}, Prelude: true,
		Signature: "fn join(xs: List[String], sep: String) -> String",
		Doc:       "The Strings of a List one after the other, with `sep` between them.",
		Examples:  []string{`join(["a", "b", "c"], ", ") // "a, b, c"`},
	},
	{
		Name: "split", Min: 2, Max: 2, Params: []string{"s", "sep"}, Prelude: true,
		Signature: "fn split(s: String, sep: String) -> List[String]",
		Doc:       "The parts of `s` between the places where `sep` stands; an empty `sep` is an error.",
		Examples:  []string{`split("a,b,,c", ",") // ["a", "b", "", "c"]`},
	},
	{
		Name: "upper", Min: 1, Max: 1, Params: []string{"s"}, Prelude: true,
		Signature: "fn upper(s: String) -> String",
		Doc:       "The String in capital letters.",
		Examples:  []string{`upper("straße") // "STRASSE"`},
	},
	{
		Name: "lower", Min: 1, Max: 1, Params: []string{"s"}, Prelude: true,
		Signature: "fn lower(s: String) -> String",
		Doc:       "The String in small letters.",
		Examples:  []string{`lower("ΟΔΟΣ") // "οδος"`},
	},
	{
		Name: "trim", Min: 1, Max: 1, Params: []string{"s"}, Prelude: true,
		Signature: "fn trim(s: String) -> String",
		Doc:       "The String without the space at its start and end. Line ends and Unicode's spaces count as space.",
		Examples:  []string{`trim("  a b\n") // "a b"`},
	},
	{
		Name: "replace", Min: 3, Max: 3, Params: []string{"s", "old", "new"}, Prelude: true,
		Signature: "fn replace(s: String, old: String, new: String) -> String",
		Doc: "The String with `new` wherever `old` stood, from left to right.\n\n" +
			"An empty `old` stands before each character and at the end.",
		Examples: []string{`replace("banana", "an", "o") // "booa"`},
	},
	{
		Name: "format", Min: 1, Max: -1, Params: []string{"template", "args"}, Prelude: true,
		Signature: "fn format(template: String, args: Any...) -> String",
		Doc: "The template with the arguments in place of its `{}`, in turn, or of its `{0}`, `{1}`, …, by number.\n\n" +
			"`{{` and `}}` are braces. A value stands there as `str` shows it; for Strings and numbers a format may follow a colon, as " +
			"in Python: `{:>8}`, `{:.2f}`, `{:,}`.",
		Examples: []string{`format("{:.2f} of {:>4}", 2, "ten") // "2.00 of  ten"`, `format("{} of {}", 1, [2]) // "1 of [2]"`, `format("{1}{0}", "a", "b") // "ba"`, `format("{{}}") // "{}"`},
	},
	{
		Name: "min", Min: 1, Max: -1, Params: []string{"xs"}, Prelude: true,
		Signature: "fn min(xs: T...) -> T\nfn min(xs: List[T]) -> T",
		Doc:       "The least of its arguments, or of the elements of one List: numbers or Strings. Of equal ones it is the first.",
		Examples:  []string{`min(3, 1, 2) // 1`, `min(["b", "a"]) // "a"`},
	},
	{
		Name: "max", Min: 1, Max: -1, Params: []string{"xs"}, Prelude: true,
		Signature: "fn max(xs: T...) -> T\nfn max(xs: List[T]) -> T",
		Doc:       "The greatest of its arguments, or of the elements of one List: numbers or Strings. Of equal ones it is the first.",
		Examples:  []string{`max(3, 1, 2) // 3`, `max([1, 1.0]) // 1`},
	},
	{
		Name: "abs", Min: 1, Max: 1, Params: []string{"x"}, Prelude: true,
		Signature: "fn abs(x: Int) -> Int\nfn abs(x: Float) -> Float",
		Doc:       "The number without its sign.",
		Examples:  []string{`abs(-3) // 3`, `abs(-2.5) // 2.5`},
	},
	{
		Name: "round", Min: 1, Max: 2, Params: []string{"x", "digits"}, Prelude: true,
		Signature: "fn round(x: Float) -> Int\nfn round(x: Int) -> Int\nfn round(x: Float, digits: Int) -> Float\n" +
			"fn round(x: Int, digits: Int) -> Int",
		Doc: "The Int nearest to `x`, or, with `digits`, the number of that many decimals nearest to it; of two, the even one.\n\n" +
			"Negative digits round to tens, hundreds and so on. It is the exact value of `x` that counts: `round(2.675, 2)` is `2.67`.",
		Examples: []string{`round(2.5) // 2`, `round(3.14159, 2) // 3.14`, `round(1250, -2) // 1200`},
	},
	{
		Name: "with_timeout", Min: 2, Max: 2, Params: []string{"future", "seconds"}, Prelude: true, Effect: Await,
		Signature: "fn with_timeout(future: Future[T], seconds: Float) -> T\nfn with_timeout(future: Future[T], seconds: Int) -> T",
		Doc: "The value of a future if it ends within a number of seconds, else an error of kind `Timeout`.\n\n" +
			"The thread behind the future goes on. A value that is no future is returned at once.",
		Examples: []string{`with_timeout("at once", 1) // "at once"`},
	},
	{
		Name: "to_json", Min: 1, Max: 1, Params: []string{"x"}, Prelude: true,
		Signature: "fn to_json(x: Any) -> String",
		Doc: "`x` as JSON text, in the form that Python's `json.dumps` gives it.\n\n" +
			"Keys that are no Strings become Strings. Symbols, functions and futures have no JSON: an error of kind `Type`.",
		Examples: []string{`to_json({"a": [1, 2.5, null]}) // "{\"a\": [1, 2.5, null]}"`},
	},
	{
		Name: "from_json", Min: 1, Max: 1, Params: []string{"s"}, Prelude: true,
		Signature: "fn from_json(s: String) -> Any",
		Doc: "The value that JSON text stands for, as Python's `json.loads` reads it.\n\n" +
			"Text that is no JSON is an error of kind `Type`, which says where.",
		Examples: []string{`from_json("{\"a\": [1, 2.5, null]}") // {"a": [1, 2.5, null]}`},
	},
	{
		Name: "type_of", Min: 1, Max: 1, Params: []string{"x"}, Prelude: true,
		Signature: "fn type_of(x: Any) -> String",
		Doc: "The name of the kind of value that `x` is: `\"Null\"`, `\"Bool\"`, `\"Int\"`, `\"Float\"`, `\"String\"`, `\"Symbol\"`, " +
			"`\"List\"`, `\"Hash\"`, `\"Function\"` or `\"Future\"`.",
		Examples: []string{`type_of(1) // "Int"`, `type_of(null) // "Null"`},
	},
	{
		Name: "sort.by_keys", Min: 2, Max: 2, Params: []string{"keys", "xs"}, Prelude: true, Internal: true,
		Signature: "fn sort.by_keys(keys: List[K], xs: List[T]) -> List[T]",
		Doc:       "The elements of `xs` in the order of the keys that stand at the same index of `keys`; those of equal keys keep theirs.",
		Examples:  []string{`sort.by_keys([2, 1], ["a", "b"]) // ["b", "a"]`},
	},
	{
		Name: "check.list", Min: 2, Max: 2, Params: []string{"function", "xs"}, Prelude: true, Internal: true,
		Signature: "fn check.list(function: String, xs: Any) -> List[Any]",
		Doc:       "`xs` if it is a List, else an error of kind `Type` that names the function of the prelude that takes it.",
		Examples:  []string{`check.list("map", [1]) // [1]`},
	},
	{
		Name: "check.count", Min: 3, Max: 3, Params: []string{"function", "parameter", "n"}, Prelude: true, Internal: true,
		Signature: "fn check.count(function: String, parameter: String, n: Any) -> Int",
		Doc:       "`n` if it is an Int of at least 1, else an error of kind `Type` that names the function and its parameter.",
		Examples:  []string{`check.count("pmap", "limit", 1) // 1`},
	},
}
