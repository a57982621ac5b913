package cli

import (
	"path/filepath"
	"slices"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// The part of SARIF 2.1.0 (OASIS) that code scanning services read.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string       `json:"id"`
	ShortDescription sarifMessage `json:"shortDescription"`
	FullDescription  sarifMessage `json:"fullDescription"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	Level     string          `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations"`
	Related   []sarifLocation `json:"relatedLocations,omitempty"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region sarifRegion `json:"region"`
	} `json:"physicalLocation"`
	Message *sarifMessage `json:"message,omitempty"`
}

// sarifRegion counts lines and columns from 1; the end column is that after the last character.
type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"`
}

func reportSARIF(env *environment, c checked) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{"hark-ls", versionOf().Version, sarifRules(c)}
	for _, f := range c.findings {
		run.Results = append(run.Results, sarifResultOf(f))
	}
	return writeJSON(env.Out, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// sarifRules are the codes that occur.
func sarifRules(c checked) []sarifRule {
	rules := []sarifRule{}
	for _, row := range diag.Table {
		if slices.ContainsFunc(c.findings, func(f finding) bool { return f.Code == row.Code }) {
			rules = append(rules, sarifRule{row.Code.String(), sarifMessage{row.Title}, sarifMessage{row.Doc}})
		}
	}
	return rules
}

func sarifResultOf(f finding) sarifResult {
	result := sarifResult{f.Code.String(), sarifLevel(f.Severity), sarifMessage{f.Message}, nil, nil}
	result.Locations = []sarifLocation{sarifAt(place{f.file, f.lines, f.Span, ""})}
	for _, r := range f.related {
		result.Related = append(result.Related, sarifAt(r))
	}
	return result
}

func sarifAt(p place) sarifLocation {
	at := sarifLocation{}
	at.Physical.Artifact.URI = filepath.ToSlash(p.file)
	region := &at.Physical.Region
	region.StartLine, region.StartColumn = lineColumn(p.lines, p.span)
	region.EndLine, region.EndColumn = lineColumn(p.lines, source.Span{Start: p.span.End, End: p.span.End})
	if p.message != "" {
		at.Message = &sarifMessage{p.message}
	}
	return at
}

func sarifLevel(s diag.Severity) string {
	switch s {
	case diag.Error:
		return "error"
	case diag.Warning:
		return "warning"
	}
	return "note"
}
