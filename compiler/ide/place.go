package ide

import (
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// Place is a piece of a file of the project: Hark, Python, or of the prelude ("prelude/list.hk").
type Place struct {
	Path string
	Span source.Span
}

// FileEdits are changes of one file. They do not overlap and are in order.
type FileEdits struct {
	Path  string
	Edits []diag.Edit
}
