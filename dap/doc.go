// Package dap is the debug adapter: the Debug Adapter Protocol in front of dap/debugger.
//
// # A session
//
// A session is one client's: one pair of streams. It has three goroutines. The reader takes messages from the input and notices its
// end. The dispatcher handles one request after the other, in the order in which they came; it alone touches the session's
// state. The writer numbers and writes what the other two and the debugger's listener put into its queue, so that nobody waits for
// a slow client but output of the program.
//
// # Requests
//
// A message is decoded once as an envelope, whose arguments are left as they are. The table of requests says for each command which
// arguments it has, in which zone it is allowed, and what handles it. Null, missing, extended and badly typed arguments are
// dealt with in that one place. What is not in the table, or not allowed now, is answered with an error.
package dap
