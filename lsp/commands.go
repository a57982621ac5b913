package lsp

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
)

func init() {
	answer("workspace/executeCommand", executeCommand, func(c *protocol.ServerCapabilities, _ *clientCapabilities) {
		c.ExecuteCommandProvider = protocol.ExecuteCommandOptions{
			WorkDoneProgressOptions: protocol.WorkDoneProgressOptions{WorkDoneProgress: new(true)},
			Commands:                slices.Sorted(maps.Keys(commands)),
		}
	}).unbounded = true
}

// commands are what any editor can let the server do, by name. Each takes one argument, an object.
var commands = map[string]func(r *request, argument json.RawMessage, token json.RawMessage) (any, error){}

// command registers a command, as answer does a method.
func command[P any](name string, run func(r *request, p *P, token json.RawMessage) (any, error)) {
	commands[name] = func(r *request, argument, token json.RawMessage) (any, error) {
		p := new(P)
		if err := decode(argument, p); err != nil {
			return nil, invalidParams("%s: %v", name, err)
		}
		return run(r, p, token)
	}
}

type executeCommandParams struct {
	Command       string            `json:"command"`
	Arguments     []json.RawMessage `json:"arguments,omitempty"`
	WorkDoneToken json.RawMessage   `json:"workDoneToken,omitempty"`
}

func executeCommand(r *request, p *executeCommandParams) (any, error) {
	run := commands[p.Command]
	if run == nil {
		known := slices.Sorted(maps.Keys(commands))
		return nil, invalidParams("there is no command %.200q; there are %s", p.Command, strings.Join(known, ", "))
	}
	if len(p.Arguments) != 1 {
		return nil, invalidParams("%s takes one argument, an object, not %d", p.Command, len(p.Arguments))
	}
	return run(r, p.Arguments[0], p.WorkDoneToken)
}
