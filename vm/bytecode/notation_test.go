package bytecode_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

func TestSplitTypes(t *testing.T) {
	for text, want := range map[string][]string{
		"":    nil,
		"Int": {"Int"},
		"Int, Hash[String,List[Int]], Fn[Int,Int]": {"Int", "Hash[String,List[Int]]", "Fn[Int,Int]"},
		"list: List[T], rest: Any...":              {"list: List[T]", "rest: Any..."},
	} {
		assert.Equal(t, want, bytecode.SplitTypes(text), text)
	}
}
