package vm

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// mutation is what data make of an instruction of the program: 8 bytes each, function, instruction, field and value.
const mutationBytes = 8

// mutated is the program of fuzzListing with instructions changed as data say.
func mutated(t testing.TB, data []byte) *bytecode.Program {
	program, err := bytecode.Assemble(fuzzListing)
	require.NoError(t, err)
	for ; len(data) >= mutationBytes; data = data[mutationBytes:] {
		fn := &program.Funcs[int(data[0])%len(program.Funcs)]
		in := &fn.Code[int(data[1])%len(fn.Code)]
		value := int32(int8(data[3]))
		switch data[2] % 6 {
		case 0:
			in.Op = bytecode.Op(data[3])
		case 1:
			in.A = data[3] % 12
		case 2:
			in.B = data[3] % 12
		case 3:
			in.C = data[3] % 12
		case 4:
			in.D = value
		case 5:
			*in = bytecode.Instr{Op: bytecode.Op(data[3]), A: data[4] % 12, B: data[5] % 12, C: data[6] % 12, D: int32(int8(data[7]))}
		}
	}
	return program
}

// hostileBytes is how much a program may hold before it is left alone: the machine's own limit comes much later.
const hostileBytes = 1 << 20

// runHostile runs a program that passed the verifier, if it does: whatever it is, the loop and the plain steps agree on it,
// and its state can be written at any time.
func runHostile(t *testing.T, data []byte) (ran bool) {
	code, err := Load(mutated(t, data))
	if err != nil {
		return false
	}
	main, ok := code.Export("main")
	if !ok {
		return false
	}
	begin := func() *Machine {
		m, err := New(code, Start{Session: "s", Thread: "0", Function: main})
		require.NoError(t, err)
		return m
	}
	fast, plain := begin(), begin()
	for range 40 {
		outcome := fast.Run(50)
		if fast.memory.used > hostileBytes {
			break
		}
		for plain.Steps() < fast.Steps() {
			if o := plain.step(); o != 0 && plain.Steps() < fast.Steps() && o != Spawn && o != Output {
				t.Fatalf("the plain steps end with %v after %d, the loop goes on", o, plain.Steps())
			}
		}
		state := fast.Encode()
		again, err := Decode(code, state)
		if err != nil {
			return true // a program may put the mark of a variable without a value where the decoder wants one
		}
		require.Equal(t, state, again.Encode())
		if outcome != Fuel && outcome != Spawn && outcome != Output {
			break
		}
		require.Equal(t, plain.Encode(), state)
	}
	return true
}

func FuzzHostilePrograms(f *testing.F) {
	f.Add([]byte{0, 1, 0, 3, 0, 0, 0, 0})
	f.Add([]byte{2, 0, 5, byte(bytecode.CALL), 1, 1, 0, 2, 0, 9, 4, 250, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) { runHostile(t, data) })
}

func TestHostilePrograms(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	ran, tries := 0, testkit.Amount(10_000, 2_500)
	for range tries {
		data := make([]byte, mutationBytes*(1+random.IntN(2)))
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		if runHostile(t, data) {
			ran++
		}
	}
	require.Greater(t, ran, tries/20, "of so many changed programs too few pass the verifier to show anything")
	t.Logf("%d programs ran", ran)
}
