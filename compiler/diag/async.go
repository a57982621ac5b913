package diag

// Codes of the group async.
const (
	AsyncNeedsCall   Code = 401
	DiscardedFuture  Code = 402
	UnawaitedFuture  Code = 403
	AwaitOfNonFuture Code = 404
	FutureAsValue    Code = 405
	AwaitsInTurn     Code = 406
)

var asyncRows = []Row{
	{
		Code: AsyncNeedsCall, Severity: Error, Title: "async of something that is no call",
		Doc: "`async f(x)` starts the call `f(x)` in a thread of its own. It takes all that follows as its operand: with " +
			"`async f() + 1` that is an addition, which cannot be started. Write `(async f()) + 1`, or, as a future cannot be added to, " +
			"`await async f() + 1`.",
		Bad:  "fn work() {\n  1\n}\n\nfn main() {\n  await (async work)\n}\n",
		Good: "fn work() {\n  1\n}\n\nfn main() {\n  await (async work())\n}\n",
	},
	{
		Code: DiscardedFuture, Severity: Warning, Title: "a future thrown away",
		Doc: "Nothing keeps the future of this thread, so nothing can await it: its result is lost, and its error is only reported when " +
			"the session ends.\n\n" +
			"Await it, now or later. If it is meant to go its own way, say so: `_ = async …`.",
		Bad:  "fn work() {\n  1\n}\n\nfn main() {\n  async work();\n  print(\"started\")\n}\n",
		Good: "fn work() {\n  1\n}\n\nfn main() {\n  future_work = async work();\n  print(\"started\");\n  await future_work\n}\n",
	},
	{
		Code: UnawaitedFuture, Severity: Warning, Title: "a future that is never awaited",
		Doc: "The future is kept in a name that nothing reads, so the thread is never awaited: its result is lost, and its error is only " +
			"reported when the session ends.\n\n" +
			"Await it. If it is meant to go its own way, begin the name with `_`.",
		Bad:  "fn work() {\n  1\n}\n\nfn main() {\n  result = async work();\n  print(\"done\")\n}\n",
		Good: "fn work() {\n  1\n}\n\nfn main() {\n  result = async work();\n  await result;\n  print(\"done\")\n}\n",
	},
	{
		Code: AwaitOfNonFuture, Severity: Warning, Title: "await of what is never a future",
		Doc: "`await x` of what is no future is `x` itself. Here the operand certainly is none, nor a List with one, so that the `await` " +
			"does nothing. Perhaps the operand should be a call, or an `async` is missing.",
		Bad:  "fn work() {\n  1\n}\n\nfn main() {\n  await work\n}\n",
		Good: "fn work() {\n  1\n}\n\nfn main() {\n  await async work()\n}\n",
	},
	{
		Code: FutureAsValue, Severity: Error, Title: "a future where its value is wanted", AtRunTime: true,
		Doc: "`async f(x)` is a future: a thread somewhere else is still computing the value. An operator, a builtin or a Python function wants " +
			"the value itself, which `await` waits for.\n\n" +
			"It is a warning where the future raises no error but is surely not meant: in a condition, in which every future counts as true, " +
			"or in what is printed.",
		Bad:  "fn count(text) {\n  length(text)\n}\n\nfn main() {\n  n = async count(\"abc\");\n  n + 1\n}\n",
		Good: "fn count(text) {\n  length(text)\n}\n\nfn main() {\n  n = async count(\"abc\");\n  await n + 1\n}\n",
	},
	{
		Code: AwaitsInTurn, Severity: Hint, Title: "awaits one after the other",
		Doc: "Each thread is awaited before the next one is started, although that does not need its value: they run one after the other, as " +
			"plain calls would. Start them all, then await them, and they run at the same time. That goes for " +
			"the parts of one expression too, as in `await async f() + await async g()`.\n\n" +
			"If the order matters, because of what the functions do besides, leave it as it is, or write plain calls, which say so.",
		Bad: "fn fetch(page) {\n  page + 1\n}\n\nfn main() {\n  first_page = await async fetch(1);\n  second_page = await async fetch(2);\n" +
			"  first_page + second_page\n}\n",
		Good: "fn fetch(page) {\n  page + 1\n}\n\nfn main() {\n  first_future = async fetch(1);\n  second_future = async fetch(2);\n" +
			"  await first_future + await second_future\n}\n",
	},
}
