// Package vm is the machine: it runs a program up to its end, to the end of its fuel, or to where something from outside is
// wanted, and says which it was.
//
// It knows no clock, randomness, goroutine or I/O, and never walks a Go map in an order that can be observed: a run
// depends on its program, its start and the answers that it was given, and on nothing else.
//
// The files:
//
//	value.go                        what a Value is: the layout of every object, constructors, accessors
//	arith.go equal.go               numbers and comparison
//	list.go string.go hash*.go      what collections do
//	code.go                         a program made executable
//	machine.go answer.go            the machine and its interface to the engine
//	ops.go call.go bind.go raise.go what each operation does, in the plainest way; calls, arguments, errors
//	step.go                         runs: the dispatch loop as far as it goes, plain steps where it does not
//	run.go exec.go                  the dispatch loop, and the form of programs that it executes
//	memory.go                       limits
//	encode*.go decode*.go digest.go machines and values as bytes
//	debug.go traps.go               frames, locals, breakpoints
//	builtins*.go                    the functions of bytecode.Builtins
package vm
