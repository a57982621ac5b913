package ffi

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

func power(base, exponent int64) *big.Int {
	return new(big.Int).Exp(big.NewInt(base), big.NewInt(exponent), nil)
}

// exact are values and Python expressions for the same.
func exact(t *testing.T) []struct {
	value      vm.Value
	expression string
} {
	return []struct {
		value      vm.Value
		expression string
	}{
		{vm.Null, "None"},
		{vm.Bool(true), "True"},
		{vm.Bool(false), "False"},
		{vm.Int(0), "0"},
		{vm.Int(-1), "-1"},
		{vm.Int(math.MaxInt32), "2**31 - 1"},
		{vm.Int(math.MaxInt32 + 1), "2**31"},
		{vm.Int(math.MinInt32), "-2**31"},
		{vm.Int(math.MinInt32 - 1), "-2**31 - 1"},
		{vm.Int(math.MaxInt64), "2**63 - 1"},
		{vm.Int(math.MinInt64), "-2**63"},
		{vm.BigInt(power(2, 63)), "2**63"},
		{vm.BigInt(power(2, 100)), "2**100"},
		{vm.BigInt(new(big.Int).Neg(power(2, 75))), "-2**75"},
		{vm.BigInt(power(7, 10007)), "7**10007"},
		{vm.Float(1.5), "1.5"},
		{vm.Float(0.1), "0.1"},
		{vm.Float(math.Copysign(0, -1)), "-0.0"},
		{vm.Float(math.Inf(1)), "inf"},
		{vm.Float(math.Inf(-1)), "-inf"},
		{vm.Float(math.NaN()), "nan"},
		{vm.Float(math.SmallestNonzeroFloat64), "5e-324"},
		{vm.Float(math.MaxFloat64), "1.7976931348623157e308"},
		{vm.String(""), "''"},
		{vm.String("a\x00b\r\n"), `'a\x00b\r\n'`},
		{vm.String("é€𝄞\uFFFD\U0010FFFF"), `'\xe9\u20ac\U0001d11e\ufffd\U0010ffff'`},
		{vm.List(), "[]"},
		{vm.List(vm.List(), vm.List(vm.List(vm.Null)), vm.Int(1)), "[[], [[None]], 1]"},
		{hash(t), "{}"},
		{hash(t, vm.String("b"), vm.Int(1), vm.String("a"), hash(t)), "{'b': 1, 'a': {}}"},
		{hash(t, vm.Null, vm.Int(1), vm.Bool(true), vm.Int(2), vm.Int(7), vm.Int(3), vm.Float(0.5), vm.Int(4), vm.BigInt(power(2, 70)), vm.Int(5)),
			"{None: 1, True: 2, 7: 3, 0.5: 4, 2**70: 5}"},
		{hash(t, vm.Float(math.Inf(1)), vm.List(), vm.Float(2), vm.Null), "{inf: [], 2.0: None}"},
	}
}

func TestValuesCrossExactlyBothWays(t *testing.T) {
	eachPython(t, func(t *testing.T, p *Pool) {
		for _, c := range exact(t) {
			r := call(t, p, engine.Call{Module: "probe", Name: "check", Args: []vm.Value{c.value, vm.String(c.expression)}})
			assert.Equal(t, text(c.value), r.good(t), c.expression)
		}
	})
}

func TestWhatPythonMakesArrives(t *testing.T) {
	cases := []struct{ code, want string }{
		{"result = (1, (2,), ())", "[1, [2], []]"},
		{"result = {(): 1}.get((), 2)", "1"},
		{"x = ['s' * 3, 2**70, 2.5]; result = [x, x, (x, x[0])]", `["sss", 1180591620717411303424, f0x1.4p+01]`},
		{"import sys; result = {sys.intern('k'): [sys.intern('k'), 'k' + '']}", `{"k": ["k", "k"]}`},
		{"result = [{}, [], (), '', {'': {}}]", `[{}, [], [], "", {"": {}}]`},
		{"result = list(range(300)) == args[0]", "true"},
		{"result = args", "[[0, 1, 2], null]"},
	}
	cases[2].want = "[" + cases[2].want + ", " + cases[2].want + `, [` + cases[2].want + `, "sss"]]`
	eachPython(t, func(t *testing.T, p *Pool) {
		for _, c := range cases {
			args := []vm.Value{vm.List(vm.Int(0), vm.Int(1), vm.Int(2)), vm.Null}
			if strings.Contains(c.code, "300") {
				args = []vm.Value{counted(300)}
			}
			assert.Equal(t, c.want, run(t, p, c.code, args...).good(t), c.code)
		}
	})
}

func counted(n int) vm.Value {
	items := make([]vm.Value, n)
	for i := range items {
		items[i] = vm.Int(int64(i))
	}
	return vm.List(items...)
}

func TestDepthIsNoMatter(t *testing.T) {
	wraps := []func(vm.Value) vm.Value{
		func(v vm.Value) vm.Value { return vm.List(v) },
		func(v vm.Value) vm.Value { return hash(t, vm.String("k"), v) },
	}
	eachPython(t, func(t *testing.T, p *Pool) {
		for _, wrap := range wraps {
			for _, levels := range []int{496, 497, 498, 499, 500, 501, 1000, 1999, 2001, 10_000} {
				r := call(t, p, engine.Call{Module: "probe", Name: "depth", Args: []vm.Value{nested(t, levels, wrap)}})
				require.Nil(t, r.Raised, "%+v", r.Raised)
				got, _ := r.Value.Index(0).Int64()
				require.EqualValues(t, levels, got)
				inner, back := r.Value.Index(1), 0
				for ; inner.Len() > 0; back++ {
					inner = child(inner)
				}
				require.Equal(t, levels-1, back)
			}
		}
	})
}

func child(v vm.Value) vm.Value {
	if v.Kind() == vm.KindList {
		return v.Index(0)
	}
	for _, inner := range v.Pairs() {
		return inner
	}
	return vm.Null
}

// TestDeepPartsInAnyPlace is about the order of parts: several deep values, one inside another's depth, beside each other.
func TestDeepPartsInAnyPlace(t *testing.T) {
	list := func(v vm.Value) vm.Value { return vm.List(v, vm.Int(1)) }
	deep := nested(t, 700, list)
	both := vm.List(deep, vm.String("between"), nested(t, 20, func(v vm.Value) vm.Value { return vm.List(v, deep) }), nested(t, 1300, list), deep)
	p := newPool(t, Config{})
	assert.True(t, vm.Equal(both, call(t, p, engine.Call{Module: "probe", Name: "echo", Args: []vm.Value{both}}).Value))
}

func TestRefusedResults(t *testing.T) {
	cases := []struct{ code, want string }{
		{"result = b'x'", "result is of type bytes, which Hark does not have; return x.decode() instead"},
		{"result = [0, {'when': __import__('datetime').datetime(2020, 1, 2)}]",
			`result[1]["when"] is of type datetime.datetime, which Hark does not have; return x.isoformat() instead`},
		{"result = {1: ({'a', 'b'},)}", "result[1][0] is of type set, which Hark does not have; return list(x) instead"},
		{"result = __import__('collections').OrderedDict(a=1)", "result is of type collections.OrderedDict, which Hark does not have; return dict(x) instead"},
		{"result = [__import__('enum').IntEnum('E', 'A B').A]", "result[0] is of type probe.E, which Hark does not have; return x.value instead"},
		{"result = __import__('collections').namedtuple('P', 'x')(1)", "result is of type probe.P, which Hark does not have; return tuple(x) instead"},
		{"class S(str): pass\nresult = S('a')", "result is of type probe.S, which Hark does not have; return str(x) instead"},
		{"result = 1j", "result is of type complex, which Hark does not have; return [x.real, x.imag] instead"},
		{"result = ...", "result is of type ellipsis, which Hark does not have; return None instead"},
		{"result = (x for x in [])", "result is of type generator, which Hark does not have; return list(x) instead"},
		{"result = print", "result is of type builtin_function_or_method, which Hark does not have; return str(x) instead"},
		{"class A: pass\nresult = A()", "result is of type probe.A, which Hark does not have; return vars(x) instead"},
		{"result = StopIteration", "result is of type type, which Hark does not have; return x.__name__ instead"},
		{"result = compile('1', 'f', 'eval')", "result is of type code, which Hark does not have; return str(x) instead"},
		{"result = {'a': 'x\\ud800'}", `result["a"] has a lone surrogate, U+D800, at index 1`},
		{"result = {'\\udfff': 1}", `a key of result has a lone surrogate, U+DFFF, at index 0`},
		{"result = [{(1, 2): 3}]", "a key of result[0] is a tuple, which cannot be a key; use str(x) instead"},
		{"result = {float('nan'): 3}", "a key of result is nan, which cannot be found again"},
		{"result = {'a': {b'k': 3}}", `a key of result["a"] is of type bytes, which Hark does not have; return x.decode() instead`},
		{"result = []; result.append({'me': result})", `result[0]["me"] is a list that contains itself`},
		{"result = {}; result['a\"\\n'] = (result,)", `result["a\"\n"][0] is a dict that contains itself`},
		{"result = [b'']\nfor i in range(5000): result = [i, result]", "result[1][1][1][1][1][1][...][1][1][1][1][1][0] is of type bytes, which Hark does not have; return x.decode() instead"},
	}
	eachPython(t, func(t *testing.T, p *Pool) {
		for _, c := range cases {
			r := run(t, p, c.code)
			require.NotNil(t, r.Raised, c.code)
			assert.Equal(t, &vm.Error{Kind: "Type", Message: "probe.run: " + c.want}, r.Raised, c.code)
		}
	})
}

func TestRefusedArguments(t *testing.T) {
	p := newPool(t, Config{})
	keys := func(a, b vm.Value) vm.Value { return hash(t, a, vm.Null, b, vm.Null) }
	cases := []struct {
		arg  vm.Value
		want string
	}{
		{vm.Symbol("red"), "argument 2 is the Symbol :red, which Python does not have; pass a String"},
		{vm.List(vm.Int(1), hash(t, vm.String("k"), vm.Future("0.1"))), `argument 2[1]["k"] is a Future; pass its value, with await`},
		{hash(t, vm.Symbol("red"), vm.Null), "a key of argument 2 is the Symbol :red, which Python does not have; pass a String"},
		{keys(vm.Int(1), vm.Bool(true)), "argument 2 has both 1 and true as keys, which Python cannot tell apart"},
		{vm.List(keys(vm.Bool(false), vm.Float(0))), "argument 2[0] has both 0 and false as keys, which Python cannot tell apart"},
		{nested(t, 600, func(v vm.Value) vm.Value { return vm.List(vm.Symbol("s"), v) }), "argument 2[0] is the Symbol :s, which Python does not have; pass a String"},
		{nested(t, 600, func(v vm.Value) vm.Value {
			if v.Len() == 0 {
				return vm.List(vm.Symbol("s"))
			}
			return vm.List(v)
		}), "argument 2[...][0][0][0][0][0][...][0][0][0][0][0][0] is the Symbol :s, which Python does not have; pass a String"},
	}
	for _, c := range cases {
		r := call(t, p, engine.Call{Module: "a.b", Name: "f", Args: []vm.Value{vm.Null, c.arg}})
		assert.Equal(t, &vm.Error{Kind: "Type", Message: "a.b.f: " + c.want}, r.Raised)
	}
	r := call(t, p, engine.Call{Module: "m", Name: "f", Args: []vm.Value{vm.Symbol("s")}, Names: []string{"colour"}})
	assert.Equal(t, "m.f: argument :colour is the Symbol :s, which Python does not have; pass a String", r.Raised.Message)
	r = call(t, p, engine.Call{Module: "m", Name: "f", Args: []vm.Value{vm.Null, vm.Null}, Names: []string{"a", "a"}})
	assert.Equal(t, "m.f: argument :a is given twice", r.Raised.Message)
}

func TestLimit(t *testing.T) {
	p := newPool(t, Config{Limit: 1 << 20})
	long := vm.String(strings.Repeat("x", 1<<20))
	assert.Equal(t, &vm.Error{Kind: "Limit", Message: "m.f: argument 1[1] takes the arguments over 1 MiB"},
		call(t, p, engine.Call{Module: "m", Name: "f", Args: []vm.Value{vm.List(long, vm.Null)}}).Raised)
	shared := vm.List()
	for range 40 {
		shared = vm.List(shared, shared)
	}
	assert.Equal(t, "Limit", call(t, p, engine.Call{Module: "m", Name: "f", Args: []vm.Value{shared}}).Raised.Kind)
	for _, code := range []string{
		"result = 'x' * 2**20",
		"result = 'é' * 2**19",
		"result = list(range(250_000))",
		"result = 'x' * 2**23", // more than a frame may have
		"result = []\nfor i in range(40): result = [result, result]",
		"result = []\nfor i in range(5000): result = ['x' * 300, result]", // by the slow writer
		"result = ['x' * 2**20, b'']",
	} {
		assert.Equal(t, &vm.Error{Kind: "Limit", Message: "probe.run returned more than 1 MiB"}, run(t, p, code).Raised, code)
	}
	large := newPool(t, Config{})
	assert.Equal(t, vm.MaxIntBits, run(t, large, fmt.Sprintf("result = -2**(%d - 1)", vm.MaxIntBits)).Value.Big().BitLen())
	assert.Equal(t, &vm.Error{Kind: "Limit", Message: fmt.Sprintf("probe.run returned an int of more than %d bits", vm.MaxIntBits)},
		run(t, large, fmt.Sprintf("result = [2**%d]", vm.MaxIntBits)).Raised)
	for _, code := range []string{"result = 'x' * (2**20 - 5)", "result = ['x' * 2**10] * 1000", "result = [{}] * (2**19 - 5)"} {
		assert.Nil(t, run(t, p, code).Raised, code)
	}
}
