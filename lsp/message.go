package lsp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"go.lsp.dev/jsonrpc2"
)

// message is what a client sends: a request (method and id), a notification (method), or an answer to a request of ours (id).
type message struct {
	id     jsonrpc2.ID
	method string
	params json.RawMessage
	result json.RawMessage
	err    *jsonrpc2.Error
}

func (m *message) isRequest() bool { return m.method != "" && m.id.IsValid() }

// decodeMessage reads a frame. Its error is what the client is told: a parse error for what is no JSON, else that the request is
// invalid. The whole frame is looked at, as the library's own decoding passes over mistakes inside of parameters.
func decodeMessage(frame []byte) (*message, *jsonrpc2.Error) {
	var fields struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Method  *string         `json:"method"`
		Params  json.RawMessage `json:"params"`
		Result  json.RawMessage `json:"result"`
		Error   json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(frame, &fields); err != nil {
		if !json.Valid(frame) {
			return nil, jsonrpc2.Errorf(jsonrpc2.ParseError, "this is no JSON: %v", err)
		}
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidRequest, "this is no message: a message is an object, and its method a string")
	}
	invalid := func(why string) (*message, *jsonrpc2.Error) {
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidRequest, "this is no message: "+why)
	}
	if fields.Version != "2.0" {
		return invalid(`"jsonrpc" has to be "2.0"`)
	}
	m := &message{params: absentIfNull(fields.Params), result: fields.Result}
	if len(fields.ID) > 0 {
		id, ok := decodeID(fields.ID)
		if !ok && (fields.Method != nil || string(fields.ID) != "null") {
			return invalid("an id is an integer or a string")
		}
		m.id = id
	}
	outcome := fields.Result != nil || fields.Error != nil
	switch {
	case fields.Method != nil && *fields.Method == "":
		return invalid("the method has no name")
	case fields.Method != nil && outcome, fields.Method == nil && !outcome:
		return invalid("it has neither a method nor a result, or both")
	case fields.Method != nil:
		m.method = *fields.Method
	case fields.Error != nil:
		m.err = decodeError(fields.Error)
	}
	return m, nil
}

func absentIfNull(params json.RawMessage) json.RawMessage {
	if string(params) == "null" {
		return nil
	}
	return params
}

// decodeID reads the id of a request; null is none.
func decodeID(raw json.RawMessage) (jsonrpc2.ID, bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) > 0 && raw[0] == '"' {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return jsonrpc2.ID{}, false
		}
		return jsonrpc2.NewStringID(text), true
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	return jsonrpc2.NewNumberID(n), err == nil
}

// decodeError reads the error of an answer, whatever shape it has.
func decodeError(raw json.RawMessage) *jsonrpc2.Error {
	var e jsonrpc2.Error
	if json.Unmarshal(raw, &e) != nil || e.Message == "" {
		return jsonrpc2.Errorf(jsonrpc2.UnknownError, "the client answered with the error %s", strings.Clone(string(raw)))
	}
	return &e
}

// invalidParams is the error for parameters that do not fit.
func invalidParams(format string, args ...any) error {
	return jsonrpc2.NewError(jsonrpc2.InvalidParams, fmt.Sprintf(format, args...))
}
