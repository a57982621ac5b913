package ffi

import (
	"fmt"
	"os"
)

// pipe is a pipe with an end of ours and one of the worker's.
type pipe struct{ read, write *os.File }

// pipes are a worker's.
type pipes struct{ requests, replies, out, err pipe }

func newPipes() (*pipes, error) {
	p := &pipes{}
	for _, one := range p.all() {
		var err error
		if one.read, one.write, err = os.Pipe(); err != nil {
			p.closeTheirs()
			p.closeOurs()
			return nil, fmt.Errorf("make pipe: %w", err)
		}
	}
	widen(p.requests.write)
	widen(p.replies.write)
	return p, nil
}

func (p *pipes) all() []*pipe { return []*pipe{&p.requests, &p.replies, &p.out, &p.err} }

// closeTheirs closes the worker's ends here, where it is not the worker that uses them.
func (p *pipes) closeTheirs() {
	closeAll(p.requests.read, p.replies.write, p.out.write, p.err.write)
}

func (p *pipes) closeOurs() {
	closeAll(p.requests.write, p.replies.read, p.out.read, p.err.read)
}

// closeAll closes what is open of the files; closing a pipe cannot fail in a way that matters.
func closeAll(files ...*os.File) {
	for _, f := range files {
		if f != nil {
			_ = f.Close()
		}
	}
}
