package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// What the commands have in common that serve editors: streams or a socket, logs, a trace of the messages.

// serverCommand completes a command that speaks a protocol: serve speaks it with one editor until that is gone.
func serverCommand(env *environment, cmd *cobra.Command, serve func(context.Context, io.ReadWriteCloser, *zap.Logger) error) *cobra.Command {
	listen, level, trace := "", "warn", ""
	cmd.Args = arguments(0, 0)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		log, err := logger(env.Err, level)
		if err != nil {
			return usageError(cmd, "%v", err)
		}
		if err := checkAddress(listen); err != nil {
			return usageError(cmd, "%v", err)
		}
		wire, err := openTrace(trace)
		if err != nil {
			return err
		}
		defer wire.Close()
		tapped := func(ctx context.Context, conn io.ReadWriteCloser) error { return serve(ctx, wire.tap(conn), log) }
		if listen != "" {
			return serveListening(cmd.Context(), env, listen, tapped)
		}
		return tapped(cmd.Context(), stdio{env})
	}
	cmd.Flags().StringVar(&listen, "listen", "", "serve any number of editors at `HOST:PORT` instead")
	cmd.Flags().StringVar(&level, "log-level", level, "what is logged: debug, info, warn or error")
	cmd.Flags().StringVar(&trace, "trace", "", "write every message to `FILE`")
	return cmd
}

// checkAddress says so if an address is none that one can listen at, on any computer; "" is none at all.
func checkAddress(address string) error {
	if address == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return fmt.Errorf("--listen wants HOST:PORT, such as 127.0.0.1:4711, not '%s'", address)
	}
	return nil
}

func logger(out io.Writer, level string) (*zap.Logger, error) {
	threshold, err := zapcore.ParseLevel(level)
	if err != nil {
		return nil, fmt.Errorf("there is no log level '%s': debug, info, warn, error", level)
	}
	encoder := zapcore.NewConsoleEncoder(zap.NewDevelopmentEncoderConfig())
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(out)), threshold)), nil
}

// stdio is the process's own streams as a connection. Closing it frees a reader that waits for input.
type stdio struct{ *environment }

func (s stdio) Read(p []byte) (int, error)  { return s.In.Read(p) }
func (s stdio) Write(p []byte) (int, error) { return s.Out.Write(p) }
func (s stdio) Close() error {
	if closer, ok := s.In.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// serveListening serves every client that connects, each by itself, until the context ends.
func serveListening(ctx context.Context, env *environment, address string, serve func(context.Context, io.ReadWriteCloser) error) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return &failure{code: exitEnvironment, err: err}
	}
	defer listener.Close()
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	fmt.Fprintf(env.Err, "listening on %s\n", listener.Addr())
	var clients sync.WaitGroup
	defer clients.Wait()
	for {
		conn, err := listener.Accept()
		if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return &failure{code: exitEnvironment, err: err}
		}
		clients.Go(func() {
			defer conn.Close()
			if err := serve(ctx, conn); err != nil {
				fmt.Fprintf(env.Err, "%s: %v\n", conn.RemoteAddr(), err)
			}
		})
	}
}

// wireTrace is a file that all messages are written to, both ways; without a file it does nothing.
type wireTrace struct {
	mu   sync.Mutex
	file *os.File
}

func openTrace(path string) (*wireTrace, error) {
	if path == "" {
		return &wireTrace{}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, &failure{code: exitEnvironment, err: fmt.Errorf("open the trace: %w", err)}
	}
	return &wireTrace{file: file}, nil
}

func (w *wireTrace) Close() error {
	if w.file == nil {
		return nil
	}
	return w.file.Close()
}

func (w *wireTrace) tap(conn io.ReadWriteCloser) io.ReadWriteCloser {
	if w.file == nil {
		return conn
	}
	return tapped{conn, w}
}

func (w *wireTrace) write(direction string, data []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	// A trace that cannot be written is no reason to end a session.
	_, _ = fmt.Fprintf(w.file, "%s %s\n", direction, data)
}

// tapped is a connection whose bytes go to a trace as well.
type tapped struct {
	io.ReadWriteCloser
	trace *wireTrace
}

func (t tapped) Read(p []byte) (int, error) {
	n, err := t.ReadWriteCloser.Read(p)
	if n > 0 {
		t.trace.write("→", p[:n])
	}
	return n, err
}

func (t tapped) Write(p []byte) (int, error) {
	t.trace.write("←", p)
	return t.ReadWriteCloser.Write(p)
}
