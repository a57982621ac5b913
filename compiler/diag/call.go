package diag

import "strings"

// Codes of the group call.
const (
	WrongCount        Code = 201
	UnknownArgument   Code = 202
	DuplicateArgument Code = 203
	PositionAfterName Code = 204
	NotAFunction      Code = 205
	ImportCount       Code = 206
	TooMany           Code = 207
	SignatureCount    Code = 208
	PythonCall        Code = 209
)

var callRows = []Row{
	{
		Code: WrongCount, Severity: Error, Title: "a wrong number of arguments",
		Doc: "A Hark function, a lambda or a builtin is called with more or fewer arguments than it takes. Parameters have no default values.\n\n" +
			"At run time such a call is an error of kind `Arity`.",
		Bad:  "fn area(width, height) {\n  width * height\n}\n\nfn main() {\n  area(3)\n}\n",
		Good: "fn area(width, height) {\n  width * height\n}\n\nfn main() {\n  area(3, 4)\n}\n",
	},
	{
		Code: UnknownArgument, Severity: Error, Title: "a named argument without a parameter",
		Doc: "A named argument, `:name value`, goes to the parameter of that name, and the function has none. What a builtin takes any number " +
			"of has no name.",
		Bad:  "fn area(width, height) {\n  width * height\n}\n\nfn main() {\n  area(:width 3, :heigth 4)\n}\n",
		Good: "fn area(width, height) {\n  width * height\n}\n\nfn main() {\n  area(:width 3, :height 4)\n}\n",
	},
	{
		Code: DuplicateArgument, Severity: Error, Title: "an argument given twice",
		Doc:  "Two arguments are for one parameter: both by its name, or one by its position and one by its name.",
		Bad:  "fn area(width, height) {\n  width * height\n}\n\nfn main() {\n  area(3, :width 4)\n}\n",
		Good: "fn area(width, height) {\n  width * height\n}\n\nfn main() {\n  area(3, :height 4)\n}\n",
	},
	{
		Code: PositionAfterName, Severity: Error, Title: "an argument by position after one by name",
		Doc:  "As in Python, arguments that go by their position come first, then those that go by name.",
		Bad:  "fn area(width, height) {\n  width * height\n}\n\nfn main() {\n  area(:width 3, 4)\n}\n",
		Good: "fn area(width, height) {\n  width * height\n}\n\nfn main() {\n  area(3, :height 4)\n}\n",
	},
	{
		Code: NotAFunction, Severity: Error, Title: "a call of something that is no function", AtRunTime: true,
		Doc: "What is called is certainly no function, as it is a literal or the result of an operator. Elements of Lists and Hashes are read " +
			"by functions: `nth(list, 0)`, `get(hash, \"key\")`.\n\n" +
			"At run time it is an error of kind `Type`; within `try`, where that may be meant, it is a warning.",
		Bad:  "fn main() {\n  [1, 2, 3](0)\n}\n",
		Good: "fn main() {\n  nth([1, 2, 3], 0)\n}\n",
	},
	{
		Code: ImportCount, Severity: Warning, Title: "a Python call with another count than its import",
		Doc: "The import says how many arguments the Python function takes, and this call has another number. Python itself decides " +
			"whether the call is good, when it is made: a function with default values can be called both ways. Where the function's source " +
			"is found, its parameters count and not the import.",
		Bad:  "import(resize, src.images, 2);\n\nfn main() {\n  resize(\"cat.png\")\n}\n",
		Good: "import(resize, src.images, 2);\n\nfn main() {\n  resize(\"cat.png\", 100)\n}\n",
	},
	{
		Code: TooMany, Severity: Error, Title: "more arguments or names than a function can have",
		Doc: "A call can have 200 arguments, a function 200 parameters and 10,000 names of its own, and a lambda can use 200 names of the " +
			"function around it. Beyond that, put the values into a List or a Hash: their literals may be of any length.",
		Bad:  "fn main() {\n  max(" + strings.Repeat("1, ", 200) + "2)\n}\n",
		Good: "fn main() {\n  max([" + strings.Repeat("1, ", 200) + "2])\n}\n",
	},
	{
		Code: SignatureCount, Severity: Warning, Title: "an import with a count that the Python function refuses",
		Doc: "The import says how many arguments the Python function is called with, and by the parameters in its source it takes another " +
			"number: more are required, or there are not so many. Parameters with a default value may be left out; `*args` and `**kwargs` " +
			"take any number.\n\n" +
			"Nothing is run or imported to find this out: the function's text is read.",
		Bad: "-- main.hk --\nimport(resize, src.images, 1);\n\nfn main() {\n  resize(\"cat.png\", 100)\n}\n" +
			"-- src/images.py --\ndef resize(path, width):\n    return path\n",
		Good: "-- main.hk --\nimport(resize, src.images, 2);\n\nfn main() {\n  resize(\"cat.png\", 100)\n}\n" +
			"-- src/images.py --\ndef resize(path, width):\n    return path\n",
	},
	{
		Code: PythonCall, Severity: Error, Title: "a call that the Python function refuses", AtRunTime: true,
		Doc: "By its parameters, which were read from its source, the Python function cannot be called like this: an argument is missing, there " +
			"are too many, or one is named as no parameter is. The call would raise a `TypeError`.",
		Bad: "-- main.hk --\nimport(resize, src.images, 2);\n\nfn main() {\n  resize(\"cat.png\", :widht 100)\n}\n" +
			"-- src/images.py --\ndef resize(path, width):\n    return path\n",
		Good: "-- main.hk --\nimport(resize, src.images, 2);\n\nfn main() {\n  resize(\"cat.png\", :width 100)\n}\n" +
			"-- src/images.py --\ndef resize(path, width):\n    return path\n",
	},
}
