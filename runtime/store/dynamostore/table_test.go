package dynamostore_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
	"github.com/hark-lang/hark-ls/runtime/store/storetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const table = "hark"

// accounts counts the access keys given out: each has tables of its own in DynamoDB Local.
var accounts atomic.Int64

// connect is a client of an account that has nothing yet.
func connect(t testing.TB, options ...func(*dynamodb.Options)) *dynamodb.Client {
	t.Helper()
	return dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(testkit.DynamoDB.URL(t)),
		Credentials: credentials.NewStaticCredentialsProvider(fmt.Sprint("T", accounts.Add(1)), "secret", ""),
		HTTPClient:  &http.Client{Transport: transport},
		// What DynamoDB Local answers to a failed request has no checksum.
		DisableValidateResponseChecksum: true,
	}, options...)
}

// transport keeps as many connections as the tests use.
var transport = &http.Transport{MaxIdleConnsPerHost: 128}

// open is an empty store.
func open(t testing.TB, options ...func(*dynamodb.Options)) *dynamostore.Store {
	t.Helper()
	client := connect(t, options...)
	require.NoError(t, dynamostore.CreateTable(t.Context(), client, table))
	return dynamostore.New(client, dynamostore.Options{Table: table})
}

func TestStore(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	storetest.Run(t, func(t *testing.T) engine.Store { return open(t) })
}
