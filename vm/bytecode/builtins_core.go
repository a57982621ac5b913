package bytecode

// The builtins that are the core of the language: the names that the first Hark had too, and what belongs beside them.
var coreBuiltins = []Builtin{
	{
		Name: "print", Min: 1, Max: 1, Params: []string{"x"}, Effect: Output,
		Signature: "fn print(x: T) -> T",
		Doc: "Writes `x` to the session's output, as a line of its own, and returns it.\n\n" +
			"A String is written as it is; anything else in the form of a literal, as `str` does.",
		Examples: []string{`print("hello") // "hello"`},
	},
	{
		Name: "sleep", Min: 1, Max: 1, Params: []string{"seconds"}, Effect: Sleep,
		Signature: "fn sleep(seconds: Int) -> Int\nfn sleep(seconds: Float) -> Float",
		Doc: "Stops this thread for a number of seconds, and returns that number.\n\n" +
			"A long sleep needs no process, so it is free. It never ends early.",
	},
	{
		Name: "list", Min: 0, Max: -1, Params: []string{"items"},
		Signature: "fn list(items: T...) -> List[T]",
		Doc:       "The List of its arguments; `list(1, 2)` is `[1, 2]`.",
		Examples:  []string{`list(1, "a") // [1, "a"]`},
	},
	{
		Name: "hash", Min: 0, Max: -1, Params: []string{"pairs"},
		Signature: "fn hash(pairs: Any...) -> Hash[Any, Any]",
		Doc: "The Hash of its arguments, which are keys and values in turn; `hash(\"a\", 1)` is `{\"a\": 1}`.\n\n" +
			"An odd number of arguments is an error. Of two equal keys the first gives the place and the last the value.",
		Examples: []string{`hash("a", 1, "b", 2) // {"a": 1, "b": 2}`},
	},
	{
		Name: "first", Min: 1, Max: 1, Params: []string{"list"},
		Signature: "fn first(list: List[T]) -> T",
		Doc:       "The first element of a List. That of an empty List is an error of kind `Index`.",
		Examples:  []string{`first([1, 2, 3]) // 1`},
	},
	{
		Name: "rest", Min: 1, Max: 1, Params: []string{"list"},
		Signature: "fn rest(list: List[T]) -> List[T]",
		Doc:       "The List without its first element; `[]` for an empty List.\n\nIt takes the same time for a List of any length.",
		Examples:  []string{`rest([1, 2, 3]) // [2, 3]`, `rest([]) // []`},
	},
	{
		Name: "nth", Min: 2, Max: 2, Params: []string{"list", "index"},
		Signature: "fn nth(list: List[T], index: Int) -> T",
		Doc: "The element of a List at an index, which counts from 0, or from the end if it is negative.\n\n" +
			"An index outside the List is an error of kind `Index`.",
		Examples: []string{`nth(["a", "b", "c"], 1) // "b"`, `nth(["a", "b", "c"], -1) // "c"`},
	},
	{
		Name: "length", Min: 1, Max: 1, Params: []string{"x"},
		Signature: "fn length(x: List[T]) -> Int\nfn length(x: String) -> Int\nfn length(x: Hash[K, V]) -> Int",
		Doc:       "The number of elements of a List, of characters (code points) of a String, or of keys of a Hash.",
		Examples:  []string{`length([1, 2, 3]) // 3`, `length("häßlich") // 7`, `length({"a": 1}) // 1`},
	},
	{
		Name: "append", Min: 2, Max: 2, Params: []string{"list", "x"},
		Signature: "fn append(list: List[T]?, x: T) -> List[T]",
		Doc: "The List with `x` after its last element; `null` counts as the empty List.\n\n" +
			"The List itself stays as it was. Building a List by appending in a loop takes linear time.",
		Examples: []string{`append([1, 2], 3) // [1, 2, 3]`, `append(null, 1) // [1]`},
	},
	{
		Name: "conc", Min: 2, Max: 2, Params: []string{"a", "b"},
		Signature: "fn conc(a: List[T], b: List[T]?) -> List[T]\nfn conc(a: T, b: List[T]?) -> List[T]",
		Doc:       "The elements of `a`, then those of `b`; an `a` that is no List counts as one element, and `b` may be `null`.",
		Examples:  []string{`conc([1], [2, 3]) // [1, 2, 3]`, `conc(1, [2]) // [1, 2]`, `conc([1], null) // [1]`},
	},
	{
		Name: "get", Min: 2, Max: 2, Params: []string{"hash", "key"},
		Signature: "fn get(hash: Hash[K, V], key: K) -> V?",
		Doc:       "The value that a Hash has for a key, `null` if it has none.",
		Examples:  []string{`get({"a": 1}, "a") // 1`, `get({"a": 1}, "b") // null`},
	},
	{
		Name: "set", Min: 3, Max: 3, Params: []string{"hash", "key", "value"},
		Signature: "fn set(hash: Hash[K, V], key: K, value: V) -> Hash[K, V]",
		Doc: "The Hash with `value` for `key`; the Hash itself stays as it was.\n\n" +
			"A key that is there already keeps its place, a new one goes to the end.",
		Examples: []string{`set({"a": 1}, "b", 2) // {"a": 1, "b": 2}`, `set({"a": 1, "b": 2}, "a", 3) // {"a": 3, "b": 2}`},
	},
	{
		Name: "nullp", Min: 1, Max: 1, Params: []string{"x"},
		Signature: "fn nullp(x: Any) -> Bool",
		Doc:       "Whether `x` is `null`, or a List, String or Hash with nothing in it.",
		Examples:  []string{`nullp([]) // true`, `nullp(0) // false`},
	},
	{
		Name: "atomp", Min: 1, Max: 1, Params: []string{"x"},
		Signature: "fn atomp(x: Any) -> Bool",
		Doc:       "Whether `x` is anything but a List.",
		Examples:  []string{`atomp(1) // true`, `atomp([1]) // false`},
	},
	{
		Name: "parse_float", Min: 1, Max: 1, Params: []string{"x"},
		Signature: "fn parse_float(x: String) -> Float\nfn parse_float(x: Int) -> Float\nfn parse_float(x: Float) -> Float",
		Doc: "The Float that a String spells, or that is nearest to a number.\n\n" +
			"Space around it is fine, so are `inf` and `nan`; a String that spells no number is an error of kind `Type`.",
		Examples: []string{`parse_float("2.50") // 2.5`, `parse_float(3) // 3.0`},
	},
	{
		Name: "parse_int", Min: 1, Max: 1, Params: []string{"x"},
		Signature: "fn parse_int(x: String) -> Int\nfn parse_int(x: Int) -> Int\nfn parse_int(x: Float) -> Int",
		Doc: "The Int that a String spells in decimal, or what a number is without its fraction.\n\n" +
			"Space around it is fine; a String that spells no Int is an error of kind `Type`.",
		Examples: []string{`parse_int(" 42 ") // 42`, `parse_int(-2.7) // -2`},
	},
	{
		Name: "str", Min: 1, Max: 1, Params: []string{"x"},
		Signature: "fn str(x: Any) -> String",
		Doc:       "What `print` would write for `x`: a String itself, anything else in the form of a literal.",
		Examples:  []string{`str([1, "a", null]) // "[1, \"a\", null]"`, `str("a") // "a"`},
	},
	{
		Name: "signal", Min: 2, Max: 2, Params: []string{"kind", "message"}, Effect: Output,
		Signature: "fn signal(kind: String, message: T) -> T",
		Doc: "Raises an error if `kind` is `\"error\"`; else the message is returned, and `[signal KIND]: MESSAGE` a line of output.\n\n" +
			"With an error that was caught as its message, `signal(\"error\", e)` raises that error again, unchanged.",
		Examples: []string{`signal("info", "half way") // "half way"`},
	},
	{
		Name: "sid", Min: 0, Max: 0, Effect: Identity,
		Signature: "fn sid() -> String",
		Doc:       "The id of the session that this thread belongs to.",
	},
	{
		Name: "tid", Min: 0, Max: 0, Effect: Identity,
		Signature: "fn tid() -> String",
		Doc: "The number of this thread: `\"0\"` for the first, `\"0.0\"`, `\"0.1\"`, … for those that it starts.\n\n" +
			"They depend on nothing but which thread starts which, so no run differs from another in them.",
	},
	{
		Name: "future", Min: 1, Max: 1, Params: []string{"name"}, Effect: Identity,
		Signature: "fn future(name: String) -> Future[Any]",
		Doc: "The future of this session that somebody outside resolves by its name.\n\n" +
			"Every call with the same name is the same future, whichever thread makes it.",
	},
	{
		Name: "first_of", Min: 1, Max: 1, Params: []string{"futures"}, Effect: Await,
		Signature: "fn first_of(futures: List[Future[T]]) -> List[Any]",
		Doc: "Waits for whichever of some futures ends first, and is its index and value, `[index, value]`.\n\n" +
			"Once made, the choice is kept. An element that is no future has ended already. If the first one to end " +
			"failed, its error is raised.",
		Examples: []string{`first_of(["at once"]) // [0, "at once"]`},
	},
}
