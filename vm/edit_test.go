package vm

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

const editedListing = `
func main()
  int r0, 4
  call r0, 1, work
  ret r0
func work(n) registers=4
  int r1, 10
  int r2, 20
  add r1, r1, r2
  add r1, r1, r0
  ret r1
export main`

// edited is the program, with the names of its locals.
func edited(t *testing.T) *Code {
	program, err := bytecode.Assemble(editedListing)
	require.NoError(t, err)
	program.Funcs[1].Debug.Locals = []bytecode.Local{
		{Name: "n", Reg: 0, End: 5, Param: true}, {Name: "a", Reg: 1, Start: 1, End: 5}, {Name: "b", Reg: 2, Start: 2, End: 5},
	}
	code, err := Load(program)
	require.NoError(t, err)
	return code
}

func TestEdits(t *testing.T) {
	for name, c := range map[string]struct {
		steps uint64
		edit  Edit
		want  string // the end
		error string
	}{
		"a local":                           {4, Edit{Kind: EditRegister, Register: 1, Value: Int(100)}, "124", ""},
		"an argument":                       {2, Edit{Kind: EditRegister, Register: 0, Value: Int(0)}, "30", ""},
		"a local that has no value yet":     {2, Edit{Kind: EditRegister, Register: 1, Value: Int(0)}, "34", "register 1 of frame 0 has no value that could be changed"},
		"a register that the callee has":    {4, Edit{Kind: EditRegister, Frame: 1, Register: 0, Value: Int(0)}, "34", "register 0 of frame 1 has no value"},
		"a frame that is not there":         {4, Edit{Kind: EditRegister, Frame: 2, Value: Int(0)}, "34", "there is no frame 2 of 2"},
		"a frame below all":                 {4, Edit{Kind: EditRestart, Frame: -1}, "34", "there is no frame -1"},
		"no value":                          {4, Edit{Kind: EditRegister, Register: 1}, "34", "cannot be assigned"},
		"back":                              {5, Edit{Kind: EditJump, PC: 2}, "54", ""},
		"forward to what is not there":      {2, Edit{Kind: EditJump, PC: 2}, "34", "a is needed"},
		"forward over what is not needed":   {3, Edit{Kind: EditJump, PC: 3}, "14", ""},
		"outside of the function":           {4, Edit{Kind: EditJump, PC: 9}, "34", "no instruction 9"},
		"before the function":               {4, Edit{Kind: EditJump, PC: -1}, "34", "no instruction -1"},
		"the function anew":                 {5, Edit{Kind: EditRestart}, "34", ""},
		"the caller anew":                   {4, Edit{Kind: EditRestart, Frame: 1}, "34", ""},
		"a change of an unknown kind":       {4, Edit{Kind: 9}, "34", "kind 9"},
		"a change of a thread that is over": {7, Edit{Kind: EditRestart}, "34", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := started(t, edited(t), "main")
			require.Equal(t, Fuel, m.RunTo(c.steps))
			before := m.Digest()
			err := m.Edit(c.edit)
			if c.error != "" {
				require.ErrorContains(t, err, c.error)
				assert.Equal(t, before, m.Digest())
				assert.Equal(t, c.steps, m.Steps())
			} else {
				require.NoError(t, err)
				assert.Equal(t, c.steps+1, m.Steps(), "a change is an instruction")
				again, err := Decode(m.Code(), m.Encode())
				require.NoError(t, err)
				m = again
			}
			require.Equal(t, Done, m.Run(1000))
			assert.Equal(t, c.want, ending(m))
			require.ErrorContains(t, m.Edit(c.edit), "has ended")
		})
	}
}

// TestNeeded: whatever lies in a register that is not needed makes no difference.
func TestNeeded(t *testing.T) {
	dropped := 0
	for _, c := range machineCases {
		code := assembled(t, c.listing)
		whole, done := untilAsked(started(t, code, "main"))
		if !done {
			continue
		}
		for at := uint64(0); at < min(whole.Steps(), 300); at++ {
			m := started(t, code, "main")
			require.Equal(t, Fuel, m.RunTo(at))
			f, err := m.find(0)
			require.NoError(t, err)
			if f.function == code.stub() {
				continue
			}
			needed := code.facts.Needed(f.function, f.pc-int(code.funcs[f.function].start))
			for _, r := range f.registers {
				if !slices.Contains(needed, r) {
					m.stack[f.base+r] = Value{}
					dropped++
				}
			}
			m, _ = untilAsked(m)
			require.Equal(t, whole.Digest(), m.Digest(), "%s at %d", c.name, at)
		}
	}
	require.Greater(t, dropped, 100)
}

// untilAsked runs a machine to its end; false if it asks for something.
func untilAsked(m *Machine) (*Machine, bool) {
	outcome := m.Run(100_000)
	return m, outcome == Done || outcome == Fault
}

// TestHostileEdits: whatever is changed in whatever program, the machine refuses it or goes on, and can be written at any time.
func TestHostileEdits(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	made := 0
	for range testkit.Amount(8_000, 2_000) {
		data := make([]byte, mutationBytes*random.IntN(3))
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		code, err := Load(mutated(t, data))
		if err != nil {
			continue
		}
		if main, ok := code.Export("main"); ok {
			made += editAtRandom(t, code, main, random)
		}
	}
	require.Greater(t, made, 1000)
	t.Logf("%d edits", made)
}

func editAtRandom(t *testing.T, code *Code, main Value, random *rand.Rand) (made int) {
	m, err := New(code, Start{Session: "s", Thread: "0", Function: main})
	require.NoError(t, err)
	for range 12 {
		outcome := m.Run(1 + random.Uint64N(40))
		if m.memory.used > hostileBytes || outcome == Done || outcome == Fault {
			return made
		}
		e := Edit{Kind: EditKind(random.IntN(5)), Frame: random.IntN(5) - 1, Register: random.IntN(14) - 1, PC: random.IntN(20) - 2}
		e.Value = []Value{Int(1), Null, String("s"), List(Int(1)), Future("0.0"), main}[random.IntN(6)]
		before := m.Steps()
		if m.CanEdit(e) == nil {
			require.NoError(t, m.Edit(e))
			require.Equal(t, before+1, m.Steps())
			made++
		} else {
			require.Error(t, m.Edit(e))
			require.Equal(t, before, m.Steps())
		}
		state := m.Encode()
		if again, err := Decode(code, state); err == nil {
			require.Equal(t, state, again.Encode())
		}
		if outcome == Await || outcome == Foreign || outcome == Sleep {
			return made
		}
	}
	return made
}
