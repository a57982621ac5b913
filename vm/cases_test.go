package vm

// machineCases are programs in the form of bytecode.Assemble, with what main gives. The driver of these tests answers what a
// machine asks: a Python call gives the List of its arguments, an await the value of the thread's result, a sleep its seconds.
var machineCases = []struct{ name, listing, want string }{
	{"fib", fibListing + `
func main()
  int r0, 15
  tailcall r0, 1, fib
export main`, `610`},
	{"loop", `
func main()
  int r0, 1000
  int r1, 0
  tailcall r0, 2, sum
func sum(n, acc)
  jeqi r0, 0, 0, @more
  ret r1
more:
  add r1, r1, r0
  subi r0, r0, 1
  loop
export main`, `500500`},
	{"big numbers", `
func main()
  int r0, 100
  int r1, 1
  tailcall r0, 2, factorial
func factorial(n, acc)
  jgti r0, 1, 1, @more
  modi r2, r1, 1000007
  list r3, r1, 2
  ret r3
more:
  mul r1, r1, r0
  subi r0, r0, 1
  loop
export main`, `[93326215443944152681699238856266700490715968264381621468592963895217599993229915608941463976156518286253697920827223758251185210916864000000000000000000000000, 323756]`},
	{"floats and text", `
func main()
  const r0, 1.5
  int r1, 2
  mul r2, r0, r1
  div r3, r2, r1
  const r4, "ab"
  const r5, "cd"
  add r4, r4, r5
  add r6, r4, r5
  add r7, r4, r4
  eq r8, r4, r7
  lt r9, r4, r7
  list r0, r2, 8
  ret r0
export main`, `[3.0, 1.5, "abcd", "cd", "abcdcd", "abcdabcd", false, true]`},
	{"a list in itself", `
func main()
  int r0, 1
  list r1, r0, 1
  callb2 r1, r1, r1, append
  callb2 r1, r1, r1, append
  callb1 r2, r1, rest
  callb2 r3, r1, r2, append
  callb2 r4, r1, r0, append
  callb1 r2, r2, rest
  list r0, r1, 4
  ret r0
export main`, `[[1, [1], [1, [1]]], [[1, [1]]], [1, [1], [1, [1]], [[1], [1, [1]]]], [1, [1], [1, [1]], 1]]`},
	{"a queue", `
func main()
  int r0, 0
  list r1, r0, 1
  int r2, 60
  tailcall r1, 2, turn
func turn(q, n)
  jgti r1, 0, 1, @more
  ret r0
more:
  callb1 r2, r0, first
  addi r2, r2, 1
  callb2 r0, r0, r2, append
  modi r3, r1, 3
  jeqi r3, 0, 1, @keep
  callb1 r0, r0, rest
keep:
  subi r1, r1, 1
  loop
export main`, `[7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8]`},
	{"hashes", `
func main()
  hash r0, r0, 0
  int r1, 40
  tailcall r0, 2, fill
func fill(h, n)
  jgti r1, 0, 1, @more
  int r2, 7
  callb2 r2, r0, r2, get
  callb1 r3, r0, length
  const r4, "k"
  hashset r0, r3, 1
  callb1 r5, r0, length
  list r0, r2, 4
  ret r0
more:
  move r2, r1
  mul r3, r1, r1
  hashset r0, r2, 1
  subi r1, r1, 1
  loop
export main`, `[49, 40, "k", 40]`},
	{"closures", `
func main()
  int r0, 10
  closure r1, r0, adder
  int r2, 5
  callv r1, 1, ()
  closure r2, r0, adder
  move r3, r1
  tailcallv r2, 1, ()
func adder(x) captures=n
  capture r1, 0
  add r0, r0, r1
  ret r0
export main`, `25`},
	{"a closure that calls itself, from a direct call", `
func main()
  int r0, 3
  call r0, 1, start
  list r1, r0, 1
  ret r1
func start(n)
  move r1, r0
  closure r2, r0, down
  move r3, r1
  tailcallv r2, 1, ()
func down(i) captures=n
  jgti r0, 0, 1, @more
  capture r1, 0
  ret r1
more:
  self r1
  subi r2, r0, 1
  tailcallv r1, 1, ()
export main`, `[3]`},
	{"named arguments", `
func main()
  func r0, show
  int r1, 1
  int r2, 2
  int r3, 3
  callv r0, 3, (c b)
  builtin r1, append
  move r2, r0
  int r3, 4
  tailcallv r1, 2, (list x)
func show(a, b, c)
  list r0, r0, 3
  ret r0
export main`, `[1, 3, 2, 4]`},
	{"named arguments out of order", `
func main()
  func r0, show
  int r1, 1
  int r2, 2
  int r3, 3
  tailcallv r0, 3, (c b)
func show(a, b, c)
  list r0, r0, 3
  ret r0
export main`, `[1, 3, 2]`},
	{"handlers", `
func main()
  null r0
  int r1, 0
  call r1, 1, fail
  int r1, -1
  ret r1
  jfalse r1, @inner
inner:
  const r2, "kind"
  callb2 r2, r0, r2, get
  const r3, "line"
  callb2 r3, r0, r3, get
  list r0, r2, 2
  ret r0
handler 1..3 -> @inner r0
func fail(x)
  divi r0, r0, 0
  ret r0
export main`, `["ZeroDivision", 18]`},
	{"spawn, await, foreign, sleep", `
import fetch = "src.web" "fetch" 2
func main()
  foreign r0, i0
  int r1, 1
  int r2, 2
  callv r0, 2, (b)
  builtin r1, sleep
  const r2, 0.5
  callv r1, 1, ()
  func r2, work
  int r3, 20
  spawn r2, 1, ()
  func r3, work
  int r4, 30
  spawn r3, 1, ()
  list r4, r2, 2
  await r4, r4
  await r5, r2
  callb1 r6, r4, print
  list r0, r0, 7
  ret r0
func work(n)
  addi r1, r0, 1
  func r2, twice
  move r3, r1
  spawn r2, 1, ()
  ret r2
func twice(n)
  muli r0, r0, 2
  ret r0
export main`, `[[1, 2], 0.5, <future 0.0>, <future 0.1>, [42, 62], 42, [42, 62]]`},
	{"a thread that is a builtin", `
func main()
  builtin r0, length
  int r1, 1
  int r2, 2
  list r1, r1, 2
  spawn r0, 1, ()
  ret r0
export main`, `2`},
	{"a failing thread", `
func main()
  func r0, work
  spawn r0, 0, ()
  await r0, r0
  ret r0
func work()
  null r0
  addi r0, r0, 1
  ret r0
export main`, `Type: '+' takes two numbers, two Strings or two Lists, not Null and an Int`},
	{"a wide function", `
func main() registers=300
  int r0, 7
  storew r0, r299
  int r1, 5
  call r1, 1, id
  func r2, id
  int r3, 6
  callv r2, 1, ()
  loadw r0, r299
  list r0, r0, 3
  ret r0
func id(x) registers=4
  int r3, 1
  move r1, r0
  ret r1
export main`, `[7, 5, 6]`},
	{"deep recursion that fails", `
func main()
  int r0, 0
  tailcall r0, 1, down
func down(n)
  addi r1, r0, 1
  call r1, 1, down
  addi r1, r1, 1
  ret r1
export main`, `Limit: calls are nested more than 1000000 deep`},
	{"booleans", `
func main()
  bool r0, 1
  bool r1, 0
  jand r0, @a
  int r2, 1
  jump @b
a:
  int r2, 2
b:
  jor r1, @c
  int r3, 3
  jump @d
c:
  int r3, 4
d:
  not r4, r1
  boolcheck r4, 0
  null r5
  not r6, r5
  neg r7, r3
  list r0, r0, 8
  ret r0
export main`, `[true, false, 1, 3, true, null, true, -3]`},
	{"a maybe unset local", `
func main()
  unset r0
  jset r0, @a
  int r1, 1
  jump @b
a:
  int r1, 2
b:
  closure r2, r0, look
  callv r2, 0, ()
  ret r2
func look() captures=x
  capture r0, 0
  check r0, x
  ret r0
export main`, `Name: 'x' has no value yet`},
}
