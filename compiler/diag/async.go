package diag

// Codes of the group async.
const (
	AsyncNeedsCall   Code = 401
	DiscardedFuture  Code = 402
	UnawaitedFuture  Code = 403
	AwaitOfNonFuture Code = 404
)

var asyncRows = []Row{
	{Code: AsyncNeedsCall, Severity: Error, Title: "async of something that is no call"},
	{Code: DiscardedFuture, Severity: Warning, Title: "Future thrown away"},
	{Code: UnawaitedFuture, Severity: Warning, Title: "Future that is never awaited"},
	{Code: AwaitOfNonFuture, Severity: Warning, Title: "await of what is never a future"},
}
