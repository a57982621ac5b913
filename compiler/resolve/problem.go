package resolve

import "github.com/hark-lang/hark-ls/compiler/diag"

// problem is a diagnostic whose positions are relative to an item.
type problem struct {
	diag.Diagnostic
}
