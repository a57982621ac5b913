package lambda_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/lambda"
)

func TestBySize(t *testing.T) {
	place := lambda.BySize("usual", lambda.Size{MemoryMB: 2048, Function: "large"}, lambda.Size{MemoryMB: 1024, Function: "middle"})
	for asked, want := range map[uint32]string{0: "usual", 128: "middle", 1024: "middle", 1025: "large", 2048: "large", 10240: "large"} {
		assert.Equal(t, lambda.Target{Name: want, Qualifier: "7"}, place(engine.Place{MemoryMB: asked, Version: "7"}), "%d MB", asked)
	}
	assert.Equal(t, "usual", lambda.BySize("usual")(engine.Place{MemoryMB: 512}).Name)
}

// What Lambda's own start of Python would see, except for where events are asked for.
func TestEnvironmentForPython(t *testing.T) {
	e := lambda.ReadEnvironment([]string{"/opt/hark", "/var/lang/bin/python3.13", "/var/runtime/bootstrap.py"}, []string{
		"AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001", "LAMBDA_TASK_ROOT=/var/task", "LAMBDA_RUNTIME_DIR=/var/runtime", "KEY=a=b",
		"AWS_EXECUTION_ENV=AWS_Lambda_python3.13", "AWS_LAMBDA_FUNCTION_NAME=f", "AWS_LAMBDA_FUNCTION_VERSION=3", "PYTHONPATH=/var/runtime:/extra",
	})
	assert.Equal(t, "/var/lang/bin/python3.13", e.Python)
	assert.Equal(t, []string{"/var/task", "f", "3"}, []string{e.Root, e.Function, e.Version})
	assert.NotContains(t, e.Variables, "AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001")
	assert.Contains(t, e.Variables, "KEY=a=b")
	assert.Contains(t, e.Variables, "PYTHONPATH=/opt/python/lib/python3.13/site-packages:/opt/python:/var/runtime:/extra")
	assert.Empty(t, lambda.ReadEnvironment([]string{"hark-ls", "run"}, nil).Python)
}
