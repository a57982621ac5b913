package lsp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/hark-lang/hark-ls/internal/config"
)

func init() {
	answer("initialize", initialize, nil).inTurn = true
	answer("shutdown", shutdown, nil).inTurn = true
}

type initializeParams struct {
	Capabilities          json.RawMessage   `json:"capabilities,omitempty"`
	RootPath              *string           `json:"rootPath,omitempty"`
	RootURI               *string           `json:"rootUri,omitempty"`
	WorkspaceFolders      []workspaceFolder `json:"workspaceFolders,omitempty"`
	InitializationOptions json.RawMessage   `json:"initializationOptions,omitempty"`
}

type workspaceFolder struct {
	URI string `json:"uri"`
}

func initialize(r *request, p *initializeParams) (any, error) {
	s := r.server
	if s.phase != created {
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidRequest, "initialize was received already")
	}
	next := *s.state
	if len(p.Capabilities) > 0 {
		if p.Capabilities[0] != '{' {
			return nil, invalidParams("the capabilities are no object")
		}
		client, err := readCapabilities(p.Capabilities)
		if err != nil {
			s.options.Log.Warn("the client's capabilities", zap.Error(err))
		}
		next.client = client
	}
	if slices.Contains(next.client.General.PositionEncodings, protocol.PositionEncodingKindUTF8) {
		next.coding = coding(protocol.PositionEncodingKindUTF8)
	}
	next.client = withCommands(next.client, commandsIn(p.InitializationOptions))
	next.folders = foldersOf(p)
	var wrong []string
	next.global, wrong = readSettings(p.InitializationOptions)
	s.complain(wrong)
	s.state = &next
	s.phase = initialized
	return &protocol.InitializeResult{
		Capabilities: s.capabilities(),
		ServerInfo:   protocol.ServerInfo{Name: "hark-ls", Version: protocol.NewOptional(s.options.Version)},
	}, nil
}

// capabilities are what the server can do: documents, and what its methods announce.
func (s *server) capabilities() protocol.ServerCapabilities {
	c := protocol.ServerCapabilities{
		PositionEncoding: protocol.PositionEncodingKind(s.state.coding),
		TextDocumentSync: &protocol.TextDocumentSyncOptions{
			OpenClose: new(true),
			Change:    new(protocol.TextDocumentSyncKindIncremental),
			Save:      &protocol.SaveOptions{IncludeText: new(false)},
		},
		Workspace: &protocol.WorkspaceOptions{
			WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{Supported: new(true), ChangeNotifications: protocol.Boolean(true)},
			FileOperations:   &protocol.FileOperationOptions{DidCreate: fileOperations, DidRename: fileOperations, DidDelete: fileOperations},
		},
	}
	for _, m := range methods {
		if m.announce != nil {
			m.announce(&c, s.state.client)
		}
	}
	return c
}

// fileOperations are the files, and folders, whose coming and going in the editor matters.
var fileOperations = protocol.FileOperationRegistrationOptions{Filters: []protocol.FileOperationFilter{
	{Scheme: new("file"), Pattern: protocol.FileOperationPattern{Glob: "**/*.{hk,py}"}},
	{Scheme: new("file"), Pattern: protocol.FileOperationPattern{Glob: "**/" + config.FileName}},
	{Scheme: new("file"), Pattern: protocol.FileOperationPattern{Glob: "**/*", Matches: protocol.FileOperationPatternKindFolder}},
}}

// foldersOf are the folders that the client works in. A client that knows of one only says which.
func foldersOf(p *initializeParams) []folder {
	var all []folder
	for _, f := range p.WorkspaceFolders {
		all = append(all, foldersAt(f.URI)...)
	}
	if len(all) == 0 && p.RootURI != nil {
		all = foldersAt(*p.RootURI)
	}
	if len(all) == 0 && p.RootPath != nil && *p.RootPath != "" {
		all = foldersAt(fileURIOf(*p.RootPath))
	}
	return all
}

func foldersAt(spelled string) []folder {
	path, ok := filePath(spelled)
	if !ok {
		return nil
	}
	return []folder{{uri: strings.Clone(spelled), path: path}}
}

// initialized begins the work: everything in the client's folders is read, and its problems are told.
func (s *server) initialized(json.RawMessage) error {
	s.register()
	s.askSettings(true)
	s.loadFolders(s.state.folders)
	return nil
}

// loadFolders loads the projects in folders of the workspace.
func (s *server) loadFolders(folders []folder) {
	w := s.working(s.ctx, s.state.client, nil, "Reading Hark files", nil)
	defer w.end()
	for _, f := range folders {
		for _, root := range s.state.homesIn(f) {
			w.report(root)
			if s.project(root).cut {
				s.warn(fmt.Sprintf("%s has too many files; those beyond the first %d are looked at only when something imports them", root, maxFiles))
			}
		}
	}
	s.publish(nil)
}

func shutdown(r *request, _ *struct{}) (any, error) {
	r.server.phase = shutDown
	return nil, nil
}

// warn tells the person about something that is not as they may think.
func (s *server) warn(text string) {
	s.options.Log.Warn(text)
	s.notify("window/logMessage", &protocol.LogMessageParams{Type: protocol.MessageTypeWarning, Message: text})
}

// complain tells the person about settings that cannot be understood, each only once.
func (s *server) complain(wrong []string) {
	for _, text := range wrong {
		if s.complained[text] {
			continue
		}
		s.complained[text] = true
		s.notify("window/showMessage", &protocol.ShowMessageParams{Type: protocol.MessageTypeWarning, Message: text})
	}
}
