// Package debugger stops programs and looks at them. It knows machines and engines, and no protocol.
//
// # Targets
//
// What is debugged is a Target: whatever can stop threads and hand out their machines. Live is a program that runs here, Recorded a
// session that is executed again from its records, Follow one that runs elsewhere.
//
// # How a live program is stopped
//
// The engine runs every machine through its Runner, which is the debugger. A thread is in one of these states:
//
//	outside    with the engine: it has not begun, waits for a future, for Python or for the clock, or something is done for it
//	runs       its machine executes, in portions; between two of them it looks whether it may go on
//	stands     its machine is in the Runner and does not execute
//	ended
//
// There is one permission to go on (Live.hold, Live.going). A thread that comes to something where it should stop takes the
// permission away from all, and every other one stands at its next look. Whoever stands gives its place back to the
// executor, so that those who may go on can. A thread that is outside when all stop comes to stand when it comes back; until it may
// go on it is shown as it was when it left.
//
// # Lines
//
// A debugger goes by lines, a machine by instructions. Lines says at which instructions a line begins: each expression of a
// block that begins a statement, and, within one that goes over several lines, wherever a line is reached for the first time.
package debugger
