// Package replay executes the threads of a session again, from its records alone: to any instant, forwards and backwards, without a
// Python call and without a write.
//
// # Why that is possible
//
// What a thread does follows from its entry and from the answers it gets, and all of those are stored (see runtime/engine). So a
// machine that is made from the entry and told what the records say goes through the very states of the original run, however often that
// one was cut off, preempted or doubled. An Instant, a thread and a number of instructions, therefore means the same for ever.
//
// # Reading a thread
//
// Each thread is read once from its entry on, lazily and only as far as somebody asks (read.go). What is learnt on the way is kept: where
// each of its segments begins, where it started threads and wrote lines, and now and then the whole machine as bytes, a seek point
// (seek.go). Any instant is then a short run from the seek point before it (cursor.go), and going back is going forward from further back.
//
// # How far a thread went
//
// A thread that came to its own end is read to its end. One that goes on, or was ended by somebody else, is certain to have come as
// far as its answers, the threads it started and its snapshot show. From there on it is read to where it waits, if it goes on; one that
// was ended is shown where it got its last answer, because nobody knows how much further it came.
//
// # The order across threads
//
// An answer begins a segment (segment.go), and the session's order sorts segments by when they began (order.go). Clocks of several
// computers may disagree; no segment comes before what caused it.
package replay
