package dynamostore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// What lies beside a head: slots, marks, further waiters.

// PutSlot stores an answer, once.
func (s *Store) PutSlot(ctx context.Context, slot engine.Slot) (engine.Slot, bool, error) {
	p, _ := partition(slot.ID)
	i, mine := key(p, slotSK(slot.Number)), nonce()
	put(i, "epoch", number(slot.Epoch))
	put(i, "kind", number(int(slot.Kind)))
	put(i, "function", textOrNone(slot.Function))
	put(i, "arguments", digestValue(slot.Arguments))
	putAnswer(i, slot.Answer)
	put(i, "attempts", number(slot.Attempts))
	put(i, "output", dataValue(slot.Output))
	put(i, "begun", moment(slot.Begun))
	put(i, "ended", moment(slot.Ended))
	put(i, "expires", expiry(slot.Expires))
	i["nonce"] = binary(mine)
	if slot.Kind == engine.SlotEdit {
		i[format] = number(editFormat)
	}
	stored, ok, err := s.putNew(ctx, i)
	if err != nil {
		return engine.Slot{}, false, s.explained(err)
	}
	if ok || decidedBy(stored, mine) {
		return slot, true, nil
	}
	first, err := readSlot(slot.ID, slot.Number, stored)
	return first, false, err
}

func readSlot(id engine.ID, n uint64, i item) (engine.Slot, error) {
	f := readKnown(i, editFormat)
	slot := engine.Slot{
		ID: id, Number: n, Epoch: f.uint("epoch"), Kind: engine.SlotKind(f.int("kind")), Function: f.text("function"),
		Arguments: f.digest("arguments"), Answer: f.answer(), Attempts: f.int("attempts"), Output: f.data("output"),
		Begun: f.moment("begun"), Ended: f.moment("ended"), Expires: f.expires(),
	}
	if f.err != nil {
		return slot, fmt.Errorf("read slot %d of %s: %w", n, id, f.err)
	}
	return slot, nil
}

// PutMark stores a mark, once.
func (s *Store) PutMark(ctx context.Context, m engine.Mark) (engine.Mark, bool, error) {
	p, _ := partition(m.ID)
	i, mine := key(p, markSK(m)), nonce()
	put(i, "epoch", number(m.Epoch))
	put(i, "expires", expiry(m.Expires))
	i["nonce"] = binary(mine)
	stored, ok, err := s.putNew(ctx, i)
	if err != nil {
		return engine.Mark{}, false, s.explained(err)
	}
	if ok || decidedBy(stored, mine) {
		return m, true, nil
	}
	f := read(stored)
	m.Epoch, m.Expires = f.uint("epoch"), f.expires()
	if f.err != nil {
		return m, false, fmt.Errorf("read a mark of slot %d of %s: %w", m.Number, m.ID, f.err)
	}
	return m, false, nil
}

// Slots reads a thread's log.
func (s *Store) Slots(ctx context.Context, id engine.ID, from uint64) ([]engine.Slot, []engine.Mark, error) {
	condition := "#pk = :pk AND #sk BETWEEN :from AND :to"
	p, _ := partition(id)
	items, err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression: &condition, ExpressionAttributeNames: names(condition), ConsistentRead: aws.Bool(true),
		ExpressionAttributeValues: item{":pk": text(p), ":from": text(slotSK(from)), ":to": text(lastSlotSK)},
	}, 0)
	if err != nil {
		return nil, nil, s.explained(err)
	}
	var slots []engine.Slot
	var marks []engine.Mark
	for _, i := range items {
		f := readKnown(i, editFormat)
		n, kind, attempt, err := parseSlotSK(f.text(sk))
		if err != nil {
			return nil, nil, fmt.Errorf("read the log of %s: %w: key %s", id, errDamaged, f.text(sk))
		}
		if kind != 0 {
			marks = append(marks, engine.Mark{ID: id, Number: n, Attempt: attempt, Kind: kind, Epoch: f.uint("epoch"), Expires: f.expires()})
		} else {
			slot, err := readSlot(id, n, i)
			if err != nil {
				return nil, nil, err
			}
			slots = append(slots, slot)
		}
		if f.err != nil {
			return nil, nil, fmt.Errorf("read the log of %s: %w", id, f.err)
		}
	}
	sortMarks(marks)
	return slots, marks, nil
}

// PutWaiter keeps a waiter beside a head.
func (s *Store) PutWaiter(ctx context.Context, target engine.ID, w engine.Waiter, expires time.Time) error {
	p, _ := partition(target)
	i := key(p, waiterSK(w))
	i["waiter"] = text(waiter(target.Thread, w))
	put(i, "expires", expiry(expires))
	_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Table, Item: i})
	return s.explained(err)
}

// Waiters reads the waiters beside a head.
func (s *Store) Waiters(ctx context.Context, target engine.ID) ([]engine.Waiter, error) {
	condition := "#pk = :pk AND begins_with(#sk, :waiters)"
	p, _ := partition(target)
	items, err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression: &condition, ExpressionAttributeNames: names(condition), ConsistentRead: aws.Bool(true),
		ExpressionAttributeValues: item{":pk": text(p), ":waiters": text("w#")},
	}, 0)
	if err != nil {
		return nil, s.explained(err)
	}
	all := make([]engine.Waiter, len(items))
	for n, i := range items {
		if all[n], err = parseWaiter(target.Thread, read(i).text("waiter")); err != nil {
			return nil, fmt.Errorf("read the waiters of %s: %w", target, err)
		}
	}
	return all, nil
}

// sortMarks orders marks of one slot by attempt; the keys have ordered the slots.
func sortMarks(marks []engine.Mark) {
	slices.SortFunc(marks, func(a, b engine.Mark) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Attempt, b.Attempt), cmp.Compare(a.Kind, b.Kind))
	})
}
