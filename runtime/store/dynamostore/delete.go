package dynamostore

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Expired names nothing: DynamoDB deletes by itself what has expired.
func (*Store) Expired(context.Context, time.Time, int) ([]string, error) { return nil, nil }

// deleteBatch is how many items one request deletes.
const deleteBatch = 25

// Delete removes everything of a session. There is no index of a session's items, because it would cost a write for each
// of them: this reads the whole table. What has expired goes without it.
func (s *Store) Delete(ctx context.Context, session string) error {
	if s.Bucket != nil {
		if err := s.Bucket.DeleteAll(ctx, session+"/"); err != nil {
			return s.explained(err)
		}
	}
	filter, keys := "begins_with(#pk, :session)", "#pk, #sk"
	pages := dynamodb.NewScanPaginator(s.client, &dynamodb.ScanInput{
		TableName: &s.Table, FilterExpression: &filter, ProjectionExpression: &keys, ExpressionAttributeNames: names(filter, keys),
		ExpressionAttributeValues: item{":session": text(session + "#")}, ConsistentRead: aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return s.explained(err)
		}
		if err := s.deleteAll(ctx, page.Items); err != nil {
			return s.explained(err)
		}
	}
	return nil
}

func (s *Store) deleteAll(ctx context.Context, keys []item) error {
	wait := s.Backoff
	for len(keys) > 0 {
		n := min(len(keys), deleteBatch)
		requests := make([]types.WriteRequest, n)
		for i, k := range keys[:n] {
			requests[i].DeleteRequest = &types.DeleteRequest{Key: k}
		}
		out, err := s.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{s.Table: requests}})
		if err != nil {
			return err
		}
		keys = keys[n:]
		left := out.UnprocessedItems[s.Table]
		for _, request := range left {
			keys = append(keys, request.DeleteRequest.Key)
		}
		if len(left) > 0 {
			if err := sleep(ctx, wait); err != nil {
				return err
			}
			wait = min(2*wait, longestBackoff)
		}
	}
	return nil
}
