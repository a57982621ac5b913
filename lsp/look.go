package lsp

import (
	"io/fs"
	"maps"
	"path/filepath"
	"time"

	"github.com/hark-lang/hark-ls/internal/config"
)

// A client that does not watch files leaves it to us to find out what has changed on disk: by looking, beside everything else, when a
// document is opened or saved, and now and then while one is edited.

// lookInterval is how long edits go on without a look at the disk.
const lookInterval = 3 * time.Second

// stamp tells versions of a file on disk apart.
type stamp struct {
	changed time.Time
	size    int64
}

func stampOf(entry fs.DirEntry) stamp {
	info, err := entry.Info()
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}

// lookAround looks for what has changed in the workspace's projects, unless the client does it for us, or it is being done.
func (s *server) lookAround(after time.Duration) {
	if s.state.client.Workspace.DidChangeWatchedFiles.Registration || s.looking || time.Since(s.looked) < after {
		return
	}
	s.looking = true
	projects := maps.Clone(s.state.projects)
	go func() {
		var changes []diskChange
		for _, p := range projects {
			if p.whole && s.ctx.Err() == nil {
				changes = append(changes, differences(p.stamps, search(p.root, false).stamps)...)
			}
		}
		s.later(func() {
			s.looking, s.looked = false, time.Now()
			s.onDisk(changes)
		})
	}()
}

// differences are the files that are others than before, that came, or went.
func differences(before, now map[string]stamp) []diskChange {
	var all []diskChange
	for file, old := range before {
		if new, still := now[file]; !still || new != old {
			all = append(all, diskChange{file, !still})
		}
	}
	for file := range now {
		if _, known := before[file]; !known {
			all = append(all, diskChange{file, true})
		}
	}
	return all
}

// matters says whether a file's changes are looked for.
func matters(file string) bool {
	ext := filepath.Ext(file)
	return ext == ".hk" || ext == ".py" || filepath.Base(file) == config.FileName
}
