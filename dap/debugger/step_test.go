package debugger

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/progen"
	"github.com/hark-lang/hark-ls/vm"
)

// solo is a machine of a program, which stops at what it asks for but for output.
type solo struct {
	p *Program
	*vm.Machine
	stops *Stops
}

func newSolo(t *testing.T, source string) *solo {
	resolved := resolve.Load("main.hk", func(string) (string, error) { return source, nil })
	require.False(t, resolved.Stops(), "%s", source)
	p := NewProgram(codegen.Generate(resolved))
	code, err := vm.Load(p.Program)
	require.NoError(t, err)
	main, ok := code.Export("main")
	require.True(t, ok)
	m, err := vm.New(code, vm.Start{Thread: "0", Function: main})
	require.NoError(t, err)
	s := NewStops(p)
	s.SetExceptionStops(ExceptionStops{})
	return &solo{p, m, s}
}

// most is how many instructions these tests follow a program.
const most = 3_000

// walk makes a step: singly looks before each instruction, else the machine is run as a Live runs it. It is false when the machine
// asked for something, has ended, or goes on for long.
func (s *solo) walk(step *plan, singly bool) bool {
	for s.Steps() < most {
		if s.Fault() == nil && step.reached(s.p, s.Machine) {
			return true
		}
		way := step.next(s.Machine)
		lines := noLines
		if way.lines && !way.single {
			if lines = userLines; way.anywhere {
				lines = allLines
			}
		}
		fuel := uint64(1)
		if !singly && !way.single {
			fuel = most - s.Steps()
		}
		var outcome vm.Outcome
		if singly {
			s.Attach(nil)
			outcome = s.Run(1)
		} else {
			s.Attach(s.stops.traps(s.Code(), lines))
			outcome = s.RunAbove(fuel, way.floor)
		}
		switch outcome {
		case vm.Fuel, vm.Break, vm.Output, vm.Spawn:
		case vm.Sleep:
			s.Answer(s.SleepValue())
		case vm.Await:
			s.Raise(&vm.Error{Kind: "X", Message: "nobody runs it"})
		default:
			return false
		}
	}
	return false
}

// TestStretchesAreSteps: a step at full speed ends where one ends that looks before each instruction.
func TestStretchesAreSteps(t *testing.T) {
	kinds := []MotionKind{StepOver, StepIn, StepIn, StepOut}
	for seed := range uint64(testkit.Amount(120, 30)) {
		random := rand.New(rand.NewPCG(seed, 7))
		source := progen.Program(seed, progen.Options{})
		fast, plain := newSolo(t, source), newSolo(t, source)
		for fast.Steps() < most {
			motion := Motion{Kind: kinds[random.IntN(len(kinds))], Instruction: random.IntN(8) == 0}
			began := fmt.Sprintf("seed %d, %+v from %d", seed, motion, fast.Steps())
			a := fast.walk(newStep(motion, fast.p, fast.Machine), false)
			b := plain.walk(newStep(motion, plain.p, plain.Machine), true)
			require.Equal(t, b, a, began)
			if !a {
				break
			}
			require.Equal(t, plain.Steps(), fast.Steps(), "%s\n%s", began, source)
		}
	}
}
