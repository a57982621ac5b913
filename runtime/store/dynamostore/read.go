package dynamostore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Reads: of heads, which see everything that was written before, and of the indexes, which may lag behind.

func micros(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) }

// Heads reads heads.
func (s *Store) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	if len(ids) > batch {
		return nil, fmt.Errorf("read %d heads at once: at most %d go", len(ids), batch)
	}
	var keys []item
	at := map[string][]int{} // where a partition's head goes: an ID may come twice, a key may not
	for i, id := range ids {
		p, _ := partition(id)
		if at[p] == nil {
			keys = append(keys, key(p, headSK))
		}
		at[p] = append(at[p], i)
	}
	items, err := s.getAll(ctx, keys)
	if err != nil {
		return nil, s.explained(err)
	}
	heads := make([]*engine.Head, len(ids))
	for _, i := range items {
		h, err := readHead(i)
		if err != nil {
			return nil, err
		}
		if s.gone(h.Expires) {
			continue
		}
		for _, place := range at[read(i).text(pk)] {
			copied := h
			heads[place] = &copied
		}
	}
	return heads, nil
}

// gone says whether DynamoDB may delete what expires at a time: it does so up to days later.
func (s *Store) gone(expires time.Time) bool {
	return !expires.IsZero() && !s.Now().Before(expires)
}

// getAll reads items that may be of any number of bytes together; DynamoDB returns at most 16 MB at once, and less when it
// is throttled.
func (s *Store) getAll(ctx context.Context, keys []item) (items []item, err error) {
	wait := s.Backoff
	for len(keys) > 0 {
		n := min(len(keys), batch)
		out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{s.Table: {Keys: keys[:n], ConsistentRead: aws.Bool(true)}},
		})
		if err != nil {
			return nil, err
		}
		found := out.Responses[s.Table]
		items = append(items, found...)
		left := out.UnprocessedKeys[s.Table].Keys
		if keys = append(left, keys[n:]...); len(left) == n {
			if err := sleep(ctx, wait); err != nil {
				return nil, err
			}
			wait = min(2*wait, longestBackoff)
		}
	}
	return items, nil
}

// Due reads the sweep's index. One session's part of it costs as much as the whole.
func (s *Store) Due(ctx context.Context, shard int, session string, before time.Time, limit int) ([]engine.Due, error) {
	condition, filter := "#shard = :shard AND #due <= :before", "begins_with(#pk, :session)"
	in := &dynamodb.QueryInput{
		IndexName: aws.String(dueIndex), KeyConditionExpression: &condition, ExpressionAttributeNames: names(condition),
		ExpressionAttributeValues: item{":shard": text(dueShard(shard)), ":before": &types.AttributeValueMemberN{Value: micros(before)}},
	}
	if session != "" {
		in.FilterExpression, in.ExpressionAttributeNames = &filter, names(condition, filter)
		in.ExpressionAttributeValues[":session"] = text(session + "#")
	}
	items, err := s.query(ctx, in, limit)
	if err != nil {
		return nil, s.explained(err)
	}
	due := make([]engine.Due, len(items))
	for i, found := range items {
		f := read(found)
		id, spelled := partitionOf(f.text(pk))
		if !spelled {
			if id, err = s.spell(ctx, found); err != nil {
				return nil, err
			}
		}
		due[i] = engine.Due{ID: id, At: f.moment("due")}
		if f.err != nil {
			return nil, fmt.Errorf("read the index: %w", f.err)
		}
	}
	return due, nil
}

// spell reads the number of a thread that the index has only the digest of. A head that is gone has none.
func (s *Store) spell(ctx context.Context, found item) (engine.ID, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.Table, Key: item{pk: found[pk], sk: found[sk]}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		return engine.ID{}, s.explained(err)
	}
	f := read(out.Item)
	if out.Item == nil {
		f = read(found)
		id, _ := partitionOf(f.text(pk))
		return id, f.err
	}
	return f.id(), f.err
}

// query reads up to limit items, over as many pages as it takes; all if limit is 0.
func (s *Store) query(ctx context.Context, in *dynamodb.QueryInput, limit int) (items []item, err error) {
	in.TableName = &s.Table
	for {
		if limit > 0 && in.FilterExpression == nil { // DynamoDB counts what a filter takes away
			in.Limit = aws.Int32(int32(limit - len(items)))
		}
		out, err := s.client.Query(ctx, in)
		if err != nil {
			return nil, err
		}
		items = append(items, out.Items...)
		if limit > 0 && len(items) >= limit {
			return items[:limit], nil
		}
		if out.LastEvaluatedKey == nil {
			return items, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

// Sessions lists sessions, latest first.
func (s *Store) Sessions(ctx context.Context, before string, limit int) ([]engine.Head, error) {
	if limit <= 0 {
		return nil, nil
	}
	to, err := s.place(ctx, before)
	if err != nil {
		return nil, err
	}
	type entry struct{ order, session string }
	var entries []entry
	for shard := range startedShards {
		condition := "#sessions = :shard AND #started < :to"
		found, err := s.query(ctx, &dynamodb.QueryInput{
			IndexName: aws.String(startedIndex), KeyConditionExpression: &condition, ExpressionAttributeNames: names(condition),
			ExpressionAttributeValues: item{":shard": text(startedShard(shard)), ":to": text(to)}, ScanIndexForward: aws.Bool(false),
		}, limit)
		if err != nil {
			return nil, s.explained(err)
		}
		for _, i := range found {
			id, _ := partitionOf(read(i).text(pk))
			entries = append(entries, entry{read(i).text("started"), id.Session})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(b.order, a.order) })
	var heads []engine.Head
	for part := range slices.Chunk(entries[:min(limit, len(entries))], batch) {
		ids := make([]engine.ID, len(part))
		for i, e := range part {
			ids[i] = engine.ID{Session: e.session, Thread: engine.Root}
		}
		found, err := s.Heads(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, h := range found {
			if h != nil { // else the index lags behind
				heads = append(heads, *h)
			}
		}
	}
	return heads, nil
}

// place is where a session stands among all of them, behind the last one for "".
func (s *Store) place(ctx context.Context, session string) (string, error) {
	if session == "" {
		return "~", nil
	}
	heads, err := s.Heads(ctx, []engine.ID{{Session: session, Thread: engine.Root}})
	if err != nil {
		return "", err
	}
	if heads[0] == nil {
		return "", fmt.Errorf("list the sessions before %s: %w", session, engine.ErrNotFound)
	}
	return order(heads[0]), nil
}
