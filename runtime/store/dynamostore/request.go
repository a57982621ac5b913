package dynamostore

import (
	"context"
	"errors"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// change is an update of an item, or what one is conditional on. Every attribute goes by #name, because many names are
// reserved words of DynamoDB's.
type change struct {
	set, remove, add string
	values           item
}

func newChange() *change { return &change{values: item{}} }

// put sets an attribute, or removes it if the value is nil.
func (c *change) put(name string, v types.AttributeValue) *change {
	if v == nil {
		return c.drop(name)
	}
	c.set = listed(c.set, "#"+name+" = :"+name)
	c.values[":"+name] = v
	return c
}

// drop removes attributes.
func (c *change) drop(names ...string) *change {
	for _, name := range names {
		c.remove = listed(c.remove, "#"+name)
	}
	return c
}

// increase adds to a number, or to a set.
func (c *change) increase(name string, by types.AttributeValue) *change {
	c.add = listed(c.add, "#"+name+" :by"+name)
	c.values[":by"+name] = by
	return c
}

// with gives a value of the condition its name.
func (c *change) with(name string, v types.AttributeValue) *change {
	c.values[":"+name] = v
	return c
}

func listed(list, one string) string {
	if list == "" {
		return one
	}
	return list + ", " + one
}

func (c *change) expression() string {
	all := ""
	for _, clause := range []struct{ word, list string }{{"SET ", c.set}, {" REMOVE ", c.remove}, {" ADD ", c.add}} {
		if clause.list != "" {
			all += clause.word + clause.list
		}
	}
	return all
}

var attribute = regexp.MustCompile(`#[a-z]+`)

// names are the attributes that expressions mention.
func names(expressions ...string) map[string]string {
	all := map[string]string{}
	for _, e := range expressions {
		for _, name := range attribute.FindAllString(e, -1) {
			all[name] = name[1:]
		}
	}
	return all
}

// update changes an item on a condition. It returns the item as it is afterwards (if it is wanted and the condition held), or as
// it is because the condition did not hold: nil then if there is none.
func (s *Store) update(ctx context.Context, key item, c *change, condition string, wanted bool) (item, bool, error) {
	expression := c.expression()
	in := &dynamodb.UpdateItemInput{
		TableName: &s.Table, Key: key, UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames:            names(expression, condition),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	if len(c.values) > 0 {
		in.ExpressionAttributeValues = c.values
	}
	if wanted {
		in.ReturnValues = types.ReturnValueAllNew
	}
	out, err := s.client.UpdateItem(ctx, in)
	if failed := new(types.ConditionalCheckFailedException); errors.As(err, &failed) {
		return failed.Item, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return out.Attributes, true, nil
}

// putNew puts an item that is not there. Else it returns the one that is.
func (s *Store) putNew(ctx context.Context, i item) (item, bool, error) {
	condition := "attribute_not_exists(#pk)"
	_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &s.Table, Item: i, ConditionExpression: &condition, ExpressionAttributeNames: names(condition),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if failed := new(types.ConditionalCheckFailedException); errors.As(err, &failed) {
		return failed.Item, false, nil
	}
	return i, err == nil, err
}
