// Package ffi makes calls of Python functions: a supervised pool of worker processes, the protocol they speak, and the
// exact conversion of values both ways. It decides nothing about retries or timeouts: that a worker died is an answer
// (Crash) like another, and what follows from it is the engine's business.
//
// # A worker
//
// A worker is a Python interpreter, 3.8 or newer, that runs worker.py; worker_boot.py, given with -c, reads worker.py from the
// pipe of requests, so that nothing has to be installed. A worker makes one call at a time, in its main thread, and keeps
// the modules that it has imported. It lives in a process group of its own, and whatever it started there ends with it.
//
//	descriptor 0   nothing
//	           1   the user's standard output: a pipe that we read
//	           2   the user's standard error: likewise
//	           3   requests (from us); the worker moves it out of the way, to a number from 500
//	           4   replies (to us); likewise
//
// # The protocol, version 2
//
// Both directions carry frames, numbers in little endian:
//
//	"HARK"  version:u8  kind:u8  0:u16  call:u32  length:u32  checksum:u32  body[length]
//
// The checksum is the CRC-32 of the frame without the checksum. A body is marshalled (see below). The user's code shares a
// process with the worker and may write into our pipe: any frame that is not exactly as expected ends the worker.
//
//	kind          body
//	  1 SETUP     (limit in bytes, mark, [entry of sys.path …])             no reply
//	  2 CALL      (module, name, (argument …), {name: argument})            RESULT or RAISED
//	  3 EXPLAIN   the last result once more, by the worker's slow and exact writer: RESULT or RAISED
//	  4 FORGET    nothing: the last result, which EXPLAIN is for, was large and can go
//	  5 LISTEN    nothing: let debuggers of Python attach                   LISTENING or RAISED
//	  6 ATTACH    (seconds,): wait for one; the next call stops             ATTACHED or RAISED
//	 65 HELLO     (version, (major, minor, micro), interpreter, pid)        first of all, call 0
//	 66 RESULT    the value
//	 67 RAISED    (class, (class, base …), message, traceback)
//	 68 LISTENING (host, port, whether one has attached)
//	 69 ATTACHED  whether one has
//
// The bodies of SETUP, CALL and ATTACH are Lists whose last item counts; the items before it are parts of it that lie deeper than
// marshal can read, referred to from there.
//
// A worker ends when the stream of requests does. When it ends for any other reason, that is a Crash.
//
// # Debugging Python
//
// A call that is to be stepped into (engine.Call.Debug) is preceded by LISTEN and ATTACH. The worker has debugpy listen on a free port of the
// loopback interface, once; whoever asked has a client of his attach there, for which the worker waits. The call then stops at the
// first line of its function: a profile function, called when a frame begins, tells debugpy to stop in that frame, so that
// nothing of the worker is ever seen. A worker that is debugged lives no longer than another one, and debugpy's adapter ends
// with it.
//
// # Output
//
// Before a reply the worker flushes Python's and C's buffers and writes a mark and the call's number to both output pipes,
// in one write each. What comes before the mark belongs to the call; it is complete when both marks have been seen. What
// threads print that outlived their call, between two calls, belongs to none (Config.Stray).
//
// # Values
//
// Values cross in the format of Python's marshal module: it is fast there, exact for the types that Hark has, and
// knows no other than built-in ones. We write what version 2 of the format has (and references, for what is deep), which is
// the same bytes in every Python from 3.8 to 3.13; we read what version 3 has: version 2, interned strings and references,
// so that a value that is shared many times over stays small. marshal knows more types than Hark has, and neither cycles nor surrogates disturb it;
// our reader notices, and has the worker EXPLAIN, which finds the place by its own slow walk.
//
// What crosses without loss is None, bool, int, float, str, list and dict, whatever their value; a tuple becomes a List. Types count
// exactly: a subclass (IntEnum, OrderedDict, namedtuple) is refused like any other type, with advice on what to return. The limit of
// 64 MiB counts the marshalled size without sharing, of the result or of all arguments together, the same both ways.
package ffi
