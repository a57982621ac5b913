package ide

import (
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// A "/*" without an end takes away all that follows, and the key that ends the comment brings it back. Not to find all of that out
// again, a snapshot of a broken file remembers the one in which the file was whole. What a snapshot knows does not depend on which one
// it was made from, so that the next may be made from the one that it has more in common with.

// whole is the snapshot before much of a file was lost. Since then nothing else was changed than this file.
type whole struct {
	path     string
	snapshot *Snapshot
}

const (
	// manyItems are so many that it is worth remembering them when they are lost at once.
	manyItems = 3
	// farAway is how many bytes may lie between the first and the last change of a text until it is taken for another one.
	farAway = 2000
)

// wholeAfter is what a snapshot remembers in which a file has changed.
func (s *Snapshot) wholeAfter(path string, before, now *syntax.File) *whole {
	switch {
	case s.whole != nil && s.whole.path == path:
		if near(s.whole.snapshot.open[path].Text, now.Text) {
			return s.whole
		}
	case before != nil && len(before.Items)-len(now.Items) >= manyItems && near(before.Text, now.Text):
		then := *s
		then.whole = nil
		return &whole{path, &then}
	}
	return nil
}

// restored is the snapshot after some edits, made from the one that is remembered, if they bring back what has been lost since; else nil.
func (s *Snapshot) restored(path string, edits []diag.Edit) *Snapshot {
	if s.whole == nil || s.whole.path != path {
		return nil
	}
	then, now, text := s.whole.snapshot, s.open[path], edited(s.Text(path), edits)
	old := then.open[path]
	if !near(old.Text, text) {
		return nil
	}
	tree := syntax.Revise(old, text)
	if distance(len(tree.Items), len(old.Items)) >= distance(len(tree.Items), len(now.Items)) {
		return nil
	}
	return then.with(path, tree)
}

// near says whether one text is an earlier version of the other, with changes at about one place.
func near(before, now string) bool {
	replaced, with := syntax.Difference(before, now)
	return replaced.Len() <= farAway && len(with) <= farAway
}

func distance(a, b int) int { return max(a-b, b-a) }
