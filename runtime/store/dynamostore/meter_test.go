package dynamostore_test

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
)

// meter counts requests and the capacity that they use, index included, as DynamoDB says. About a request whose condition fails
// it says nothing, although that is billed too, by the size of the item as it is.
type meter struct {
	mu sync.Mutex
	spent
	// largest is the size of the largest head seen, in bytes.
	largest int
}

// spent is requests that write and their units, requests that read and theirs. What concerns programs is not in it: a process
// reads each once.
type spent struct {
	writes, units int
	reads         int
	readUnits     float64
}

func (s spent) minus(o spent) spent {
	return spent{s.writes - o.writes, s.units - o.units, s.reads - o.reads, s.readUnits - o.readUnits}
}

func (m *meter) so() spent {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.spent
}

// metered is a client whose requests the meter counts.
func (m *meter) metered(o *dynamodb.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("meter", m.handle), middleware.After)
	})
}

func (m *meter) handle(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	const all = types.ReturnConsumedCapacityIndexes
	switch p := in.Parameters.(type) {
	case *dynamodb.PutItemInput:
		p.ReturnConsumedCapacity = all
		if isProgram(p.Item) {
			return next.HandleInitialize(ctx, in)
		}
	case *dynamodb.UpdateItemInput:
		p.ReturnConsumedCapacity = all
	case *dynamodb.GetItemInput:
		p.ReturnConsumedCapacity = all
		if isProgram(p.Key) {
			return next.HandleInitialize(ctx, in)
		}
	case *dynamodb.BatchGetItemInput:
		p.ReturnConsumedCapacity = all
	case *dynamodb.QueryInput:
		p.ReturnConsumedCapacity = all
	}
	out, metadata, err := next.HandleInitialize(ctx, in)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count(out.Result, err)
	return out, metadata, err
}

func isProgram(key map[string]types.AttributeValue) bool {
	s, _ := key["pk"].(*types.AttributeValueMemberS)
	return strings.HasPrefix(s.Value, "p#")
}

func (m *meter) count(result any, err error) {
	if failed := new(types.ConditionalCheckFailedException); errors.As(err, &failed) {
		m.wrote(float64(max(1, (size(failed.Item)+1023)/1024)))
		return
	}
	if err != nil {
		return
	}
	switch out := result.(type) {
	case *dynamodb.PutItemOutput:
		m.wrote(*out.ConsumedCapacity.CapacityUnits)
	case *dynamodb.UpdateItemOutput:
		m.wrote(*out.ConsumedCapacity.CapacityUnits)
		m.largest = max(m.largest, size(out.Attributes))
	case *dynamodb.GetItemOutput:
		m.read(*out.ConsumedCapacity.CapacityUnits)
	case *dynamodb.BatchGetItemOutput:
		m.read(*out.ConsumedCapacity[0].CapacityUnits)
	case *dynamodb.QueryOutput:
		m.read(*out.ConsumedCapacity.CapacityUnits)
	}
}

func (m *meter) wrote(units float64) {
	m.writes++
	m.units += int(units)
}

func (m *meter) read(units float64) {
	m.reads++
	m.readUnits += units
}

// size is what an item is billed for, in bytes.
func size(i map[string]types.AttributeValue) int {
	total := 0
	for name, v := range i {
		total += len(name) + valueSize(v)
	}
	return total
}

func valueSize(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return 21 // at most
	case *types.AttributeValueMemberSS:
		total := 0
		for _, s := range v.Value {
			total += len(s)
		}
		return total
	case *types.AttributeValueMemberL:
		total := 3
		for _, element := range v.Value {
			total += 1 + valueSize(element)
		}
		return total
	}
	return 1
}

func key(partition, sort string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: partition}, "sk": &types.AttributeValueMemberS{Value: sort}}
}

// description is a table that is not a store's.
func description(name string) *dynamodb.CreateTableInput {
	return &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
	}
}
