package dap

import "encoding/json"

// zone is when a request is allowed. Each includes what the one before demands.
type zone uint8

const (
	// always: also before initialize.
	always zone = iota
	// configuring: after initialize.
	configuring
	// launched: a program is there.
	launched
	// running: it has begun and not ended.
	running
	// stopped: and it stands.
	stopped
)

// row is a request of the table.
type row struct {
	zone   zone
	handle func(s *session, arguments json.RawMessage) (body any, err error)
}

// request makes a row of a handler with typed arguments.
func request[A any](z zone, handler func(s *session, arguments A) (any, error)) row {
	return row{z, func(s *session, raw json.RawMessage) (any, error) {
		var arguments A
		if err := decodeArguments(raw, &arguments); err != nil {
			return nil, err
		}
		return handler(s, arguments)
	}}
}

// none are the arguments of a request that has none.
type none struct{}

// requests is the table.
var requests = map[string]row{
	"initialize":              request(always, (*session).onInitialize),
	"disconnect":              request(always, (*session).onDisconnect),
	"launch":                  request(configuring, (*session).onLaunch),
	"attach":                  request(configuring, (*session).onAttach),
	"setBreakpoints":          request(configuring, (*session).onSetBreakpoints),
	"setExceptionBreakpoints": request(configuring, (*session).onSetExceptionBreakpoints),
	"configurationDone":       request(configuring, (*session).onConfigurationDone),
	"terminate":               request(launched, (*session).onTerminate),
	"restart":                 request(launched, (*session).onRestart),
	"breakpointLocations":     request(launched, (*session).onBreakpointLocations),
	"loadedSources":           request(launched, (*session).onLoadedSources),
	"source":                  request(launched, (*session).onSource),
	"threads":                 request(launched, (*session).onThreads),
	"pause":                   request(running, (*session).onPause),
	"continue":                request(stopped, (*session).onContinue),
	"next":                    request(stopped, (*session).onNext),
	"stepIn":                  request(stopped, (*session).onStepIn),
	"stepOut":                 request(stopped, (*session).onStepOut),
	"stackTrace":              request(stopped, (*session).onStackTrace),
	"scopes":                  request(stopped, (*session).onScopes),
	"variables":               request(stopped, (*session).onVariables),
	"exceptionInfo":           request(stopped, (*session).onExceptionInfo),
	"evaluate":                request(stopped, (*session).onEvaluate),
}
