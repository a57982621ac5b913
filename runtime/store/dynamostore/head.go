package dynamostore

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// A head as an item.

// headItem is the item of a new head.
func headItem(h *engine.Head) item {
	p, spelled := partition(h.ID)
	i := key(p, headSK)
	thread := h.ID.Thread
	if !spelled {
		i["thread"] = binary(squeezed(thread))
	}
	put(i, "epoch", number(h.Epoch))
	put(i, "lease", moment(h.Lease))
	put(i, "token", textOrNone(h.Token))
	put(i, "tries", number(h.Tries))
	put(i, "wait", number(h.Wait))
	put(i, "wake", number(h.Wake))
	put(i, "target", targets(thread, h.Targets))
	put(i, "unnamed", number(h.Unnamed))
	put(i, "until", moment(h.Until))
	put(i, "waiters", waiters(thread, h.Waiters))
	put(i, "more", boolean(h.More))
	if h.Done {
		i["done"] = boolean(true)
		putAnswer(i, h.Answer)
	}
	put(i, "ended", moment(h.Ended))
	put(i, "outside", boolean(h.Outside))
	put(i, "seen", boolean(h.Seen))
	put(i, "attempts", number(h.Attempts))
	put(i, "entry", dataValue(h.Entry))
	put(i, "function", textOrNone(h.Function))
	put(i, "parent", textOrNone(relative(thread, h.Parent)))
	put(i, "program", digestValue(h.Program))
	put(i, "version", textOrNone(h.Version))
	put(i, "start", moment(h.Started))
	put(i, "deadline", moment(h.Deadline))
	put(i, "expires", expiry(h.Expires))
	put(i, "snap", dataValue(h.Snap))
	put(i, "spawned", number(h.Spawned))
	put(i, "output", dataValue(h.Output))
	put(i, "due", moment(h.Due))
	put(i, "poll", number(int64(h.Poll)))
	i["shard"] = text(dueShard(int(shardOf(p, dueShards))))
	if thread == engine.Root {
		i["sessions"] = text(startedShard(int(shardOf(p, startedShards))))
		i["started"] = text(order(h))
	}
	return i
}

func targets(thread string, all []string) types.AttributeValue {
	if len(all) == 0 {
		return nil
	}
	list := make([]types.AttributeValue, len(all))
	for i, target := range all {
		list[i] = text(relative(thread, target))
	}
	return &types.AttributeValueMemberL{Value: list}
}

func waiters(thread string, all []engine.Waiter) types.AttributeValue {
	if len(all) == 0 {
		return nil
	}
	set := make([]string, len(all))
	for i, w := range all {
		set[i] = waiter(thread, w)
	}
	return &types.AttributeValueMemberSS{Value: set}
}

// readHead is the head that an item is.
func readHead(i item) (engine.Head, error) {
	f := read(i)
	var h engine.Head
	h.ID = f.id()
	thread := h.ID.Thread
	h.Epoch, h.Lease, h.Token, h.Tries = f.uint("epoch"), f.moment("lease"), f.text("token"), f.int("tries")
	h.Wait, h.Wake, h.Unnamed, h.Until = f.uint("wait"), f.uint("wake"), f.int("unnamed"), f.moment("until")
	for _, target := range f.list("target") {
		h.Targets = append(h.Targets, f.absolute(thread, target))
	}
	for _, s := range f.set("waiters") {
		w, err := parseWaiter(thread, s)
		if err != nil {
			f.damaged("waiters")
		}
		h.Waiters = append(h.Waiters, w)
	}
	h.More, h.Done, h.Ended, h.Outside = f.bool("more"), f.bool("done"), f.moment("ended"), f.bool("outside")
	h.Answer, h.Seen, h.Attempts = f.answer(), f.bool("seen"), f.int("attempts")
	h.Entry, h.Function, h.Parent = f.data("entry"), f.text("function"), f.absolute(thread, f.text("parent"))
	h.Program, h.Version = f.digest("program"), f.text("version")
	h.Started, h.Deadline, h.Expires = f.moment("start"), f.moment("deadline"), f.expires()
	h.Snap, h.Spawned, h.Output = f.data("snap"), f.int("spawned"), f.data("output")
	h.Due, h.Poll = f.moment("due"), time.Duration(f.int64("poll"))
	if f.err != nil {
		return h, fmt.Errorf("read the record of %s: %w", h.ID, f.err)
	}
	return h, nil
}

// id is the thread that the item belongs to.
func (f *fields) id() engine.ID {
	id, spelled := partitionOf(f.text(pk))
	if spelled {
		return id
	}
	thread, err := unsqueezed(f.bytes("thread"))
	if err != nil {
		f.damaged("thread")
	}
	id.Thread = thread
	return id
}

func (f *fields) absolute(head, thread string) string {
	full, err := absolute(head, thread)
	if err != nil && f.err == nil {
		f.err = err
	}
	return full
}

// squeezed is a long number of a thread in few bytes: nesting repeats itself.
func squeezed(thread string) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	_, _ = io.WriteString(w, thread) // a Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

func unsqueezed(b []byte) (string, error) {
	// No number is longer than 64 MiB: an entry that names it could not be stored.
	thread, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), 64<<20))
	return string(thread), err
}
