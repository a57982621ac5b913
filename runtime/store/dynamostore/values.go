package dynamostore

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Programs and values: what may be larger than an item of 400 KB lies in parts, the first of which is put last and says how
// many there are.

const (
	// inTable is the largest value that is one item of the table, if there is a bucket for others.
	inTable = 16 << 10
	// part is how much goes into an item.
	part = 390 << 10
	// partsTogether is how many parts are on their way at a time.
	partsTogether = 8
)

// PutProgram stores a program. It does not expire: no session knows whether it is the last one that runs it.
func (s *Store) PutProgram(ctx context.Context, hash string, program []byte) error {
	return s.failed(s.putParts(ctx, programPK(hash), partSK(0), program, time.Time{}), "program %s", hash)
}

// Program reads a program.
func (s *Store) Program(ctx context.Context, hash string) ([]byte, error) {
	program, err := s.getParts(ctx, programPK(hash), partSK(0))
	return program, s.failed(err, "program %s", hash)
}

// PutBlob stores a value: a small one in the table, others in the bucket.
func (s *Store) PutBlob(ctx context.Context, b engine.Blob) error {
	if s.Bucket != nil && len(b.Value) > inTable {
		return s.failed(s.Bucket.Put(ctx, objectKey(b.Session, b.Digest), b.Value), "value %s of %s", b.Digest, b.Session)
	}
	err := s.putParts(ctx, blobPK(b.Session, b.Digest), blobSK, b.Value, b.Expires)
	return s.failed(err, "value %s of %s", b.Digest, b.Session)
}

// Blob reads a value.
func (s *Store) Blob(ctx context.Context, session, digest string) ([]byte, error) {
	value, err := s.getParts(ctx, blobPK(session, digest), blobSK)
	if s.Bucket != nil && err == engine.ErrNotFound {
		value, err = s.Bucket.Get(ctx, objectKey(session, digest))
	}
	return value, s.failed(err, "value %s of %s", digest, session)
}

const blobSK = "b"

func partSK(n int) string { return fmt.Sprintf("c#%04d", n) }

func objectKey(session, digest string) string { return session + "/" + digest }

// putParts puts bytes under a partition key. The first part has the sort key first.
func (s *Store) putParts(ctx context.Context, p, first string, b []byte, expires time.Time) error {
	parts := max(1, (len(b)+part-1)/part)
	put := func(n int) error {
		i := key(p, partSK(n))
		if n == 0 {
			i = key(p, first)
			put(i, "parts", number(parts))
		}
		i["data"] = binary(b[n*part : min(len(b), (n+1)*part)])
		put(i, "expires", expiry(expires))
		_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Table, Item: i})
		return err
	}
	if err := together(parts-1, partsTogether, func(n int) error { return put(n + 1) }); err != nil {
		return err
	}
	return put(0)
}

// getParts reads what putParts has put; its error is ErrNotFound itself if that is nothing.
func (s *Store) getParts(ctx context.Context, p, first string) ([]byte, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.Table, Key: key(p, first), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, err
	}
	if out.Item == nil {
		return nil, engine.ErrNotFound
	}
	f := read(out.Item)
	parts, all := f.int("parts"), f.bytes("data")
	if f.err != nil || parts <= 1 {
		return all, f.err
	}
	rest := make([][]byte, parts-1)
	err = together(len(rest), partsTogether, func(n int) error {
		out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.Table, Key: key(p, partSK(n+1)), ConsistentRead: aws.Bool(true)})
		if err != nil {
			return err
		}
		if out.Item == nil {
			return fmt.Errorf("%w: part %d of %d is missing", errDamaged, n+2, parts)
		}
		f := read(out.Item)
		rest[n] = f.bytes("data")
		return f.err
	})
	for _, b := range rest {
		all = append(all, b...)
	}
	return all, err
}

// together does n things, up to width at a time, and returns one of their errors.
func together(n, width int, do func(i int) error) error {
	var mu sync.Mutex
	var first error
	var all sync.WaitGroup
	next := 0
	take := func() int {
		mu.Lock()
		defer mu.Unlock()
		if first != nil || next == n {
			return -1
		}
		next++
		return next - 1
	}
	for range min(n, width) {
		all.Go(func() {
			for i := take(); i >= 0; i = take() {
				if err := do(i); err != nil {
					mu.Lock()
					first = err
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	return first
}
