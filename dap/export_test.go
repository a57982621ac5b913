package dap

import (
	"maps"
	"slices"
)

// Commands are all requests that there are.
func Commands() []string { return slices.Sorted(maps.Keys(requests)) }
