// Package lambda runs each run of a thread in an invocation of an AWS Lambda function.
//
// Two halves: Executor asks Lambda for a run (an asynchronous invocation, whose event names the thread), and Handler is what
// happens there. Nothing is said back: what an invocation has done is in the store. Lambda may deliver an event late, twice
// or never, and may end the process at any instant; the protocol takes that as it comes, and the sweep makes good for it. So an
// invocation that finds nothing to do says nothing, and one whose thread has failed is a good one: only what went wrong in the
// outside world is an error of the function, which Lambda then delivers again.
package lambda

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Client is what an Executor needs of Lambda.
type Client interface {
	Invoke(ctx context.Context, in *lambda.InvokeInput, options ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
}

// Target is a function of Lambda.
type Target struct {
	// Name is the function's name or ARN.
	Name string
	// Qualifier is a version or an alias of it, "" for what was deployed last.
	Qualifier string
}

// Placement says which function runs a thread.
type Placement func(engine.Place) Target

// Size is a function and the memory that it has.
type Size struct {
	MemoryMB uint32
	Function string
}

// BySize gives a thread the smallest function that has as much memory as it asks for, the largest if none has, and the usual one
// if it does not ask. The version is the one that the session was started with.
func BySize(usual string, sizes ...Size) Placement {
	sorted := slices.SortedFunc(slices.Values(sizes), func(a, b Size) int { return cmp.Compare(a.MemoryMB, b.MemoryMB) })
	return func(p engine.Place) Target {
		t := Target{Name: usual, Qualifier: p.Version}
		if p.MemoryMB == 0 || len(sorted) == 0 {
			return t
		}
		at, _ := slices.BinarySearchFunc(sorted, p.MemoryMB, func(s Size, mb uint32) int { return cmp.Compare(s.MemoryMB, mb) })
		t.Name = sorted[min(at, len(sorted)-1)].Function
		return t
	}
}

// Executor lets Lambda run threads.
type Executor struct {
	engine.Alone
	client Client
	place  Placement
}

var (
	_ engine.Placing  = (*Executor)(nil)
	_ engine.Alarming = (*Executor)(nil)
)

// Connect is a client of Lambda, with the credentials and the region that the AWS command line would use.
func Connect(ctx context.Context) (Client, error) {
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w", err)
	}
	return lambda.NewFromConfig(c), nil
}

// New is an executor that runs threads where a placement says.
func New(client Client, place Placement) *Executor { return &Executor{client: client, place: place} }

// Invoke is InvokeAt for a thread of which nothing is known.
func (x *Executor) Invoke(ctx context.Context, e *engine.Engine, id engine.ID) error {
	return x.InvokeAt(ctx, e, engine.Place{ID: id})
}

// InvokeAt asks for a run.
func (x *Executor) InvokeAt(ctx context.Context, e *engine.Engine, p engine.Place) error {
	if err := x.send(ctx, p, event{Session: p.ID.Session, Thread: p.ID.Thread}); err != nil {
		return err
	}
	e.Returned(p.ID, nil) // the run is another process's from here on
	return nil
}

// send puts an event into the queue of the function of a place.
func (x *Executor) send(ctx context.Context, p engine.Place, what event) error {
	target := x.place(p)
	payload, err := json.Marshal(what)
	if err != nil {
		return fmt.Errorf("name the thread to the function %s: %w", target.Name, err)
	}
	in := &lambda.InvokeInput{FunctionName: &target.Name, InvocationType: types.InvocationTypeEvent, Payload: payload}
	if target.Qualifier != "" {
		in.Qualifier = aws.String(target.Qualifier)
	}
	if _, err := x.client.Invoke(ctx, in); err != nil {
		return fmt.Errorf("invoke the function %s: %w", target.Name, err)
	}
	return nil
}

// event is what an invocation is told: the thread to run, or to sweep the store, because of a schedule or of an alarm.
type event struct {
	Session string `json:"session,omitempty"`
	Thread  string `json:"thread,omitempty"`
	Sweep   bool   `json:"sweep,omitempty"`
	Alarm   bool   `json:"alarm,omitempty"`
}

// AlarmEvent is the event by which a thread that sleeps for a short time sends for a Handler that wakes it.
func AlarmEvent() []byte { return []byte(`{"sweep":true,"alarm":true}`) }

// SweepEvent is the event that makes a Handler sweep the store, for a schedule.
func SweepEvent() []byte { return []byte(`{"sweep":true}`) }
