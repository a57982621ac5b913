package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strings"

	"github.com/hark-lang/hark-ls/vm"
)

// Values as JSON. What JSON has, is itself; the rest is written so that nothing is lost for a reader that knows:
//
//	Symbol                            ":name"
//	Function                          {"$fn": name}
//	Future                            {"$future": thread}
//	NaN and the infinities            {"$float": "nan"}, "inf", "-inf"
//	Hash with other than String keys  {"$hash": [[key, value], …]}
//
// Integers have all their digits, a Float always has a point or an exponent, and a Hash keeps its order.

// valueJSON writes a value. It goes by a stack of its own, as nesting has no limit.
func valueJSON(v vm.Value) string {
	var b strings.Builder
	w := valueWriter{stack: []piece{{value: v}}}
	for len(w.stack) > 0 {
		last := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		if last.text != "" {
			b.WriteString(last.text)
		} else {
			w.write(&b, last.value)
		}
	}
	return b.String()
}

// piece is text, or a value that is still to be written.
type piece struct {
	text  string
	value vm.Value
}

type valueWriter struct{ stack []piece }

func (w *valueWriter) write(b *strings.Builder, v vm.Value) {
	switch v.Kind() {
	case vm.KindString:
		b.WriteString(quoted(v.Text()))
	case vm.KindSymbol:
		b.WriteString(quoted(":" + v.Text()))
	case vm.KindFunction:
		b.WriteString(`{"$fn":` + quoted(v.FunctionName()) + `}`)
	case vm.KindFuture:
		b.WriteString(`{"$future":` + quoted(v.FutureID()) + `}`)
	case vm.KindFloat:
		b.WriteString(floatJSON(v))
	case vm.KindList:
		w.push(listPieces(v))
	case vm.KindHash:
		w.push(hashPieces(v))
	default: // Null, Bool, Int
		b.WriteString(vm.Show(v))
	}
}

// push schedules pieces, the first one next.
func (w *valueWriter) push(pieces []piece) {
	for i := len(pieces) - 1; i >= 0; i-- {
		w.stack = append(w.stack, pieces[i])
	}
}

func listPieces(v vm.Value) []piece {
	pieces := []piece{{text: "["}}
	for i, item := range v.Items() {
		if i > 0 {
			pieces = append(pieces, piece{text: ","})
		}
		pieces = append(pieces, piece{value: item})
	}
	return append(pieces, piece{text: "]"})
}

func hashPieces(v vm.Value) []piece {
	open, colon, next, end := "{", ":", ",", "}"
	for key := range v.Pairs() {
		if key.Kind() != vm.KindString {
			open, colon, next, end = `{"$hash":[[`, ",", "],[", "]]}"
			break
		}
	}
	pieces := []piece{{text: open}}
	for key, value := range v.Pairs() {
		if len(pieces) > 1 {
			pieces = append(pieces, piece{text: next})
		}
		pieces = append(pieces, piece{value: key}, piece{text: colon}, piece{value: value})
	}
	return append(pieces, piece{text: end})
}

func floatJSON(v vm.Value) string {
	if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
		return `{"$float":` + quoted(vm.Show(v)) + `}`
	}
	return vm.Show(v)
}

func quoted(s string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return `""` // a string can always be encoded
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// parseArguments reads the List of --json-args.
func parseArguments(text string) ([]vm.Value, error) {
	v, err := parseOne(text)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		err = fmt.Errorf("the array is not complete: %s", text)
	case err == nil && v.Kind() != vm.KindList:
		err = fmt.Errorf("want a JSON array, got %s", text)
	}
	if err != nil {
		return nil, fmt.Errorf("read --json-args: %w", err)
	}
	var args []vm.Value
	for _, arg := range v.Items() {
		args = append(args, arg)
	}
	return args, nil
}

// parseOne reads a text that is one value.
func parseOne(text string) (vm.Value, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	v, err := parseValue(decoder)
	if err != nil {
		return v, err
	}
	if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
		return v, fmt.Errorf("want one JSON value, got %s", text)
	}
	return v, nil
}

func parseValue(decoder *json.Decoder) (vm.Value, error) {
	token, err := decoder.Token()
	if err != nil {
		return vm.Null, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '[' {
			return parseList(decoder)
		}
		return parseHash(decoder)
	case json.Number:
		return parseNumber(token.String())
	case string:
		return vm.String(token), nil
	case bool:
		return vm.Bool(token), nil
	}
	return vm.Null, nil
}

func parseNumber(text string) (vm.Value, error) {
	if i, ok := new(big.Int).SetString(text, 10); ok {
		return vm.BigInt(i), nil
	}
	f, err := json.Number(text).Float64()
	if err != nil {
		return vm.Null, fmt.Errorf("%s is too large for a Float", text)
	}
	return vm.Float(f), nil
}

func parseList(decoder *json.Decoder) (vm.Value, error) {
	var items []vm.Value
	for decoder.More() {
		item, err := parseValue(decoder)
		if err != nil {
			return vm.Null, err
		}
		items = append(items, item)
	}
	_, err := decoder.Token()
	return vm.List(items...), err
}

func parseHash(decoder *json.Decoder) (vm.Value, error) {
	var pairs []vm.Value
	for decoder.More() {
		key, err := parseValue(decoder)
		if err != nil {
			return vm.Null, err
		}
		value, err := parseValue(decoder)
		if err != nil {
			return vm.Null, err
		}
		pairs = append(pairs, key, value)
	}
	if _, err := decoder.Token(); err != nil {
		return vm.Null, err
	}
	if len(pairs) == 2 {
		if v, special, err := parseSpecial(pairs[0].Text(), pairs[1]); special {
			return v, err
		}
	}
	return vm.Hash(pairs...)
}

// parseSpecial reads what valueJSON writes for values that JSON does not have.
func parseSpecial(key string, v vm.Value) (value vm.Value, special bool, err error) {
	switch key {
	case "$float":
		floats := map[string]float64{"nan": math.NaN(), "inf": math.Inf(1), "-inf": math.Inf(-1)}
		if v.Kind() == vm.KindString {
			if f, ok := floats[v.Text()]; ok {
				return vm.Float(f), true, nil
			}
		}
		return vm.Null, true, fmt.Errorf(`"$float" wants "nan", "inf" or "-inf"`)
	case "$hash":
		v, err := parsePairs(v)
		return v, true, err
	case "$fn", "$future":
		return vm.Null, true, fmt.Errorf("%q cannot be an argument from outside", key)
	}
	return vm.Null, false, nil
}

func parsePairs(v vm.Value) (vm.Value, error) {
	wrong := fmt.Errorf(`"$hash" wants a list of pairs`)
	if v.Kind() != vm.KindList {
		return vm.Null, wrong
	}
	var pairs []vm.Value
	for _, pair := range v.Items() {
		if pair.Kind() != vm.KindList || pair.Len() != 2 {
			return vm.Null, wrong
		}
		pairs = append(pairs, pair.Index(0), pair.Index(1))
	}
	return vm.Hash(pairs...)
}
