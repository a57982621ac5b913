package ide_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

// show is a signature with its active parameter in «».
func show(sig ide.SignatureText) string {
	if sig.Active < 0 {
		return sig.Label
	}
	span := sig.Params[sig.Active]
	return sig.Label[:span.Start] + "«" + sig.Label[span.Start:span.End] + "»" + sig.Label[span.End:]
}

func TestSignatures(t *testing.T) {
	const head = `import(scale, images, 2);
/** Adds. */
fn add(a: Int, b: Int) -> Int { a + b }
fn loose(x, y) { [x, y] }
`
	disk := map[string]string{"images.py": "def scale(path: str, factor: float = 1.5, *rest, quality=3, **more):\n    \"\"\"Scales.\"\"\"\n"}
	tests := []struct{ name, text, want string }{
		{"the first argument", "fn main() { add(|) }", "add(«a: Int», b: Int) -> Int"},
		{"the second", "fn main() { add(1, |) }", "add(a: Int, «b: Int») -> Int"},
		{"one too many", "fn main() { add(1, 2, |) }", "add(a: Int, b: Int) -> Int"},
		{"within an argument", "fn main() { add(1 + 2|, 3) }", "add(«a: Int», b: Int) -> Int"},
		{"the inner call", "fn main() { add(1, loose(2, |)) }", "loose(x, «y») -> List"},
		{"the outer call again", "fn main() { add(loose(2, 3), |) }", "add(a: Int, «b: Int») -> Int"},
		{"within a List", "fn main() { add([1, 2|], 3) }", "add(«a: Int», b: Int) -> Int"},
		{"a named argument", "fn main() { add(:b |) }", "add(a: Int, «b: Int») -> Int"},
		{"a named argument and its value", "fn main() { add(:b 1|, :a 2) }", "add(a: Int, «b: Int») -> Int"},
		{"never closed", "fn main() {\n  add(1, |\n}\nfn next() { 1 }", "add(a: Int, «b: Int») -> Int"},
		{"never closed, with more below", "fn main() {\n  x = add(|\n  y = 2;\n  y\n}", "add(«a: Int», b: Int) -> Int"},
		{"an open call above", "fn main() {\n  loose(1, ;\n  add(|)\n}", "add(«a: Int», b: Int) -> Int"},
		{"in a String", "fn main() { loose(\"a, |\", 2) }", "loose(«x», y) -> List"},
		{"not in a comment", "fn main() { loose(1 /* | */, 2) }", ""},
		{"not behind the call", "fn main() { add(1, 2)| }", ""},
		{"not in a lambda that is an argument", "fn main() { map(lambda(x) { | }, [1]) }", ""},
		{"not where a function is defined", "fn main(a, |) { 1 }", ""},
		{"Python, with defaults", "fn main() { scale(\"a\", |) }", "scale(path: str, «factor: float = 1.5», *rest, quality=3, **more)"},
		{"Python, what is left over", "fn main() { scale(1, 2, 3, 4, |) }", "scale(path: str, factor: float = 1.5, «*rest», quality=3, **more)"},
		{"Python, by keyword", "fn main() { scale(1, :quality |) }", "scale(path: str, factor: float = 1.5, *rest, «quality=3», **more)"},
		{"Python, any keyword", "fn main() { scale(1, :tint |) }", "scale(path: str, factor: float = 1.5, *rest, quality=3, «**more»)"},
		{"a lambda", "fn main() { f = lambda(n, m) { n + m }; f(1, |) }", "f(n, «m») -> Int | Float | String | List"},
		{"a builtin", "fn main() { get({}, |) }", "get(hash: Hash[K, V], «key: K») -> V?"},
		{"any number of arguments", "fn main() { format(\"\", 1, 2, |) }", "format(template: String, «args: Any...») -> String"},
		{"an attribute", "#[retry(max=3, |)]\nimport(f, m, 1);", "retry(max, «backoff», on)"},
		{"an attribute's argument by name", "#[retry(on=|)]\nimport(f, m, 1);", "retry(max, backoff, «on»)"},
		{"an import", "import(f, |)", "import(name, «module», count, alias)"},
		{"an import of Hark", "import(f, :hark |)", "import(name, «:hark module», :as alias)"},
		{"not for an unknown name", "fn main() { nonesuch(|) }", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, offset := open(head+test.text, disk)
			help, ok := ide.Signatures(s, "main.hk", offset, -1)
			assert.Equal(t, test.want != "", ok)
			if ok {
				assert.Equal(t, test.want, show(help.Signatures[help.Active]))
			}
		})
	}
}

func TestSignaturesOfSeveralForms(t *testing.T) {
	s, offset := open("fn main() { range(1, 2, |) }", nil)
	help, ok := ide.Signatures(s, "main.hk", offset, -1)
	require.True(t, ok)
	require.Len(t, help.Signatures, 3)
	assert.Equal(t, "range(start: Int, stop: Int, «step: Int») -> List[Int]", show(help.Signatures[help.Active]))
	assert.NotEmpty(t, help.Signatures[0].Doc)

	s, offset = open("fn main() { range(|) }", nil)
	help, _ = ide.Signatures(s, "main.hk", offset, 1)
	assert.Equal(t, 1, help.Active, "the form that somebody chose stays while it fits")
	help, _ = ide.Signatures(s, "main.hk", offset, 7)
	assert.Equal(t, 0, help.Active)
}
