package lsp

import (
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/internal/source"
)

// The conversions between the protocol's positions, in the encoding that was agreed with the client, and byte offsets. A
// position behind the end of its line or of the text is that end, as the protocol says; a negative one is refused.

func (s *server) offset(lines *source.Lines, p position) (int32, error) {
	if p.Line == nil || p.Character == nil || *p.Line < 0 || *p.Character < 0 {
		return 0, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "a position has a line and a character, from 0")
	}
	line, character := int(min(*p.Line, 1<<30)), int(min(*p.Character, 1<<30))
	if s.encoding == protocol.PositionEncodingKindUTF8 {
		return lines.ColumnOffset(line, character), nil
	}
	return lines.UTF16Offset(line, character), nil
}

func (s *server) span(lines *source.Lines, r textRange) (source.Span, error) {
	start, err := s.offset(lines, r.Start)
	if err != nil {
		return source.Span{}, err
	}
	end, err := s.offset(lines, r.End)
	if err != nil {
		return source.Span{}, err
	}
	if end < start {
		return source.Span{}, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "a range ends before it starts")
	}
	return source.Span{Start: start, End: end}, nil
}

func (s *server) toPosition(lines *source.Lines, offset int32) protocol.Position {
	convert := lines.OffsetUTF16
	if s.encoding == protocol.PositionEncodingKindUTF8 {
		convert = lines.OffsetColumn
	}
	line, character := convert(offset)
	return protocol.Position{Line: uint32(line), Character: uint32(character)}
}

func (s *server) toRange(lines *source.Lines, span source.Span) protocol.Range {
	return protocol.Range{Start: s.toPosition(lines, span.Start), End: s.toPosition(lines, span.End)}
}
