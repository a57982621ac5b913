package lsp

import (
	"encoding/json"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// Where the settings come from: the client is asked for them if it can be, at the start and whenever it says that they have changed; a
// client that cannot be asked sends them along with that message, or with "initialize".

// configurationWait is how long the start waits for the client's settings, so that the first things that it is told fit them.
const configurationWait = 100 * time.Millisecond

type configurationItem struct {
	ScopeURI string `json:"scopeUri,omitempty"`
	Section  string `json:"section"`
}

// askSettings asks for the settings of no folder and of each, and applies them when they come; wait says whether to wait for that a moment.
func (s *server) askSettings(wait bool) {
	if !s.state.client.Workspace.Configuration {
		return
	}
	folders := s.state.folders
	items := []configurationItem{{Section: "hark"}}
	for _, f := range folders {
		items = append(items, configurationItem{ScopeURI: f.uri, Section: "hark"})
	}
	params, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		return
	}
	answer := s.call(s.ctx, "workspace/configuration", protocol.LSPAny(params))
	apply := func(m *message) {
		if m != nil && m.err == nil {
			s.takeSettings(folders, m.result)
		}
	}
	if wait {
		select {
		case m := <-answer:
			apply(m)
			return
		case <-time.After(configurationWait):
		}
	}
	go func() {
		m := <-answer
		s.later(func() { apply(m) })
	}()
}

// takeSettings applies the client's answer: the global settings, then those of the folders.
func (s *server) takeSettings(folders []folder, result json.RawMessage) {
	var sections []json.RawMessage
	if err := json.Unmarshal(result, &sections); err != nil || len(sections) == 0 {
		s.options.Log.Warn("the client's settings cannot be read", zap.Error(err))
		return
	}
	next := *s.state
	var wrong []string
	next.global, wrong = readSettings(sections[0])
	next.scoped = map[string]settings{}
	for i, section := range sections[1:] {
		if i >= len(folders) || string(section) == "null" {
			break
		}
		scoped, complaints := readSettings(section)
		next.scoped[folders[i].uri] = scoped
		wrong = append(wrong, complaints...)
	}
	s.complain(wrong)
	s.state = &next
	s.resettle()
}

func (s *server) didChangeConfiguration(raw json.RawMessage) error {
	var p struct {
		Settings json.RawMessage `json:"settings,omitempty"`
	}
	if err := decode(raw, &p); err != nil {
		return err
	}
	if s.state.client.Workspace.Configuration {
		s.askSettings(false)
		return nil
	}
	next := *s.state
	var wrong []string
	next.global, wrong = readSettings(p.Settings)
	s.complain(wrong)
	s.state = &next
	s.resettle()
	return nil
}

// resettle gives every project the settings that there are now, and lets the client show what follows from them.
func (s *server) resettle() {
	for _, p := range s.state.projects {
		next := *p
		next.settings = s.state.settingsOf(p)
		next.snapshot = p.snapshot.OnDisk(next.ide())
		s.state = s.state.having(&next)
	}
	s.publish(nil)
	s.refresh()
}

// refresh lets the client ask again for what it shows in documents, after something else than their text has changed.
func (s *server) refresh() {
	shown := s.state.client.Workspace
	for method, supported := range map[string]bool{
		"workspace/inlayHint/refresh":      shown.InlayHint.Support,
		"workspace/semanticTokens/refresh": shown.SemanticTokens.Support,
		"workspace/codeLens/refresh":       shown.CodeLens.Support,
	} {
		if supported {
			s.call(s.ctx, method, nil)
		}
	}
}
