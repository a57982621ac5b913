package dynamostore

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// IsMissing says whether a request failed because the table is not there.
func IsMissing(err error) bool {
	missing := new(types.ResourceNotFoundException)
	return errors.As(err, &missing)
}
