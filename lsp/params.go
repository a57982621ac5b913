package lsp

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"

	"go.lsp.dev/jsonrpc2"
)

// The parameters of requests are decoded into types of our own: the library takes missing fields for zero values, and a change with a
// bad range for one of the whole text. Every field is required whose tag does not say "omitempty"; a missing one, or one of the wrong
// type, is the client's mistake and said so.

// number is a line, a column or a version: an integer. What is too large for any text is as good as the largest.
type number int32

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(data []byte) error {
	var f float64
	if err := json.Unmarshal(data, &f); err != nil || f != math.Trunc(f) {
		return invalidParams("%.100s is no integer", data)
	}
	*n = number(max(math.MinInt32, min(f, math.MaxInt32)))
	return nil
}

// position is a place of a document. Behind the end of its line or of the text it is that end, as the protocol says.
type position struct {
	Line      number `json:"line"`
	Character number `json:"character"`
}

func (p position) check() error {
	if p.Line < 0 || p.Character < 0 {
		return invalidParams("a position counts from 0, and is %d:%d here", p.Line, p.Character)
	}
	return nil
}

func (p position) before(q position) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Character < q.Character
}

// textRange is a piece of a document, from its start up to, and without, its end.
type textRange struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

func (t textRange) check() error {
	if t.End.before(t.Start) {
		return invalidParams("a range ends before it starts")
	}
	return nil
}

// identifier names a document.
type identifier struct {
	URI string `json:"uri"`
}

// documentParams are the parameters of a request about one document; others embed them.
type documentParams struct {
	TextDocument identifier `json:"textDocument"`
}

func (p *documentParams) document() string { return p.TextDocument.URI }

// positionParams are the parameters of a request about a place in a document; others embed them.
type positionParams struct {
	documentParams
	Position position `json:"position"`
}

// rangeParams are the parameters of a request about a piece of a document; others embed them.
type rangeParams struct {
	documentParams
	Range textRange `json:"range"`
}

// ofDocument is implemented by the parameters of requests about one document.
type ofDocument interface{ document() string }

// checked is implemented by values that can be wrong although they have the right type.
type checked interface{ check() error }

// decode reads parameters; what does not fit is the client's mistake.
func decode(raw json.RawMessage, into any) error {
	target := reflect.TypeOf(into).Elem()
	if len(raw) == 0 {
		if target.Kind() == reflect.Struct && target.NumField() > 0 {
			return invalidParams("there are no parameters")
		}
		return nil
	}
	if raw = bytes.TrimSpace(raw); raw[0] != '{' {
		return invalidParams("the parameters are no object")
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return unreadable(err)
	}
	return complete(raw, reflect.ValueOf(into).Elem(), "")
}

// unreadable is an error of decoding in the words of the protocol.
func unreadable(err error) error {
	var misfit *json.UnmarshalTypeError
	var wire *jsonrpc2.Error
	switch {
	case errors.As(err, &wire):
		return wire
	case errors.As(err, &misfit) && misfit.Field != "":
		return invalidParams("%s cannot be of the type %s", misfit.Field, misfit.Value)
	}
	return invalidParams("the parameters cannot be read: %v", err)
}

// complete says what is missing in raw, or wrong, of what a value was decoded from.
func complete(raw json.RawMessage, v reflect.Value, path string) error {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return complete(raw, v.Elem(), path)
	case reflect.Slice:
		return completeSlice(raw, v, path)
	case reflect.Struct:
		return completeStruct(raw, v, path)
	}
	return nil
}

func completeSlice(raw json.RawMessage, v reflect.Value, path string) error {
	var elements []json.RawMessage
	if v.Type().Elem().Kind() != reflect.Struct || json.Unmarshal(raw, &elements) != nil || len(elements) != v.Len() {
		return nil
	}
	for i, element := range elements {
		if err := complete(element, v.Index(i), path); err != nil {
			return err
		}
	}
	return nil
}

func completeStruct(raw json.RawMessage, v reflect.Value, path string) error {
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(raw, &fields) != nil {
		return nil // a type with a decoder of its own
	}
	for _, f := range jsonFields(v.Type()) {
		value, present := fields[f.name]
		absent := !present || string(value) == "null"
		if absent && f.required {
			return invalidParams("%s is missing", path+f.name)
		}
		if !absent {
			if err := complete(value, v.FieldByIndex(f.index), path+f.name+"."); err != nil {
				return err
			}
		}
	}
	if c, ok := v.Interface().(checked); ok {
		return c.check()
	}
	return nil
}

type jsonField struct {
	name     string
	index    []int
	required bool
}

// jsonFields are the fields of a type, those of embedded types included.
func jsonFields(t reflect.Type) []jsonField {
	var all []jsonField
	for _, f := range reflect.VisibleFields(t) {
		tag, ok := f.Tag.Lookup("json")
		if !ok || f.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		all = append(all, jsonField{name, f.Index, options != "omitempty"})
	}
	return all
}
