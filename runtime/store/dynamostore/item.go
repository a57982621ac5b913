package dynamostore

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// How fields become attributes. What is zero has none: a head has twenty fields, and is billed by its size. Times are
// numbers of microseconds, durations of nanoseconds; "expires" is in seconds, as DynamoDB wants it.

// format is the attribute of items that a later version wrote in another way; those of this one have none.
const format = "format"

// editFormat is the format of slots that hold an edit: a version that does not know those must not take one for an answer.
const editFormat = 2

func number[N int | int64 | uint64](n N) types.AttributeValue {
	if n == 0 {
		return nil
	}
	return &types.AttributeValueMemberN{Value: fmt.Sprint(n)}
}

func moment(t time.Time) types.AttributeValue {
	if t.IsZero() {
		return nil
	}
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(t.UnixMicro(), 10)}
}

// expiry is rounded up, so that nothing goes too early.
func expiry(t time.Time) types.AttributeValue {
	if t.IsZero() {
		return nil
	}
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(t.Add(time.Second-time.Nanosecond).Unix(), 10)}
}

func boolean(b bool) types.AttributeValue {
	if !b {
		return nil
	}
	return &types.AttributeValueMemberBOOL{Value: true}
}

func binary(b []byte) types.AttributeValue {
	if b == nil {
		b = []byte{} // nil would be no value
	}
	return &types.AttributeValueMemberB{Value: b}
}

func textOrNone(s string) types.AttributeValue {
	if s == "" {
		return nil
	}
	return text(s)
}

// digestValue is a digest in hexadecimal, in half the bytes.
func digestValue(s string) types.AttributeValue {
	if b, err := hex.DecodeString(s); err == nil && len(b) > 0 && hex.EncodeToString(b) == s {
		return binary(b)
	}
	return textOrNone(s)
}

// dataValue is bytes, or the digest of bytes as text.
func dataValue(d engine.Data) types.AttributeValue {
	if d.Digest != "" {
		return text(d.Digest)
	}
	if d.Bytes == nil {
		return nil
	}
	return binary(d.Bytes)
}

// put adds attributes that are not nil.
func put(i item, name string, v types.AttributeValue) {
	if v != nil {
		i[name] = v
	}
}

// putAnswer adds an answer; that it is there says that there is one.
func putAnswer(i item, a engine.Answer) {
	i[answerName(a)] = answerValue(a)
}

func answerName(a engine.Answer) string {
	if a.Failed {
		return "error"
	}
	return "result"
}

func answerValue(a engine.Answer) types.AttributeValue {
	if v := dataValue(a.Value); v != nil {
		return v
	}
	return binary(nil)
}

// fields reads the attributes of an item. The first that is not what it has to be is its error.
type fields struct {
	item item
	err  error
}

var errDamaged = errors.New("the stored record is damaged")

func read(i item) *fields { return readKnown(i, 1) }

// readKnown is read, of an item whose format may be as high as one that is known.
func readKnown(i item, known uint64) *fields {
	f := &fields{item: i}
	if n := f.uint(format); n > known {
		f.err = fmt.Errorf("the stored record is of format %d, which this version of hark-ls does not know: update hark-ls", n)
	}
	return f
}

func (f *fields) damaged(name string) {
	if f.err == nil {
		f.err = fmt.Errorf("%w: attribute %s", errDamaged, name)
	}
}

// field is the attribute of a name, of the type that it has to be; the zero value if it is not there.
func field[T types.AttributeValue](f *fields, name string) (v T, ok bool) {
	any, there := f.item[name]
	if !there {
		return v, false
	}
	if v, ok = any.(T); !ok {
		f.damaged(name)
	}
	return v, ok
}

func (f *fields) text(name string) string {
	if v, ok := field[*types.AttributeValueMemberS](f, name); ok {
		return v.Value
	}
	return ""
}

func (f *fields) int64(name string) int64 {
	v, ok := field[*types.AttributeValueMemberN](f, name)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(v.Value, 10, 64)
	if err != nil {
		f.damaged(name)
	}
	return n
}

func (f *fields) uint(name string) uint64 {
	v, ok := field[*types.AttributeValueMemberN](f, name)
	if !ok {
		return 0
	}
	n, err := strconv.ParseUint(v.Value, 10, 64)
	if err != nil {
		f.damaged(name)
	}
	return n
}

func (f *fields) int(name string) int {
	n := f.int64(name)
	if n < 0 || n > math.MaxInt32 {
		f.damaged(name)
	}
	return int(n)
}

func (f *fields) bool(name string) bool {
	v, ok := field[*types.AttributeValueMemberBOOL](f, name)
	return ok && v.Value
}

func (f *fields) bytes(name string) []byte {
	if v, ok := field[*types.AttributeValueMemberB](f, name); ok {
		return v.Value
	}
	return nil
}

func (f *fields) moment(name string) time.Time {
	if _, ok := f.item[name]; !ok {
		return time.Time{}
	}
	return time.UnixMicro(f.int64(name)).UTC()
}

func (f *fields) expires() time.Time {
	if _, ok := f.item["expires"]; !ok {
		return time.Time{}
	}
	return time.Unix(f.int64("expires"), 0).UTC()
}

func (f *fields) digest(name string) string {
	if b, ok := f.item[name].(*types.AttributeValueMemberB); ok {
		return hex.EncodeToString(b.Value)
	}
	return f.text(name)
}

func (f *fields) data(name string) engine.Data {
	if s, ok := f.item[name].(*types.AttributeValueMemberS); ok {
		return engine.Data{Digest: s.Value}
	}
	return engine.Data{Bytes: f.bytes(name)}
}

func (f *fields) answer() engine.Answer {
	if _, failed := f.item["error"]; failed {
		return engine.Answer{Failed: true, Value: f.data("error")}
	}
	return engine.Answer{Value: f.data("result")}
}

func (f *fields) list(name string) []string {
	v, ok := field[*types.AttributeValueMemberL](f, name)
	if !ok {
		return nil
	}
	texts := make([]string, len(v.Value))
	for i, element := range v.Value {
		s, ok := element.(*types.AttributeValueMemberS)
		if !ok {
			f.damaged(name)
			return nil
		}
		texts[i] = s.Value
	}
	return texts
}

func (f *fields) set(name string) []string {
	if v, ok := field[*types.AttributeValueMemberSS](f, name); ok {
		return v.Value
	}
	return nil
}
