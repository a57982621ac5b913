package lsp

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

// The settings of the section "hark": from the client by configuration or notification, and the levels of diagnostics from hark.toml
// too. The client's win over the file's: they are what the person before the screen has set, the file is what the project agrees on.

// settings are those for a project.
type settings struct {
	lint       map[diag.Code]diag.Severity // 0 is off
	inlayHints inlayHints
}

// inlayHints says which kinds of inlay hints are shown.
type inlayHints struct{ parameterNames, types, threads bool }

func defaultSettings() settings {
	return settings{inlayHints: inlayHints{parameterNames: true, types: true, threads: true}}
}

// settingsOf are the settings for a project: the client's for its folder, over those of its hark.toml.
func (s *state) settingsOf(p *project) settings {
	result := s.global
	if f, ok := s.folderOf(p.root); ok && p.root != "" {
		if scoped, ok := s.scoped[f.uri]; ok {
			result = scoped
		}
	}
	lint := lintOf(p.config.Lint)
	maps.Copy(lint, result.lint)
	result.lint = lint
	return result
}

// readSettings reads a section: an object with objects in it or with dotted keys, with or without "hark" around it. What is wrong is
// left out, and said in sentences.
func readSettings(raw json.RawMessage) (settings, []string) {
	result := defaultSettings()
	result.lint = map[diag.Code]diag.Severity{}
	switch string(raw) {
	case "", "null", "[]": // an empty table of Lua may arrive as a list
		return result, nil
	}
	var section map[string]any
	if err := json.Unmarshal(raw, &section); err != nil {
		return result, []string{"the settings of 'hark' have to be an object"}
	}
	flat := map[string]any{}
	flatten("", section, flat)
	var wrong []string
	for _, key := range slices.Sorted(maps.Keys(flat)) {
		if complaint := result.set(strings.TrimPrefix(strings.TrimPrefix(key, "settings."), "hark."), flat[key]); complaint != "" {
			wrong = append(wrong, complaint)
		}
	}
	return result, wrong
}

// flatten gives what lies in objects a dotted key.
func flatten(prefix string, section map[string]any, into map[string]any) {
	for key, value := range section {
		if inner, ok := value.(map[string]any); ok {
			flatten(prefix+key+".", inner, into)
			continue
		}
		into[prefix+key] = value
	}
}

// set applies one setting. A key that means nothing to the server may mean something to the editor's extension.
func (s *settings) set(key string, value any) (complaint string) {
	if value == nil {
		return ""
	}
	if code, ok := strings.CutPrefix(key, "lint."); ok {
		return s.setLint(code, value)
	}
	hints := map[string]*bool{
		"inlayHints.parameterNames": &s.inlayHints.parameterNames,
		"inlayHints.types":          &s.inlayHints.types,
		"inlayHints.threads":        &s.inlayHints.threads,
	}
	target := hints[key]
	if target == nil {
		return ""
	}
	on, ok := value.(bool)
	if !ok {
		return fmt.Sprintf("hark.%s has to be true or false, and is %v", key, value)
	}
	*target = on
	return ""
}

func (s *settings) setLint(name string, value any) (complaint string) {
	code, known := codeOf(name)
	if !known {
		return fmt.Sprintf("hark.lint.%s: there is no diagnostic '%s'", name, name)
	}
	level, _ := value.(string)
	severity, ok := severityOf(level)
	if !ok {
		return fmt.Sprintf("hark.lint.%s has to be off, hint, info, warning or error, and is %v", name, value)
	}
	s.lint[code] = severity
	return ""
}
