package engine

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"strconv"
	"strings"
	"time"
)

// SystemClock is the computer's clock.
type SystemClock struct{}

// Now is the time.
func (SystemClock) Now() time.Time { return time.Now() }

// Sleep waits.
func (SystemClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// AfterFunc calls f later.
func (SystemClock) AfterFunc(d time.Duration, f func()) func() {
	timer := time.AfterFunc(d, f)
	return func() { timer.Stop() }
}

// SystemRandom is the operating system's source of unguessable numbers.
type SystemRandom struct{}

// Uint64 is a random number.
func (SystemRandom) Uint64() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:])
}

// token names a run, and the process that it belongs to.
func (e *Engine) token() string {
	token := strconv.FormatUint(e.Random.Uint64(), 36)
	if e.Owner != "" {
		token += ownerMark + e.Owner
	}
	return token
}

var idAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newSession is the ID of a new session: it sorts by when it was made, to the millisecond, and has 80 random bits.
func (e *Engine) newSession() string { return NewSession(e.Clock.Now(), e.Random) }

// NewSession draws the ID of a session.
func NewSession(now time.Time, random Source) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16|random.Uint64()&0xffff)
	binary.BigEndian.PutUint64(b[8:], random.Uint64())
	return idAlphabet.EncodeToString(b[:])
}

// OutsideFuture is the thread number under which a future that is resolved from outside is known.
func OutsideFuture(name string) string { return outsidePrefix + name }

const outsidePrefix = "f:"

// IsOutside says whether a thread number is that of a future that is resolved from outside.
func IsOutside(thread string) bool { return strings.HasPrefix(thread, outsidePrefix) }
