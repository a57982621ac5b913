package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/lambdalocal"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/lambda"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
	"github.com/hark-lang/hark-ls/vm"
)

// Started by Lambda in the place of Python, this binary runs threads, and calls the Python that it stands for.
func TestAsAFunctionOfLambda(t *testing.T) {
	if testing.Short() {
		return
	}
	l := lambdalocal.New(t, lambdalocal.Faults{})
	user := "lambda" + fmt.Sprint(os.Getpid())
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB": testkit.DynamoDB.URL(t), "AWS_ENDPOINT_URL_LAMBDA": l.URL, "AWS_REGION": "us-east-1",
		"AWS_ACCESS_KEY_ID": user, "AWS_SECRET_ACCESS_KEY": "secret",
	} {
		t.Setenv(name, value)
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "steps.py"), []byte("def double(x):\n    return 2 * x\n"), 0o600))
	binary, err := exec.LookPath("hark-ls")
	require.NoError(t, err)
	python, err := exec.LookPath("python3")
	require.NoError(t, err)
	l.Deploy(lambdalocal.Function{
		Name: "hark", Binary: binary, Python: python, Root: dir, Timeout: time.Minute, Store: testkit.DynamoDB.URL(t), Recursion: true,
		Variables: []string{"HARK_TABLE=hark", "AWS_ACCESS_KEY_ID=" + user},
	})
	store, err := dynamostore.Open(t.Context(), dynamostore.Location{Table: "hark"})
	require.NoError(t, err)
	require.NoError(t, store.Prepare(t.Context()))
	client, err := lambda.Connect(t.Context())
	require.NoError(t, err)
	e := engine.New(engine.Config{Store: store, Executor: lambda.New(client, lambda.BySize("hark"))})
	p := resolve.Load("main.hk", func(string) (string, error) {
		return "import(double, steps, 1); fn main(x) { await [async double(x), async double(double(x))] }", nil
	})
	session, err := e.Start(t.Context(), engine.Session{Program: codegen.Generate(p), Function: "main", Args: []vm.Value{vm.Int(3)}})
	require.NoError(t, err)
	l.Settle()
	result, over, err := e.Look(t.Context(), session)
	require.NoError(t, err)
	require.True(t, over, "%v", l.Log())
	assert.Equal(t, "[6, 12]", vm.Show(result.Value), "%v", result.Err)
}
