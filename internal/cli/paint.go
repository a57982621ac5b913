package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// paint colours text for a stream: on a terminal only, and not if NO_COLOR is set (no-color.org).
type paint bool

func paintFor(w io.Writer) paint {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	return paint(term.IsTerminal(int(file.Fd())))
}

func (p paint) with(code, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p paint) bold(text string) string   { return p.with("1", text) }
func (p paint) faint(text string) string  { return p.with("2", text) }
func (p paint) red(text string) string    { return p.with("1;31", text) }
func (p paint) green(text string) string  { return p.with("32", text) }
func (p paint) yellow(text string) string { return p.with("1;33", text) }
func (p paint) blue(text string) string   { return p.with("1;34", text) }
