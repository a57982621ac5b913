package dap

import "encoding/json"

// zone is when a request is allowed. Each includes what the one before demands.
type zone uint8

const (
	// always: also before initialize.
	always zone = iota
	// configuring: after initialize.
	configuring
	// launched: a target is there.
	launched
	// running: it has begun and not ended.
	running
	// stopped: and it stands.
	stopped
)

// row is a request of the table.
type row struct {
	zone   zone
	handle func(c *call, arguments json.RawMessage) (body any, err error)
	// urgent: it need not wait for another request that is at work.
	urgent bool
	// long: it may take long, and is given up when the session ends.
	long bool
	// moves: the target goes on, or back.
	moves bool
	// alone: no other one is handled meanwhile, because the target is another one after it.
	alone bool
	// ends: it ends the target.
	ends bool
}

// request makes a row of a handler with typed arguments.
func request[A any](z zone, handler func(c *call, arguments A) (any, error), properties ...func(*row)) row {
	r := row{zone: z, handle: func(c *call, raw json.RawMessage) (any, error) {
		var arguments A
		if err := decodeArguments(raw, &arguments); err != nil {
			return nil, err
		}
		return handler(c, arguments)
	}}
	for _, set := range properties {
		set(&r)
	}
	return r
}

func urgent(r *row) { r.urgent = true }
func long(r *row)   { r.long = true }
func moves(r *row)  { r.moves = true }
func alone(r *row)  { r.alone = true }
func ends(r *row)   { r.ends, r.alone = true, true }

// none are the arguments of a request that has none.
type none struct{}

// requests is the table.
var requests = map[string]row{
	"initialize": request(always, (*call).onInitialize),
	"cancel":     request(always, (*call).onCancel, urgent),
	"disconnect": request(always, (*call).onDisconnect, ends),

	"launch":                    request(configuring, (*call).onLaunch, long, alone),
	"attach":                    request(configuring, (*call).onAttach, long, alone),
	"setBreakpoints":            request(configuring, (*call).onSetBreakpoints),
	"setFunctionBreakpoints":    request(configuring, (*call).onSetFunctionBreakpoints),
	"setInstructionBreakpoints": request(configuring, (*call).onSetInstructionBreakpoints),
	"setDataBreakpoints":        request(configuring, (*call).onSetDataBreakpoints),
	"setExceptionBreakpoints":   request(configuring, (*call).onSetExceptionBreakpoints),
	"configurationDone":         request(configuring, (*call).onConfigurationDone, moves),

	"terminate":           request(launched, (*call).onTerminate, ends),
	"restart":             request(launched, (*call).onRestart, long, ends),
	"breakpointLocations": request(launched, (*call).onBreakpointLocations),
	"loadedSources":       request(launched, (*call).onLoadedSources),
	"modules":             request(launched, (*call).onModules),
	"source":              request(launched, (*call).onSource),
	"disassemble":         request(launched, (*call).onDisassemble),
	"threads":             request(launched, (*call).onThreads),
	"hark/threads":        request(launched, (*call).onAllThreads, long),
	"hark/timeline":       request(launched, (*call).onTimeline, long),

	"pause": request(running, (*call).onPause, urgent),

	"continue":           request(stopped, (*call).onContinue, moves),
	"next":               request(stopped, (*call).onNext, moves),
	"stepIn":             request(stopped, (*call).onStepIn, moves),
	"stepOut":            request(stopped, (*call).onStepOut, moves),
	"stepBack":           request(stopped, (*call).onStepBack, moves),
	"reverseContinue":    request(stopped, (*call).onReverseContinue, moves),
	"hark/stepBackIn":    request(stopped, (*call).onStepBackIn, moves),
	"hark/stepBackOut":   request(stopped, (*call).onStepBackOut, moves),
	"goto":               request(stopped, (*call).onGoto, long, moves),
	"restartFrame":       request(stopped, (*call).onRestartFrame, long, moves),
	"hark/gotoInstant":   request(stopped, (*call).onGotoInstant, long, moves),
	"hark/instant":       request(stopped, (*call).onInstant, long),
	"hark/cause":         request(stopped, (*call).onCause, long),
	"stackTrace":         request(stopped, (*call).onStackTrace, long),
	"scopes":             request(stopped, (*call).onScopes, long),
	"variables":          request(stopped, (*call).onVariables, long),
	"setVariable":        request(stopped, (*call).onSetVariable, long),
	"setExpression":      request(stopped, (*call).onSetExpression, long),
	"evaluate":           request(stopped, (*call).onEvaluate, long),
	"completions":        request(stopped, (*call).onCompletions, long),
	"exceptionInfo":      request(stopped, (*call).onExceptionInfo, long),
	"stepInTargets":      request(stopped, (*call).onStepInTargets),
	"gotoTargets":        request(stopped, (*call).onGotoTargets),
	"dataBreakpointInfo": request(stopped, (*call).onDataBreakpointInfo, long),
	"locations":          request(stopped, (*call).onLocations),
}
