package resolve

import (
	"iter"
)

// synonyms are names that people bring from other languages, with what is said here.
var synonyms = map[string]string{
	"len": "length", "size": "length", "count": "length", "type": "type_of", "typeof": "type_of",
	"int": "parse_int", "float": "parse_float", "string": "str", "to_string": "str", "dict": "hash",
	"puts": "print", "println": "print", "echo": "print", "log": "print", "raise": "signal", "throw": "signal",
	"push": "append", "concat": "conc", "head": "first", "car": "first", "tail": "rest", "cdr": "rest",
	"fold": "reduce", "sorted": "sort", "reversed": "reverse", "strip": "trim", "nil": "null", "none": "null", "undefined": "null",
}

// hints explain words that are no names here at all.
var hints = map[string]string{
	"return":   "there is no 'return': the value of a block is its last expression",
	"for":      "there are no loops: use 'map', 'filter' or 'reduce', or a function that calls itself",
	"while":    "there are no loops: use a function that calls itself",
	"and":      "write '&&'",
	"or":       "write '||'",
	"not":      "write '!'",
	"import":   "imports stand at the top level of a file",
	"let":      "a name needs no declaration: write 'name = value'",
	"var":      "a name needs no declaration: write 'name = value'",
	"const":    "a name needs no declaration: write 'name = value'",
	"def":      "functions are defined by 'fn', at the top level of a file",
	"function": "write 'lambda'",
	"throw":    "write 'signal(\"error\", message)'",
	"raise":    "write 'signal(\"error\", message)'",
}

// guess looks for the name that a misspelt one is most likely meant to be.
type guess struct {
	name string
	best string // "" if nothing is like it
	dist int
}

// consider compares one more candidate. Of equally near ones it is the first by the alphabet, so that the answer does not depend
// on their order.
func (g *guess) consider(candidate string) {
	limit := g.dist
	if g.best == "" {
		limit = min(1+(len(g.name)-1)/4, 3)
	}
	if candidate == g.name || candidate == "" || abs(len(candidate)-len(g.name)) > limit || len(g.name) < 2 {
		return
	}
	d := distance(g.name, candidate, limit)
	if d < limit || d == limit && (g.best == "" || candidate < g.best) {
		g.best, g.dist = candidate, d
	}
}

// Nearest is the candidate that a misspelt name is most likely meant to be, "" if none is like it.
func Nearest(name string, candidates iter.Seq[string]) string {
	g := guess{name: name}
	for candidate := range candidates {
		g.consider(candidate)
	}
	return g.best
}

// distance is the number of characters to insert, delete, replace or swap with their neighbour to get from a to b, or some number
// above limit if it is more than that (the optimal string alignment distance, by the usual table of which three rows are kept).
// Case does not count.
func distance(a, b string, limit int) int {
	var buffer [3 * 32]int
	rows, width := buffer[:], len(b)+1
	if 3*width > len(rows) {
		rows = make([]int, 3*width)
	}
	before, row, next := rows[:width], rows[width:2*width], rows[2*width:3*width]
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if lower(a[i-1]) == lower(b[j-1]) {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
			least = min(least, next[j])
		}
		if least > limit {
			return limit + 1
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func abs(n int) int { return max(n, -n) }
