package ffi

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// The user's output. A capture reads one of a worker's two output pipes as long as the worker lives, and cuts it into lines.
//
// A call's part of the stream ends with the worker's mark, an unguessable text, and the call's number. Python writes it in one piece, so that
// it is never torn by what threads and child processes write at the same time.

const (
	// longestLine is how many bytes without a line break are kept together.
	longestLine = 1 << 20
	// tailLines and tailWidth (bytes) bound what is kept of a stream for the message about a crash.
	tailLines = 20
	tailWidth = 500
	// markDigits are those of the call's number behind the mark.
	markDigits = 8
)

type capture struct {
	mark  []byte
	stray func(line string)
	// finished is closed when the stream has ended.
	finished chan struct{}

	mu   sync.Mutex
	line func(string) // of the running call; nil between calls
	call uint32
	ends chan struct{} // closed when the running call's mark has come, or the stream's end
	rest []byte        // what came after the last line break
	tail []string      // the last lines since the call's beginning
}

func newCapture(mark string, stray func(string)) *capture {
	return &capture{mark: []byte(mark), stray: stray, finished: make(chan struct{})}
}

// begin gives what comes from now on to a call.
func (c *capture) begin(call uint32, line func(string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finishLine()
	c.line, c.call, c.ends, c.tail = line, call, make(chan struct{}), c.tail[:0]
	select {
	case <-c.finished:
		c.endCall()
	default:
	}
}

// ended is closed when all that the running call wrote has been passed on.
func (c *capture) ended() <-chan struct{} { return c.ends }

// lastLines are the last lines that the running call wrote.
func (c *capture) lastLines() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.tail[max(0, len(c.tail)-tailLines):])
}

// read cuts up a stream until it ends, or until the deadline that is set when the worker has ended; what lies in the pipe
// then is still read, but not for ever: somebody else may hold it, and write.
func (c *capture) read(f *os.File) {
	space := make([]byte, 64<<10)
	late := 0 // reads since the deadline
	for {
		n, err := f.Read(space)
		c.feed(space[:n])
		if late == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
			late, err = 1, nil
		}
		if late > 0 {
			late++
			_ = f.SetReadDeadline(time.Now().Add(lastWords / 4))
		}
		if err != nil || late > 32 {
			c.end()
			return
		}
	}
}

func (c *capture) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finishLine()
	close(c.finished)
	if c.line != nil {
		c.endCall()
	}
}

func (c *capture) feed(data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rest = append(c.rest, data...)
	for {
		at := bytes.Index(c.rest, c.mark)
		end := at + len(c.mark) + markDigits
		if at < 0 || end > len(c.rest) {
			break
		}
		number := string(c.rest[end-markDigits : end])
		after := c.rest[end:]
		c.rest = c.rest[:at]
		c.lines()
		c.finishLine()
		c.rest = after
		if c.line != nil && number == callNumber(c.call) {
			c.endCall()
		}
	}
	c.lines()
}

// callNumber is a call's number as the worker writes it behind its mark.
func callNumber(call uint32) string { return fmt.Sprintf("%0*x", markDigits, call) }

func (c *capture) endCall() {
	c.line = nil
	close(c.ends)
}

// lines passes on the complete lines of c.rest.
func (c *capture) lines() {
	text := c.rest
	for {
		at := bytes.IndexByte(text, '\n')
		if at < 0 {
			break
		}
		c.emit(text[:at])
		text = text[at+1:]
	}
	for len(text) > longestLine+len(c.mark)+markDigits { // a mark may have come in part
		cut := longestLine
		for cut > longestLine-utf8.UTFMax && !utf8.RuneStart(text[cut]) {
			cut--
		}
		c.emit(text[:cut])
		text = text[cut:]
	}
	c.rest = append(c.rest[:0], text...)
}

// finishLine passes on an unfinished line.
func (c *capture) finishLine() {
	if len(c.rest) > 0 {
		c.emit(c.rest)
		c.rest = c.rest[:0]
	}
}

func (c *capture) emit(line []byte) {
	text := strings.ToValidUTF8(string(bytes.TrimSuffix(line, []byte("\r"))), "\uFFFD")
	if c.line == nil {
		c.stray(text)
		return
	}
	if len(c.tail) == 2*tailLines {
		c.tail = append(c.tail[:0], c.tail[tailLines:]...)
	}
	c.tail = append(c.tail, clippedTail(text))
	c.line(text)
}

func clippedTail(text string) string {
	if len(text) > tailWidth {
		return strings.ToValidUTF8(text[:tailWidth], "") + "..."
	}
	return text
}
