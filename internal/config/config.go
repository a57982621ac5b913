// Package config reads the project file, hark.toml: what a project is made of, and where things lie.
//
// A project's root is the folder of its hark.toml. Whoever runs a single file without one has a project all the same: the
// defaults, rooted at the file's folder.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// FileName is the name of the project file.
const FileName = "hark.toml"

// Config is what hark.toml says, with defaults for what it leaves out.
type Config struct {
	// Root is the project's folder, an absolute path.
	Root    string
	Project Project
	// Lint sets the level of a diagnostic code: "HK0107" to "off", "hint", "info", "warning" or "error".
	Lint map[string]Level
	// Text is that of the file, "" if there is none. Problems are what is wrong with it, in the order of their places.
	Text     string
	Problems []diag.Diagnostic
	// ages are those of the instances, by name.
	ages map[string]Ages
}

// Project is the table [project]. Paths are relative to the root unless they are absolute.
type Project struct {
	// HarkFile is the entry file.
	HarkFile string `toml:"hark_file"`
	// PythonSrc is a folder in which Python modules are found, beside the root itself.
	PythonSrc string `toml:"python_src"`
	// PythonRequirements is a requirements file that deployment installs if it exists.
	PythonRequirements string `toml:"python_requirements"`
	// DataDir holds local sessions and build output.
	DataDir string `toml:"data_dir"`
	// Package is a prebuilt zip for deployment, and BuildCmd the command that builds it.
	Package  string `toml:"package"`
	BuildCmd string `toml:"build_cmd"`
	// Python is the interpreter for local runs; empty means that of $VIRTUAL_ENV, else python3.
	Python string `toml:"python"`
}

// Level is how much a diagnostic counts: one of Levels.
type Level string

// Levels are the levels that [lint] knows.
var Levels = []Level{"off", "hint", "info", "warning", "error"}

// Error is a file that cannot be understood, at a place. Line and Column count from 1.
type Error struct {
	Path         string
	Line, Column int
	Message      string
	code         diag.Code
	offset       int
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Message)
}

// Default is the configuration of a project that says nothing.
func Default(root string) *Config {
	return &Config{Root: root, Project: Project{
		HarkFile:           "service.hk",
		PythonSrc:          "src",
		PythonRequirements: "requirements.txt",
		DataDir:            ".hark",
	}}
}

// FindRoot is the nearest folder, from dir upwards, that holds a project file.
func FindRoot(dir string) (root string, found bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	for {
		if info, err := os.Stat(filepath.Join(dir, FileName)); err == nil && info.Mode().IsRegular() {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// ForFile is the configuration of the project that a Hark file belongs to: that of the nearest hark.toml above it, else the
// defaults, rooted at the file's folder.
func ForFile(path string) (*Config, error) {
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("find the project of %s: %w", path, err)
	}
	return ForDir(dir)
}

// ForDir is the configuration of the project that a folder belongs to, else the defaults, rooted at the folder.
func ForDir(dir string) (*Config, error) {
	root, found := FindRoot(dir)
	if !found {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil, fmt.Errorf("find the project of %s: %w", dir, err)
		}
		return Default(abs), nil
	}
	path := filepath.Join(root, FileName)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the project file: %w", err)
	}
	c, err := Parse(root, string(text))
	var wrong *Error
	if errors.As(err, &wrong) {
		wrong.Path = path
	}
	return c, err
}

// Parse reads the text of a project file. The error, if any, is an *Error; the configuration is usable all the same.
func Parse(root, text string) (*Config, error) {
	c := Default(root)
	x := examine([]byte(text))
	c.Text, c.Problems = text, x.warnings
	file := struct {
		Project *Project         `toml:"project"`
		Lint    map[string]Level `toml:"lint"`
	}{Project: &c.Project}
	if err := toml.Unmarshal([]byte(text), &file); err != nil {
		c.Project = Default(root).Project
		wrong := located(err)
		c.addError(wrong)
		return c, wrong
	}
	c.Lint, c.ages = file.Lint, x.ages
	if x.wrong != nil {
		line, column := source.NewLines(text).OffsetColumn(int32(x.wrong.offset))
		x.wrong.Line, x.wrong.Column = line+1, column+1
		c.addError(x.wrong)
		return c, x.wrong
	}
	return c, nil
}

// addError makes an error one of the problems, at its place among them.
func (c *Config) addError(e *Error) {
	lines := source.NewLines(c.Text)
	d := diag.New(e.code, e.Message)
	d.Span.Start = lines.ColumnOffset(e.Line-1, e.Column-1)
	d.Span.End = max(d.Span.Start, lines.ColumnOffset(e.Line-1, len(lines.Text(e.Line-1))))
	c.Problems = append(c.Problems, d)
	slices.SortStableFunc(c.Problems, func(a, b diag.Diagnostic) int { return int(a.Span.Start - b.Span.Start) })
}

func located(err error) *Error {
	wrong := &Error{Path: FileName, Line: 1, Column: 1, Message: strings.TrimPrefix(err.Error(), "toml: "), code: diag.ProjectSyntax}
	var decoding *toml.DecodeError
	if !errors.As(err, &decoding) {
		return wrong
	}
	wrong.Line, wrong.Column = decoding.Position()
	if kind := misplaced.FindStringSubmatch(err.Error()); kind != nil {
		wrong.code = diag.ValueKind
		wrong.Message = fmt.Sprintf("'%s' cannot be of the kind %s", strings.Join(decoding.Key(), "."), kind[1])
	}
	return wrong
}

// misplaced is how the decoder reports a value of the wrong kind; it goes on with names of Go types.
var misplaced = regexp.MustCompile(`cannot (?:decode|store) (?:a )?(?:TOML )?([a-z ]+?) (?:into|in) `)

// Path makes a path of the configuration absolute.
func (c *Config) Path(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Root, path)
}

// PythonPath are the folders in which Python modules are found, in order.
func (c *Config) PythonPath() []string {
	path := []string{c.Root}
	if src := c.Path(c.Project.PythonSrc); src != c.Root {
		path = append(path, src)
	}
	return path
}
