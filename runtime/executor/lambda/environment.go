package lambda

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// The process that Lambda starts. In a managed Python runtime AWS_LAMBDA_EXEC_WRAPPER names this program, which is then started
// with the interpreter's path and its arguments; it does not start Python's own loop, but takes its place.

// runtimeAPI says where the process asks for events. User code must not: it would take an event away.
const runtimeAPI = "AWS_LAMBDA_RUNTIME_API"

// Environment is what a process knows that Lambda has started.
type Environment struct {
	// Root is the folder of the code that was deployed.
	Root string
	// Python is the interpreter, "" if the process was not started as a wrapper of one.
	Python string
	// Function is the function's name, Version the version of it.
	Function, Version string
	// Variables are the environment for user code, as in os/exec.
	Variables []string
}

// Wrapping says whether Lambda has started this process in Python's place. That of a function which merely runs it is another one's.
func Wrapping() bool { return Started() && os.Getenv("AWS_LAMBDA_EXEC_WRAPPER") != "" }

// Started says whether Lambda has started this process.
func Started() bool { return os.Getenv(runtimeAPI) != "" }

// ReadEnvironment is the environment of a process by its arguments (os.Args) and variables (os.Environ).
func ReadEnvironment(args, variables []string) Environment {
	values := map[string]string{}
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		values[name] = value
	}
	e := Environment{Root: values["LAMBDA_TASK_ROOT"], Function: values["AWS_LAMBDA_FUNCTION_NAME"], Version: values["AWS_LAMBDA_FUNCTION_VERSION"]}
	if len(args) > 2 { // the interpreter, and the script that we stand for
		e.Python = args[1]
	}
	e.Variables = slices.DeleteFunc(slices.Clone(variables), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return name == runtimeAPI || name == "PYTHONPATH"
	})
	e.Variables = append(e.Variables, "PYTHONPATH="+pythonPath(values))
	return e
}

// pythonPath is where Python finds modules after the deployed code, as Lambda's own start of Python has it: layers, then what
// the runtime brings (boto3).
func pythonPath(values map[string]string) string {
	var dirs []string
	if version, ok := strings.CutPrefix(values["AWS_EXECUTION_ENV"], "AWS_Lambda_"); ok {
		dirs = append(dirs, path.Join("/opt/python/lib", version, "site-packages"))
	}
	dirs = append(dirs, "/opt/python")
	for _, name := range []string{"LAMBDA_RUNTIME_DIR", "PYTHONPATH"} {
		for _, dir := range strings.Split(values[name], ":") {
			if dir != "" && !slices.Contains(dirs, dir) {
				dirs = append(dirs, dir)
			}
		}
	}
	return strings.Join(dirs, ":")
}

// Serve asks for events and handles them, for as long as the process lives. The configuration is that of the process's engine. If
// it cannot be made, Lambda is told so, and Serve returns the error: the process has to end.
func Serve(configure func(Environment) (engine.Config, error)) error {
	c, err := configure(ReadEnvironment(os.Args, os.Environ()))
	if err != nil {
		refuse(os.Getenv(runtimeAPI), err)
		return err
	}
	lambda.Start(NewHandler(c)) // does not return
	return nil
}

// refuse tells Lambda that the process cannot begin.
func refuse(api string, cause error) {
	body, err := json.Marshal(map[string]any{"errorMessage": cause.Error(), "errorType": "Runtime.InitError", "stackTrace": []string{}})
	if err != nil {
		return
	}
	answer, err := http.Post(fmt.Sprintf("http://%s/2018-06-01/runtime/init/error", api), "application/json", bytes.NewReader(body))
	if err != nil {
		return // it sees the end of the process
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
}
