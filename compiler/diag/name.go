package diag

// Codes of the group name.
const (
	UndefinedName       Code = 101
	UnsetName           Code = 102
	UnusedLocal         Code = 103
	UnusedParameter     Code = 104
	UnusedImport        Code = 105
	HiddenName          Code = 106
	UnreadValue         Code = 107
	DuplicateDefinition Code = 108
	DuplicateParameter  Code = 109
	Unreachable         Code = 110
	DuplicateKey        Code = 111
	ImportedFile        Code = 112
	ImportedName        Code = 113
)

var nameRows = []Row{
	{
		Code: UndefinedName, Severity: Error, Title: "a name that is not defined",
		Doc: "The name is neither a local of the function, nor captured by a lambda, nor a function or import of this file, nor part " +
			"of the prelude or a builtin.\n\n" +
			"Names may contain dots and question marks: `s.upper` is one name, not a method of `s`. A function of another file has " +
			"to be imported: `import(name, :hark lib.util)`.",
		Bad:  "fn main() {\n  pritn(\"hello\")\n}\n",
		Good: "fn main() {\n  print(\"hello\")\n}\n",
	},
	{
		Code: UnsetName, Severity: Error, Title: "a name read before it is assigned",
		Doc: "On no path has the name a value here, and it means nothing outside the function either.\n\n" +
			"A lambda takes the values of names with it when it is created. What is assigned later it does not see: two lambdas that " +
			"call each other have to be functions, or get each other as arguments. A single lambda that is to call itself does so by " +
			"the name to which it is assigned at once.",
		Bad:  "fn main() {\n  print(total);\n  total = 1;\n  total\n}\n",
		Good: "fn main() {\n  total = 1;\n  print(total);\n  total\n}\n",
	},
	{
		Code: UnusedLocal, Severity: Warning, Title: "a local that nothing reads", Unnecessary: true,
		Doc: "The name is assigned and nothing reads it. Often another name was meant, here or where this one should be read.\n\n" +
			"If the value is not needed, leave the name away, or begin it with `_`.",
		Bad:  "fn main() {\n  size = length(\"hello\");\n  print(\"done\")\n}\n",
		Good: "fn main() {\n  size = length(\"hello\");\n  print(size)\n}\n",
	},
	{
		Code: UnusedParameter, Severity: Hint, Title: "a parameter that nothing reads", Unnecessary: true,
		Doc: "Nothing in the function reads the parameter. If it has to be there, because of how the function is called, begin " +
			"its name with `_`.",
		Bad:  "fn area(width, height) {\n  width * width\n}\n",
		Good: "fn area(width, height) {\n  width * height\n}\n",
	},
	{
		Code: UnusedImport, Severity: Warning, Title: "an import that nothing uses", Unnecessary: true,
		Doc:  "No function of the file uses the imported name, and no other file takes it from here. The import can go.",
		Bad:  "import(resize, src.images, 2);\n\nfn main() {\n  print(\"nothing to resize\")\n}\n",
		Good: "import(resize, src.images, 2);\n\nfn main() {\n  resize(\"cat.png\", 100)\n}\n",
	},
	{
		Code: HiddenName, Severity: Warning, Title: "a name that hides another",
		Doc: "A local has the name of a function or an import, which cannot be called by it where the local has a value. Before " +
			"it has one the name still means the function, which makes this hard to read.\n\n" +
			"In a lambda, assigning a name of the function around it makes a new local of the lambda: the function around it does not " +
			"see the value. Return the value instead.\n\n" +
			"That a local hides a builtin, a function of the prelude, or that a lambda's parameter is called as a name around it, is " +
			"only a hint.",
		Bad:  "fn total(xs) {\n  reduce(lambda(a, b) { a + b }, xs, 0)\n}\n\nfn main() {\n  total = total([1, 2]);\n  print(total)\n}\n",
		Good: "fn total(xs) {\n  reduce(lambda(a, b) { a + b }, xs, 0)\n}\n\nfn main() {\n  sum = total([1, 2]);\n  print(sum)\n}\n",
	},
	{
		Code: UnreadValue, Severity: Warning, Title: "a value that nothing reads",
		Doc: "Before anything reads this value of the name, the name is assigned again, or the function ends. The value is computed in " +
			"vain, or another name was meant.",
		Bad:  "fn main(x) {\n  y = x + 1;\n  y = x + 2;\n  y\n}\n",
		Good: "fn main(x) {\n  y = x + 1;\n  y = y + 2;\n  y\n}\n",
	},
	{
		Code: DuplicateDefinition, Severity: Warning, Title: "a name defined twice",
		Doc: "A file has two definitions or imports of one name. The last one counts, also for what stands before it; the others " +
			"can never be called.",
		Bad:  "fn greet() {\n  \"hello\"\n}\n\nfn greet() {\n  \"good morning\"\n}\n",
		Good: "fn greet() {\n  \"hello\"\n}\n\nfn greet_early() {\n  \"good morning\"\n}\n",
	},
	{
		Code: DuplicateParameter, Severity: Error, Title: "two parameters of one name",
		Doc:  "Each parameter needs a name of its own: by it the value is read, and given in a call with named arguments.",
		Bad:  "fn add(a, a) {\n  a + a\n}\n",
		Good: "fn add(a, b) {\n  a + b\n}\n",
	},
	{
		Code: Unreachable, Severity: Warning, Title: "code that never runs", Unnecessary: true,
		Doc: "What stands before always raises an error, by `signal(\"error\", …)` or by a call of a function that does so on each of " +
			"its paths, so that this is never reached. Perhaps it should depend on a condition.\n\n" +
			"A function that has only been created by an editor's fix, and says that it is not written yet, does not count.",
		Bad:  "fn check(x) {\n  signal(\"error\", \"bad value\");\n  x\n}\n",
		Good: "fn check(x) {\n  if x < 0 { signal(\"error\", \"bad value\") };\n  x\n}\n",
	},
	{
		Code: DuplicateKey, Severity: Warning, Title: "two equal keys in a hash",
		Doc:  "A Hash has each key once, so the value of the first one is lost. `1` and `1.0` are one key.",
		Bad:  "fn main() {\n  {\"width\": 10, \"width\": 20}\n}\n",
		Good: "fn main() {\n  {\"width\": 10, \"height\": 20}\n}\n",
	},
	{
		Code: ImportedFile, Severity: Error, Title: "an import from a file that is not there",
		Doc: "`import(name, :hark lib.util)` takes a function from `lib/util.hk`, a path that starts at the project's root: the folder of the " +
			"nearest `hark.toml` above, else the folder of the entry file.\n\n" +
			"For a Python module leave `:hark` out and give the number of arguments: `import(name, lib.util, 2)`.",
		Bad: "import(shorten, :hark lib.txt);\n\nfn main() {\n  shorten(\"hello\")\n}\n",
		Good: "-- main.hk --\nimport(shorten, :hark lib.text);\n\nfn main() {\n  shorten(\"hello\")\n}\n" +
			"-- lib/text.hk --\nfn shorten(s) {\n  first(split(s, \" \"))\n}\n",
	},
	{
		Code: ImportedName, Severity: Error, Title: "an import of a name that the file does not define",
		Doc: "The file is there, but it neither defines nor imports a function of this name; or files import the name from each other " +
			"in a circle, and none of them defines it.",
		Bad: "-- main.hk --\nimport(shortn, :hark lib.text);\n\nfn main() {\n  shortn(\"hello\")\n}\n" +
			"-- lib/text.hk --\nfn shorten(s) {\n  first(split(s, \" \"))\n}\n",
		Good: "-- main.hk --\nimport(shorten, :hark lib.text);\n\nfn main() {\n  shorten(\"hello\")\n}\n" +
			"-- lib/text.hk --\nfn shorten(s) {\n  first(split(s, \" \"))\n}\n",
	},
}
