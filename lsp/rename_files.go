package lsp

import (
	"maps"
	"path"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

func init() {
	answer("workspace/willRenameFiles", willRenameFiles, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.Workspace.FileOperations.WillRename = fileOperations
	})
}

type renameFilesParams struct {
	Files []struct {
		OldURI string `json:"oldUri"`
		NewURI string `json:"newUri"`
	} `json:"files"`
}

// willRenameFiles keeps the imports of files and folders that the user is about to move.
func willRenameFiles(r *request, p *renameFilesParams) (any, error) {
	all := &protocol.WorkspaceEdit{}
	for _, key := range slices.Sorted(maps.Keys(r.projects)) {
		r.project = r.projects[key]
		edits := ide.MoveFiles(r.snapshot, r.moves(p))
		if len(edits) == 0 {
			continue
		}
		edit := r.workspaceEdit(edits)
		all.DocumentChanges = append(all.DocumentChanges, edit.DocumentChanges...)
		if edit.Changes != nil && all.Changes == nil {
			all.Changes = edit.Changes
			continue
		}
		maps.Copy(all.Changes, edit.Changes)
	}
	if all.Changes == nil && all.DocumentChanges == nil {
		return nil, nil
	}
	return all, nil
}

// moves are those of the request that stay inside of its project.
func (r *request) moves(p *renameFilesParams) []ide.Move {
	var moves []ide.Move
	for _, f := range p.Files {
		from, known := filePath(f.OldURI)
		to, ok := filePath(f.NewURI)
		if !known || !ok || r.root == "" {
			continue
		}
		move := ide.Move{From: path.Clean(r.name(from)), To: path.Clean(r.name(to))}
		if inside(move.From) && inside(move.To) {
			moves = append(moves, move)
		}
	}
	return moves
}

// inside says whether a path from a folder leads to what is in it.
func inside(name string) bool {
	return name != "." && name != ".." && !strings.HasPrefix(name, "../") && !path.IsAbs(name)
}
