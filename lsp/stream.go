package lsp

import (
	"context"

	"go.lsp.dev/jsonrpc2"
)

// frames is what jsonrpc2's header stream offers besides whole messages.
type frames interface {
	jsonrpc2.Stream
	ReadFrame(ctx context.Context) ([]byte, int64, error)
}

// tolerant is a stream that answers what is no message with an error and reads on, where the library would end the
// connection without a word.
type tolerant struct{ frames }

func tolerate(stream jsonrpc2.Stream) jsonrpc2.Stream {
	if f, ok := stream.(frames); ok {
		return tolerant{f}
	}
	return stream
}

// Read implements jsonrpc2.Stream.
func (t tolerant) Read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	for {
		frame, size, err := t.ReadFrame(ctx)
		if err != nil {
			return nil, size, err
		}
		message, broken := jsonrpc2.DecodeMessage(frame)
		if broken == nil {
			return message, size, nil
		}
		answer := jsonrpc2.NewResponse(jsonrpc2.ID{}, nil, jsonrpc2.Errorf(jsonrpc2.ParseError, "this is no message: %v", broken))
		if _, err := t.Write(ctx, answer); err != nil {
			return nil, size, err
		}
	}
}
