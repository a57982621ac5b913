package lsp

import (
	"slices"
	"strconv"
	"sync"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

func init() {
	answer("textDocument/semanticTokens/full", semanticTokens, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.SemanticTokensProvider = &protocol.SemanticTokensOptions{
			Legend: protocol.SemanticTokensLegend{TokenTypes: ide.TokenTypes, TokenModifiers: ide.TokenModifierNames},
			Range:  protocol.Boolean(true),
			Full:   &protocol.SemanticTokensFullDelta{Delta: new(true)},
		}
	})
	answer("textDocument/semanticTokens/full/delta", semanticTokensDelta, nil)
	answer("textDocument/semanticTokens/range", semanticTokensRange, nil)
}

// painted has, for each document, the tokens that were sent last, so that the next ones can be told as a difference. What is sent
// carries a number; a client that names another one gets all tokens again.
type painted struct {
	mu     sync.Mutex
	number int
	last   map[string]sentTokens
}

type sentTokens struct {
	id   string
	data []uint32
}

// mostPainted is for how many documents tokens are kept.
const mostPainted = 64

// exchange keeps a document's new tokens under a new number, and gives those that were kept before.
func (p *painted) exchange(key string, data []uint32) (old sentTokens, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil || len(p.last) >= mostPainted && p.last[key].id == "" {
		p.last = map[string]sentTokens{}
	}
	p.number++
	old, id = p.last[key], strconv.Itoa(p.number)
	p.last[key] = sentTokens{id, data}
	return old, id
}

func semanticTokens(r *request, _ *documentParams) (any, error) {
	data := r.tokens(source.Span{End: int32(len(r.doc.text()))})
	_, id := r.server.painted.exchange(r.doc.key, data)
	return &protocol.SemanticTokens{ResultID: &id, Data: data}, nil
}

type semanticTokensDeltaParams struct {
	documentParams
	PreviousResultID string `json:"previousResultId"`
}

func semanticTokensDelta(r *request, p *semanticTokensDeltaParams) (any, error) {
	data := r.tokens(source.Span{End: int32(len(r.doc.text()))})
	old, id := r.server.painted.exchange(r.doc.key, data)
	if old.id == "" || old.id != p.PreviousResultID {
		return &protocol.SemanticTokens{ResultID: &id, Data: data}, nil
	}
	return &protocol.SemanticTokensDelta{ResultID: &id, Edits: tokenEdits(old.data, data)}, nil
}

func semanticTokensRange(r *request, p *rangeParams) (any, error) {
	return &protocol.SemanticTokens{Data: r.tokens(r.span(p.Range))}, nil
}

// tokens are the tokens of a part of the document in the protocol's form: five numbers each, relative to the one before.
func (r *request) tokens(span source.Span) []uint32 {
	found := ide.SemanticTokens(r.snapshot, r.doc.path, span)
	data := make([]uint32, 0, 5*len(found))
	last := protocol.Position{}
	for _, t := range found {
		start, end := r.position(t.Span.Start), r.position(t.Span.End)
		column := start.Character
		if start.Line == last.Line {
			column -= last.Character
		}
		data = append(data, start.Line-last.Line, column, end.Character-start.Character, uint32(t.Type), uint32(t.Modifiers))
		last = start
	}
	return data
}

// tokenEdits turn one list of tokens into another: what they have in common at the start and at the end stays.
func tokenEdits(old, data []uint32) []protocol.SemanticTokensEdit {
	if slices.Equal(old, data) {
		return []protocol.SemanticTokensEdit{}
	}
	same := 0
	for same < len(old) && same < len(data) && old[same] == data[same] {
		same++
	}
	same -= same % 5
	tail := 0
	for tail < len(old)-same && tail < len(data)-same && old[len(old)-1-tail] == data[len(data)-1-tail] {
		tail++
	}
	tail -= tail % 5
	return []protocol.SemanticTokensEdit{{
		Start: uint32(same), DeleteCount: uint32(len(old) - same - tail), Data: data[same : len(data)-tail],
	}}
}
