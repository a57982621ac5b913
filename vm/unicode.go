package vm

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Characters, as Python's str methods see them. The tables are pinned to one version of Unicode and not taken from Go's
// library, whose version changes with the compiler's: a program must mean the same under every release.

// runeRange is the characters from lo to hi, both included.
type runeRange struct{ lo, hi rune }

// caseRange says that every step-th character from lo to hi has a counterpart at a distance of delta.
type caseRange struct {
	lo, hi rune
	step   rune
	delta  rune
}

// caseSpecial is a character whose counterpart is several.
type caseSpecial struct {
	from rune
	to   string
}

func inRanges(ranges []runeRange, r rune) bool {
	i := sort.Search(len(ranges), func(i int) bool { return ranges[i].hi >= r })
	return i < len(ranges) && ranges[i].lo <= r
}

func isSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1c && r <= 0x1f
	}
	return inRanges(spaceRanges, r)
}

// isPrintable says whether a literal shows the character as it is.
func isPrintable(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r < 0x7f
	}
	return !inRanges(hiddenRanges, r)
}

// digitValue is the value of a decimal digit of any script, -1 for other characters.
func digitValue(r rune) int {
	if r < utf8.RuneSelf {
		if r >= '0' && r <= '9' {
			return int(r - '0')
		}
		return -1
	}
	i := sort.Search(len(digitZeros), func(i int) bool { return digitZeros[i]+9 >= r })
	if i < len(digitZeros) && digitZeros[i] <= r {
		return int(r - digitZeros[i])
	}
	return -1
}

// trimSpace is s without the white space around it.
func trimSpace(s string) string { return strings.TrimFunc(s, isSpace) }

// caseMapping is one direction of conversion between small and capital letters.
type caseMapping struct {
	ranges   []caseRange
	specials []caseSpecial
}

var (
	upperMapping = caseMapping{upperRanges, upperSpecials}
	lowerMapping = caseMapping{lowerRanges, lowerSpecials}
)

func (m *caseMapping) write(b *strings.Builder, r rune) {
	if i := sort.Search(len(m.specials), func(i int) bool { return m.specials[i].from >= r }); i < len(m.specials) && m.specials[i].from == r {
		b.WriteString(m.specials[i].to)
		return
	}
	i := sort.Search(len(m.ranges), func(i int) bool { return m.ranges[i].hi >= r })
	if i < len(m.ranges) && m.ranges[i].lo <= r && (r-m.ranges[i].lo)%m.ranges[i].step == 0 {
		r += m.ranges[i].delta
	}
	b.WriteRune(r)
}

// upperText is s in capital letters.
func upperText(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r < utf8.RuneSelf {
			if r >= 'a' && r <= 'z' {
				r -= 'a' - 'A'
			}
			b.WriteByte(byte(r))
			continue
		}
		upperMapping.write(&b, r)
	}
	return b.String()
}

// lowerText is s in small letters. A capital sigma at the end of a word becomes the final one: after a cased character
// and not before one, case-ignorable characters apart.
func lowerText(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	afterCased := false // the last character that is not case-ignorable is cased
	for i, r := range s {
		switch {
		case r == 'Σ' && afterCased && !casedFollows(s[i+len("Σ"):]):
			b.WriteRune('ς')
		case r >= utf8.RuneSelf:
			lowerMapping.write(&b, r)
		case r >= 'A' && r <= 'Z':
			b.WriteByte(byte(r) + 'a' - 'A')
		default:
			b.WriteByte(byte(r))
		}
		if isCased(r) {
			afterCased = true
		} else if !inRanges(ignorableRanges, r) {
			afterCased = false
		}
	}
	return b.String()
}

func isCased(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return inRanges(casedRanges, r)
}

// casedFollows says whether the first character of s that is not case-ignorable is cased.
func casedFollows(s string) bool {
	for _, r := range s {
		if isCased(r) {
			return true
		}
		if !inRanges(ignorableRanges, r) {
			return false
		}
	}
	return false
}
