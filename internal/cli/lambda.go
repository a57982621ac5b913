package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/lambda"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
)

// This binary as a function of AWS Lambda: it is started in the place of a managed runtime's Python, and there is no command line.

// serveLambda handles events for as long as the process lives.
func serveLambda(streams Streams) int {
	fmt.Fprintf(streams.Err, "hark-ls: %v\n", lambda.Serve(configureLambda))
	return exitEnvironment
}

// configureLambda is the engine of such a process. Its store is where the function's variables say.
func configureLambda(env lambda.Environment) (engine.Config, error) {
	ctx := context.Background()
	at := dynamostore.Location{Table: os.Getenv(tableVariable), Bucket: os.Getenv(bucketVariable)}
	if at.Table == "" {
		return engine.Config{}, errors.New("no table for sessions: the function's variable " + tableVariable + " has to name it")
	}
	store, err := dynamostore.Open(ctx, at)
	if err != nil {
		return engine.Config{}, err
	}
	client, err := lambda.Connect(ctx)
	if err != nil {
		return engine.Config{}, err
	}
	project, err := config.ForDir(env.Root)
	if err != nil {
		return engine.Config{}, err
	}
	return aging(engine.Config{
		Store: store, Executor: lambda.New(client, lambda.BySize(env.Function)), Version: env.Version,
		Foreign: ffi.New(ffi.Config{Python: env.Python, Root: env.Root, Dir: env.Root, Env: env.Variables, Workers: 1}),
	}, project), nil
}
