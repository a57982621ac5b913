package dynamostore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The two indexes.
const (
	dueIndex     = "due"
	startedIndex = "started"
)

// TableOption is a choice about a table that is created.
type TableOption func(*tableOptions)

type tableOptions struct{ pointInTime bool }

// PointInTimeRecovery lets the table be restored to any second of the last days.
func PointInTimeRecovery() TableOption {
	return func(o *tableOptions) { o.pointInTime = true }
}

// CreateTable creates the table that a store needs, billed by request, and returns when it can be used. If it is there
// already only what is missing is added. A table of that name that is not one of a store is an error.
func CreateTable(ctx context.Context, client *dynamodb.Client, table string, options ...TableOption) error {
	var o tableOptions
	for _, option := range options {
		option(&o)
	}
	_, err := client.CreateTable(ctx, description(table))
	if exists := new(types.ResourceInUseException); err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("create the table %s: %w", table, explain(err, table))
	}
	if err := waitForTable(ctx, client, table); err != nil {
		return fmt.Errorf("create the table %s: %w", table, err)
	}
	if err := expire(ctx, client, table); err != nil {
		return fmt.Errorf("let items of %s expire: %w", table, explain(err, table))
	}
	if !o.pointInTime {
		return nil
	}
	_, err = client.UpdateContinuousBackups(ctx, &dynamodb.UpdateContinuousBackupsInput{
		TableName: &table, PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
	})
	if err != nil {
		return fmt.Errorf("back %s up continuously: %w", table, explain(err, table))
	}
	return nil
}

// description is the table: its keys, and the keys of its indexes.
func description(table string) *dynamodb.CreateTableInput {
	attribute := func(name string, t types.ScalarAttributeType) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: t}
	}
	index := func(name, hash, sort string) types.GlobalSecondaryIndex {
		return types.GlobalSecondaryIndex{
			IndexName: &name, KeySchema: schema(hash, sort), Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}
	}
	return &dynamodb.CreateTableInput{
		TableName: &table, BillingMode: types.BillingModePayPerRequest, KeySchema: schema(pk, sk),
		AttributeDefinitions: []types.AttributeDefinition{
			attribute(pk, types.ScalarAttributeTypeS), attribute(sk, types.ScalarAttributeTypeS),
			attribute("shard", types.ScalarAttributeTypeS), attribute("due", types.ScalarAttributeTypeN),
			attribute("sessions", types.ScalarAttributeTypeS), attribute("started", types.ScalarAttributeTypeS),
		},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{index(dueIndex, "shard", "due"), index(startedIndex, "sessions", "started")},
	}
}

func schema(hash, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &hash, KeyType: types.KeyTypeHash},
		{AttributeName: &sort, KeyType: types.KeyTypeRange},
	}
}

// waitForTable returns when the table and its indexes can be used.
func waitForTable(ctx context.Context, client *dynamodb.Client, table string) error {
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		out, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table})
		if err != nil {
			return explain(err, table)
		}
		if !isOurs(out.Table) {
			return errors.New("there is a table of that name that was not made for sessions: choose another name")
		}
		if isActive(out.Table) {
			return nil
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func isOurs(t *types.TableDescription) bool {
	indexes := map[string]bool{}
	for _, index := range t.GlobalSecondaryIndexes {
		indexes[aws.ToString(index.IndexName)] = true
	}
	return len(t.KeySchema) == 2 && aws.ToString(t.KeySchema[0].AttributeName) == pk && aws.ToString(t.KeySchema[1].AttributeName) == sk &&
		indexes[dueIndex] && indexes[startedIndex]
}

func isActive(t *types.TableDescription) bool {
	for _, index := range t.GlobalSecondaryIndexes {
		if index.IndexStatus != types.IndexStatusActive {
			return false
		}
	}
	return t.TableStatus == types.TableStatusActive
}

// expire lets DynamoDB delete items when the time of their attribute "expires" has come.
func expire(ctx context.Context, client *dynamodb.Client, table string) error {
	out, err := client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &table})
	if err != nil {
		return err
	}
	switch out.TimeToLiveDescription.TimeToLiveStatus {
	case types.TimeToLiveStatusEnabled, types.TimeToLiveStatusEnabling:
		return nil
	}
	_, err = client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: &table, TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("expires"), Enabled: aws.Bool(true)},
	})
	return err
}
