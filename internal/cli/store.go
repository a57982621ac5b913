package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
)

// Where sessions are kept: in a file of the project, in this process's memory, or in a table of DynamoDB.

// Kinds of stores, as --store calls them.
const (
	inSQLite = "sqlite"
	inMemory = "memory"
	inDynamo = "dynamodb"
)

// What the environment says for those who give no flags: the kind of store, and where it is in the cloud.
const (
	storeVariable  = "HARK_STORE"
	tableVariable  = "HARK_TABLE"
	bucketVariable = "HARK_BUCKET"
)

// sessionsFile is what the sessions of a project are kept in, in its data folder.
const sessionsFile = "sessions.db"

// storeFlags are the flags that say where sessions are kept.
type storeFlags struct {
	kind string
	// table and bucket are those of DynamoDB.
	table, bucket string
	// project is a folder of the project whose sessions are meant, for commands that name no file.
	project string
}

// add adds the flag of a command that knows some kinds of stores.
func (f *storeFlags) add(cmd *cobra.Command, kinds ...string) {
	cmd.Flags().StringVar(&f.kind, "store", "", "keep sessions in `KIND`: "+orList(kinds)+" (default: $"+storeVariable+", else sqlite)")
	cmd.Flags().StringVar(&f.table, "table", "", "the table of --store dynamodb, `NAME` (default: $"+tableVariable+")")
	cmd.Flags().StringVar(&f.bucket, "bucket", "", "the bucket for its large values, `NAME` (default: $"+bucketVariable+", else the table)")
	_ = cmd.RegisterFlagCompletionFunc("store", cobra.FixedCompletions(kinds, cobra.ShellCompDirectiveNoFileComp))
}

func (f *storeFlags) addProject(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.project, "project", ".", "look for the sessions of the project of the folder `DIR`")
	_ = cmd.MarkFlagDirname("project")
}

// check settles which kind of store is meant, which has to be one of those that the command knows.
func (f *storeFlags) check(cmd *cobra.Command, kinds ...string) error {
	if f.kind == "" {
		f.kind = os.Getenv(storeVariable)
	}
	if f.kind == "" {
		f.kind = inSQLite
	}
	if !slices.Contains(kinds, f.kind) {
		return usageError(cmd, "sessions cannot be kept in '%s' here; --store is %s", f.kind, orList(kinds))
	}
	if f.kind != inDynamo {
		return nil
	}
	f.table, f.bucket = cmp.Or(f.table, os.Getenv(tableVariable)), cmp.Or(f.bucket, os.Getenv(bucketVariable))
	if f.table == "" {
		return usageError(cmd, "--store dynamodb wants a --table NAME, or $%s", tableVariable)
	}
	return nil
}

// storage is an open store.
type storage struct {
	engine.Store
	// source is how another process opens it.
	source storeFlags
	// place is how messages call it; "" if nothing is kept.
	place string
	// project is the one whose sessions are kept.
	project *config.Config
	close   func() error
	// reading is made when it is wanted, see reader.
	reading *engine.Engine
}

// kept says whether the sessions outlive the process.
func (s *storage) kept() bool { return s.place != "" }

// inMemoryOnly is a store for this process.
func inMemoryOnly(p *config.Config) *storage {
	return &storage{Store: memstore.New(), project: p, close: func() error { return nil }}
}

// open opens the store of a project, and makes one if there is none.
func (f *storeFlags) open(ctx context.Context, p *config.Config) (*storage, error) {
	switch f.kind {
	case inMemory:
		return inMemoryOnly(p), nil
	case inDynamo:
		return f.makeTable(ctx, p)
	}
	dir := p.Path(p.Project.DataDir)
	if err := ignoreInGit(dir); err != nil {
		return nil, unkept(err)
	}
	return openFile(ctx, p)
}

// openFile opens the file of a project.
func openFile(ctx context.Context, p *config.Config) (*storage, error) {
	path := filepath.Join(p.Path(p.Project.DataDir), sessionsFile)
	s, err := sqlitestore.Open(ctx, path, sqlitestore.Options{})
	if err != nil {
		return nil, unkept(err)
	}
	return &storage{Store: s, source: storeFlags{kind: inSQLite}, place: path, project: p, close: s.Close}, nil
}

// makeTable opens a table, and makes it if it is not there.
func (f *storeFlags) makeTable(ctx context.Context, p *config.Config) (*storage, error) {
	s, table, err := f.openTable(ctx, p)
	if err != nil {
		return nil, err
	}
	_, err = s.Heads(ctx, []engine.ID{{Session: "any", Thread: engine.Root}})
	if dynamostore.IsMissing(err) {
		err = table.Prepare(ctx)
	}
	if err != nil {
		return nil, unkept(err)
	}
	return s, nil
}

// openTable opens a table of DynamoDB, in the account and region that the environment says.
func (f *storeFlags) openTable(ctx context.Context, p *config.Config) (*storage, *dynamostore.Store, error) {
	s, err := dynamostore.Open(ctx, dynamostore.Location{Table: f.table, Bucket: f.bucket})
	if err != nil {
		return nil, nil, environmentError(err)
	}
	return &storage{Store: s, source: *f, place: "the table " + f.table, project: p, close: func() error { return nil }}, s, nil
}

// unkept is the error of a store that cannot be used.
func unkept(err error) error {
	return environmentError(fmt.Errorf("%w\n(--store memory runs without keeping the session)", err))
}

// ignoreInGit makes the data folder, and keeps it out of version control if nobody has said anything about that.
func ignoreInGit(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder for sessions: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make the folder for sessions: %w", err)
	}
	_, err = file.WriteString("*\n")
	return errors.Join(err, file.Close())
}

// errNoStore says that nothing has been kept yet.
type errNoStore struct{ looked []string }

func (e *errNoStore) Error() string {
	return fmt.Sprintf("no sessions have been kept: there is no %s\n(hark-ls run FILE keeps the sessions that it runs; --project DIR looks in another project)", orList(e.looked))
}

// find opens the store that keeps the sessions of the project that the command is about; it makes none. The error is an
// *errNoStore if there is none.
func (f *storeFlags) find(ctx context.Context) (*storage, error) {
	p, err := config.ForDir(f.project)
	if err != nil {
		return nil, &failure{exitUsage, err}
	}
	if f.kind == inDynamo {
		s, _, err := f.openTable(ctx, p)
		return s, err
	}
	var looked []string
	for _, p := range append([]*config.Config{p}, above(p.Root)...) {
		path := filepath.Join(p.Path(p.Project.DataDir), sessionsFile)
		if exists(path) {
			return openFile(ctx, p)
		}
		looked = append(looked, path)
	}
	return nil, &errNoStore{looked[:1]}
}

// above are the projects without a hark.toml that the folders above would be: a program there may have been run by itself.
func above(root string) []*config.Config {
	if _, whole := config.FindRoot(root); whole {
		return nil
	}
	var all []*config.Config
	for dir := filepath.Dir(root); dir != root; root, dir = dir, filepath.Dir(dir) {
		all = append(all, config.Default(dir))
	}
	return all
}
