package vm

import "math/big"

// Equality. Numbers are equal by exact value, values of different kinds are not, Hashes compare without order.
//
// NaN equals nothing, but inside a collection it equals itself, as in Python "[x] == [x]" holds for every x: so a value may be compared
// with itself without looking into it. Comparison has its own stack, since values may be nested a million deep, and
// remembers pairs that it has been at, since a value that holds another one twice, and that another one twice, would be
// walked in exponential time.

// Equal is "==": numbers by value, 1 and 1.0 included, Lists and Hashes by their content, Hashes without order.
func Equal(a, b Value) bool {
	equal, _ := equalValues(a, b)
	return equal
}

// equal is Equal, and charges for it.
func (m *Machine) equal(a, b Value) bool {
	equal, steps := equalValues(a, b)
	if steps > 0 {
		m.work(steps)
	}
	return equal
}

// equalValues also counts the items and bytes that were looked at.
func equalValues(a, b Value) (equal bool, steps int) {
	switch a.rep() {
	case repList, repHash, repFunction:
		if a.rep() != b.rep() {
			return false, 0
		}
		return equalItems(a, b)
	case repString:
		if b.rep() != repString || a.n != b.n {
			return false, 0
		}
		return a.text() == b.text(), a.bytes()
	}
	return equalScalars(a, b), 0
}

// equalItems is equality as between the items of collections: NaN equals itself.
func equalItems(a, b Value) (equal bool, steps int) {
	c := comparison{}
	equal = c.enter(a, b) && c.run()
	return equal, c.steps
}

// equalScalars compares values that hold no others.
func equalScalars(a, b Value) bool {
	switch a.rep() {
	case repNull:
		return b.isNull()
	case repBool:
		return a == b
	case repInt, repFloat, repBig:
		order, ordered := compareNumbers(a, b)
		return ordered && order == 0
	case repString:
		return b.rep() == repString && a.n == b.n && a.text() == b.text()
	case repSymbol:
		return b.rep() == repSymbol && a.Text() == b.Text()
	case repFuture:
		return b.rep() == repFuture && a.FutureID() == b.FutureID()
	}
	return false
}

// seenAfter is the number of steps after which pairs are remembered; most comparisons end before.
const seenAfter = 50_000

// comparison is a deep comparison on its way.
type comparison struct {
	todo  []comparedItems
	seen  map[[2]Value]struct{}
	steps int
}

// comparedItems are two equally long rows of values that have to be equal one by one.
type comparedItems struct{ a, b []Value }

func (c *comparison) run() bool {
	for len(c.todo) > 0 {
		top := &c.todo[len(c.todo)-1]
		if len(top.a) == 0 {
			c.todo = c.todo[:len(c.todo)-1]
			continue
		}
		a, b := top.a[0], top.b[0]
		top.a, top.b = top.a[1:], top.b[1:]
		c.steps++
		if a != b && !c.enter(a, b) {
			return false
		}
	}
	return true
}

// enter compares two values as far as they hold no others, and notes what is left to do.
func (c *comparison) enter(a, b Value) bool {
	if a.rep() != b.rep() {
		return equalScalars(a, b)
	}
	switch a.rep() {
	case repFloat:
		return a.float() == b.float() || a.float() != a.float() && b.float() != b.float()
	case repString:
		c.steps += a.bytes() / valueBytes
		return equalScalars(a, b)
	case repList:
		return a.Len() == b.Len() && c.push(a, b, func() ([]Value, []Value, bool) { return a.items(), b.items(), true })
	case repHash:
		return a.Len() == b.Len() && c.push(a, b, func() ([]Value, []Value, bool) { return matchValues(a, b) })
	case repFunction:
		return c.enterFunctions(a, b)
	}
	return equalScalars(a, b)
}

func (c *comparison) push(a, b Value, rows func() (as, bs []Value, ok bool)) bool {
	if c.steps > seenAfter {
		if c.seen == nil {
			c.seen = map[[2]Value]struct{}{}
		}
		// A pair that was entered before is equal, or the comparison ends with false anyway.
		if _, again := c.seen[[2]Value{a, b}]; again {
			return true
		}
		c.seen[[2]Value{a, b}] = struct{}{}
	}
	as, bs, ok := rows()
	if ok {
		c.todo = append(c.todo, comparedItems{as, bs})
	}
	return ok
}

// matchValues are the values of two Hashes in the order of a's keys; it is not ok if b lacks one of them.
func matchValues(a, b Value) (as, bs []Value, ok bool) {
	for key, value := range a.Pairs() {
		other, found, err := hashGet(b, key)
		if err != nil || !found {
			return nil, nil, false
		}
		as, bs = append(as, value), append(bs, other)
	}
	return as, bs, true
}

// enterFunctions: functions are equal if they are the same code with equal captures.
func (c *comparison) enterFunctions(a, b Value) bool {
	f, g := a.function(), b.function()
	if f.form != g.form || f.index != g.index || f.code.family != g.code.family || len(f.captures) != len(g.captures) {
		return false
	}
	return c.push(a, b, func() ([]Value, []Value, bool) { return f.captures, g.captures, true })
}

// compareNumbers is the order of two numbers by their exact values; not ordered if one is NaN or no number.
func compareNumbers(a, b Value) (order int, ordered bool) {
	if a.isFloat() {
		if b.isFloat() {
			return compareFloats(a.float(), b.float())
		}
		order, ordered = compareWithFloat(b, a.float())
		return -order, ordered
	}
	if b.isFloat() {
		return compareWithFloat(a, b.float())
	}
	switch {
	case a.isInt() && b.isInt():
		return compareInts(a.int(), b.int()), true
	case a.rep() == repBig && b.rep() == repBig:
		return a.big().Cmp(b.big()), true
	case a.rep() == repBig && b.isInt():
		return a.big().Sign(), true
	case a.isInt() && b.rep() == repBig:
		return -b.big().Sign(), true
	}
	return 0, false
}

func compareInts(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func compareFloats(a, b float64) (order int, ordered bool) {
	switch {
	case a < b:
		return -1, true
	case a > b:
		return 1, true
	}
	return 0, a == b
}

// compareWithFloat is the order of v, if that is an Int, and f.
func compareWithFloat(v Value, f float64) (order int, ordered bool) {
	switch {
	case f != f || v.Kind() != KindInt:
		return 0, false
	case v.rep() == repBig:
		return new(big.Float).SetInt(v.big()).Cmp(big.NewFloat(f)), true
	case f >= 1<<63:
		return -1, true
	case f < -1<<63:
		return 1, true
	}
	whole := int64(f) // toward zero
	if order := compareInts(v.int(), whole); order != 0 {
		return order, true
	}
	order, ordered = compareFloats(float64(whole), f)
	return order, ordered
}
