package syntax

import "strings"

// DocText is the text of a documentation comment, without its delimiters and the stars at the starts of lines; "" for none.
func DocText(c *Comment) string {
	if c == nil {
		return ""
	}
	text := strings.TrimSuffix(strings.TrimPrefix(c.Text, "/**"), "*/")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if i > 0 {
			line = strings.TrimPrefix(line, "*")
		}
		lines[i] = strings.TrimRight(strings.TrimPrefix(line, " "), " \t\r")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
