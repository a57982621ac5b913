package dap

import (
	"errors"
	"fmt"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/fork"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// targetKind is a kind of what can be debugged: how it is made, and how a client is told of it.
type targetKind struct {
	make func(c *call, l *listener) (*made, error)
	// method is what the protocol calls the way in which it begins.
	method string
	local  bool
}

// The four kinds.
var (
	runsHere = targetKind{makeLive, "launch", true}
	replays  = targetKind{makeRecorded, "launch", false}
	forks    = targetKind{makeFork, "launch", true}
	follows  = targetKind{makeFollower, "attach", false}
)

// made is a target with what it needs.
type made struct {
	target debugger.Target
	// root is the directory that the paths of the program's files are relative to.
	root string
	// place is how messages call the store of its session, "" if that is in memory only.
	place   string
	warning string
	// close ends what the target does not; it may be nil.
	close func() error
}

func (m *made) end() {
	m.target.Close()
	if m.close != nil {
		_ = m.close()
	}
}

func makeLive(c *call, l *listener) (*made, error) {
	prepared, err := c.Prepare(c.ctx, c.launch)
	if err != nil {
		return nil, err
	}
	entry := debugger.Entry{
		Function: c.launch.Function, Args: prepared.Args, Stop: c.launch.StopOnEntry && !c.launch.NoDebug, Free: c.launch.NoDebug,
		Unrecorded: !c.launch.Records(),
	}
	target, err := debugger.NewLive(debugger.NewProgram(prepared.Program), entry, prepared.World, l)
	if err != nil {
		prepared.abandon()
		return nil, err
	}
	return &made{target: target, root: prepared.Root, place: prepared.Place, warning: prepared.Warning, close: prepared.Close}, nil
}

// open opens the session that the request names.
func (c *call) open() (*Saved, error) {
	if c.Open == nil {
		return nil, errors.New("saved sessions cannot be opened here")
	}
	return c.Open(c.ctx, c.launch)
}

// read begins to read the session that the request names.
func (c *call) read() (*Saved, *replay.Session, error) {
	saved, err := c.open()
	if err != nil {
		return nil, nil, err
	}
	records, err := replay.Open(c.ctx, saved.Store, saved.ID)
	if err != nil {
		saved.close()
		return nil, nil, err
	}
	return saved, records, nil
}

func (s *Saved) close() {
	if s.Close != nil {
		_ = s.Close()
	}
}

func makeRecorded(c *call, l *listener) (*made, error) {
	saved, records, err := c.read()
	if err != nil {
		return nil, err
	}
	target, err := debugger.NewRecorded(c.ctx, records, debugger.View{Stop: c.launch.StopOnEntry}, l)
	if err != nil {
		saved.close()
		return nil, err
	}
	return &made{target: target, root: saved.Root, place: saved.Place, close: saved.Close}, nil
}

func makeFork(c *call, l *listener) (*made, error) {
	saved, records, err := c.read()
	if err != nil {
		return nil, err
	}
	defer saved.close() // the fork has a store of its own
	options, err := c.launch.Fork.options(saved)
	if err != nil {
		return nil, err
	}
	if saved.World == nil {
		return nil, errors.New("sessions cannot be gone on with here")
	}
	kept, err := saved.World(c.ctx)
	if err != nil {
		return nil, err
	}
	entry := debugger.Entry{Stop: c.launch.StopOnEntry && !c.launch.NoDebug, Free: c.launch.NoDebug, Unrecorded: !c.launch.Records()}
	target, err := debugger.NewFork(c.ctx, records, options, entry, kept.World, l)
	if err != nil {
		kept.abandon()
		return nil, err
	}
	return &made{target: target, root: saved.Root, place: kept.Place, close: kept.Close}, nil
}

// abandon gives up what no run happens in.
func (k *Kept) abandon() {
	if k.World.Close != nil {
		_ = k.World.Close()
	}
	if k.Close != nil {
		_ = k.Close()
	}
}

// options are where the session is forked, and which of its answers are changed.
func (f *Fork) options(saved *Saved) (fork.Options, error) {
	o := fork.Options{At: replay.Instant{Thread: f.Thread, At: f.At}}
	for _, a := range f.Answers {
		v, err := saved.Value(string(a.Value))
		if err != nil {
			return o, fmt.Errorf("the value of answer %d of thread %s: %w", a.Slot, a.Thread, err)
		}
		o.Answers = append(o.Answers, fork.Answer{Thread: a.Thread, Slot: a.Slot, Value: v})
	}
	return o, nil
}

func makeFollower(c *call, l *listener) (*made, error) {
	saved, records, err := c.read()
	if err != nil {
		return nil, err
	}
	target, err := debugger.NewFollow(c.ctx, saved.Store, records, c.launch.StopOnEntry, l)
	if err != nil {
		saved.close()
		return nil, err
	}
	return &made{target: target, root: saved.Root, place: saved.Place, close: saved.Close}, nil
}
