package dap

import (
	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/runtime/replay"
)

// Bodies that go-dap does not have, or has with fields that leave out what has to reach the client: a line 0 of one that counts from 0,
// a false.

type stoppedBody struct {
	dap.StoppedEventBody
	Instant *replay.Instant `json:"instant,omitempty"`
}

type continuedBody struct {
	ThreadID            int  `json:"threadId"`
	AllThreadsContinued bool `json:"allThreadsContinued"`
}

type outputBody struct {
	Category string      `json:"category"`
	Output   string      `json:"output"`
	Source   *dap.Source `json:"source,omitempty"`
	Line     *int        `json:"line,omitempty"`
	Column   *int        `json:"column,omitempty"`
	Data     any         `json:"data,omitempty"`
}

type breakpointBody struct {
	ID                   int         `json:"id,omitempty"`
	Verified             bool        `json:"verified"`
	Message              string      `json:"message,omitempty"`
	Source               *dap.Source `json:"source,omitempty"`
	Line                 *int        `json:"line,omitempty"`
	Column               *int        `json:"column,omitempty"`
	InstructionReference string      `json:"instructionReference,omitempty"`
	// Reason is "pending" or "failed" where it is not verified.
	Reason string `json:"reason,omitempty"`
}

type breakpointsBody struct {
	Breakpoints []breakpointBody `json:"breakpoints"`
}

type breakpointLocation struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

type breakpointLocations struct {
	Breakpoints []breakpointLocation `json:"breakpoints"`
}

// location is the body of locations, too.
type location struct {
	Source    dap.Source `json:"source"`
	Line      int        `json:"line"`
	Column    int        `json:"column"`
	EndLine   int        `json:"endLine"`
	EndColumn int        `json:"endColumn"`
}

type locationsArguments struct {
	LocationReference int `json:"locationReference"`
}

// variable is a dap.Variable with references to where it comes from.
type variable struct {
	dap.Variable
	DeclarationLocation int `json:"declarationLocationReference,omitempty"`
	ValueLocation       int `json:"valueLocationReference,omitempty"`
}

type variablesBody struct {
	Variables []variable `json:"variables"`
}

type evaluated struct {
	dap.EvaluateResponseBody
	ValueLocation int `json:"valueLocationReference,omitempty"`
}

type assigned struct {
	dap.SetExpressionResponseBody
	ValueLocation int `json:"valueLocationReference,omitempty"`
}

type frameBody struct {
	dap.StackFrame
	Line   int `json:"line"`
	Column int `json:"column"`
}

type stackBody struct {
	StackFrames []frameBody `json:"stackFrames"`
	TotalFrames int         `json:"totalFrames"`
}

type instructionBody struct {
	Address          string      `json:"address"`
	InstructionBytes string      `json:"instructionBytes,omitempty"`
	Instruction      string      `json:"instruction"`
	Symbol           string      `json:"symbol,omitempty"`
	Location         *dap.Source `json:"location,omitempty"`
	Line             *int        `json:"line,omitempty"`
	Column           *int        `json:"column,omitempty"`
	// PresentationHint is "invalid" where there is no instruction.
	PresentationHint string `json:"presentationHint,omitempty"`
}

type targetBody struct {
	ID        int    `json:"id"`
	Label     string `json:"label"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
}

type targetsBody struct {
	Targets []targetBody `json:"targets"`
}

// at is a pointer to a number, so that 0 is sent.
func at(n int) *int { return &n }
