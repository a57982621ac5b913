// Package fork makes a new session that goes on for real from an instant of another one, which is only read.
//
// # What is kept
//
// The new session has everything that does not causally follow the instant: of the thread that it is in, what came before it; of the
// others, what came before they were started by something that is not kept, or awaited the end of a thread whose end is not kept. A
// thread that is kept to its end has ended in the new session too. The others stand where they were cut, as if a run had given
// them up there: with a snapshot, and the answers before it. So nothing that is kept is executed again, slept again or called again.
//
// An answer of a Python call may be replaced by another value; then what causally follows the answer is not kept either.
//
// # What is the same
//
// Threads keep their numbers, and sid() answers in them what it always has: it is in what they computed. So every instant that is kept is
// an instant of the new session too, with the same state. Times are moved, so that the last thing that is kept has just happened.
package fork
