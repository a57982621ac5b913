package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Sessions in a table of DynamoDB are run, looked at and gone on with as those in a file are.
func TestSessionsInDynamoDB(t *testing.T) {
	if testing.Short() {
		return // the short form starts no servers
	}
	t.Setenv("AWS_ENDPOINT_URL", testkit.DynamoDB.URL(t))
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "cli"+fmt.Sprint(os.Getpid()))
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv(storeVariable, inDynamo)
	dir := folder(t, gate)
	_, stderr, code := launch(t, dir, "run", "main.hk").rest()
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "--store dynamodb wants a --table NAME, or $HARK_TABLE")
	_, stderr, code = launch(t, dir, "sessions", "--table", "hark").rest()
	assert.Equal(t, 3, code)
	assert.Contains(t, stderr, "there is no hark in this account and region")

	t.Setenv(tableVariable, "hark")
	run := launch(t, dir, "run", "main.hk")
	for run.line() != "waiting" {
	}
	require.NoError(t, run.Process.Kill())
	_, _, _ = run.rest()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "open"), nil, 0o644))
	assert.Contains(t, finished(t, dir, "resume"), "=> [[0, 1, 2, 3, 4], 6, 7]")
	assert.Contains(t, finished(t, dir, "stdout"), "counted\nwaiting\n")
	assert.Contains(t, finished(t, dir, "sessions", "--json"), `"status":"done"`)
	assert.Len(t, strings.Fields(calls(t, dir)), 6, "no call was made again")
	assert.NoDirExists(t, filepath.Join(dir, ".hark"))

	failing := folder(t, flaky)
	_, _, code = launch(t, failing, "run", "main.hk").rest()
	require.Equal(t, 1, code)
	require.NoError(t, os.Remove(filepath.Join(failing, "fail")))
	before := calls(t, failing)
	out, stderr, code := launch(t, failing, "retry", "latest").rest()
	require.Equal(t, 0, code, stderr)
	assert.Contains(t, out, `=> [50, [0, 10, 20], 100, 70, "Timeout"]`)
	assert.Len(t, numbers(strings.TrimPrefix(calls(t, failing), before)), 2)
	assert.Contains(t, finished(t, failing, "cancel", "latest"), "had ended already")
}
