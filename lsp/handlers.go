package lsp

import (
	"encoding/json"
	"os"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/internal/source"
)

// How a method is added: a file with the method's name has the handler, and an init function that registers it:
//
//	func init() {
//		answer("textDocument/hover", hover, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
//			c.HoverProvider = protocol.Boolean(true)
//		})
//	}
//
//	func hover(r *request, p *positionParams) (any, error) {
//		…
//	}
//
// The parameters' type embeds documentParams, positionParams or rangeParams if the request is about a document; every field without
// "omitempty" is required, and a request without it is refused before the handler is called. Then r.doc is the document, r.snapshot its
// project's, and r.offset, r.span, r.textRange, r.location and r.workspaceEdit (convert.go) convert. A document that is not open but lies in
// a project on disk is one too. Handlers run concurrently and change nothing. The result is a type of the protocol's, or nil; the error one of
// jsonrpc2's, for instance by invalidParams, or any other, which is sent as "request failed" for the person to read. Long work looks at
// r.ctx now and then. A request about a document is answered by an error when an edit of it comes in between.

// method is a request that is served.
type method struct {
	// prepare reads a request's parameters, in its turn, and is what answers it then.
	prepare func(r *request) (run func() (any, error), err error)
	// announce puts what the method can do among the server's capabilities; nil for methods that need not be announced.
	announce func(*protocol.ServerCapabilities, *clientCapabilities)
	// inTurn: it is answered before the next message is looked at.
	inTurn bool
	// unbounded: it waits more than it computes, and takes no place from others.
	unbounded bool
}

// methods are the requests that are served, by name.
var methods = map[string]*method{}

// answer registers a handler.
func answer[P any](name string, run func(*request, *P) (any, error), announce func(*protocol.ServerCapabilities, *clientCapabilities)) *method {
	m := &method{announce: announce}
	m.prepare = func(r *request) (func() (any, error), error) {
		p := new(P)
		if err := decode(r.raw, p); err != nil {
			return nil, err
		}
		if of, ok := any(p).(ofDocument); ok {
			if err := r.about(of.document()); err != nil {
				if _, ok := any(p).(ofGone); !ok {
					return nil, err
				}
			}
		}
		return func() (any, error) { return run(r, p) }, nil
	}
	methods[name] = m
	return m
}

// ofGone are parameters that may be about a document that is not there any more; the request's document is nil then.
type ofGone interface{ mayBeGone() }

// about finds the document of a request: an open one, or a file of a project that is loaded.
func (r *request) about(spelled string) error {
	key := keyOf(spelled)
	doc := r.documents[key]
	if doc == nil {
		doc = r.onDisk(spelled)
	}
	if doc == nil {
		return invalidParams("%s is not open, and no file of a project", spelled)
	}
	r.doc, r.project = doc, r.projects[doc.home]
	return nil
}

// onDisk is a file of a project as a document, nil if it is none.
func (r *request) onDisk(spelled string) *document {
	file, ok := filePath(spelled)
	if !ok {
		return nil
	}
	doc := &document{uri: spelled, key: fileKey(file)}
	name, isPrelude := preludeName(file)
	for _, p := range r.projects {
		if isPrelude {
			doc.home, doc.path, doc.lines = p.key, name, p.index.of(name, p.snapshot.Text(name))
			return doc
		}
	}
	p := r.projects[fileKey(r.homeOf(file))]
	if p == nil {
		return nil
	}
	doc.home, doc.path = p.key, p.name(file)
	text := p.snapshot.Text(doc.path)
	if text == "" && !exists(file) {
		return nil
	}
	if text == "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil
		}
		text = string(data)
	}
	doc.hark, doc.lines = p.snapshot.Program().File(doc.path) != nil, source.NewLines(text)
	return doc
}

// encode is a result as JSON.
func encode(result any) (json.RawMessage, error) {
	switch v := result.(type) {
	case nil:
		return json.RawMessage("null"), nil
	case json.RawMessage:
		return v, nil
	case jsonrpc2.RawMessage:
		return json.RawMessage(v), nil
	}
	return protocol.Marshal(result)
}

// notifications are what the server reacts to, or is known to need no reaction.
var notifications = map[string]func(s *server, params json.RawMessage) error{
	"initialized":                         (*server).initialized,
	"textDocument/didOpen":                (*server).didOpen,
	"textDocument/didChange":              (*server).didChange,
	"textDocument/didClose":               (*server).didClose,
	"textDocument/didSave":                (*server).didSave,
	"workspace/didChangeConfiguration":    (*server).didChangeConfiguration,
	"workspace/didChangeWatchedFiles":     (*server).didChangeWatchedFiles,
	"workspace/didChangeWorkspaceFolders": (*server).didChangeWorkspaceFolders,
	"workspace/didCreateFiles":            (*server).filesChanged,
	"workspace/didRenameFiles":            (*server).filesChanged,
	"workspace/didDeleteFiles":            (*server).filesChanged,
	"window/workDoneProgress/cancel":      (*server).workDoneCancel,
	"textDocument/willSave":               ignore,
	"$/setTrace":                          ignore,
	"$/progress":                          ignore,
}

func ignore(*server, json.RawMessage) error { return nil }
