// Package engine drives machines. It performs what a machine asks for (threads, Python calls, waits, sleep, output) in
// an order that loses nothing when a process dies, on the ports that this package owns: Store, Foreign, Clock, Executor,
// Observer, Runner and a source of random numbers. Given the ports everything here is deterministic.
//
// # The rule
//
// What a thread does follows from its entry (function, arguments) and the answers it gets, and from nothing else. No answer
// is ever decided twice: slot n of the thread's log, which is only ever put where there is none, decides its Python call n;
// the head of an awaited thread, which can be finished one time only, decides the future; and one of these two decides all
// the rest (which of several ended first, whether a wait timed out). Before anything that follows an answer can be seen
// from outside, the answer is in the store, or has been replaced by the one that was there already. Leases, epochs,
// snapshots and clocks only save work: nothing here becomes wrong when a lease is, when an invocation is lost, late or
// doubled, or when a process dies between any two requests.
//
// # A run
//
// The executor calls Engine.Run with a thread's ID. The run claims the thread, makes its machine (from its snapshot, or
// from its entry), and alternates between the machine and the world until the thread has ended (Finish, then Wake its
// waiters), is parked at a wait (Register, then Park), or has used up its slice (Preempt). It holds nothing afterwards.
//
// # Who wakes a parked thread
//
// P registers with its target before it parks, and Finish returns the waiters in the same request that decides. So
// whatever comes between: Finish before Register, and Register fails and holds the value; between Register and Park, and
// Wake releases a wait that is not parked at yet, so that Park fails; after Park, and Wake finds it parked and invokes it.
// A death anywhere leaves the thread in the index that the sweep reads.
package engine
