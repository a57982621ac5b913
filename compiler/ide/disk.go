package ide

import (
	"maps"

	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// diskFiles are the Hark files that have been read from disk, by path. They are written only while a snapshot is made, and what
// snapshots share is copied before.
type diskFiles struct {
	read   map[string]diskFile
	shared bool
}

// diskFile is a file as it was when it was read, or why it could not be.
type diskFile struct {
	tree *syntax.File
	err  error
}

func (d *diskFiles) store(path string, file diskFile) {
	switch {
	case d.read == nil:
		d.read = map[string]diskFile{}
	case d.shared:
		d.read = maps.Clone(d.read)
	}
	d.shared = false
	d.read[path] = file
}

// without forgets files that have changed, and what could not be read.
func (d diskFiles) without(changed []string) diskFiles {
	read := maps.Clone(d.read)
	for _, path := range changed {
		delete(read, path)
	}
	maps.DeleteFunc(read, func(_ string, file diskFile) bool { return file.err != nil })
	return diskFiles{read: read}
}
