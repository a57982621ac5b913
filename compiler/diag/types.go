package diag

// Codes of the group types.
const (
	OperandType       Code = 301
	NotABool          Code = 302
	ArgumentType      Code = 303
	AnnotatedArgument Code = 304
	AnnotatedResult   Code = 305
	NotAKey           Code = 306
	FunctionArity     Code = 307
	CertainFault      Code = 308
)

var typeRows = []Row{
	{
		Code: OperandType, Severity: Error, Title: "an operator that does not take these values", AtRunTime: true,
		Doc: "`- * / %` and a `-` in front take numbers; `+` takes two numbers, two Strings or two Lists; `< > <= >=` take two numbers or two " +
			"Strings. `str(x)` makes a String of anything, `parse_int(s)` a number of a String.\n\n" +
			"It is an error where every value that can arrive is of the wrong kind, as the machine then raises an error of kind `Type`; a " +
			"warning where some values are, and within `try`.",
		Bad:  "fn main() {\n  count = 3;\n  \"found \" + count\n}\n",
		Good: "fn main() {\n  count = 3;\n  \"found \" + str(count)\n}\n",
	},
	{
		Code: NotABool, Severity: Error, Title: "an operand of && or || that is no Bool", AtRunTime: true,
		Doc: "`&&` and `||` take Bools only, unlike `if` and `!`, for which everything but `false` and `null` counts as true. Compare, as in " +
			"`x != null && y > 0`, or choose a value by `if`.",
		Bad:  "fn main() {\n  names = [\"a\"];\n  length(names) && true\n}\n",
		Good: "fn main() {\n  names = [\"a\"];\n  length(names) > 0 && true\n}\n",
	},
	{
		Code: ArgumentType, Severity: Error, Title: "an argument that the function does not take", AtRunTime: true,
		Doc: "A builtin, or a function of the prelude, is given a value of a kind for which it raises an error of kind `Type`. " +
			"Its documentation says what it takes.",
		Bad:  "fn main() {\n  total = 5;\n  length(total)\n}\n",
		Good: "fn main() {\n  total = 5;\n  length(str(total))\n}\n",
	},
	{
		Code: AnnotatedArgument, Severity: Warning, Title: "an argument of another type than annotated", AtRunTime: true,
		Doc: "The parameter is annotated with a type that the argument is not of. When the program runs, annotations are checked for the " +
			"arguments of the entry function only, so that the call goes on with a value that the function does not expect.",
		Bad:  "fn double(n: Int) -> Int {\n  n * 2\n}\n\nfn main() {\n  double(\"2\")\n}\n",
		Good: "fn double(n: Int) -> Int {\n  n * 2\n}\n\nfn main() {\n  double(parse_int(\"2\"))\n}\n",
	},
	{
		Code: AnnotatedResult, Severity: Warning, Title: "a result of another type than annotated", AtRunTime: true,
		Doc: "The function is annotated with the type of its result, and this value, which is one of its results, is not of that type. " +
			"`if` without `else` gives `null` if no condition holds: `Int?` allows for that.",
		Bad:  "fn name(id) -> String {\n  if id == 0 {\n    \"nobody\"\n  } else {\n    42\n  }\n}\n\nfn main() {\n  name(0)\n}\n",
		Good: "fn name(id) -> String {\n  if id == 0 {\n    \"nobody\"\n  } else {\n    \"somebody\"\n  }\n}\n\nfn main() {\n  name(0)\n}\n",
	},
	{
		Code: NotAKey, Severity: Error, Title: "a value that cannot be a key", AtRunTime: true,
		Doc: "The keys of a Hash are `null`, Bools, numbers, Strings and Symbols. Lists, Hashes, Functions and Futures raise an error of kind " +
			"`Key`, when they are looked up too.",
		Bad:  "fn main() {\n  place = [1, 2];\n  {place: \"here\"}\n}\n",
		Good: "fn main() {\n  place = [1, 2];\n  {str(place): \"here\"}\n}\n",
	},
	{
		Code: FunctionArity, Severity: Error, Title: "a function value called with another count", AtRunTime: true,
		Doc: "The value that is called is a function that takes another number of arguments, or the function is given to one of the " +
			"prelude that calls it with another number. At run time such a call is an error of kind `Arity`.",
		Bad:  "fn pick(up) {\n  if up { lambda(x) { x + 1 } } else { lambda(x) { x - 1 } }\n}\n\nfn main() {\n  pick(true)(1, 2)\n}\n",
		Good: "fn pick(up) {\n  if up { lambda(x) { x + 1 } } else { lambda(x) { x - 1 } }\n}\n\nfn main() {\n  pick(true)(1)\n}\n",
	},
	{
		Code: CertainFault, Severity: Error, Title: "a value for which this always fails", AtRunTime: true,
		Doc: "The value is of a kind that is taken here, and fails all the same: a divisor of 0, the first element of an empty List, an index " +
			"beyond the ends of a List, a text without a digit for `parse_int`, a template with more `{}` than values for `format`, a " +
			"negative time. It is told where the value is written out, or where a List is known to be empty.\n\n" +
			"It is an error where all who get there fail; within `try`, where that may be meant, it is a warning.",
		Bad:  "fn main() {\n  names = [];\n  first(names)\n}\n",
		Good: "fn main() {\n  names = [\"a\"];\n  first(names)\n}\n",
	},
}
