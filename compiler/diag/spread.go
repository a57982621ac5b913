package diag

// Codes of the group distributed, as far as they are about values and threads.
const (
	NotForPython   Code = 511
	EndlessThreads Code = 512
	EndlessCalls   Code = 513
	LongTimeout    Code = 514
	PythonResult   Code = 515
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
	{
		Code: EndlessThreads, Severity: Warning, Title: "threads that start threads without end", AtRunTime: true,
		Doc: "Whatever path the function takes, it starts a thread that runs the function again: one thread leads to the next, for ever, and " +
			"no session with it ends. Start the next thread under a condition that fails at some time.\n\n" +
			"Functions that start each other in a circle are reported too, and threads that `map_async` or `pmap` start for a List that " +
			"certainly has an element.",
		Bad:  "fn visit(page) {\n  async visit(page + 1)\n}\n\nfn main() {\n  await visit(1)\n}\n",
		Good: "fn visit(page) {\n  if page < 10 {\n    async visit(page + 1)\n  }\n}\n\nfn main() {\n  await visit(1)\n}\n",
	},
	{
		Code: EndlessCalls, Severity: Warning, Title: "a recursion without an end", AtRunTime: true,
		Doc: "Whatever path the function takes, it calls itself, and waits for the result: the calls grow deeper until the limit of 1,000,000, " +
			"which is an error of kind `Limit`. A condition has to keep one path free of the call.\n\n" +
			"A call in tail position needs no space, so that a function that ends by calling itself may well go on for ever; that is " +
			"not reported.",
		Bad:  "fn total(n) {\n  n + total(n - 1)\n}\n\nfn main() {\n  total(10)\n}\n",
		Good: "fn total(n) {\n  if n == 0 {\n    0\n  } else {\n    n + total(n - 1)\n  }\n}\n\nfn main() {\n  total(10)\n}\n",
	},
	{
		Code: LongTimeout, Severity: Info, Title: "a timeout beyond what AWS Lambda allows", AtRunTime: true,
		Doc: "On AWS a Python call runs within one invocation of a Lambda function, which is ended after 900 seconds: a call that takes longer " +
			"is taken for a crash there. Here, and for the threads of a `fn`, which may wait for longer than any invocation, there is no such limit.",
		Bad:  "#[timeout(3600)]\nimport(train, src.model, 1);\n\nfn main() {\n  train(\"cats\")\n}\n",
		Good: "#[timeout(900)]\nimport(train, src.model, 1);\n\nfn main() {\n  train(\"cats\")\n}\n",
	},
	{
		Code: PythonResult, Severity: Warning, Title: "a Python result that cannot cross to Hark", AtRunTime: true,
		Doc: "The function's annotation says that it returns a value for which there is none here, such as `bytes`, a `set` or a " +
			"`datetime`. The call would fail with a `TypeError`. Return a text, a number, a list or a dict.",
		Bad: "-- main.hk --\nimport(load, src.images, 1);\n\nfn main() {\n  load(\"cat.png\")\n}\n" +
			"-- src/images.py --\ndef load(path) -> bytes:\n    return open(path, \"rb\").read()\n",
		Good: "-- main.hk --\nimport(load, src.images, 1);\n\nfn main() {\n  load(\"cat.png\")\n}\n" +
			"-- src/images.py --\ndef load(path) -> str:\n    return open(path).read()\n",
	},
}
