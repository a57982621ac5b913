// Package lambdalocal is AWS Lambda for tests, with what makes it hard: asynchronous invocations that come late, twice, in
// another order or never, and again after a failure; processes that are frozen between two invocations, and killed at the
// deadline or in the middle of a request.
//
// Each environment is a tree of operating system processes that shares a Runtime API of its own and a folder for temporary
// files. It gets one event at a time; from when it asks for the next one until there is one, all its processes stand still
// (SIGSTOP). What belongs to an environment is found by a variable that its processes inherit (AWS_LAMBDA_LOG_STREAM_NAME), so
// that neither a process group nor a session of its own lets one escape.
//
// Events wait in a queue whose clock the test moves (Advance): retries are a minute or two late by it, and no test waits for
// them. Deadlines of invocations are by the computer's clock, since those that have to keep them see no other. Everything
// random is by a seed. What has happened is in Log.
package lambdalocal
