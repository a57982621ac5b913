package diag

// Codes of the group distributed.
const (
	MissingPython    Code = 501
	MissingModule    Code = 502
	AsyncPython      Code = 503
	UncallablePython Code = 504
)

var distributedRows = []Row{
	{
		Code: MissingPython, Severity: Error, Title: "a Python function that does not exist", AtRunTime: true,
		Doc: "The module is a file of the project, and it defines no function of this name. The call would raise an `AttributeError`.\n\n" +
			"What a module gets in another way than by its own text, by `from x import *` or `__getattr__` for instance, is not known, and " +
			"then nothing is said.",
		Bad: "-- main.hk --\nimport(resise, src.images, 2);\n\nfn main() {\n  resise(\"cat.png\", 100)\n}\n" +
			"-- src/images.py --\ndef resize(path, width):\n    return path\n",
		Good: "-- main.hk --\nimport(resize, src.images, 2);\n\nfn main() {\n  resize(\"cat.png\", 100)\n}\n" +
			"-- src/images.py --\ndef resize(path, width):\n    return path\n",
	},
	{
		Code: MissingModule, Severity: Error, Title: "a Python module that does not exist", AtRunTime: true,
		Doc: "The package is a folder of the project, and it has no module of this name, so that the call would raise a `ModuleNotFoundError`. " +
			"Modules are looked for in the project's root and in the folder that `python_src` in hark.toml names.\n\n" +
			"Where the folder is no package, as it has no `__init__.py`, other places might have the module: then this is a warning. Of " +
			"modules that are not the project's nothing is said.",
		Bad: "-- main.hk --\nimport(resize, src.imags, 2);\n\nfn main() {\n  resize(\"cat.png\", 100)\n}\n" +
			"-- src/__init__.py --\n# a package\n-- src/images.py --\ndef resize(path, width):\n    return path\n",
		Good: "-- main.hk --\nimport(resize, src.images, 2);\n\nfn main() {\n  resize(\"cat.png\", 100)\n}\n" +
			"-- src/__init__.py --\n# a package\n-- src/images.py --\ndef resize(path, width):\n    return path\n",
	},
	{
		Code: AsyncPython, Severity: Error, Title: "an import of a Python coroutine function", AtRunTime: true,
		Doc: "The Python function is defined by `async def`: calling it runs nothing and gives a coroutine, a value that cannot cross to Hark. " +
			"Define a plain function, with `asyncio.run(…)` in it if it has to be; threads are started by `async` here, not there.",
		Bad: "-- main.hk --\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n" +
			"-- src/web.py --\nasync def fetch(url):\n    return url\n",
		Good: "-- main.hk --\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n" +
			"-- src/web.py --\ndef fetch(url):\n    return url\n",
	},
	{
		Code: UncallablePython, Severity: Error, Title: "an import of a Python value that is no function", AtRunTime: true,
		Doc: "What the import names is there, but it is a value such as a number, a text or a list, or a property of a class, and cannot be called. " +
			"Write a Python function that returns the value.",
		Bad: "-- main.hk --\nimport(limit, src.settings, 0);\n\nfn main() {\n  limit()\n}\n" +
			"-- src/settings.py --\nlimit = 10\n",
		Good: "-- main.hk --\nimport(limit, src.settings, 0);\n\nfn main() {\n  limit()\n}\n" +
			"-- src/settings.py --\ndef limit():\n    return 10\n",
	},
}
