package ffi

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Frames as doc.go describes them.

const (
	protocolVersion = 2
	frameMagic      = "HARK"
	headSize        = 20
)

type frameKind uint8

const (
	frameSetup     frameKind = 1
	frameCall      frameKind = 2
	frameExplain   frameKind = 3
	frameForget    frameKind = 4
	frameListen    frameKind = 5
	frameAttach    frameKind = 6
	frameHello     frameKind = 65
	frameResult    frameKind = 66
	frameRaised    frameKind = 67
	frameListening frameKind = 68
	frameAttached  frameKind = 69
)

type frame struct {
	kind frameKind
	call uint32
	body []byte
}

// errDamaged is the cause of every error that means: what this worker says cannot be trusted.
var errDamaged = errors.New("damaged protocol stream")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errDamaged, fmt.Sprintf(format, args...))
}

// newFrame is the frame with this body. The encoder leaves headSize bytes free in front, so that a body is never copied.
func newFrame(kind frameKind, call uint32, space []byte) []byte {
	head := append(space[:0], frameMagic...)
	head = append(head, protocolVersion, byte(kind), 0, 0)
	head = binary.LittleEndian.AppendUint32(head, call)
	head = binary.LittleEndian.AppendUint32(head, uint32(len(space)-headSize))
	sum := crc32.Update(crc32.ChecksumIEEE(head), crc32.IEEETable, space[headSize:])
	binary.LittleEndian.AppendUint32(head, sum)
	return space
}

// readFrame reads one frame whose body has at most limit bytes. At the end of the stream the error is io.EOF.
func readFrame(r *bufio.Reader, limit int) (frame, error) {
	for i := range frameMagic { // at once: who writes nonsense may not write enough of it for a frame
		if start, err := r.Peek(i + 1); err == nil && start[i] != frameMagic[i] {
			return frame{}, damaged("%q is not the beginning of a frame", start)
		}
	}
	head := make([]byte, headSize)
	if _, err := io.ReadFull(r, head); err != nil {
		if err == io.ErrUnexpectedEOF {
			err = damaged("it ends within a frame")
		}
		return frame{}, err
	}
	if head[4] != protocolVersion || head[6] != 0 || head[7] != 0 {
		return frame{}, damaged("version %d of the protocol, not %d", head[4], protocolVersion)
	}
	length := binary.LittleEndian.Uint32(head[12:])
	if uint64(length) > uint64(limit) {
		return frame{}, damaged("a frame of %d bytes", length)
	}
	body, err := readBody(r, int(length))
	if err != nil {
		return frame{}, err
	}
	if crc32.Update(crc32.ChecksumIEEE(head[:16]), crc32.IEEETable, body) != binary.LittleEndian.Uint32(head[16:]) {
		return frame{}, damaged("wrong checksum")
	}
	return frame{frameKind(head[5]), binary.LittleEndian.Uint32(head[8:]), body}, nil
}

// believed is how much is allocated because a head says so; more only as it arrives.
const believed = 16 << 20

func readBody(r *bufio.Reader, length int) ([]byte, error) {
	body := make([]byte, 0, min(length, believed))
	for len(body) < length {
		from := len(body)
		if cap(body) == from {
			body = append(make([]byte, 0, min(length, 2*from)), body...)
		}
		body = body[:cap(body)]
		if _, err := io.ReadFull(r, body[from:]); err != nil {
			return nil, damaged("it ends within a frame")
		}
	}
	return body, nil
}
