package bytecode_test

import (
	"sync"
	"testing"

	"github.com/hark-lang/hark-ls/vm/bytecode"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyOp has each operation at least once, in the listing's own form.
const everyOp = `import i0 fetch = "src.web" "fetch" 2
func f0 main(n) registers=300
    0  unset     r1
    1  jset      r1, @3
    2  unset     r1
    3  check     r0, n
    4  const     r2, "a, \"b\""
    5  const     r3, 3.5
    6  const     r4, 123456789012345678901234567890
    7  const     r5, :sym
    8  int       r6, -5
    9  null      r7
   10  bool      r8, 1
   11  storew    r8, r299
   12  loadw     r9, r299
   13  func      r10, f1 ; inner
   14  foreign   r11, i0
   15  builtin   r12, print
   16  closure   r13, r0, f2 ; counter
   17  add       r1, r0, r6
   18  sub       r1, r0, r6
   19  mul       r1, r0, r6
   20  div       r1, r0, r6
   21  mod       r1, r0, r6
   22  addi      r1, r0, 1
   23  subi      r1, r0, 1
   24  muli      r1, r0, 1
   25  divi      r1, r0, 1
   26  modi      r1, r0, 1
   27  neg       r1, r0
   28  not       r1, r0
   29  eq        r1, r0, r6
   30  ne        r1, r0, r6
   31  lt        r1, r0, r6
   32  le        r1, r0, r6
   33  gt        r1, r0, r6
   34  ge        r1, r0, r6
   35  jtrue     r8, @37
   36  jfalse    r8, @37
   37  jand      r8, @39
   38  jor       r8, @39
   39  boolcheck r8, 1
   40  jeq       r0, r6, 1, @42
   41  jlt       r0, r6, 1, @43
   42  jle       r0, r6, 0, @43
   43  jgt       r0, r6, 1, @44
   44  jge       r0, r6, 0, @45
   45  jeqi      r0, -3, 1, @46
   46  jlti      r0, -3, 1, @47
   47  jlei      r0, -3, 1, @48
   48  jgti      r0, -3, 1, @49
   49  jgei      r0, -3, 1, @50
   50  list      r14, r2, 3
   51  extend    r14, r2, 2
   52  hash      r15, r2, 2
   53  hashset   r15, r2, 1
   54  move      r16, r10
   55  move      r17, r0
   56  callv     r16, 1, (x)
   57  callb1    r17, r14, length
   58  callb2    r17, r14, r6, nth
   59  callb     r17, 1, print
   60  await     r17, r17
   61  move      r18, r12
   62  move      r19, r0
   63  spawn     r18, 1, ()
   64  move      r20, r0
   65  call      r20, 1, f1 ; inner
   66  jump      @67
   67  jfalse    r20, @69
   68  tailcall  r20, 1, f1 ; inner
   69  jtrue     r20, @72
   70  move      r21, r20
   71  tailcallv r20, 1, ()
   72  jtrue     r20, @74
   73  loop
   74  ret       r20
  handler 3..10 -> @66 r20
func f1 inner(x) registers=1
    0  ret       r0
func f2 counter() registers=2 captures=n
    0  capture   r0, 0
    1  self      r1
    2  ret       r0
export main = f0
export fetch = i0
`

func assembled(t testing.TB, listing string) *bytecode.Program {
	t.Helper()
	p, err := bytecode.Assemble(listing)
	require.NoError(t, err)
	return p
}

func TestListingIsReadAndWritten(t *testing.T) {
	assert.Equal(t, everyOp, bytecode.Disassemble(assembled(t, everyOp)))
}

func TestEveryOperationHasARow(t *testing.T) {
	seen := map[bytecode.Op]bool{}
	for _, in := range assembled(t, everyOp).Funcs[0].Code {
		seen[in.Op] = true
	}
	for _, in := range assembled(t, everyOp).Funcs[2].Code {
		seen[in.Op] = true
	}
	for op := bytecode.ILLEGAL + 1; op.Valid(); op++ {
		row := bytecode.Ops[op]
		assert.Equal(t, op, row.Op, "%d", op)
		assert.NotEmpty(t, row.Name, "%d", op)
		assert.NotEmpty(t, row.Doc, row.Name)
		assert.True(t, seen[op], "the listing of every operation has no %s", row.Name)
	}
}

func TestCodec(t *testing.T) {
	p := assembled(t, everyOp)
	p.Funcs[0].Attrs = bytecode.Attrs{TimeoutSeconds: 1.5, MemoryMB: 512, AtMostOnce: true, RetryMax: 3, RetryBackoff: 2, RetryOn: []string{"IOError"}}
	p.Funcs[0].Debug.Statements = []uint32{0, 3}
	p.Funcs[0].Debug.Calls = []bytecode.CallSite{{PC: 56, Name: "f"}}
	p.Funcs[0].Debug.Locals = []bytecode.Local{{Name: "n", Start: 0, End: 73, Param: true}}
	data := bytecode.Encode(p)
	got, err := bytecode.Decode(data)
	require.NoError(t, err)
	assert.Equal(t, p, got)
	assert.Equal(t, data, bytecode.Encode(got))
	assert.Equal(t, bytecode.Hash(p), bytecode.Hash(got))
	_, err = bytecode.Verify(got)
	assert.NoError(t, err)
}

// A program is shared by all that run it, so writing it to bytes must not touch it: the race detector sees if it does.
func TestEncodeOnlyReads(t *testing.T) {
	p := assembled(t, everyOp)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { bytecode.Encode(p) })
	}
	all.Wait()
	assert.Equal(t, assembled(t, everyOp), p)
}

func TestDecodeRefusesOtherBytes(t *testing.T) {
	data := bytecode.Encode(assembled(t, everyOp))
	for cut := range data {
		_, err := bytecode.Decode(data[:cut])
		require.ErrorIs(t, err, bytecode.ErrMalformed)
	}
	_, err := bytecode.Decode(append(data, 0))
	require.ErrorIs(t, err, bytecode.ErrMalformed)
}

func TestVerifyRefuses(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"reading what was not written":  {"ret r1", "register 1 is read"},
		"written on one way only":       {"jfalse r0, @2\nint r1, 1\nret r1", "register 1 is read"},
		"running over the end":          {"int r1, 1", "run over the end"},
		"jumping back":                  {"int r1, 1\njump @0", "not forward"},
		"jumping out":                   {"jump @7", "not forward"},
		"registers beyond the frame":    {"move r4, r0\nret r0", "register 4 of 4"},
		"arguments beyond the frame":    {"move r3, r0\ncall r3, 2, pair\nret r3", "registers 3 to 4 of 4"},
		"the wrong number of arguments": {"move r1, r0\ncall r1, 1, pair\nret r1", "2 parameters"},
		"what a call has taken away":    {"move r1, r0\nmove r2, r0\nmove r3, r0\ncall r1, 2, pair\nret r3", "register 3 is read"},
		"a loop without its parameter":  {"ret r0\nfunc g(a, b)\ncall r0, 0, none\nloop", "register 1 is read"},
		"a handler that goes back":      {"ret r0\nhandler 0..1 -> @0 r0", "handler 0"},
		"builtins with wrong arguments": {"move r1, r0\nmove r2, r0\ncallb r1, 2, print\nret r1", "does not take 2"},
		"a closure called directly":     {"call r1, 0, closed\nret r1", "1 captures"},
		"a closure without captures":    {"func r1, closed\nret r1", "has captures"},
		"captures that there are not":   {"capture r1, 0\nret r1", "capture 0 of 0"},
	} {
		t.Run(name, func(t *testing.T) {
			p := assembled(t, "func pair(a, b)\nret r0\nfunc none()\nnull r0\nret r0\nfunc closed() captures=x\nnull r0\nret r0\n"+
				"func f(n) registers=4\n"+c.body)
			_, err := bytecode.Verify(p)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestVerifyKnowsWhatIsAssigned(t *testing.T) {
	p := assembled(t, "func f(n) registers=8\nint r3, 1\nmove r4, r0\nmove r5, r0\ncallv r4, 1, ()\nint r1, 2\nret r4")
	facts, err := bytecode.Verify(p)
	require.NoError(t, err)
	for pc, want := range [][]int{{0}, {0, 3}, {0, 3, 4}, {0, 3, 4, 5}, {0, 3, 4}, {0, 1, 3, 4}} {
		got, ok := facts.Assigned(0, pc)
		require.True(t, ok)
		assert.Equal(t, want, got, "%d", pc)
	}
	kept, ok := facts.Kept(0, 3)
	require.True(t, ok)
	assert.Equal(t, []int{0, 3}, kept)
}

func FuzzDecode(f *testing.F) {
	f.Add(bytecode.Encode(assembled(f, everyOp)))
	f.Add(bytecode.Encode(assembled(f, "func main()\nnull r0\nret r0\nexport main")))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := bytecode.Decode(data)
		if err != nil {
			return
		}
		require.Equal(t, data, bytecode.Encode(p))
		_ = bytecode.Disassemble(p)
		_, _ = bytecode.Verify(p)
	})
}
