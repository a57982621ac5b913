// Package dynamostore keeps sessions in a table of DynamoDB, and what is too large for one in a bucket of S3.
//
// Each operation of engine.Store is one request. What it is conditional on goes with it, and a request whose condition does
// not hold returns the record as it is, so that nothing has to be read to find out why. There are no transactions.
//
// # Items
//
//	head of a thread, or of an outside future   pk sid#tid        sk h
//	slot of its log                             pk sid#tid        sk l#000007
//	mark of a call                              pk sid#tid        sk l#000007#b#1, l#000007#f#1
//	waiter beside a full head                   pk sid#tid        sk w#tid#n
//	value                                       pk sid#b:digest   sk b, further parts c#0001 …
//	program                                     pk p#hash         sk c#0000 …
//
// Each thread is a partition, so that no session is limited by what one partition can do. The index "due" has the heads
// that the sweep has to look at, spread over 16 partitions, the index "started" those of sessions, over 4: both hold keys
// only, and nothing of the heads that do not concern them. The attribute "expires" lets DynamoDB delete by itself what is
// too old.
//
// # Requests that come twice
//
// A request whose answer got lost is sent again, and one that was given up may still arrive. So whoever decides something
// (create, claim, finish, a slot, a mark) draws a number for the request first, and stores it in what was decided: a
// condition that fails on an item with one's own number has been applied already, by oneself. The other operations lead to
// the same when they come twice.
package dynamostore
