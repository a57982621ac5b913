package lsp

import (
	"context"
	"encoding/json"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// handler answers one method. A notification's result is dropped.
type handler func(s *server, ctx context.Context, params jsonrpc2.RawMessage) (any, error)

// handlers has every method that is served. Notifications that need no reaction are listed too, so that an unknown method is
// one that we do not know.
var handlers = map[string]handler{
	"initialize":              (*server).initialize,
	"initialized":             ignore,
	"shutdown":                (*server).shutdown,
	"$/cancelRequest":         ignore, // requests are answered before the next message is read
	"$/setTrace":              ignore,
	"textDocument/didOpen":    (*server).didOpen,
	"textDocument/didChange":  (*server).didChange,
	"textDocument/didClose":   (*server).didClose,
	"textDocument/didSave":    ignore,
	"textDocument/completion": (*server).completion,
}

func ignore(*server, context.Context, jsonrpc2.RawMessage) (any, error) { return nil, nil }

// decode reads a request's parameters; what does not fit is the client's mistake. The protocol package's own decoding is not
// used for parameters: it takes missing ones for zero values.
func decode(params jsonrpc2.RawMessage, into any) error {
	if len(params) == 0 {
		return jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the request has no parameters")
	}
	if err := json.Unmarshal(params, into); err != nil {
		return jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%v", err)
	}
	return nil
}

// initializeParams is what we use of the client's.
type initializeParams struct {
	Capabilities struct {
		General struct {
			PositionEncodings []protocol.PositionEncodingKind `json:"positionEncodings"`
		} `json:"general"`
	} `json:"capabilities"`
}

func (s *server) initialize(_ context.Context, params jsonrpc2.RawMessage) (any, error) {
	if s.phase != created {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "initialize was received already")
	}
	var p initializeParams
	if err := decode(params, &p); err != nil {
		return nil, err
	}
	for _, offered := range p.Capabilities.General.PositionEncodings {
		if offered == protocol.PositionEncodingKindUTF8 {
			s.encoding = offered
		}
	}
	s.phase = initialized
	return &protocol.InitializeResult{
		Capabilities: protocol.ServerCapabilities{
			PositionEncoding: s.encoding,
			TextDocumentSync: &protocol.TextDocumentSyncOptions{
				OpenClose: new(true),
				Change:    new(protocol.TextDocumentSyncKindIncremental),
			},
			CompletionProvider: &protocol.CompletionOptions{},
		},
		ServerInfo: protocol.ServerInfo{Name: "hark-ls", Version: protocol.NewOptional(s.options.Version)},
	}, nil
}

func (s *server) shutdown(context.Context, jsonrpc2.RawMessage) (any, error) {
	s.phase = shutDown
	return jsonrpc2.RawMessage("null"), nil
}
