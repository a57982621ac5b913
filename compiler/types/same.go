package types

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/resolve"
)

// SameDiagnostics says whether the diagnostics of a file that is the same in an earlier version of the program certainly are the same too.
func (f *Facts) SameDiagnostics(earlier *Facts, file *resolve.File) bool {
	if earlier == nil || f.files[file.Path] != earlier.files[file.Path] {
		return false
	}
	facts := f.files[file.Path]
	if facts == nil {
		return true
	}
	for _, i := range facts.faulty {
		for j := range facts.items[i].findings {
			p := &facts.items[i].findings[j]
			if p.assumes && f.doubtful(file.Items[i].Def) != earlier.doubtful(file.Items[i].Def) {
				return false
			}
			if slices.ContainsFunc(p.defined, func(c Callee) bool { return f.moved(earlier, c) }) {
				return false
			}
		}
	}
	return true
}

func (f *Facts) doubtful(def *resolve.Def) bool {
	return len(f.doubted) > 0 && def != nil && f.doubted[key{def.Path, def.Name}]
}

// moved says whether a function is defined elsewhere than it was earlier.
func (f *Facts) moved(earlier *Facts, c Callee) bool {
	before, now := earlier.program.File(c.Path), f.program.File(c.Path)
	if before == now {
		return false
	}
	if before == nil || now == nil {
		return true
	}
	a, b := before.Scope.Def(c.Name), now.Scope.Def(c.Name)
	return (a == nil) != (b == nil) || a != nil && earlier.program.NameSpan(a) != f.program.NameSpan(b)
}
