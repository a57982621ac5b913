package diag

// Codes of the group distributed, as far as they are about values and threads.
const (
	NotForPython Code = 511
)

var threadRows = []Row{
	{
		Code: NotForPython, Severity: Error, Title: "a value that Python cannot take", AtRunTime: true,
		Doc: "What goes to a Python function, at any depth of Lists and Hashes, is `null`, Bools, numbers, Strings, Lists and Hashes. Symbols, " +
			"Functions and Futures mean nothing there: the call fails with an error of kind `TypeError`.\n\n" +
			"Pass a String for a Symbol, the result of a function instead of the function, and await futures.",
		Bad:  "import(resize, src.images, 2);\n\nfn main() {\n  resize(\"cat.png\", :small)\n}\n",
		Good: "import(resize, src.images, 2);\n\nfn main() {\n  resize(\"cat.png\", \"small\")\n}\n",
	},
}
