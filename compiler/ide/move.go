package ide

import (
	"path"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Move is a file or folder of the project that gets another path, both relative to the root.
type Move struct{ From, To string }

// MoveFiles are the edits of imports that keep their meaning when files or folders move, of Hark or of Python. They are for the texts as
// they are before the move. An import of what moves to where no module can be stays as it is.
func MoveFiles(s *Snapshot, moves []Move) []FileEdits {
	var all []FileEdits
	for _, from := range s.Paths() {
		file := s.file(from)
		edits := FileEdits{Path: from}
		for _, item := range file.Tree.Items {
			def, ok := item.Def.(*syntax.ImportDef)
			if !ok || def.Module.Text == "" {
				continue
			}
			if module := s.movedModule(def, moves); module != def.Module.Text {
				edits.Edits = append(edits.Edits, diag.Edit{Span: item.Abs(def.Module.Span()), New: spelled(module, def.Module)})
			}
		}
		if len(edits.Edits) > 0 {
			all = append(all, edits)
		}
	}
	return all
}

// spelled is a module as an import writes it: as a String where it is no name, or was one.
func spelled(module string, was *syntax.Name) string {
	if was.Quoted || !isName(module) {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(module) + `"`
	}
	return module
}

// movedModule is what an import's module is called after moves.
func (s *Snapshot) movedModule(def *syntax.ImportDef, moves []Move) string {
	if def.Language == syntax.Hark {
		return s.movedHark(def.Module.Text, moves)
	}
	for _, folder := range s.project.PythonPath {
		for _, name := range pyindex.Files(def.Module.Text) {
			old := below(folder, name)
			moved, ok := movedPath(old, moves)
			if !ok {
				continue
			}
			if found, m := s.PythonModule(def.Module.Text); m == nil || found != old {
				continue // there is none, or another file is meant
			}
			if module, ok := s.pythonModuleAt(moved, folder); ok {
				return module
			}
		}
	}
	return def.Module.Text
}

func (s *Snapshot) movedHark(module string, moves []Move) string {
	old, ok := resolve.ModulePath(module)
	if !ok || s.file(old) == nil {
		return module
	}
	moved, ok := movedPath(old, moves)
	if !ok {
		return module
	}
	stem, ok := strings.CutSuffix(moved, ".hk")
	if !ok {
		return module
	}
	return dotted(stem, module)
}

// dotted is a path without its ending as a module, or otherwise if no module has that path.
func dotted(stem, otherwise string) string {
	if stem == "" || strings.ContainsAny(stem, `.\:`) || strings.HasPrefix(stem, "/") {
		return otherwise
	}
	return strings.ReplaceAll(stem, "/", ".")
}

// movedPath is where a file is after moves, of itself or of a folder that it lies in.
func movedPath(file string, moves []Move) (string, bool) {
	for _, move := range moves {
		if file == move.From {
			return move.To, true
		}
		if rest, ok := strings.CutPrefix(file, move.From+"/"); ok && move.From != "" {
			return path.Join(move.To, rest), true
		}
	}
	return "", false
}

// pythonModuleAt is the module of a Python file, seen from the folder of the search path that it was found through, or else from any
// other.
func (s *Snapshot) pythonModuleAt(file, through string) (string, bool) {
	stem, ok := strings.CutSuffix(file, ".py")
	if !ok {
		return "", false
	}
	stem = strings.TrimSuffix(stem, "/__init__")
	for _, folder := range append([]string{through}, s.project.PythonPath...) {
		inside := stem
		if folder != "" && folder != "." {
			if inside, ok = strings.CutPrefix(stem, folder+"/"); !ok {
				continue
			}
		}
		if module := dotted(inside, ""); module != "" {
			return module, true
		}
	}
	return "", false
}
