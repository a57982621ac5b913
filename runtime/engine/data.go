package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Values that are too large for a record lie beside it, under their digest; programs lie under their hash.

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// keep is b as a record of h's session holds it.
func (e *Engine) keep(ctx context.Context, h *Head, b []byte) (Data, error) {
	return e.keepWithin(ctx, h, e.Store.Limits().Inline, b)
}

// keepInHead is b as h itself holds it, in which those others will be too.
func (e *Engine) keepInHead(ctx context.Context, h *Head, b []byte, others ...Data) (Data, error) {
	limits := e.Store.Limits()
	room := limits.Inline
	if limits.Head > 0 {
		left := limits.Head
		for _, other := range others {
			left -= len(other.Bytes)
		}
		room = min(room, max(left, 0))
	}
	return e.keepWithin(ctx, h, room, b)
}

// keepWithin keeps what is no longer than room in the record. Another b is stored first, so that no record names what is not
// there.
func (e *Engine) keepWithin(ctx context.Context, h *Head, room int, b []byte) (Data, error) {
	if len(b) <= room {
		return Data{Bytes: b}, nil
	}
	d := Data{Digest: digest(b)}
	if err := e.Store.PutBlob(ctx, Blob{Session: h.ID.Session, Digest: d.Digest, Value: b, Expires: h.Expires}); err != nil {
		return Data{}, fmt.Errorf("store a value of %d bytes: %w", len(b), err)
	}
	return d, nil
}

// load is the bytes that a record holds or names.
func (e *Engine) load(ctx context.Context, session string, d Data) ([]byte, error) {
	if d.Digest == "" {
		return d.Bytes, nil
	}
	b, err := e.Store.Blob(ctx, session, d.Digest)
	if err != nil {
		return nil, fmt.Errorf("load a value: %w", err)
	}
	return b, nil
}

// programs are those that this process has loaded.
type programs struct {
	mu     sync.Mutex
	byHash map[string]*vm.Code
	// put is when this process last put each.
	put map[string]time.Time
}

// putAgain is after what time a program is put again that is to be started: a store may delete what no session has run for
// a long time.
const putAgain = time.Hour

// fresh says whether a program was put not long before now.
func (p *programs) fresh(hash string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.put[hash]
	return ok && now.Sub(at) < putAgain
}

func (p *programs) stored(hash string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.put == nil {
		p.put = map[string]time.Time{}
	}
	p.put[hash] = now
}

func (p *programs) find(hash string) *vm.Code {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.byHash[hash]
}

// add keeps the first Code of a hash, which debuggers may have put their breakpoints into.
func (p *programs) add(hash string, code *vm.Code) *vm.Code {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byHash == nil {
		p.byHash = map[string]*vm.Code{}
	}
	if known := p.byHash[hash]; known != nil {
		code = known
	}
	p.byHash[hash] = code
	return code
}

// Code is the program of a hash, as Head.Program names it.
func (e *Engine) Code(ctx context.Context, hash string) (*vm.Code, error) { return e.code(ctx, hash) }

// code is the program that a thread runs.
func (e *Engine) code(ctx context.Context, hash string) (*vm.Code, error) {
	if code := e.programs.find(hash); code != nil {
		return code, nil
	}
	b, err := e.Store.Program(ctx, hash)
	if err != nil {
		return nil, fmt.Errorf("load program %s: %w", hash, err)
	}
	program, err := bytecode.Decode(b)
	if err != nil {
		return nil, fmt.Errorf("load program %s: %w", hash, err)
	}
	code, err := vm.Load(program)
	if err != nil {
		return nil, fmt.Errorf("load program %s: %w", hash, err)
	}
	return e.programs.add(hash, code), nil
}

// Load stores a program and makes it executable, once: its sessions share the Code, which is where a debugger sets its
// breakpoints.
func (e *Engine) Load(ctx context.Context, p *bytecode.Program) (*vm.Code, error) {
	code, _, err := e.loadProgram(ctx, p)
	return code, err
}

func (e *Engine) loadProgram(ctx context.Context, p *bytecode.Program) (*vm.Code, string, error) {
	b := bytecode.Encode(p)
	hash := digest(b)
	code, now := e.programs.find(hash), e.Clock.Now()
	if code != nil && e.programs.fresh(hash, now) {
		return code, hash, nil
	}
	if code == nil {
		var err error
		if code, err = vm.Load(p); err != nil {
			return nil, "", fmt.Errorf("load the program: %w", err)
		}
	}
	if err := e.Store.PutProgram(ctx, hash, b); err != nil {
		return nil, "", fmt.Errorf("store the program: %w", err)
	}
	e.programs.stored(hash, now)
	return e.programs.add(hash, code), hash, nil
}
