package lsp

import (
	"encoding/json"

	"go.lsp.dev/protocol"
)

// clientCapabilities are those of the client that make a difference here.
type clientCapabilities struct {
	General struct {
		PositionEncodings []protocol.PositionEncodingKind `json:"positionEncodings"`
	} `json:"general"`
	Workspace struct {
		WorkspaceEdit struct {
			DocumentChanges bool `json:"documentChanges"`
		} `json:"workspaceEdit"`
		Configuration          bool    `json:"configuration"`
		DidChangeConfiguration dynamic `json:"didChangeConfiguration"`
		DidChangeWatchedFiles  dynamic `json:"didChangeWatchedFiles"`
		Diagnostics            refresh `json:"diagnostics"`
		SemanticTokens         refresh `json:"semanticTokens"`
		InlayHint              refresh `json:"inlayHint"`
		CodeLens               refresh `json:"codeLens"`
	} `json:"workspace"`
	TextDocument struct {
		PublishDiagnostics diagnosticSupport `json:"publishDiagnostics"`
		// Diagnostic is there if the client pulls diagnostics.
		Diagnostic *diagnosticSupport `json:"diagnostic"`
		Completion struct {
			CompletionItem struct {
				SnippetSupport          bool                  `json:"snippetSupport"`
				DocumentationFormat     []protocol.MarkupKind `json:"documentationFormat"`
				InsertReplaceSupport    bool                  `json:"insertReplaceSupport"`
				LabelDetailsSupport     bool                  `json:"labelDetailsSupport"`
				CommitCharactersSupport bool                  `json:"commitCharactersSupport"`
			} `json:"completionItem"`
		} `json:"completion"`
		Hover struct {
			ContentFormat []protocol.MarkupKind `json:"contentFormat"`
		} `json:"hover"`
		SignatureHelp struct {
			SignatureInformation struct {
				DocumentationFormat    []protocol.MarkupKind `json:"documentationFormat"`
				ActiveParameterSupport bool                  `json:"activeParameterSupport"`
				ParameterInformation   struct {
					LabelOffsetSupport bool `json:"labelOffsetSupport"`
				} `json:"parameterInformation"`
			} `json:"signatureInformation"`
		} `json:"signatureHelp"`
		Declaration    links `json:"declaration"`
		Definition     links `json:"definition"`
		TypeDefinition links `json:"typeDefinition"`
		Implementation links `json:"implementation"`
		DocumentSymbol struct {
			Hierarchical bool `json:"hierarchicalDocumentSymbolSupport"`
		} `json:"documentSymbol"`
		CodeAction struct {
			Disabled bool `json:"disabledSupport"`
		} `json:"codeAction"`
		Rename struct {
			PrepareSupport bool `json:"prepareSupport"`
		} `json:"rename"`
		FoldingRange struct {
			LineFoldingOnly bool   `json:"lineFoldingOnly"`
			RangeLimit      number `json:"rangeLimit"`
		} `json:"foldingRange"`
	} `json:"textDocument"`
	Window struct {
		WorkDoneProgress bool `json:"workDoneProgress"`
	} `json:"window"`
	// commands are those that the client itself carries out, as its initializationOptions say: {"commands": ["hark.showReferences"]}.
	commands []string
}

// withCommands is a client that carries out commands.
func withCommands(c *clientCapabilities, commands []string) *clientCapabilities {
	next := *c
	next.commands = commands
	return &next
}

// commandsIn are the commands that a client's initializationOptions name.
func commandsIn(options json.RawMessage) []string {
	var said struct {
		Commands []string `json:"commands"`
	}
	if json.Unmarshal(options, &said) != nil {
		return nil
	}
	return said.Commands
}

// dynamic is whether a capability may be registered later.
type dynamic struct {
	Registration bool `json:"dynamicRegistration"`
}

// refresh is whether the client can be told to ask again.
type refresh struct {
	Support bool `json:"refreshSupport"`
}

// links is whether places may come with what they are linked from.
type links struct {
	LinkSupport bool `json:"linkSupport"`
}

// diagnosticSupport is what the client does with diagnostics.
type diagnosticSupport struct {
	Data bool `json:"dataSupport"`
}

// pulls says whether the client asks for diagnostics instead of being told.
func (c *clientCapabilities) pulls() bool { return c.TextDocument.Diagnostic != nil }

// diagnostics is what the client does with diagnostics, however they come.
func (c *clientCapabilities) diagnostics() diagnosticSupport {
	if c.TextDocument.Diagnostic != nil {
		return *c.TextDocument.Diagnostic
	}
	return c.TextDocument.PublishDiagnostics
}

// readCapabilities takes what can be read of the client's capabilities: one that is written in another way than expected is one that the
// client does not have.
func readCapabilities(raw json.RawMessage) (*clientCapabilities, error) {
	c := &clientCapabilities{}
	return c, json.Unmarshal(raw, c)
}
