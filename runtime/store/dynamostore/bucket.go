package dynamostore

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Bucket keeps large values by key.
type Bucket interface {
	Put(ctx context.Context, key string, value []byte) error
	// Get fails with engine.ErrNotFound if there is no value of the key.
	Get(ctx context.Context, key string) ([]byte, error)
	// DeleteAll removes the values whose keys begin with prefix.
	DeleteAll(ctx context.Context, prefix string) error
}

// S3 is a bucket of Amazon S3. What expires in it is a matter of the bucket's lifecycle rules.
type S3 struct {
	client *s3.Client
	name   string
}

var _ Bucket = (*S3)(nil)

// NewS3 is the bucket of a name. It repeats requests as the store does.
func NewS3(client *s3.Client, name string) *S3 {
	own := s3.New(client.Options(), func(o *s3.Options) { o.Retryer = newRetryer(defaultBackoff, o.Credentials) })
	return &S3{client: own, name: name}
}

// Put stores a value.
func (b *S3) Put(ctx context.Context, key string, value []byte) error {
	_, err := b.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &b.name, Key: &key, Body: bytes.NewReader(value)})
	return explain(err, b.name)
}

// Get reads a value. An answer that breaks off is asked for again, as a request that does.
func (b *S3) Get(ctx context.Context, key string) ([]byte, error) {
	retryer := b.client.Options().Retryer
	for attempt := 1; ; attempt++ {
		value, broken, err := b.get(ctx, key)
		if err == nil || !broken {
			return value, explain(err, b.name)
		}
		wait, giveUp := retryer.RetryDelay(attempt, err)
		if giveUp != nil {
			return nil, explain(err, b.name)
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

func (b *S3) get(ctx context.Context, key string) (value []byte, broken bool, err error) {
	out, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: &key})
	if missing := new(types.NoSuchKey); errors.As(err, &missing) {
		return nil, false, engine.ErrNotFound
	}
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = out.Body.Close() }()
	value, err = io.ReadAll(out.Body)
	return value, err != nil && ctx.Err() == nil, err
}

// DeleteAll removes values.
func (b *S3) DeleteAll(ctx context.Context, prefix string) error {
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return explain(err, b.name)
		}
		if len(page.Contents) == 0 {
			continue
		}
		doomed := make([]types.ObjectIdentifier, len(page.Contents))
		for i, object := range page.Contents {
			doomed[i].Key = object.Key
		}
		out, err := b.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &b.name, Delete: &types.Delete{Objects: doomed}})
		if err != nil {
			return explain(err, b.name)
		}
		if len(out.Errors) > 0 {
			return errors.New("delete " + *out.Errors[0].Key + ": " + *out.Errors[0].Message)
		}
	}
	return nil
}
