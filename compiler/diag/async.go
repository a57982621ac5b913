package diag

// Codes of the group async.
const (
	AsyncNeedsCall Code = 401 // reported by the parser, as the tree has the places for the fix
)

var asyncRows = []Row{
	{
		Code: AsyncNeedsCall, Severity: Error, Title: "'async' without a call",
		Doc: "`async` starts a function in a new thread, so that a call has to follow it: `async f(x)`. It reaches as far to the " +
			"right as it can, so that `async f() + 1` is `async (f() + 1)`, which is no call. Put `async` and its call in " +
			"parentheses, or give the future a name, and remember that a future has to be awaited before one can add to it.",
		Bad:  "fn main() { await (async double(2) + 1) }\n\nfn double(x) { x * 2 }\n",
		Good: "fn main() { await async double(2) + 1 }\n\nfn double(x) { x * 2 }\n",
	},
}
