package sqlitestore

import (
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// How records are rows: each field has its column, so that a store can be read with any SQLite shell.
//
//	times      nanoseconds since 1970, 0 for none
//	booleans   0 or 1
//	engine.Data  NULL: none; TEXT: the digest of a row of value; BLOB: the bytes and their CRC-32C, which finds damage that
//	           SQLite does not see
//	targets    a JSON array
//	bytes      of values and programs, with their CRC-32C beside them
//	waiters    ";thread@wait;" one after the other, the thread escaped as in a URL

var (
	// errDamaged is a row that cannot be what was written.
	errDamaged = errors.New("the row is damaged")
	// errFuture is a row that another version wrote.
	errFuture = errors.New("the row was written by a newer version of hark-ls")
)

// column is one of a table's, for a record of type R.
type column[R any] struct {
	name string
	get  func(*R) any
	set  func(*R, *cell)
}

// cell is a value that was read. What cannot be is remembered.
type cell struct {
	value driver.Value
	err   error
}

func (c *cell) int() int64 {
	n, ok := c.value.(int64)
	c.check(ok)
	return n
}

func (c *cell) text() string {
	s, ok := c.value.(string)
	c.check(ok)
	return s
}

func (c *cell) bool() bool {
	n := c.int()
	c.check(n == 0 || n == 1)
	return n == 1
}

func (c *cell) time() time.Time { return fromNanos(c.int()) }

func (c *cell) check(ok bool) {
	if !ok && c.err == nil {
		c.err = errDamaged
	}
}

// format is that of a row, which may be as high as one that is known.
func (c *cell) format(known int64) {
	if version := c.int(); version > known {
		c.err = fmt.Errorf("%w (its format is %d, this one knows %d)", errFuture, version, known)
	}
}

// slotFormat is the format of a slot's row.
func slotFormat(s *slot) int64 {
	if s.Kind == engine.SlotEdit {
		return editVersion
	}
	return recordVersion
}

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNanos(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum is what finds damage of bytes.
func sum(b []byte) int64 { return int64(crc32.Checksum(b, castagnoli)) }

func encodeData(d engine.Data) any {
	switch {
	case d.Digest != "":
		return d.Digest
	case len(d.Bytes) == 0:
		return nil
	}
	b := append(make([]byte, 0, len(d.Bytes)+crc32.Size), d.Bytes...)
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(d.Bytes, castagnoli))
}

func (c *cell) data() engine.Data {
	switch v := c.value.(type) {
	case nil:
		return engine.Data{}
	case string:
		return engine.Data{Digest: v}
	case []byte:
		return engine.Data{Bytes: c.checked(v)}
	}
	c.check(false)
	return engine.Data{}
}

// checked is what a BLOB holds, without its sum.
func (c *cell) checked(b []byte) []byte {
	if len(b) <= crc32.Size {
		c.check(false)
		return nil
	}
	content, sum := b[:len(b)-crc32.Size:len(b)-crc32.Size], b[len(b)-crc32.Size:]
	c.check(binary.BigEndian.Uint32(sum) == crc32.Checksum(content, castagnoli))
	return content
}

func encodeTargets(targets []string) string {
	if len(targets) == 0 {
		return ""
	}
	b, err := json.Marshal(targets)
	if err != nil {
		return "" // strings always go
	}
	return string(b)
}

func (c *cell) targets() (targets []string) {
	if s := c.text(); s != "" {
		c.check(json.Unmarshal([]byte(s), &targets) == nil)
	}
	return targets
}

func encodeWaiter(w engine.Waiter) string {
	return ";" + url.QueryEscape(w.Thread) + "@" + strconv.FormatUint(w.Wait, 10) + ";"
}

func encodeWaiters(waiters []engine.Waiter) string {
	var b strings.Builder
	for _, w := range waiters {
		b.WriteString(encodeWaiter(w))
	}
	return b.String()
}

func (c *cell) waiters() (waiters []engine.Waiter) {
	for s := c.text(); s != "" && c.err == nil; {
		entry, rest, _ := strings.Cut(strings.TrimPrefix(s, ";"), ";")
		escaped, number, _ := strings.Cut(entry, "@")
		thread, err := url.QueryUnescape(escaped)
		c.check(err == nil)
		wait, err := strconv.ParseUint(number, 10, 64)
		c.check(err == nil)
		waiters, s = append(waiters, engine.Waiter{Thread: thread, Wait: wait}), rest
	}
	return waiters
}

func names[R any](columns []column[R]) string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.name
	}
	return strings.Join(all, ", ")
}

// marks are the placeholders of a row.
func marks[R any](columns []column[R]) string {
	return strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
}

func values[R any](columns []column[R], r *R) []any {
	all := make([]any, len(columns))
	for i, c := range columns {
		all[i] = c.get(r)
	}
	return all
}

// decode reads a row. Its error names the column that is wrong.
func decode[R any](columns []column[R], row []driver.Value) (r R, err error) {
	for i, column := range columns {
		c := cell{value: row[i]}
		column.set(&r, &c)
		if c.err != nil {
			return r, fmt.Errorf("%s: %w", column.name, c.err)
		}
	}
	return r, nil
}
