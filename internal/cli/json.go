package cli

import (
	"encoding/json"
	"fmt"
	"io"
)

// writeJSON writes one object and a newline. What a machine reads is not escaped for HTML.
func writeJSON(w io.Writer, object any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		return fmt.Errorf("write the result as JSON: %w", err)
	}
	return nil
}
