package lsp

import (
	"context"
	"maps"
	"slices"
	"sync"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/config"
)

// What a client is told about problems without asking. After every change of a document its problems are pushed with its version, also
// when they are what they were. Then come those of the other files that the change has altered: of all of a project's files if the
// project is one of the workspace's, else of the open ones. A client that pulls is not pushed to; it is told to ask again when
// something else than the document that it has edited itself may have other problems than before.

// publisher does this beside the goroutine that takes messages, in the order of the changes.
type publisher struct {
	conn *conn
	mu   sync.Mutex
	todo []publication
	// idle is signalled when everything is told.
	idle *sync.Cond
	busy bool
	wake chan struct{}
	// told is what was told last of each file, by keyOf its URI.
	told map[string]told
	// last is the state that was told about completely.
	last *state
	// refreshing: the client has been told to ask again and has not answered.
	refreshing, again bool
}

// publication is a state whose problems are to be told; first is the document that has changed, if it was one.
type publication struct {
	state  *state
	first  *document
	closed *document
}

type told struct {
	uri         string
	project     string
	version     int32
	diagnostics []diag.Diagnostic
}

func newPublisher(c *conn) *publisher {
	p := &publisher{conn: c, wake: make(chan struct{}, 1), told: map[string]told{}}
	p.idle = sync.NewCond(&p.mu)
	return p
}

// publish tells about the state as it is now.
func (s *server) publish(first *document) { s.publisher.put(publication{state: s.state, first: first}) }

// closed takes back what was told about a document that is closed, unless it is a file of the project still.
func (s *server) closed(doc *document) { s.publisher.put(publication{state: s.state, closed: doc}) }

func (p *publisher) put(job publication) {
	p.mu.Lock()
	p.todo = append(p.todo, job)
	p.mu.Unlock()
	wake(p.wake)
}

// drain waits until everything is told.
func (p *publisher) drain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.todo) > 0 || p.busy {
		p.idle.Wait()
	}
}

func (p *publisher) run(ctx context.Context) {
	for {
		select {
		case <-p.wake:
			p.work(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// work tells about the changed documents one after the other, then about everything else as it is in the end.
func (p *publisher) work(ctx context.Context) {
	var last *state
	var own []string
	for ctx.Err() == nil {
		p.mu.Lock()
		if len(p.todo) == 0 && last == nil {
			p.busy = false
			p.idle.Broadcast()
			p.mu.Unlock()
			return
		}
		if len(p.todo) == 0 {
			p.mu.Unlock()
			if p.rest(ctx, last, own) {
				last, own = nil, nil
			}
			continue
		}
		job := p.todo[0]
		p.todo = p.todo[1:]
		p.busy = true
		p.mu.Unlock()
		last = job.state
		if job.first != nil {
			own = append(own, job.first.key)
			p.tell(job.state, job.state.projects[job.first.home], job.first.path, true)
		}
		if job.closed != nil {
			p.forget(job.state, job.closed)
		}
	}
}

// rest tells about every file whose problems are others than those that were told; own are the documents that the client has edited. It
// is false if something more urgent has come meanwhile.
func (p *publisher) rest(ctx context.Context, s *state, own []string) (done bool) {
	altered := false
	if done = comparable(p.last, s); done {
		altered = p.few(s, own)
	} else {
		altered, done = p.all(ctx, s, own)
	}
	if done {
		p.last = s
	}
	if altered && s.client.pulls() {
		p.refresh(ctx, s)
	}
	return done
}

// comparable says whether two states are about the same projects and open documents, so that only what files say can differ.
func comparable(before, now *state) bool {
	if before == nil || len(before.projects) != len(now.projects) || len(before.documents) != len(now.documents) {
		return false
	}
	for key, p := range now.projects {
		if old := before.projects[key]; old == nil || old.whole != p.whole {
			return false
		}
	}
	for key := range now.documents {
		if before.documents[key] == nil {
			return false
		}
	}
	return true
}

// few tells about the files that something has changed for since the last state, which are few among many.
func (p *publisher) few(s *state, own []string) (altered bool) {
	for key, project := range s.projects {
		before := p.last.projects[key]
		if before.snapshot == project.snapshot && sameDiagnostics(before.problems, project.problems) {
			continue
		}
		paths := ide.Changed(before.snapshot, project.snapshot)
		if project.root != "" {
			paths = append(paths, config.FileName)
		}
		for _, path := range paths {
			if p.tellOrClear(s, project, path) && !slices.Contains(own, s.keyAt(project, path)) {
				altered = true
			}
		}
	}
	return altered
}

// tellOrClear tells about a file of a project, or takes back what was told if it is none any more.
func (p *publisher) tellOrClear(s *state, project *project, path string) (altered bool) {
	if project.tells(s, path) {
		return p.tell(s, project, path, false)
	}
	key := s.keyAt(project, path)
	old, known := p.told[key]
	if known && old.project == project.key {
		p.clear(s, key, old)
	}
	return known && len(old.diagnostics) > 0
}

// all tells about all files of all projects.
func (p *publisher) all(ctx context.Context, s *state, own []string) (altered, done bool) {
	present := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(s.projects)) {
		project := s.projects[key]
		for _, path := range project.published(s) {
			if ctx.Err() != nil || p.pending() {
				return altered, false
			}
			file := s.keyAt(project, path)
			present[file] = true
			if p.tell(s, project, path, false) && !slices.Contains(own, file) {
				altered = true
			}
		}
	}
	for key, old := range p.told {
		if !present[key] {
			altered = altered || len(old.diagnostics) > 0
			p.clear(s, key, old)
		}
	}
	return altered, true
}

func (p *publisher) pending() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.todo) > 0
}

// tells says whether the problems of a file are told.
func (p *project) tells(s *state, path string) bool {
	open := s.openAt(p, path) != nil
	if path == config.FileName {
		return p.root != "" && (open || len(p.problems) > 0)
	}
	return p.snapshot.Program().File(path) != nil && (p.whole || open)
}

// published are the files of a project whose problems are told.
func (p *project) published(s *state) []string {
	var all []string
	for _, path := range append(p.snapshot.Paths(), config.FileName) {
		if p.tells(s, path) {
			all = append(all, path)
		}
	}
	return all
}

// diagnostics are the problems of a file of a project.
func (p *project) diagnostics(path string) []diag.Diagnostic {
	if path == config.FileName {
		return p.ide().Levels(slices.Clone(p.problems))
	}
	return ide.Diagnostics(p.snapshot, path)
}

// keyAt is the key of a file of a project.
func (s *state) keyAt(p *project, path string) string {
	if p.root == "" {
		return p.key
	}
	return fileKey(p.file(path))
}

// tell pushes the problems of a file if they have changed, or always.
func (p *publisher) tell(s *state, project *project, path string, always bool) (altered bool) {
	if project == nil {
		return false
	}
	now := told{uri: s.uriOf(project, path), project: project.key, diagnostics: project.diagnostics(path)}
	doc := s.openAt(project, path)
	if doc != nil {
		now.version = doc.version
	}
	key := s.keyAt(project, path)
	before, known := p.told[key]
	altered = !known || !sameDiagnostics(before.diagnostics, now.diagnostics) || before.uri != now.uri
	p.told[key] = now
	if s.client.pulls() || !altered && !always {
		return altered
	}
	params := &protocol.PublishDiagnosticsParams{URI: uri.URI(now.uri), Diagnostics: s.toDiagnostics(project, path, now.diagnostics)}
	if doc != nil {
		params.Version = protocol.NewOptional(doc.version)
	}
	p.conn.notify("textDocument/publishDiagnostics", params)
	return altered
}

// forget takes back what was told about a closed document under the name that it had.
func (p *publisher) forget(s *state, doc *document) {
	old, known := p.told[doc.key]
	if !known {
		return
	}
	project := s.projects[doc.home]
	if project != nil && project.whole && slices.Contains(project.published(s), doc.path) {
		p.tell(s, project, doc.path, true)
		return
	}
	p.clear(s, doc.key, old)
}

func (p *publisher) clear(s *state, key string, old told) {
	delete(p.told, key)
	if s.client.pulls() {
		return
	}
	p.conn.notify("textDocument/publishDiagnostics", &protocol.PublishDiagnosticsParams{URI: uri.URI(old.uri), Diagnostics: []protocol.Diagnostic{}})
}

// refresh tells the client to ask again for problems, if it can be told; one such request is on its way at a time.
func (p *publisher) refresh(ctx context.Context, s *state) {
	if !s.client.Workspace.Diagnostics.Support {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refreshing {
		p.again = true
		return
	}
	p.refreshing = true
	go func() {
		<-p.conn.call(ctx, "workspace/diagnostic/refresh", nil)
		p.mu.Lock()
		again := p.again
		p.refreshing, p.again = false, false
		p.mu.Unlock()
		if again && ctx.Err() == nil {
			p.refresh(ctx, s)
		}
	}()
}

// sameDiagnostics says whether two lists say the same; they often are the same list.
func sameDiagnostics(a, b []diag.Diagnostic) bool {
	if len(a) == len(b) && len(a) > 0 && &a[0] == &b[0] {
		return true
	}
	return slices.EqualFunc(a, b, func(x, y diag.Diagnostic) bool {
		return x.Code == y.Code && x.Severity == y.Severity && x.Span == y.Span && x.Message == y.Message && slices.Equal(x.Related, y.Related)
	})
}
