package dynamostore

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// The names of the key attributes, and the sort key of a head.
const (
	pk     = "pk"
	sk     = "sk"
	headSK = "h"
)

// maxThread is how long a thread's number may be to stand in a key. Those of threads that are nested hundreds deep are
// longer: the key then has the number's digest, and the head the number itself.
const maxThread = 256

// partition is the partition key of a thread, and whether it says the thread's number.
func partition(id engine.ID) (key string, spelled bool) {
	if len(id.Thread) <= maxThread && utf8.ValidString(id.Thread) && !strings.HasPrefix(id.Thread, "#") {
		return id.Session + "#" + id.Thread, true
	}
	sum := sha256.Sum256([]byte(id.Thread))
	return id.Session + "##" + hex.EncodeToString(sum[:16]), false
}

// partitionOf is the thread of a partition key; ok is false if the key has only the digest of its number.
func partitionOf(key string) (id engine.ID, ok bool) {
	session, thread, _ := strings.Cut(key, "#")
	return engine.ID{Session: session, Thread: thread}, !strings.HasPrefix(thread, "#")
}

// checkSession is the error of a session's ID that would make keys ambiguous.
func checkSession(session string) error {
	if session == "" || len(session) > 512 || strings.Contains(session, "#") || !utf8.ValidString(session) {
		return fmt.Errorf("a session's ID is text of 1 to 512 bytes without #, not %q", session)
	}
	return nil
}

func key(partition, sort string) item {
	return item{pk: text(partition), sk: text(sort)}
}

// headKey is the key of a head.
func headKey(id engine.ID) item {
	p, _ := partition(id)
	return key(p, headSK)
}

// slotSK sorts as the slots' numbers do.
func slotSK(number uint64) string {
	if number < 1_000_000 {
		return fmt.Sprintf("l#%06d", number)
	}
	return fmt.Sprintf("l#~%020d", number)
}

// markSK sorts behind its slot and before the next one.
func markSK(m engine.Mark) string {
	return fmt.Sprintf("%s#%c#%d", slotSK(m.Number), markLetters[m.Kind], m.Attempt)
}

var markLetters = map[engine.MarkKind]rune{engine.MarkBegun: 'b', engine.MarkFailed: 'f'}

// lastSlotSK is behind all slots and marks.
const lastSlotSK = "l$"

// parseSlotSK is the number of a slot, and the kind and attempt of a mark (0 for a slot).
func parseSlotSK(sort string) (number uint64, kind engine.MarkKind, attempt int, err error) {
	parts := strings.Split(strings.TrimPrefix(sort, "l#"), "#")
	number, err = strconv.ParseUint(strings.TrimPrefix(parts[0], "~"), 10, 64)
	if err != nil || len(parts) == 1 {
		return number, 0, 0, err
	}
	if len(parts) != 3 {
		return 0, 0, 0, strconv.ErrSyntax
	}
	for k, letter := range markLetters {
		if parts[1] == string(letter) {
			kind = k
		}
	}
	if kind == 0 {
		return 0, 0, 0, strconv.ErrSyntax
	}
	attempt, err = strconv.Atoi(parts[2])
	return number, kind, attempt, err
}

func blobPK(session, digest string) string { return session + "#b:" + digest }

func programPK(hash string) string { return "p#" + hash }

// shardOf spreads keys over the parts of an index.
func shardOf(key string, shards uint32) uint32 {
	h := fnv.New32a()
	h.Write([]byte(key))
	return h.Sum32() % shards
}

func dueShard(shard int) string { return "d#" + strconv.Itoa(shard) }

func startedShard(shard int) string { return "s#" + strconv.Itoa(shard) }

// order is where a session stands in the index of sessions: by when it was started, then by its ID.
func order(h *engine.Head) string {
	micros := uint64(max(0, min(h.Started.UnixMicro(), math.MaxInt64)))
	return fmt.Sprintf("%016d#%s", micros, h.ID.Session)
}

// Long numbers of threads occur in the heads of others that have most of the number in common with them.

// plain is how long a number may be to be written as it is.
const plain = 64

// relative is a thread's number as a head of another thread holds it.
func relative(head, thread string) string {
	if len(thread) <= plain && !strings.HasPrefix(thread, "~") {
		return thread
	}
	n := 0
	for n < len(head) && n < len(thread) && head[n] == thread[n] {
		n++
	}
	for n > 0 && n < len(thread) && !utf8.RuneStart(thread[n]) {
		n--
	}
	return "~" + strconv.Itoa(n) + ":" + thread[n:]
}

// absolute is the number that relative has shortened.
func absolute(head, thread string) (string, error) {
	rest, shortened := strings.CutPrefix(thread, "~")
	if !shortened {
		return thread, nil
	}
	length, end, ok := strings.Cut(rest, ":")
	n, err := strconv.Atoi(length)
	if !ok || err != nil || n < 0 || n > len(head) {
		return "", fmt.Errorf("the number of a thread is damaged: %q", thread)
	}
	return head[:n] + end, nil
}

// waiter is a waiter as a head holds it.
func waiter(head string, w engine.Waiter) string {
	return strconv.FormatUint(w.Wait, 10) + "#" + relative(head, w.Thread)
}

func parseWaiter(head, s string) (engine.Waiter, error) {
	wait, thread, _ := strings.Cut(s, "#")
	n, err := strconv.ParseUint(wait, 10, 64)
	if err != nil {
		return engine.Waiter{}, fmt.Errorf("a waiter is damaged: %q", s)
	}
	full, err := absolute(head, thread)
	return engine.Waiter{Thread: full, Wait: n}, err
}

// waiterSK is the sort key of a waiter beside a head.
func waiterSK(w engine.Waiter) string {
	thread := w.Thread
	if len(thread) > maxThread || !utf8.ValidString(thread) {
		sum := sha256.Sum256([]byte(thread))
		thread = "#" + hex.EncodeToString(sum[:16])
	}
	return "w#" + thread + "#" + strconv.FormatUint(w.Wait, 10)
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
