// Package dap is the debug adapter: the Debug Adapter Protocol in front of dap/debugger.
//
// # A session
//
// A session is one client's: one pair of streams. The reader takes messages from the input, puts them into the queue, and notices
// the input's end. The dispatcher handles one request after the other, in the order in which they came. One that may take long (row.long)
// is handled on a goroutine of its own, and meanwhile the dispatcher takes none but those that are urgent: pause and cancel. What ends
// the session or its target gives up what is at work. So one request at a time touches the session's state, but for the urgent
// ones, which only look at what no long one changes. The writer numbers and writes what all of them and the debugger's listener put
// into its queue, so that nobody waits for a slow client but output of the program.
//
// # Requests
//
// A message is decoded once as an envelope, whose arguments are left as they are. The table of requests says for each command which
// arguments it has, in which zone it is allowed, and what handles it. Null, missing, extended and badly typed arguments are
// dealt with in that one place. What is not in the table, or not allowed now, is answered with an error.
//
// # Targets
//
// What a request is about is a debugger.Target, whichever it is: only the launch knows which kinds there are (targets.go). What a target
// can do now it says itself, and the client is told as that changes.
package dap
