package dap

import (
	"errors"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// What adapter and client tell each other about what they can do.

// clientAbilities are the arguments of initialize that matter here. Lines and columns start at 1 unless they are said not to.
type clientAbilities struct {
	LinesStartAt1      *bool `json:"linesStartAt1"`
	ColumnsStartAt1    *bool `json:"columnsStartAt1"`
	Progress           bool  `json:"supportsProgressReporting"`
	Invalidated        bool  `json:"supportsInvalidatedEvent"`
	StartsOtherSession bool  `json:"supportsStartDebuggingRequest"`
}

func (c *call) onInitialize(a clientAbilities) (any, error) {
	if c.initialized {
		return nil, errors.New("the session is initialized already")
	}
	c.initialized, c.client = true, a
	c.lineBase, c.columnBase = base(a.LinesStartAt1), base(a.ColumnsStartAt1)
	return everywhere, nil
}

func base(startsAt1 *bool) int {
	if startsAt1 != nil && !*startsAt1 {
		return 0
	}
	return 1
}

// everywhere is what holds whatever is debugged.
var everywhere = dap.Capabilities{
	SupportsConfigurationDoneRequest:      true,
	SupportsFunctionBreakpoints:           true,
	SupportsConditionalBreakpoints:        true,
	SupportsHitConditionalBreakpoints:     true,
	SupportsLogPoints:                     true,
	SupportsInstructionBreakpoints:        true,
	SupportsDataBreakpoints:               true,
	SupportsBreakpointLocationsRequest:    true,
	SupportsExceptionInfoRequest:          true,
	SupportsExceptionFilterOptions:        true,
	SupportsEvaluateForHovers:             true,
	SupportsClipboardContext:              true,
	SupportsCompletionsRequest:            true,
	CompletionTriggerCharacters:           []string{},
	SupportsValueFormattingOptions:        true,
	SupportsDelayedStackTraceLoading:      true,
	SupportsLoadedSourcesRequest:          true,
	SupportedChecksumAlgorithms:           []dap.ChecksumAlgorithm{"SHA256"},
	SupportsModulesRequest:                true,
	SupportsDisassembleRequest:            true,
	SupportsSteppingGranularity:           true,
	SupportsStepInTargetsRequest:          true,
	SupportsSingleThreadExecutionRequests: true,
	SupportsRestartRequest:                true,
	SupportsTerminateRequest:              true,
	SupportTerminateDebuggee:              true,
	SupportsCancelRequest:                 true,
	ExceptionBreakpointFilters: []dap.ExceptionBreakpointsFilter{
		{
			Filter: uncaughtFilter, Label: "Uncaught errors", Default: true,
			Description: "Stop where an error is raised that nothing in its thread catches",
		},
		{
			Filter: caughtFilter, Label: "Caught errors",
			Description: "Stop where an error is raised that something in its thread catches",
		},
		{
			Filter: pythonFilter, Label: "Python errors",
			Description: "Stop at a call of Python that raises, caught or not",
		},
	},
}

// changing is what a target can do now, as the event of that name says it: also what it cannot.
type changing struct {
	StepBack      bool `json:"supportsStepBack"`
	SetVariable   bool `json:"supportsSetVariable"`
	SetExpression bool `json:"supportsSetExpression"`
	GotoTargets   bool `json:"supportsGotoTargetsRequest"`
	RestartFrame  bool `json:"supportsRestartFrame"`
}

func changingOf(a debugger.Abilities) changing {
	return changing{StepBack: a.Back, SetVariable: a.Edit, SetExpression: a.Edit, GotoTargets: a.Edit, RestartFrame: a.Edit}
}

// Changed implements debugger.Listener. What the client knows already is not said again.
func (l *listener) Changed(a debugger.Abilities) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := changingOf(a)
	if l.silent || now == l.s.announced {
		return
	}
	l.s.announced = now
	l.s.event("capabilities", map[string]any{"capabilities": now})
}
