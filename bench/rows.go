// Command bench measures the machine beside CPython and other interpreters written in Go, in one run on one machine:
// the figures of different runs on shared cores cannot be compared, ratios within a run can.
package main

// Row is one program, written for every engine in its natural style. Each defines a function "main" without parameters
// whose result is Want. An engine whose text is empty cannot run the program at all.
type Row struct {
	Name string
	Want string
	// Texts is by the engine's name.
	Texts map[string]string
}

// rows are the programs of the comparison: calls, loops, floats, lists, strings, higher-order functions, deep recursion.
var rows = []Row{
	{"fib(27)", "196418", map[string]string{
		"hark": `
fn fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
fn main() { fib(27) }`,
		"python": `
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
def main(): return fib(27)`,
		"starlark": `
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
def main(): return fib(27)`,
		"lua": `
function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
function main() return fib(27) end`,
		"goja": `
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }
function main() { return fib(27) }`,
		"tengo": `
fib := func(n) { if n < 2 { return n }; return fib(n - 1) + fib(n - 2) }
main := func() { return fib(27) }`,
	}},
	{"1M tail loop", "500000500000", map[string]string{
		"hark": `
fn loop(i, acc) { if i == 0 { acc } else { loop(i - 1, acc + i) } }
fn main() { loop(1000000, 0) }`,
		"python": `
def main():
    i = 1000000
    acc = 0
    while i != 0:
        acc = acc + i
        i = i - 1
    return acc`,
		"starlark": `
def main():
    i = 1000000
    acc = 0
    while i != 0:
        acc = acc + i
        i = i - 1
    return acc`,
		"lua": `
function main() local i, acc = 1000000, 0 while i ~= 0 do acc = acc + i i = i - 1 end return acc end`,
		"goja": `
function main() { let i = 1000000, acc = 0; while (i != 0) { acc = acc + i; i = i - 1 } return acc }`,
		"tengo": `
main := func() { i := 1000000; acc := 0; for i != 0 { acc = acc + i; i = i - 1 }; return acc }`,
	}},
	{"float loop", "1500.0", map[string]string{
		"hark": `
fn loop(i, x) { if i == 0 { round(x) * 1.0 } else { loop(i - 1, x * 0.999 + 1.5) } }
fn main() { loop(500000, 0.0) }`,
		"python": `
def main():
    i = 500000
    x = 0.0
    while i != 0:
        x = x * 0.999 + 1.5
        i = i - 1
    return float(round(x))`,
		"starlark": `
def main():
    i = 500000
    x = 0.0
    while i != 0:
        x = x * 0.999 + 1.5
        i = i - 1
    return float(int(x + 0.5))`,
		"lua": `
function main() local i, x = 500000, 0.0 while i ~= 0 do x = x * 0.999 + 1.5 i = i - 1 end return math.floor(x + 0.5) end`,
		"goja": `
function main() { let i = 500000, x = 0.0; while (i != 0) { x = x * 0.999 + 1.5; i = i - 1 } return Math.round(x) }`,
		"tengo": `
main := func() { i := 500000; x := 0.0; for i != 0 { x = x * 0.999 + 1.5; i = i - 1 }; return int(x + 0.5) }`,
	}},
	{"append 100k", "100000", map[string]string{
		"hark": `
fn fill(xs, i) { if i == 0 { length(xs) } else { fill(append(xs, i), i - 1) } }
fn main() { fill([], 100000) }`,
		"python": `
def main():
    xs = []
    i = 100000
    while i != 0:
        xs.append(i)
        i = i - 1
    return len(xs)`,
		"starlark": `
def main():
    xs = []
    i = 100000
    while i != 0:
        xs.append(i)
        i = i - 1
    return len(xs)`,
		"lua": `
function main() local xs, i = {}, 100000 while i ~= 0 do xs[#xs + 1] = i i = i - 1 end return #xs end`,
		"goja": `
function main() { const xs = []; let i = 100000; while (i != 0) { xs.push(i); i = i - 1 } return xs.length }`,
		"tengo": `
main := func() { xs := []; i := 100000; for i != 0 { xs = append(xs, i); i = i - 1 }; return len(xs) }`,
	}},
	{"20k strings", "20000", map[string]string{
		"hark": `
fn build(s, i) { if i == 0 { length(s) } else { build(s + "x", i - 1) } }
fn main() { build("", 20000) }`,
		"python": `
def main():
    s = ""
    i = 20000
    while i != 0:
        s = s + "x"
        i = i - 1
    return len(s)`,
		"starlark": `
def main():
    s = ""
    i = 20000
    while i != 0:
        s = s + "x"
        i = i - 1
    return len(s)`,
		"lua": `
function main() local s, i = "", 20000 while i ~= 0 do s = s .. "x" i = i - 1 end return #s end`,
		"goja": `
function main() { let s = "", i = 20000; while (i != 0) { s = s + "x"; i = i - 1 } return s.length }`,
		"tengo": `
main := func() { s := ""; i := 20000; for i != 0 { s = s + "x"; i = i - 1 }; return len(s) }`,
	}},
	{"map/filter/reduce 100k", "7499850000", map[string]string{
		"hark": `
fn main() { reduce(lambda(a, x) { a + x }, filter(lambda(x) { x % 2 == 0 }, map(lambda(x) { x * 3 }, range(100000))), 0) }`,
		"python": `
from functools import reduce
def main():
    return reduce(lambda a, x: a + x, list(filter(lambda x: x % 2 == 0, list(map(lambda x: x * 3, range(100000))))), 0)`,
		"starlark": `
def map(f, xs): return [f(x) for x in xs]
def filter(f, xs): return [x for x in xs if f(x)]
def reduce(f, xs, acc):
    for x in xs:
        acc = f(acc, x)
    return acc
def main():
    return reduce(lambda a, x: a + x, filter(lambda x: x % 2 == 0, map(lambda x: x * 3, range(100000))), 0)`,
		"lua": `
function map(f, xs) local r = {} for i = 1, #xs do r[i] = f(xs[i]) end return r end
function filter(f, xs) local r, n = {}, 0 for i = 1, #xs do if f(xs[i]) then n = n + 1 r[n] = xs[i] end end return r end
function reduce(f, xs, acc) for i = 1, #xs do acc = f(acc, xs[i]) end return acc end
function main()
  local xs = {}
  for i = 0, 99999 do xs[i + 1] = i end
  return reduce(function(a, x) return a + x end, filter(function(x) return x % 2 == 0 end, map(function(x) return x * 3 end, xs)), 0)
end`,
		"goja": `
function main() {
  const xs = Array.from({length: 100000}, (_, i) => i)
  return xs.map(x => x * 3).filter(x => x % 2 == 0).reduce((a, x) => a + x, 0)
}`,
		"tengo": `
map := func(f, xs) { r := []; for x in xs { r = append(r, f(x)) }; return r }
filter := func(f, xs) { r := []; for x in xs { if f(x) { r = append(r, x) } }; return r }
reduce := func(f, xs, acc) { for x in xs { acc = f(acc, x) }; return acc }
main := func() {
  return reduce(func(a, x) { return a + x }, filter(func(x) { return x % 2 == 0 }, map(func(x) { return x * 3 }, range(0, 100000))), 0)
}`,
	}},
	{"depth 1M", "999000", map[string]string{
		"hark": `
fn count(n) { if n == 0 { 0 } else { 1 + count(n - 1) } }
fn main() { count(999000) }`,
		"python": `
import sys
sys.setrecursionlimit(1100000)
def count(n): return 0 if n == 0 else 1 + count(n - 1)
def main(): return count(999000)`,
	}},
}
