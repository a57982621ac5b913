package syntax

import (
	"strings"
	"testing"
)

// benchText is a file of 10,000 lines of the kind that people write.
func benchText() string {
	const unit = `/**
 * Transcodes one file and saves what comes of it.
 */
#[timeout(30)]
fn transcode_and_save(bucket, key, format: String, size) -> Any {
  result = transcode(bucket, key, format, size);

  // a failed one has no result
  if result && length(result) > 3 {
    save_results(result, {"bucket": bucket, "key": key, "tries": 1 + 2 * 3})
  } else {
    signal("error", "transcoding failed: " + key)
  }
  parts = map(lambda(part) { await async upload(part, :retries 3) }, [1, 2, 3]);
  try {
    join(parts, "\n")
  } catch e {
    print(get(e, "message"));
    null
  }
}

`
	return strings.Repeat(unit, 10_000/strings.Count(unit, "\n"))
}

func BenchmarkParse(b *testing.B) {
	text := benchText()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if f := Parse(text); len(f.Problems) > 0 {
			b.Fatal(f.Problems[0])
		}
	}
}

func BenchmarkScan(b *testing.B) {
	text := benchText()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Scan(text)
	}
}
