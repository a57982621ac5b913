package diag

// Codes of the group attribute.
const (
	UnknownAttribute         Code = 601
	UnknownAttributeArgument Code = 602
	WrongAttributeArgument   Code = 603
	MisplacedAttribute       Code = 604
	TimeoutWithoutAsync      Code = 605
	DuplicateAttribute       Code = 606
)

var attributeRows = []Row{
	{
		Code: UnknownAttribute, Severity: Warning, Title: "an unknown attribute",
		Doc:  "The attributes are `retry`, `timeout`, `at_most_once` and `memory`. Any other has no effect.",
		Bad:  "#[timeot(30)]\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n",
		Good: "#[timeout(30)]\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n",
	},
	{
		Code: UnknownAttributeArgument, Severity: Warning, Title: "an unknown argument of an attribute",
		Doc: "The attribute has no such argument, which therefore has no effect. In full they are `retry(max=3, backoff=2.0, on=\"TimeoutError\")`, " +
			"`timeout(seconds=30)`, `memory(megabytes=1024)`, and `at_most_once`, which has none.",
		Bad:  "#[retry(times=3)]\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n",
		Good: "#[retry(max=3)]\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n",
	},
	{
		Code: WrongAttributeArgument, Severity: Error, Title: "a wrong argument of an attribute", AtRunTime: true,
		Doc:  "The argument is missing, of the wrong type or out of range, so that it has no effect. Arguments of attributes are literals.",
		Bad:  "#[retry(max=0)]\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n",
		Good: "#[retry(max=3)]\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n",
	},
	{
		Code: MisplacedAttribute, Severity: Warning, Title: "an attribute without effect here",
		Doc: "`retry` and `at_most_once` are for imports of Python functions; `timeout` and `memory` for those and for functions. A Hark " +
			"function that is imported has the attributes of its own definition.",
		Bad:  "#[retry(max=3)]\nfn fetch_all(urls) {\n  length(urls)\n}\n\nfn main() {\n  fetch_all([])\n}\n",
		Good: "#[retry(max=3)]\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n",
	},
	{
		Code: TimeoutWithoutAsync, Severity: Warning, Title: "a timeout without effect on a plain call",
		Doc: "The timeout of a function is one of the thread that `async` starts. A plain call runs in the caller's thread and has no limit " +
			"of its own.",
		Bad:  "#[timeout(30)]\nfn work() {\n  1\n}\n\nfn main() {\n  work()\n}\n",
		Good: "#[timeout(30)]\nfn work() {\n  1\n}\n\nfn main() {\n  await async work()\n}\n",
	},
	{
		Code: DuplicateAttribute, Severity: Warning, Title: "an attribute given twice",
		Doc:  "An attribute, or one of its arguments, is given twice. The last one counts.",
		Bad:  "#[timeout(30), timeout(60)]\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n",
		Good: "#[timeout(60)]\nimport(fetch, src.web, 1);\n\nfn main() {\n  fetch(\"https://example.org\")\n}\n",
	},
}
