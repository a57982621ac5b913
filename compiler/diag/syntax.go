package diag

import "strings"

// Codes of the group syntax.
const (
	IllegalCharacter   Code = 1
	InvalidUTF8        Code = 2
	UnterminatedString Code = 3
	BadEscape          Code = 4
	LoneSurrogate      Code = 5
	BadNumber          Code = 6
	OpenComment        Code = 7
	MissingSemicolon   Code = 8
	MissingComma       Code = 9
	MissingExpression  Code = 10
	MissingName        Code = 11
	MissingBlock       Code = 12
	EmptyBlock         Code = 13
	UnclosedBracket    Code = 14
	UnmatchedBracket   Code = 15
	UnexpectedText     Code = 16
	BadTarget          Code = 17
	TopLevelText       Code = 18
	NestedFunction     Code = 19
	LonelyElse         Code = 20
	MissingCatch       Code = 21
	BadName            Code = 22
	UnknownType        Code = 23
	TypeArguments      Code = 24
	BadImport          Code = 25
	BadAttribute       Code = 26
	HashOrBlock        Code = 27
	ForeignWord        Code = 28
	NamedArgumentForm  Code = 29
	BraceEndsHere      Code = 30
	TooDeep            Code = 31
)

var syntaxRows = []Row{
	{
		Code: IllegalCharacter, Severity: Error, Title: "a character that the language does not have",
		Doc: "A character stands where none of the language's tokens begins with it: a currency sign, a typographic " +
			"quotation mark, a non-breaking space, a single `&` or `|`. It is passed over, and the rest of the file is " +
			"checked as if it were not there. Outside of strings and comments a program is plain ASCII. Comments begin " +
			"with `//`, not with `#`.",
		Bad:  "fn main() { 1 + $2 }\n",
		Good: "fn main() { 1 + 2 }\n",
	},
	{
		Code: InvalidUTF8, Severity: Error, Title: "bytes that are not UTF-8",
		Doc: "Source files are UTF-8. A file in another encoding, Latin-1 for instance, has bytes that are no characters " +
			"in it. One diagnostic stands for all such bytes of a file, at the first of them. Save the file as UTF-8. In " +
			"a String such a byte is read as U+FFFD.",
		Bad:  "fn main() { \"caf\xe9\" }\n",
		Good: "fn main() { \"café\" }\n",
	},
	{
		Code: UnterminatedString, Severity: Error, Title: "a string without its closing quote",
		Doc: "A string ends with the quote it began with, on the same line. Write `\\n` for a line break in it, or a " +
			"backslash at the end of the line to go on in the next one without a break. What follows on the line of the " +
			"opening quote is taken for the string's text.",
		Bad:  "fn main() {\n  \"hello\n}\n",
		Good: "fn main() {\n  \"hello\"\n}\n",
	},
	{
		Code: BadEscape, Severity: Error, Title: "an escape that stands for no character",
		Doc: "`\\x` needs two hexadecimal digits, `\\u` four and `\\U` eight, of a number up to 10FFFF. Characters cannot be " +
			"named, as in Python's `\\N{BULLET}`: which names there are depends on the version of Unicode. An escape that " +
			"is not known at all, such as `\\d`, is no error: it keeps its backslash.",
		Bad:  "fn main() { \"\\x4\" }\n",
		Good: "fn main() { \"\\x41\" }\n",
	},
	{
		Code: LoneSurrogate, Severity: Error, Title: "an escape for a surrogate",
		Doc: "The numbers D800 to DFFF are no characters: UTF-16 uses them in pairs for characters beyond U+FFFF. Python " +
			"lets a string have one all the same; a String of Hark is made of characters only, so that it can always be " +
			"saved and sent. Write the character itself or `\\U` with its number. For a pair, as JSON writes it, the fix " +
			"does that.",
		Bad:  "fn main() { \"\\ud83d\\ude00\" }\n",
		Good: "fn main() { \"\\U0001F600\" }\n",
	},
	{
		Code: BadNumber, Severity: Error, Title: "digits that are no number",
		Doc: "A number is digits, among them one dot if it is a Float, and perhaps an exponent: `5`, `5.25`, `2.5e-3`. An Int does " +
			"not begin with a zero, as `007` is 7 in some languages and octal in others. There are no hexadecimal numbers " +
			"and no `_` between digits.",
		Bad:  "fn main() { 007 }\n",
		Good: "fn main() { 7 }\n",
	},
	{
		Code: OpenComment, Severity: Error, Title: "a comment without an end",
		Doc: "A comment that begins with `/*` goes on to the next `*/`. This one has none, so that the rest of the file is " +
			"in it. Comments do not nest: the first `*/` ends the comment, however many `/*` it has.",
		Bad:  "fn main() { 1 }\n\n/* what follows\n",
		Good: "fn main() { 1 }\n\n/* what follows */\n",
	},
	{
		Code: MissingSemicolon, Severity: Error, Title: "a missing semicolon",
		Doc: "The expressions of a block are separated by `;`. It may be left out before the `}` of the block, and after " +
			"an expression that ends with `}` itself. The diagnostic stands where the semicolon should: behind the last " +
			"thing on its line.",
		Bad:  "fn main() {\n  x = 1\n  x + 1\n}\n",
		Good: "fn main() {\n  x = 1;\n  x + 1\n}\n",
	},
	{
		Code: MissingComma, Severity: Error, Title: "a missing comma",
		Doc: "The elements of a List, the pairs of a Hash, arguments and parameters are separated by `,`. There may be one " +
			"after the last of them too.",
		Bad:  "fn main() { [1 2] }\n",
		Good: "fn main() { [1, 2] }\n",
	},
	{
		Code: MissingExpression, Severity: Error, Title: "a missing expression",
		Doc: "Something that has a value belongs here: after an operator, `=`, `await` or a comma, between parentheses, as " +
			"the condition of an `if`. `null` is a value too.",
		Bad:  "fn main() {\n  x = ;\n  x\n}\n",
		Good: "fn main() {\n  x = null;\n  x\n}\n",
	},
	{
		Code: MissingName, Severity: Error, Title: "a missing name or type",
		Doc: "A name belongs here: of a function, a parameter, an attribute, an import or the error that `catch` binds; " +
			"or, after `:` and `->`, the name of a type.",
		Bad:  "fn (x) { x }\n",
		Good: "fn same(x) { x }\n",
	},
	{
		Code: MissingBlock, Severity: Error, Title: "a missing block",
		Doc: "A block in braces belongs after the parameters of a function or lambda, after the condition of an `if`, " +
			"after `else`, and after `catch` with its name. The braces are needed for a single expression too.",
		Bad:  "fn sign(x) { if x < 0 -1 else { 1 } }\n",
		Good: "fn sign(x) { if x < 0 { -1 } else { 1 } }\n",
	},
	{
		Code: EmptyBlock, Severity: Error, Title: "a block without an expression",
		Doc: "The value of a block is that of its last expression, so that it has to have one. For a block that does " +
			"nothing write `{ null }`.",
		Bad:  "fn nothing() {}\n",
		Good: "fn nothing() { null }\n",
	},
	{
		Code: UnclosedBracket, Severity: Error, Title: "a bracket that is not closed",
		Doc: "A `(`, `[`, `{` or `#[` has no other half. The diagnostic stands where it belongs at the latest, and its " +
			"related place is the opening bracket. Where braces do not match, the indentation says which of them was left " +
			"open. A function ends where the next `fn`, `import(` or `#[` comes first on its line, so that the functions " +
			"below are checked as usual.",
		Bad:  "fn main() { print((1 + 2) }\n",
		Good: "fn main() { print((1 + 2)) }\n",
	},
	{
		Code: UnmatchedBracket, Severity: Error, Title: "a closing bracket too many",
		Doc: "A `)`, `]` or `}` has no opening half, or one of another kind. If it is a `}`, look at the function above: " +
			"an earlier one has closed it already.",
		Bad:  "fn main() { print(1)); }\n",
		Good: "fn main() { print(1); }\n",
	},
	{
		Code: UnexpectedText, Severity: Error, Title: "text that does not belong here",
		Doc: "What stands here cannot follow what is before it: a `,` between two expressions of a block, a default value " +
			"for a parameter, a type without `->`. Parentheses hold one expression; several values together are a List, " +
			"`[a, b]`.",
		Bad:  "fn main() { (1, 2) }\n",
		Good: "fn main() { [1, 2] }\n",
	},
	{
		Code: BadTarget, Severity: Error, Title: "an assignment to something that is no name",
		Doc: "Only a name can stand before `=`. Values do not change: `set(hash, key, value)` and `append(list, x)` give " +
			"new ones that can be assigned to a name. To compare two values, write `==`.",
		Bad:  "fn main() {\n  h = {\"a\": 1};\n  get(h, \"a\") = 2\n}\n",
		Good: "fn main() {\n  h = {\"a\": 1};\n  set(h, \"a\", 2)\n}\n",
	},
	{
		Code: TopLevelText, Severity: Error, Title: "code outside of a function",
		Doc: "At the top level there are only `fn` definitions and imports. Everything else stands in a function; a run " +
			"begins with the function `main`.",
		Bad:  "print(\"hello\");\n\nfn main() { 1 }\n",
		Good: "fn main() {\n  print(\"hello\");\n  1\n}\n",
	},
	{
		Code: NestedFunction, Severity: Error, Title: "a function within a function",
		Doc: "`fn` defines the functions of a file and stands outside of all others. Within a function, use `lambda`, " +
			"which may use the names around it, and which a name can be given to: `double = lambda(x) { x * 2 }`.",
		Bad:  "fn main() {\n  fn double(x) { x * 2 }\n  double(4)\n}\n",
		Good: "fn main() {\n  double = lambda(x) { x * 2 };\n  double(4)\n}\n",
	},
	{
		Code: LonelyElse, Severity: Error, Title: "an 'else' without its 'if'",
		Doc:  "`else` follows the `}` of an `if` directly. A `;` between the two ends the `if`. It has one `else` at most.",
		Bad:  "fn main(x) { if x { 1 }; else { 2 } }\n",
		Good: "fn main(x) { if x { 1 } else { 2 } }\n",
	},
	{
		Code: MissingCatch, Severity: Error, Title: "a 'try' without 'catch'",
		Doc: "`try { … }` is followed by `catch e { … }`, whose value is the value of the whole if the first block raises " +
			"an error. To go on without a value write `catch e { null }`.",
		Bad:  "fn main(s) { try { parse_int(s) } }\n",
		Good: "fn main(s) { try { parse_int(s) } catch e { null } }\n",
	},
	{
		Code: BadName, Severity: Error, Title: "a word that cannot be a name",
		Doc: "A name begins with a lower-case letter or `_` and goes on with letters, digits, `_`, `.` and `?`, all of " +
			"them ASCII. A keyword is no name. A Python name that begins with an upper-case letter is written as a String " +
			"in an import: `import(\"Image.open\", \"PIL.Image\", 1, open_image)`.",
		Bad:  "fn main(Count) { Count + 1 }\n",
		Good: "fn main(count) { count + 1 }\n",
	},
	{
		Code: UnknownType, Severity: Error, Title: "a type that does not exist",
		Doc: "There are `Null`, `Bool`, `Int`, `Float`, `String`, `Symbol`, `List[T]`, `Hash[K, V]`, `Future[T]`, " +
			"`Fn[A, …, R]`, and `Any` for all of them, each with a `?` after it if it may be `null` too. New ones cannot be defined.",
		Bad:  "fn double(x: Number) { x * 2 }\n",
		Good: "fn double(x: Float) { x * 2 }\n",
	},
	{
		Code: TypeArguments, Severity: Error, Title: "a type with the wrong number of arguments",
		Doc: "`List` and `Future` have one type argument, that of what they hold; `Hash` has two, for keys and values; " +
			"`Fn` has those of the function's parameters and, last, of its result. The others have none. A type that is " +
			"written without brackets may hold anything.",
		Bad:  "fn count(h: Hash[String]) { length(h) }\n",
		Good: "fn count(h: Hash[String, Any]) { length(h) }\n",
	},
	{
		Code: BadImport, Severity: Error, Title: "an import that is not complete, or says too much",
		Doc: "`import(name, :python module, count)` imports a Python function that is called with so many arguments, and " +
			"`import(name, :hark module)` a function of another Hark file, which says itself how many it takes. Either " +
			"may end with `:as alias`, the first also with the alias alone. Without a language it is Python.",
		Bad:  "import(sqrt, :python math);\n\nfn main() { sqrt(2) }\n",
		Good: "import(sqrt, :python math, 1);\n\nfn main() { sqrt(2) }\n",
	},
	{
		Code: BadAttribute, Severity: Error, Title: "an attribute that is not in its place or form",
		Doc: "Attributes stand before the `fn` or `import` that they are about, as `#[name]` or `#[name(value, " +
			"key=value)]`, several of them separated by commas.",
		Bad:  "fn main() { 1 }\n\n#[timeout(30)]\n",
		Good: "#[timeout(30)]\nfn main() { 1 }\n",
	},
	{
		Code: HashOrBlock, Severity: Error, Title: "a hash with a key that has no value",
		Doc: "Where a value is expected, `{` opens a Hash, `{key: value}`. A block stands only after the head of a " +
			"function, lambda, `if`, `else`, `try` or `catch`, so that braces cannot group the expressions of another " +
			"block.",
		Bad:  "fn main() {\n  x = { print(1); 2 };\n  x\n}\n",
		Good: "fn main() {\n  print(1);\n  x = 2;\n  x\n}\n",
	},
	{
		Code: ForeignWord, Severity: Error, Title: "a word of another language",
		Doc: "`return`, `and`, `or`, `not`, `elif`, `let`, `var`, `True`, `False` and `None` are no keywords here. The " +
			"value of a block is its last expression; `&&`, `||` and `!` are the operators; `=` binds a name; the " +
			"constants are `true`, `false` and `null`. The parser knows what is meant, and the fix writes it.",
		Bad:  "fn both(a, b) { a and b }\n",
		Good: "fn both(a, b) { a && b }\n",
	},
	{
		Code: NamedArgumentForm, Severity: Error, Title: "a named argument in the form of another language",
		Doc: "An argument that is given by name is written as a Symbol before its value: `resize(image, :width 200)`. For " +
			"a Python function it becomes a keyword argument.",
		Bad:  "fn main() { join([\"a\"], sep: \"-\") }\n",
		Good: "fn main() { join([\"a\"], :sep \"-\") }\n",
	},
	{
		Code: BraceEndsHere, Severity: Warning, Title: "an expression that ends with '}' before '(' or '-'",
		Doc: "In a block, an expression that ends with `}` ends there if `(` or `-` follows: these begin a new expression, " +
			"on the same line too. Any other operator continues the old one, and within parentheses, brackets and " +
			"arguments all do. Put what is before in parentheses if the two belong together, or write `;` between them if " +
			"they do not.",
		Bad:  "fn main(x) { if x { 1 } else { 2 } - 3 }\n",
		Good: "fn main(x) { (if x { 1 } else { 2 }) - 3 }\n",
	},
	{
		Code: TooDeep, Severity: Error, Title: "brackets within brackets without end",
		Doc: "Brackets, blocks, and prefixes such as `!` may be nested 500 levels deep. Long chains of operators or of " +
			"`else if` do not count. Give names to parts of the expression, or put them into functions; data of this " +
			"depth belongs in a file of its own, read by `from_json`.",
		Bad:  "fn main() { " + strings.Repeat("(", 501) + "1" + strings.Repeat(")", 501) + " }\n",
		Good: "fn main() { " + strings.Repeat("(", 400) + "1" + strings.Repeat(")", 400) + " }\n",
	},
}
