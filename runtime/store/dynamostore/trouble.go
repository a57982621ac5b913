package dynamostore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// What goes wrong in the outside world: what is tried again, and what is said about the rest.

const (
	defaultBackoff = 50 * time.Millisecond
	longestBackoff = 10 * time.Second
	// patience is how many attempts a request gets while the table is throttled, which takes DynamoDB up to minutes to
	// make good for; doubts, those that fail for another reason that may pass.
	patience = 24
	doubts   = 8
)

// newRetryer repeats requests. All operations may be repeated, whether an attempt was applied or not. There is no limit over
// all requests together, as the SDK has one: requests of a thousand threads fail together, and pass together.
func newRetryer(first time.Duration, credentials aws.CredentialsProvider) aws.RetryerV2 {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = patience
		o.RateLimiter = ratelimit.None
		o.Backoff = backoff{first, credentials}
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(cannotPass)}, o.Retryables...)
		o.Retryables = append(o.Retryables, retry.IsErrorRetryableFunc(mayPass))
	})
}

// backoff says how long to wait before another attempt: first, then twice as long each time, and each wait is made shorter at
// random, so that requests which were throttled together do not come back together.
type backoff struct {
	first       time.Duration
	credentials aws.CredentialsProvider
}

// BackoffDelay is the wait after an attempt, from 1. Its error is the attempt's, if there should be no other one.
func (b backoff) BackoffDelay(attempt int, err error) (time.Duration, error) {
	switch {
	case isExpired(err):
		return 0, b.renew(attempt, err)
	case attempt >= doubts && !isThrottled(err):
		return 0, err
	}
	wait := min(b.first<<min(attempt-1, 20), longestBackoff)
	return wait/2 + rand.N(wait/2+1), nil
}

// renew drops credentials that have turned out to be over. Where they come from there may be new ones: that is worth one
// attempt, and the next request's.
func (b backoff) renew(attempt int, err error) error {
	cache, ok := b.credentials.(*aws.CredentialsCache)
	if ok {
		cache.Invalidate()
	}
	if ok && attempt == 1 {
		return nil
	}
	return err
}

// cannotPass knows errors that are not worth an attempt although the SDK would make one.
func cannotPass(err error) aws.Ternary {
	if isMissingCredentials(err) {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}

// mayPass knows errors that may pass and of which the SDK does not know: credentials that are over, an answer that breaks off.
func mayPass(err error) aws.Ternary {
	if isExpired(err) {
		return aws.TrueTernary
	}
	var answered smithy.APIError
	if errors.As(err, &answered) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) && !isTimeout(err) {
		return aws.UnknownTernary
	}
	var broken *smithy.DeserializationError
	return aws.BoolTernary(errors.As(err, &broken) || isTimeout(err) || isConnection(err))
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

func isConnection(err error) bool {
	var n net.Error
	return errors.As(err, &n) || strings.Contains(err.Error(), "EOF")
}

// code is the code of an error of AWS, "" of another one.
func code(err error) string {
	var answered smithy.APIError
	if errors.As(err, &answered) {
		return answered.ErrorCode()
	}
	return ""
}

func isThrottled(err error) bool {
	_, ok := retry.DefaultThrottleErrorCodes[code(err)]
	return ok
}

func isExpired(err error) bool {
	return slices.Contains([]string{"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}, code(err))
}

func isMissingCredentials(err error) bool {
	var signing *smithy.OperationError
	return errors.As(err, &signing) && strings.Contains(err.Error(), "get credentials")
}

// explain adds to an error what can be done about it. Where is the table or the bucket.
func explain(err error, where string) error {
	if err == nil {
		return nil
	}
	var told *advised
	if errors.As(err, &told) {
		return err
	}
	if advice := advice(err, where); advice != "" {
		return &advised{advice: advice, err: err}
	}
	return err
}

// advised is an error with what can be done about it.
type advised struct {
	advice string
	err    error
}

func (a *advised) Error() string { return fmt.Sprintf("%s (%v)", a.advice, a.err) }

func (a *advised) Unwrap() error { return a.err }

func advice(err error, where string) string {
	switch {
	case isExpired(err):
		return "the AWS credentials have expired: renew them (for example with: aws sso login) and resume; nothing is lost"
	case isMissingCredentials(err):
		return "there are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with: aws sso login"
	case isThrottled(err):
		return fmt.Sprintf("%s is throttled, also after %d attempts: resume later, or raise its limits; nothing is lost", where, patience)
	}
	switch code(err) {
	case "ResourceNotFoundException", "NoSuchBucket":
		return fmt.Sprintf("there is no %s in this account and region: create it, or look at AWS_PROFILE and AWS_REGION", where)
	case "AccessDeniedException", "AccessDenied":
		return "the AWS identity may not use " + where + ": its policy has to allow it"
	case "InternalServerError", "InternalError", "ServiceUnavailable", "ServiceUnavailableException":
		return fmt.Sprintf("AWS answers with errors, also after %d attempts: resume later; nothing is lost", doubts)
	case "UnrecognizedClientException", "InvalidSignatureException", "InvalidClientTokenId", "InvalidAccessKeyId", "SignatureDoesNotMatch":
		return "AWS does not know these credentials: check AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
	}
	if strings.Contains(err.Error(), "Missing Region") || strings.Contains(err.Error(), "region is required") {
		return "no AWS region is set: set AWS_REGION"
	}
	if isConnection(err) {
		return "AWS cannot be reached: check the network, AWS_REGION and AWS_ENDPOINT_URL, and resume; nothing is lost"
	}
	return ""
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
