package bytecode

// Facts is what verification finds out about a program.
type Facts struct{}

// Verify checks a program.
func Verify(p *Program) (*Facts, error) { return &Facts{}, nil }
