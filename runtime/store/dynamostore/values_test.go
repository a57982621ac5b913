package dynamostore_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
	"github.com/hark-lang/hark-ls/vm"
)

// bucket is an empty bucket of S3, as moto has it.
func bucket(t testing.TB, name string) (*s3.Client, *dynamostore.S3) {
	client := s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(testkit.AWS.URL(t)), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("A", "s", ""),
	})
	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name})
	require.NoError(t, err)
	return client, dynamostore.NewS3(client, name)
}

func objects(t testing.TB, client *s3.Client, name string) int {
	out, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &name})
	require.NoError(t, err)
	return len(out.Contents)
}

// TestBucket: values of up to 16 KiB are items of the table, larger ones objects of the bucket.
func TestBucket(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	client, in := bucket(t, "values")
	table := connect(t)
	require.NoError(t, dynamostore.CreateTable(t.Context(), table, "hark"))
	store := dynamostore.New(table, dynamostore.Options{Table: "hark", Bucket: in})
	for size, inBucket := range map[int]int{0: 0, 1025: 0, 16 << 10: 0, 16<<10 + 1: 1, 5_000_000: 1} {
		value := bytes.Repeat([]byte{1, 0, 255, 7, 9}, size/5+1)[:size]
		sum := sha256.Sum256(value)
		digest := hex.EncodeToString(sum[:])
		for range 2 {
			require.NoError(t, store.PutBlob(t.Context(), engine.Blob{Session: "s", Digest: digest, Value: value, Expires: began}))
		}
		assert.Equal(t, inBucket, objects(t, client, "values"), "%d bytes", size)
		read, err := store.Blob(t.Context(), "s", digest)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(value, read))
		_, err = store.Blob(t.Context(), "t", digest)
		assert.ErrorIs(t, err, engine.ErrNotFound)
		require.NoError(t, store.Delete(t.Context(), "s"))
		assert.Zero(t, objects(t, client, "values"))
		_, err = store.Blob(t.Context(), "s", digest)
		assert.ErrorIs(t, err, engine.ErrNotFound)
		assert.ErrorContains(t, err, digest)
	}
	err := dynamostore.NewS3(client, "elsewhere").Put(t.Context(), "k", nil)
	assert.ErrorContains(t, err, "there is no elsewhere in this account and region")
}

// TestLargeValues: values of 64 MiB cross from Python and out of threads, and one that is larger fails in its thread.
func TestLargeValues(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	program := compiled.Program(t, imports+`fn f(n) { double(n) }
fn main() { [length(await async f(64)), try { await async f(65) } catch e { get(e, "kind") }] }`)
	large := sim.Python{"py.double": func(a *sim.Attempt) engine.CallResult {
		n, _ := a.Args[0].Int64()
		return sim.Return(vm.String(strings.Repeat("x", int(n)<<20-100)))
	}}
	_, in := bucket(t, "large")
	client := connect(t)
	require.NoError(t, dynamostore.CreateTable(t.Context(), client, table))
	store := dynamostore.New(client, dynamostore.Options{Table: table, Bucket: in})
	got, err := sim.Run(sim.Case{Program: program, Function: "main", Foreign: large, Store: store})
	require.NoError(t, err)
	assert.Equal(t, `=> [67108764, "Limit"]`+"\n", got.String())
}

// TestMissingParts: a value of which something is missing is an error that says so.
func TestMissingParts(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	client := connect(t)
	require.NoError(t, dynamostore.CreateTable(t.Context(), client, table))
	store := dynamostore.New(client, dynamostore.Options{Table: table})
	require.NoError(t, store.PutProgram(t.Context(), "h", make([]byte, 1_000_000)))
	_, err := client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(table), Key: key("p#h", "c#0001")})
	require.NoError(t, err)
	_, err = store.Program(t.Context(), "h")
	assert.ErrorContains(t, err, "program h: the stored record is damaged: part 2 of 3 is missing")
}

// TestDeepThreads: a thread's number may be longer than a key of DynamoDB.
func TestDeepThreads(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	store := open(t)
	id := engine.ID{Session: "s", Thread: "0" + strings.Repeat(".0", 3000)}
	parent := strings.TrimSuffix(id.Thread, ".0")
	other := engine.ID{Session: "s", Thread: id.Thread + ".1"}
	for _, h := range []engine.Head{{ID: id, Parent: parent, Due: began}, {ID: other, Due: began.Add(time.Hour)}} {
		put, err := store.Create(t.Context(), h)
		require.NoError(t, err)
		require.True(t, put)
	}
	_, ok, err := store.Register(t.Context(), id, engine.Waiter{Thread: parent, Wait: 7})
	require.NoError(t, err)
	require.True(t, ok)
	require.NoError(t, store.PutWaiter(t.Context(), id, engine.Waiter{Thread: parent, Wait: 8}, began))
	heads, err := store.Heads(t.Context(), []engine.ID{id, other})
	require.NoError(t, err)
	assert.Equal(t, id, heads[0].ID)
	assert.Equal(t, parent, heads[0].Parent)
	assert.Equal(t, []engine.Waiter{{Thread: parent, Wait: 7}}, heads[0].Waiters)
	assert.Equal(t, other, heads[1].ID)
	beside, err := store.Waiters(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, []engine.Waiter{{Thread: parent, Wait: 8}}, beside)
	var due []engine.Due
	for shard := range store.Limits().Shards {
		entries, err := store.Due(t.Context(), shard, "s", began, 10)
		require.NoError(t, err)
		due = append(due, entries...)
	}
	assert.Equal(t, []engine.Due{{ID: id, At: began}}, due)
}

// TestCreateTable: the table is created once, is billed by request, forgets what has expired, and can be restored if one wants it.
func TestCreateTable(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	client := connect(t)
	for range 2 {
		require.NoError(t, dynamostore.CreateTable(t.Context(), client, table))
	}
	out, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String(table)})
	require.NoError(t, err)
	assert.EqualValues(t, "PAY_PER_REQUEST", out.Table.BillingModeSummary.BillingMode)
	ttl, err := client.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: aws.String(table)})
	require.NoError(t, err)
	assert.EqualValues(t, "ENABLED", ttl.TimeToLiveDescription.TimeToLiveStatus)
	assert.Equal(t, "expires", *ttl.TimeToLiveDescription.AttributeName)

	other := description("other")
	_, err = client.CreateTable(t.Context(), other)
	require.NoError(t, err)
	assert.ErrorContains(t, dynamostore.CreateTable(t.Context(), client, "other"), "was not made for sessions: choose another name")

	// DynamoDB Local cannot restore tables: that the request is made is seen by its refusal.
	way := &recorder{}
	client = dynamodb.New(client.Options(), func(o *dynamodb.Options) { o.HTTPClient = &http.Client{Transport: way} })
	_ = dynamostore.CreateTable(t.Context(), client, table, dynamostore.PointInTimeRecovery())
	assert.Equal(t, "DynamoDB_20120810.UpdateContinuousBackups", way.request.Header.Get("X-Amz-Target"))
	assert.Contains(t, string(way.body), `"PointInTimeRecoveryEnabled":true`)
}

// TestWhatHasExpired: what has expired is not there any more, although DynamoDB deletes it later.
func TestWhatHasExpired(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	client, now := connect(t), began
	require.NoError(t, dynamostore.CreateTable(t.Context(), client, table))
	store := dynamostore.New(client, dynamostore.Options{Table: table, Now: func() time.Time { return now }})
	root := engine.ID{Session: "s", Thread: engine.Root}
	_, err := store.Create(t.Context(), engine.Head{ID: root, Started: began, Expires: began.Add(time.Minute)})
	require.NoError(t, err)
	for minutes, there := range []int{1, 0, 0} {
		now = began.Add(time.Duration(minutes) * time.Minute)
		sessions, err := store.Sessions(t.Context(), "", 10)
		require.NoError(t, err)
		assert.Len(t, sessions, there)
	}
}
