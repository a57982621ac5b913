package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/peterh/liner"
	"golang.org/x/term"

	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Reading what is typed, in the repl and in the debugger: with an editor for the line on a terminal, plainly from anything else.

// errAborted says that the line was given up with Ctrl-C.
var errAborted = errors.New("aborted")

// lineReader reads lines without their ends; io.EOF after the last, errAborted for one that was given up.
type lineReader interface {
	read(prompt string) (string, error)
	// remember puts an input into the history.
	remember(input string)
	close()
}

// completer is the start of the word before the cursor that stays, the words it can become, and what follows.
type completer func(line string, cursor int) (head string, words []string, tail string)

// lineOptions are what loops differ in: history is the name of the file that keeps it, greeting is said first.
type lineOptions struct {
	complete          completer
	history, greeting string
}

func newLineReader(env *environment, o lineOptions) lineReader {
	in, inOK := env.In.(*os.File)
	out, outOK := env.Out.(*os.File)
	if !inOK || !outOK || !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return &plainLines{bufio.NewReader(env.In)}
	}
	state := liner.NewLiner()
	state.SetCtrlCAborts(true)
	state.SetWordCompleter(liner.WordCompleter(o.complete))
	state.SetTabCompletionStyle(liner.TabPrints)
	lines := &editedLines{state, historyFile(o.history)}
	if file, err := os.Open(lines.history); err == nil {
		_, _ = state.ReadHistory(file) // a history that cannot be read is none
		_ = file.Close()
	}
	fmt.Fprintln(env.Out, env.out.faint("Hark "+versionOf().Version+". "+o.greeting))
	return lines
}

func historyFile(name string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "hark-ls", name)
}

// plainLines reads without prompt or history.
type plainLines struct{ in *bufio.Reader }

func (l *plainLines) read(string) (string, error) {
	line, err := l.in.ReadString('\n')
	if line == "" && err != nil {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func (l *plainLines) remember(string) {}
func (l *plainLines) close()          {}

// editedLines reads from a terminal.
type editedLines struct {
	state   *liner.State
	history string
}

func (l *editedLines) read(prompt string) (string, error) {
	line, err := l.state.Prompt(prompt)
	if errors.Is(err, liner.ErrPromptAborted) {
		return "", errAborted
	}
	return line, err
}

func (l *editedLines) remember(input string) {
	l.state.AppendHistory(strings.ReplaceAll(input, "\n", " "))
}

// close keeps the history for the next time, if there is a place for it.
func (l *editedLines) close() {
	_ = l.state.Close()
	if l.history == "" || os.MkdirAll(filepath.Dir(l.history), 0o700) != nil {
		return
	}
	file, err := os.OpenFile(l.history, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = l.state.WriteHistory(file)
}

// readInput reads lines until they are a whole input.
func readInput(lines lineReader) (string, error) {
	input, err := lines.read("> ")
	for err == nil && unfinished(input) {
		var more string
		if more, err = lines.read("… "); err == nil {
			input += "\n" + more
		}
	}
	if errors.Is(err, io.EOF) && input != "" {
		err = nil // what is missing is reported as an error in syntax
	}
	if err == nil && strings.TrimSpace(input) != "" {
		lines.remember(input)
	}
	return input, err
}

// unfinished says whether an input surely goes on: a bracket is open, or it ends with something that wants an operand.
func unfinished(input string) bool {
	depth, last := 0, syntax.EOF
	for _, lexeme := range syntax.Scan(input) {
		switch lexeme.Kind {
		case syntax.LParen, syntax.LBrace, syntax.LBracket, syntax.AttrOpen:
			depth++
		case syntax.RParen, syntax.RBrace, syntax.RBracket:
			depth--
		case syntax.LineComment:
			continue
		case syntax.BlockComment, syntax.DocComment:
			text := input[lexeme.Span.Start:lexeme.Span.End]
			if len(text) < 4 || !strings.HasSuffix(text, "*/") {
				return true
			}
			if lexeme.Kind == syntax.BlockComment {
				continue
			}
		}
		last = lexeme.Kind
	}
	return depth > 0 || wantsMore[last]
}

// wantsMore are the tokens after which an input cannot end.
var wantsMore = map[syntax.Token]bool{
	syntax.Assigns: true, syntax.OrOr: true, syntax.AndAnd: true, syntax.Equal: true, syntax.NotEq: true, syntax.LessEq: true,
	syntax.MoreEq: true, syntax.Less: true, syntax.More: true, syntax.Not: true, syntax.Plus: true, syntax.Minus: true,
	syntax.Star: true, syntax.Slash: true, syntax.Percent: true, syntax.KwAsync: true, syntax.KwAwait: true, syntax.Comma: true,
	syntax.DocComment: true, syntax.KwElse: true, syntax.Arrow: true,
}
