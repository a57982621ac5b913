package dap

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// envelope is a message as it comes, its arguments unread.
type envelope struct {
	Seq       int             `json:"seq"`
	Type      string          `json:"type"`
	Command   string          `json:"command"`
	Arguments json.RawMessage `json:"arguments"`
}

// decodeEnvelope reads a message. What can be read of one with mistakes is returned too, so that it can be answered.
func decodeEnvelope(content []byte) (envelope, error) {
	var e envelope
	err := json.Unmarshal(content, &e)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		return e, fmt.Errorf("the message is wrong: %s is a JSON %s", cmp.Or(wrong.Field, "it"), wrong.Value)
	case err != nil:
		return e, fmt.Errorf("the message is not JSON: %w", err)
	case e.Type != "request":
		return e, fmt.Errorf("a message of type %q is not a request", e.Type)
	case e.Command == "":
		return e, errors.New("the request has no command")
	}
	return e, nil
}

// decodeArguments reads the arguments of a request. Missing ones, null, and fields that are not known are all right.
func decodeArguments(raw json.RawMessage, into any) error {
	if len(raw) == 0 || bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		return nil
	}
	err := json.Unmarshal(raw, into)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := wrong.Field
		if field == "" {
			field = "arguments"
		}
		return fmt.Errorf("%s cannot be a JSON %s", field, wrong.Value)
	}
	return err
}

// largestMessage is how large a message of the client may be, in bytes.
const largestMessage = 64 << 20

// readMessage is the content of the next message. Headers other than its length mean nothing here.
func readMessage(in *bufio.Reader) ([]byte, error) {
	length := -1
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		text := strings.TrimSpace(string(line))
		if text == "" && length >= 0 {
			break
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok && text != "" {
			return nil, fmt.Errorf("%.40q is no header: a message begins with Content-Length: N and an empty line", text)
		}
		if !strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			continue
		}
		if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil || length < 0 || length > largestMessage {
			return nil, fmt.Errorf("%.40q is no length of a message: that is a number of bytes, up to %d", value, largestMessage)
		}
	}
	content := make([]byte, length)
	_, err := io.ReadFull(in, content)
	return content, err
}
