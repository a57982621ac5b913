package vm

import "testing"

// The rows of bench, assembled by hand as the compiler does it.
var benchCases = []struct{ name, listing, want string }{
	{"fib27", fibListing + `
func main()
  int r0, 27
  tailcall r0, 1, fib
export main`, "196418"},
	{"loop1M", `
func main()
  int r0, 1000000
  int r1, 0
  tailcall r0, 2, loop
func loop(i, acc)
  jeqi r0, 0, 0, @more
  ret r1
more:
  subi r2, r0, 1
  add r1, r1, r0
  move r0, r2
  loop
export main`, "500000500000"},
	{"float500k", `
func main()
  int r0, 500000
  const r1, 0.0
  tailcall r0, 2, loop
func loop(i, x)
  jeqi r0, 0, 0, @more
  callb1 r1, r1, round
  ret r1
more:
  subi r0, r0, 1
  const r3, 0.999
  mul r2, r1, r3
  const r3, 1.5
  add r1, r2, r3
  loop
export main`, "1500"},
	{"append100k", `
func main()
  list r0, r0, 0
  int r1, 100000
  tailcall r0, 2, fill
func fill(xs, i)
  jeqi r1, 0, 0, @more
  callb1 r2, r0, length
  ret r2
more:
  callb2 r0, r0, r1, append
  subi r1, r1, 1
  loop
export main`, "100000"},
	{"strings20k", `
func main()
  const r0, ""
  int r1, 20000
  tailcall r0, 2, build
func build(s, i)
  jeqi r1, 0, 0, @more
  callb1 r2, r0, length
  ret r2
more:
  const r3, "x"
  add r0, r0, r3
  subi r1, r1, 1
  loop
export main`, "20000"},
	{"map100k", `
func main()
  func r0, triple
  int r1, 100000
  callb1 r1, r1, range
  callb1 r2, r1, length
  list r3, r3, 0
  int r4, 0
  call r0, 5, map.from
  callb1 r0, r0, length
  ret r0
func triple(x)
  muli r1, r0, 3
  ret r1
func map.from(f, xs, n, out, i)
  jlt r4, r2, 0, @end
  move r5, r0
  callb2 r6, r1, r4, nth
  callv r5, 1, ()
  callb2 r3, r3, r5, append
  addi r4, r4, 1
  loop
end:
  ret r3
export main`, "100000"},
	{"depth1M", `
func main()
  int r0, 999000
  tailcall r0, 1, count
func count(n) registers=3
  jeqi r0, 0, 0, @more
  int r1, 0
  ret r1
more:
  int r1, 1
  subi r2, r0, 1
  call r2, 1, count
  add r1, r1, r2
  ret r1
export main`, "999000"},
}

func BenchmarkMachine(b *testing.B) {
	for _, c := range benchCases {
		b.Run(c.name, func(b *testing.B) {
			code := assembled(b, c.listing)
			for b.Loop() {
				m := started(b, code, "main")
				if outcome := m.Run(1 << 50); outcome != Done || Show(m.Result()) != c.want {
					b.Fatal(outcome, m.Fault(), Show(m.Result()))
				}
			}
			b.ReportMetric(float64(stepsOf(b, code))/float64(b.Elapsed().Nanoseconds()/int64(b.N)), "instr/ns")
		})
	}
}

func stepsOf(b *testing.B, code *Code) uint64 {
	m := started(b, code, "main")
	m.Run(1 << 50)
	return m.Steps()
}

// BenchmarkSingleSteps is the cost of an instruction when the machine stops after each.
func BenchmarkSingleSteps(b *testing.B) {
	m := started(b, assembled(b, benchCases[1].listing), "main")
	for b.Loop() {
		if m.Run(1) != Fuel {
			m = started(b, m.Code(), "main")
		}
	}
}
