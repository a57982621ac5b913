package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/hark-lang/hark-ls/dap"
	"github.com/hark-lang/hark-ls/internal/config"
)

// Finding a session to debug, wherever it is kept.

// Stores as an editor calls them.
const (
	inLocal = "local"
	inCloud = "cloud"
)

// shelf is where a session may be: find opens it.
type shelf struct {
	name string
	find func(ctx context.Context) (*storage, error)
}

// openDebugging finds a session that an editor wants to debug: in the project's file, then in the cloud.
func (f *storeFlags) openDebugging(ctx context.Context, l dap.Launch) (*dap.Saved, error) {
	shelves, err := f.shelves(l)
	if err != nil {
		return nil, err
	}
	var looked []string
	for _, p := range shelves {
		s, err := p.find(ctx)
		if err != nil {
			looked = append(looked, fmt.Sprintf("%s: %s", p.name, withoutAdvice(err)))
			continue
		}
		root, err := s.named(ctx, l.Session)
		if err != nil {
			looked = append(looked, fmt.Sprintf("%s: %s", p.name, withoutAdvice(err)))
			_ = s.close()
			continue
		}
		return s.opened(root.ID.Session, l), nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("session %s was not found; looked in\n  %s", l.Session, strings.Join(looked, "\n  "))
}

// shelves are where a session is looked for, in order.
func (f *storeFlags) shelves(l dap.Launch) ([]shelf, error) {
	here := storeFlags{kind: inSQLite, project: cmp.Or(l.Cwd, ".")}
	local := shelf{"the local store", here.find}
	cloud := shelf{"the cloud", func(ctx context.Context) (*storage, error) {
		there := storeFlags{kind: inDynamo, project: here.project, bucket: cmp.Or(f.bucket, os.Getenv(bucketVariable))}
		there.table = cmp.Or(f.table, os.Getenv(tableVariable), l.Instance)
		if there.table == "" {
			return nil, fmt.Errorf("there is no deployed instance: no --table, no $%s, no \"instance\"", tableVariable)
		}
		return there.find(ctx)
	}}
	switch l.Store {
	case "":
		return []shelf{local, cloud}, nil
	case inLocal, inSQLite:
		return []shelf{local}, nil
	case inCloud, inDynamo:
		return []shelf{cloud}, nil
	}
	return nil, fmt.Errorf("there is no store %q: store is %q or %q", l.Store, inLocal, inCloud)
}

// opened is a session in a store, for the debugger.
func (s *storage) opened(session string, l dap.Launch) *dap.Saved {
	return &dap.Saved{
		Store: s.Store, ID: session, Root: s.project.Root, Place: s.place, Close: s.close, Value: parseOne,
		World: func(ctx context.Context) (dap.Kept, error) { return s.forking(ctx, l) },
	}
}

// forking is what a fork of a session runs in: it is kept where local runs are.
func (s *storage) forking(ctx context.Context, l dap.Launch) (dap.Kept, error) {
	p, err := config.ForDir(s.project.Root)
	if err != nil {
		return dap.Kept{}, err
	}
	flags := storeFlags{kind: inSQLite}
	here, err := flags.open(ctx, p)
	if err != nil {
		return dap.Kept{}, fmt.Errorf("a fork is a session of its own, and has to be kept: %w", errors.New(withoutAdvice(err)))
	}
	return worldOn(here, l), nil
}
