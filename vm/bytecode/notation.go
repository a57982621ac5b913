package bytecode

import "strings"

// Types as text, as they stand in Param.Type and in the signatures of builtins: "Hash[String, List[Int]]?".

// SplitTypes splits a sequence of types, or of parameters with types, at the commas that lie in no brackets, and takes the space around
// each away. The empty text has none.
func SplitTypes(sequence string) []string {
	var all []string
	depth, from := 0, 0
	for i, c := range sequence {
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == ',' && depth == 0:
			all, from = append(all, strings.TrimSpace(sequence[from:i])), i+1
		}
	}
	if last := strings.TrimSpace(sequence[from:]); last != "" {
		all = append(all, last)
	}
	return all
}
