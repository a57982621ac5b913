package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/hark-lang/hark-ls/lsp"
)

func lspCommand(env *environment) *cobra.Command {
	return serverCommand(env, &cobra.Command{
		Use:   "lsp [--listen HOST:PORT]",
		Short: "Serve editors with the Language Server Protocol",
		Long: `Speaks the Language Server Protocol with an editor, over standard input and output unless it is
told to listen. Standard output carries the protocol and nothing else; logs go to standard error.`,
		Example: `hark-ls lsp
hark-ls lsp --listen 127.0.0.1:7070 --log-level debug`,
	}, func(ctx context.Context, conn io.ReadWriteCloser, log *zap.Logger) error {
		return lsp.Serve(ctx, conn, lsp.Options{Version: versionOf().Version, Log: log})
	})
}
