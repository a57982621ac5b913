// Package vm is the machine: it runs a program until it is done, out of fuel, or needs the world, and says so.
//
// It knows no clock, randomness, goroutine or I/O, and never walks a Go map in an order that can be observed: a run is a
// pure function of its program, its start and the answers that it was given.
//
// The files:
//
//	value.go            what a Value is: the layout of every object, constructors, accessors
//	arith.go equal.go   numbers and comparison, as the operations need them
//	code.go exec.go     a program made executable: a private copy of its code, with fused pairs and traps
//	machine.go          the machine and its interface to the engine
//	run.go              the dispatch loop; slow.go: what the loop leaves to ordinary functions
//	call.go raise.go    dynamic calls, spawns, errors and their handlers
//	memory.go           limits
//	encode.go decode.go digest.go   machines and values as bytes
//	debug.go            frames, locals, breakpoints, single steps
//	builtins*.go and the rest        the functions of bytecode.Builtins
package vm
