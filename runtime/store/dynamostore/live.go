package dynamostore

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Live output: a write for each batch, of a unit per KiB, and a read by those who look. What has expired goes at no cost.

// liveSK sorts as slots, attempts and chunks do.
func liveSK(l *engine.Live) string {
	return fmt.Sprintf("o#%s#%06d#%06d", strings.TrimPrefix(slotSK(l.Slot), "l#"), l.Attempt, l.Chunk)
}

// PutLive stores a batch.
func (s *Store) PutLive(ctx context.Context, l engine.Live) error {
	p, _ := partition(l.ID)
	i := key(p, liveSK(&l))
	put(i, "epoch", number(l.Epoch))
	put(i, "output", binary(l.Output))
	put(i, "expires", expiry(l.Expires))
	_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Table, Item: i})
	return s.explained(err)
}

// Live reads a thread's batches.
func (s *Store) Live(ctx context.Context, id engine.ID) ([]engine.Live, error) {
	condition := "#pk = :pk AND begins_with(#sk, :live)"
	p, _ := partition(id)
	items, err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression: &condition, ExpressionAttributeNames: names(condition), ConsistentRead: aws.Bool(true),
		ExpressionAttributeValues: item{":pk": text(p), ":live": text("o#")},
	}, 0)
	if err != nil {
		return nil, s.explained(err)
	}
	var all []engine.Live
	for _, i := range items {
		f := read(i)
		l := engine.Live{ID: id, Epoch: f.uint("epoch"), Output: f.bytes("output"), Expires: f.expires()}
		if f.err == nil {
			f.err = parseLiveSK(f.text(sk), &l)
		}
		if f.err != nil {
			return nil, fmt.Errorf("read a call's output of %s: %w", id, f.err)
		}
		if !s.gone(l.Expires) {
			all = append(all, l)
		}
	}
	return all, nil
}

// DropLive leaves the batches to their expiry.
func (*Store) DropLive(context.Context, engine.ID, uint64) error { return nil }

func parseLiveSK(sort string, l *engine.Live) (err error) {
	parts := strings.Split(sort, "#")
	if len(parts) != 4 {
		return fmt.Errorf("%w: key %s", errDamaged, sort)
	}
	if l.Slot, err = strconv.ParseUint(strings.TrimPrefix(parts[1], "~"), 10, 64); err != nil {
		return fmt.Errorf("%w: key %s", errDamaged, sort)
	}
	if l.Attempt, err = strconv.Atoi(parts[2]); err != nil {
		return fmt.Errorf("%w: key %s", errDamaged, sort)
	}
	if l.Chunk, err = strconv.Atoi(parts[3]); err != nil {
		return fmt.Errorf("%w: key %s", errDamaged, sort)
	}
	return nil
}
