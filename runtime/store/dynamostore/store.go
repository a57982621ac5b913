package dynamostore

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/logging"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Options are what a store works with.
type Options struct {
	// Table is the table's name. It has to exist: see CreateTable.
	Table string
	// Bucket keeps values that are larger than 16 KiB. If it is nil they are kept in the table, in parts.
	Bucket Bucket
	// Backoff is how long a request that may be repeated waits before its second attempt, 50 ms if 0; the wait doubles
	// from one attempt to the next.
	Backoff time.Duration
	// Now is the time by which records have expired that DynamoDB has not deleted yet; the system's clock if nil.
	Now func() time.Time
}

// Store is a store in DynamoDB. Any number of processes may use the same table.
type Store struct {
	Options
	client *dynamodb.Client
}

var _ engine.Store = (*Store)(nil)

const (
	// inline is how many bytes of a value a record holds itself, and inHead how many those of a head may be together: with
	// all the rest that is in a head, it then stays below 2 KiB.
	inline = 1024
	inHead = 1280
	// dueShards and startedShards are the parts of the two indexes.
	dueShards     = 16
	startedShards = 4
	// batch is how many items one request reads, pipeline how many requests of a run are on their way at a time.
	batch    = 100
	pipeline = 64
)

// New is a store that uses the client: its credentials, region and endpoint. It repeats requests in its own way.
func New(client *dynamodb.Client, o Options) *Store {
	if o.Backoff == 0 {
		o.Backoff = defaultBackoff
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	own := dynamodb.New(client.Options(), func(c *dynamodb.Options) { c.Retryer = newRetryer(o.Backoff, c.Credentials) })
	return &Store{Options: o, client: own}
}

// attemptTimeout is how long one attempt of a request to DynamoDB may take. The longest ordinary ones take milliseconds.
const attemptTimeout = 20 * time.Second

// Location names a table and a bucket of the account, region and endpoint that the environment is configured for.
type Location struct {
	Table string
	// Bucket may be empty: see Options.
	Bucket string
}

// Open is a store at a location, with the credentials and the region that the AWS command line would use (environment,
// ~/.aws, the machine's role).
func Open(ctx context.Context, at Location) (*Store, error) {
	// What goes wrong is in the errors: the SDK is not to write on anybody's terminal.
	c, err := config.LoadDefaultConfig(ctx, config.WithLogger(logging.Nop{}))
	if err != nil {
		return nil, explain(fmt.Errorf("read the AWS configuration: %w", err), at.Table)
	}
	client := dynamodb.NewFromConfig(c, func(o *dynamodb.Options) {
		o.HTTPClient = awshttp.NewBuildableClient().WithTimeout(attemptTimeout)
	})
	o := Options{Table: at.Table}
	if at.Bucket != "" {
		o.Bucket = NewS3(s3.NewFromConfig(c), at.Bucket)
	}
	return New(client, o), nil
}

// Prepare creates the table if it is not there.
func (s *Store) Prepare(ctx context.Context) error { return CreateTable(ctx, s.client, s.Table) }

// Limits are those of a head of 2 KiB.
func (s *Store) Limits() engine.Limits {
	return engine.Limits{Inline: inline, Head: inHead, Batch: batch, Pipeline: pipeline, Shards: dueShards}
}

// nonce is the number of a request that decides something.
func nonce() []byte {
	b := make([]byte, 9)
	_, _ = rand.Read(b) // never fails
	return b
}

// explained is an error of the outside world with what can be done about it. What was to be done says who wanted it.
func (s *Store) explained(err error) error { return explain(err, s.Table) }

// failed is explained, and says what it was about.
func (s *Store) failed(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, s.explained(err))...)
}

// item is an item of the table, or a part of it.
type item = map[string]types.AttributeValue
