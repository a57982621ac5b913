package bytecode

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/hark-lang/hark-ls/internal/source"
)

// Programs as bytes.
//
//	bytes    = "HARK" version program
//	number   = unsigned LEB128, as short as possible; zigzag where it may be negative
//	text     = number of bytes, UTF-8
//	list     = number of items, items
//
// What a program, a function … consists of is said once, by the method of coder with its name, which reads or writes as the coder
// does: fields in the order in which the method names them. An instruction has its operation and those operands that mean something.
// There is one form for each program, so that its hash identifies it.

const (
	magic        = "HARK"
	codecVersion = 1
)

// ErrMalformed is wrapped by every error about the bytes of a program.
var ErrMalformed = errors.New("malformed program")

// Encode is the program as bytes: the same program always has the same bytes.
func Encode(p *Program) []byte {
	c := &coder{writing: true, data: append([]byte(magic), codecVersion)}
	c.program(p)
	return c.data
}

// Decode is the program that Encode was called on. Any other bytes are an error. Whether the program is sound is for Verify to say.
func Decode(data []byte) (*Program, error) {
	if len(data) <= len(magic) || string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("decode program: %w: it does not begin with %q", ErrMalformed, magic)
	}
	if v := data[len(magic)]; v != codecVersion {
		return nil, fmt.Errorf("decode program: %w: version %d, want %d", ErrMalformed, v, codecVersion)
	}
	c := &coder{data: data[len(magic)+1:]}
	p := &Program{}
	c.program(p)
	if c.err == nil && len(c.data) > 0 {
		c.fail("%d bytes too many", len(c.data))
	}
	if c.err != nil {
		return nil, fmt.Errorf("decode program: %w", c.err)
	}
	return p, nil
}

// Hash identifies a program: the SHA-256 of its bytes.
func Hash(p *Program) [32]byte { return sha256.Sum256(Encode(p)) }

// coder reads or writes. When reading, the first error stays, and everything after it is zero.
type coder struct {
	writing bool
	data    []byte // written so far, or yet to be read
	err     error
}

func (c *coder) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%w: "+format, append([]any{ErrMalformed}, args...)...)
	}
	c.data = nil
}

// number reads or writes a number up to limit.
func (c *coder) number(n, limit uint64) uint64 {
	if c.writing {
		c.data = binary.AppendUvarint(c.data, n)
		return n
	}
	n, size := binary.Uvarint(c.data)
	switch {
	case size <= 0:
		c.fail("it ends early")
		return 0
	case size > 1 && c.data[size-1] == 0:
		c.fail("a number longer than it need be")
		return 0
	case n > limit:
		c.fail("%d where at most %d can be", n, limit)
		return 0
	}
	c.data = c.data[size:]
	return n
}

func (c *coder) uint32(n *uint32) {
	read(c, n, uint32(c.number(uint64(*n), math.MaxUint32)))
}

func (c *coder) byte(n *uint8) {
	read(c, n, uint8(c.number(uint64(*n), math.MaxUint8)))
}

func (c *coder) int64(n *int64) {
	z := c.number(uint64(*n)<<1^uint64(*n>>63), math.MaxUint64)
	read(c, n, int64(z>>1)^-int64(z&1))
}

func (c *coder) int32(n *int32) {
	wide := int64(*n)
	c.int64(&wide)
	if int64(int32(wide)) != wide {
		c.fail("%d does not fit 32 bits", wide)
		wide = 0
	}
	read(c, n, int32(wide))
}

func (c *coder) bool(b *bool) {
	n := uint64(0)
	if *b {
		n = 1
	}
	read(c, b, c.number(n, 1) == 1)
}

// read keeps what was read. A program that is written is not touched, as others may be reading it.
func read[T any](c *coder, into *T, v T) {
	if !c.writing {
		*into = v
	}
}

func (c *coder) float(f *float64) {
	if c.writing {
		c.data = binary.LittleEndian.AppendUint64(c.data, math.Float64bits(*f))
		return
	}
	if len(c.data) < 8 {
		c.fail("it ends early")
		return
	}
	*f = math.Float64frombits(binary.LittleEndian.Uint64(c.data))
	c.data = c.data[8:]
}

func (c *coder) text(s *string) {
	n := c.number(uint64(len(*s)), math.MaxInt32)
	if c.writing {
		c.data = append(c.data, *s...)
		return
	}
	if n > uint64(len(c.data)) {
		c.fail("it ends early")
		return
	}
	*s = string(c.data[:n])
	c.data = c.data[n:]
	if !utf8.ValidString(*s) {
		c.fail("text that is not UTF-8")
	}
}

// list reads or writes the items of a list. When reading, items come one by one, so that a false number of them costs nothing.
func list[T any](c *coder, items *[]T, item func(*T)) {
	n := c.number(uint64(len(*items)), math.MaxInt32)
	for i := range n {
		if !c.writing {
			if c.err != nil {
				return
			}
			var zero T
			*items = append(*items, zero)
		}
		item(&(*items)[i])
	}
}

func (c *coder) program(p *Program) {
	c.uint32(&p.Semantics)
	list(c, &p.Files, func(f *File) {
		c.text(&f.Path)
		c.text(&f.Text)
	})
	list(c, &p.Funcs, c.function)
	list(c, &p.Imports, c.imported)
	list(c, &p.Consts, c.constant)
	list(c, &p.Exports, func(e *Export) {
		c.text(&e.Name)
		c.uint32(&e.Func)
		c.bool(&e.Import)
	})
}

func (c *coder) function(f *Func) {
	c.text(&f.Name)
	c.uint32(&f.File)
	c.span(&f.Span, 0)
	c.text(&f.Doc)
	list(c, &f.Params, func(p *Param) {
		c.text(&p.Name)
		c.text(&p.Type)
	})
	c.text(&f.Result)
	list(c, &f.Captures, c.text)
	c.uint32(&f.Registers)
	list(c, &f.Code, c.instr)
	list(c, &f.Handlers, func(h *Handler) {
		c.uint32(&h.Start)
		c.uint32(&h.End)
		c.uint32(&h.Target)
		c.uint32(&h.Reg)
	})
	c.attrs(&f.Attrs)
	c.debug(&f.Debug)
}

// span is relative to an earlier position, which is near.
func (c *coder) span(s *source.Span, near int32) {
	start, length := s.Start-near, s.End-s.Start
	c.int32(&start)
	c.int32(&length)
	if !c.writing {
		s.Start = start + near
		s.End = s.Start + length
	}
}

func (c *coder) instr(in *Instr) {
	c.byte((*uint8)(&in.Op))
	if !in.Op.Valid() {
		c.fail("operation %d", in.Op)
		return
	}
	row := &Ops[in.Op]
	for i, operand := range []*uint8{&in.A, &in.B, &in.C} {
		if row.operands()[i] != None {
			c.byte(operand)
		}
	}
	if row.D != None {
		c.int32(&in.D)
	}
}

func (c *coder) attrs(a *Attrs) {
	c.float(&a.TimeoutSeconds)
	c.uint32(&a.MemoryMB)
	c.bool(&a.AtMostOnce)
	c.uint32(&a.RetryMax)
	c.float(&a.RetryBackoff)
	list(c, &a.RetryOn, c.text)
}

func (c *coder) debug(d *Debug) {
	near := int32(0)
	list(c, &d.Spans, func(s *source.Span) {
		c.span(s, near)
		near = s.Start
	})
	list(c, &d.Statements, c.uint32)
	list(c, &d.Calls, func(s *CallSite) {
		c.uint32(&s.PC)
		c.text(&s.Name)
		c.span(&s.Span, 0)
	})
	list(c, &d.Locals, func(l *Local) {
		c.text(&l.Name)
		c.uint32(&l.Reg)
		c.uint32(&l.Start)
		c.uint32(&l.End)
		c.bool(&l.Param)
	})
}

func (c *coder) imported(i *Import) {
	c.text(&i.Name)
	c.text(&i.Module)
	c.text(&i.Alias)
	c.int32(&i.Count)
	c.uint32(&i.File)
	c.span(&i.Span, 0)
	c.attrs(&i.Attrs)
}

func (c *coder) constant(k *Const) {
	c.byte((*uint8)(&k.Kind))
	switch k.Kind {
	case ConstInt:
		c.int64(&k.Int)
	case ConstFloat:
		c.float(&k.Float)
	case ConstBigInt, ConstString, ConstSymbol, ConstName:
		c.text(&k.Text)
	case ConstNames:
		list(c, &k.Names, c.text)
	default:
		c.fail("constant of kind %d", k.Kind)
	}
}
