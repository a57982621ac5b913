package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
)

// The base protocol's frames: a header block with Content-Length, an empty line, that many bytes of JSON. A stream that has lost its
// frames is no reason to end the connection: what is no header is skipped up to the next one, and reported once.

// errNoHeader is bytes that should be the header of a message and are not. The next frame may be read all the same.
var errNoHeader = errors.New("a message begins with the header Content-Length: NUMBER and an empty line")

// maxFrame is the largest message that is believed: a greater length is a mistake.
const maxFrame = 1 << 29

const lengthHeader = "content-length:"

// frameReader reads frames. It is lost when what comes may be the rest of something that was reported already.
type frameReader struct {
	in   *bufio.Reader
	lost bool
}

func newFrameReader(in io.Reader) *frameReader {
	return &frameReader{in: bufio.NewReaderSize(in, 1<<16)}
}

// next is the next frame's body, which the caller owns; skipped says that bytes before it belong to no frame and have not been reported.
func (r *frameReader) next() (body []byte, skipped bool, err error) {
	length := -1
	for {
		line, err := r.line()
		if err != nil {
			return nil, false, err
		}
		at := indexFold(line, lengthHeader)
		switch {
		case at >= 0: // behind bytes that belong to nothing, if at > 0
			skipped = skipped || at > 0
			length, err = strconv.Atoi(strings.TrimSpace(string(line[at+len(lengthHeader):])))
			if err != nil || length <= 0 || length > maxFrame {
				length, skipped = -1, true
			}
		case len(bytes.TrimSpace(line)) > 0:
			skipped = skipped || !fieldLike(line)
		case length >= 0:
			body, err := r.body(length)
			skipped = skipped && !r.lost
			r.lost = false
			return body, skipped, err
		case skipped && !r.lost:
			r.lost = true
			return nil, false, errNoHeader
		}
	}
}

// fieldLike says whether a line may be another field of the header.
func fieldLike(line []byte) bool {
	return line[0] != '{' && bytes.IndexByte(line, ':') > 0
}

func (r *frameReader) body(length int) ([]byte, error) {
	var body bytes.Buffer // grows with what comes, however much was announced
	if _, err := io.CopyN(&body, r.in, int64(length)); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	return body.Bytes(), nil
}

// line is a line of the header without its ending; of one that is too long, a piece.
func (r *frameReader) line() ([]byte, error) {
	line, err := r.in.ReadSlice('\n')
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

// indexFold is bytes.Index for a text in lower case, whatever the case of the bytes.
func indexFold(line []byte, lower string) int {
	for i := 0; i+len(lower) <= len(line); i++ {
		if strings.EqualFold(string(line[i:i+len(lower)]), lower) {
			return i
		}
	}
	return -1
}

// frameWriter sends whole frames, in the order in which they were written. Writing never waits for the client, who may itself be waiting
// for us to read: a goroutine of its own does.
type frameWriter struct {
	out   io.Writer
	mu    sync.Mutex
	queue [][]byte
	// idle is signalled when nothing is left to be sent; busy is whether something is being sent.
	idle  *sync.Cond
	busy  bool
	gone  bool // nothing can be sent any more
	ready chan struct{}
}

func newFrameWriter(out io.Writer) *frameWriter {
	w := &frameWriter{out: out, ready: make(chan struct{}, 1)}
	w.idle = sync.NewCond(&w.mu)
	return w
}

const headerRoom = 40

// write sends the frame whose body compose appends to a buffer.
func (w *frameWriter) write(compose func(buf []byte) []byte) {
	frame := compose(make([]byte, headerRoom, 512))
	header := append([]byte("Content-Length: "), strconv.Itoa(len(frame)-headerRoom)...)
	header = append(header, "\r\n\r\n"...)
	start := headerRoom - len(header)
	copy(frame[start:], header)
	w.mu.Lock()
	if !w.gone {
		w.queue = append(w.queue, frame[start:])
	}
	w.mu.Unlock()
	wake(w.ready)
}

// run sends what is written until stop is closed or the client cannot be reached.
func (w *frameWriter) run(stop <-chan struct{}) error {
	for {
		select {
		case <-w.ready:
		case <-stop:
			return nil
		}
		for frames := w.take(); len(frames) > 0; frames = w.take() {
			if err := w.send(frames); err != nil {
				w.giveUp()
				return err
			}
		}
	}
}

func (w *frameWriter) take() [][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	frames := w.queue
	w.queue = nil
	if w.busy = len(frames) > 0; !w.busy {
		w.idle.Broadcast()
	}
	return frames
}

// giveUp gives up on the client.
func (w *frameWriter) giveUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone, w.busy, w.queue = true, false, nil
	w.idle.Broadcast()
}

func (w *frameWriter) send(frames [][]byte) error {
	for _, frame := range frames {
		if _, err := w.out.Write(frame); err != nil {
			return err
		}
	}
	return nil
}

// flush waits until everything is sent.
func (w *frameWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) > 0 || w.busy {
		w.idle.Wait()
	}
}

// wake leaves a token for the one who waits for it.
func wake(ready chan struct{}) {
	select {
	case ready <- struct{}{}:
	default:
	}
}
