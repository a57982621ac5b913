package testkit

import (
	"fmt"
	"go/constant"
	"go/token"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"text/scanner"

	"github.com/stretchr/testify/require"
)

// Mark is one "verb(args)" of a comment "//@…".
type Mark struct {
	// Line counts from 1.
	Line int
	Verb string
	// Args are the arguments: literals by value, names as they are.
	Args []string
}

// String is the mark as it is compared and shown: "3: error(HK0101)".
func (m Mark) String() string {
	return fmt.Sprintf("%d: %s(%s)", m.Line, m.Verb, strings.Join(m.Args, ", "))
}

// Collect reads the marks of a source text. A comment that starts with "//@" and is not well formed is an error.
func Collect(text string) ([]Mark, error) {
	var marks []Mark
	for i, line := range strings.Split(text, "\n") {
		_, comment, found := strings.Cut(line, "//@")
		if !found {
			continue
		}
		of, err := parseMarks(comment)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		for _, mark := range of {
			mark.Line = i + 1
			marks = append(marks, mark)
		}
	}
	return marks, nil
}

// Marks is Collect for texts that are known to be well formed.
func Marks(t testing.TB, text string) []Mark {
	t.Helper()
	marks, err := Collect(text)
	require.NoError(t, err)
	return marks
}

// InTheWordsOf is an observed mark as one of those wanted says it, whose last argument is a regexp that matches this one's, so that the
// two compare equal; the mark as it is if there is none.
func (m Mark) InTheWordsOf(wanted []Mark) Mark {
	last := len(m.Args) - 1
	if last < 0 {
		return m
	}
	for _, w := range wanted {
		if w.Line != m.Line || w.Verb != m.Verb || len(w.Args) != len(m.Args) || !slices.Equal(w.Args[:last], m.Args[:last]) {
			continue
		}
		if re, err := regexp.Compile(w.Args[last]); err == nil && re.MatchString(m.Args[last]) {
			return w
		}
	}
	return m
}

// Match fails the test unless the marks are exactly those observed, in whatever order.
func Match(t testing.TB, want, got []Mark) {
	t.Helper()
	Equal(t, listing(want), listing(got))
}

func listing(marks []Mark) string {
	marks = append([]Mark(nil), marks...)
	sort.SliceStable(marks, func(i, j int) bool {
		if marks[i].Line != marks[j].Line {
			return marks[i].Line < marks[j].Line
		}
		return marks[i].String() < marks[j].String()
	})
	var b strings.Builder
	for _, mark := range marks {
		fmt.Fprintln(&b, mark)
	}
	return b.String()
}

// markScanner reads the little language of marks with Go's own tokens.
type markScanner struct {
	scanner.Scanner
	tok rune
}

func parseMarks(comment string) ([]Mark, error) {
	var s markScanner
	s.Init(strings.NewReader(comment))
	s.Mode = scanner.GoTokens
	s.Error = func(*scanner.Scanner, string) {} // what it finds wrong shows as an unexpected token
	s.tok = s.Scan()
	var marks []Mark
	for s.tok != scanner.EOF {
		mark, err := s.mark()
		if err != nil {
			return nil, err
		}
		marks = append(marks, mark)
	}
	return marks, nil
}

func (s *markScanner) mark() (Mark, error) {
	m := Mark{Verb: s.TokenText()}
	if s.tok != scanner.Ident {
		return m, fmt.Errorf("got %q, want a verb", m.Verb)
	}
	if s.tok = s.Scan(); s.tok != '(' {
		return m, nil
	}
	for s.tok = s.Scan(); s.tok != ')'; {
		arg, err := s.argument()
		if err != nil {
			return m, err
		}
		m.Args = append(m.Args, arg)
		if s.tok = s.Scan(); s.tok == ',' {
			s.tok = s.Scan()
		} else if s.tok != ')' {
			return m, fmt.Errorf("got %q, want ',' or ')' in %s", s.TokenText(), m.Verb)
		}
	}
	s.tok = s.Scan()
	return m, nil
}

func (s *markScanner) argument() (string, error) {
	text := s.TokenText()
	switch s.tok {
	case scanner.String, scanner.RawString:
		value := constant.MakeFromLiteral(text, token.STRING, 0)
		if value.Kind() == constant.String {
			return constant.StringVal(value), nil
		}
	case scanner.Ident, scanner.Int, scanner.Float:
		return text, nil
	case '-':
		s.tok = s.Scan()
		return "-" + s.TokenText(), nil
	}
	return "", fmt.Errorf("got %q, want an argument", text)
}
