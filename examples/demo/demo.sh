#!/usr/bin/env bash
# A tour of Hark on a real file: demo.sh BINARY. What it runs, one can run by hand.
set -euo pipefail

hark=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/.."

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$'\e[1m' plain=$'\e[0m'
fi

say() { printf '\n%s── %s%s\n\n' "$bold" "$1" "$plain"; }
show() {
	printf '%s$ hark-ls' "$bold"
	for word in "$@"; do
		case $word in *' '*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
	done
	printf '%s\n' "$plain"
	"$hark" "$@"
}

say "1. A pipeline with mistakes in it: examples/broken/service.hk. All of them are found at once."
show check broken/service.hk || true

say "2. Every code has a page that explains it."
for code in $("$hark" check broken/service.hk | grep -o 'HK[0-9]*' | sort -u); do
	show explain "$code"
	echo
done

say "3. The mended one, examples/report/service.hk, over $(($(wc -l < report/sales.csv) - 1)) orders: 8 parts, read by Python at the same time."
show run report/service.hk report/sales.csv 8

say "4. The same in the debugger, which editors have as well: to line 26, where totals of one part meet those of the others, a step on, and two back."
show debug report/service.hk report/sales.csv 8 -c 'break 26; run; print region; print get(before, "orders"); next; back; back; bt'

say "5. The process is killed as soon as it has read something; the session goes on in another one, and Python's answers are not asked for again."
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
printf '%s$ hark-ls run report/service.hk report/sales.csv 8 & kill -9 $!%s\n' "$bold" "$plain"
"$hark" run report/service.hk report/sales.csv 8 >"$printed" &
until [ -s "$printed" ] || ! kill -0 $! 2>/dev/null; do sleep 0.01; done
kill -9 $! 2>/dev/null || true
wait $! 2>/dev/null || true
show resume --project report
echo
show trace --project report

say "6. The same session, long over, from its records alone: back from its end to the last time at that line, and to what came before. Python is not called."
show debug --project report --session latest -c 'break 26; reverse-continue; print region; print get(before, "orders"); back; reverse-continue; print region'

say "What to try next"
cat <<'NEXT'
  bin/hark-ls init hello && cd hello && ../bin/hark-ls run service.hk    a project of your own
  bin/hark-ls sessions --project examples/report                         what has been run; stdout, events, trace, retry
  bin/hark-ls debug --project examples/report --session latest           any instant of it, forwards and back: type help
  bin/hark-ls repl                                                       type and see
  bin/hark-ls run examples/video/service.hk                              retries, errors, threads
  bin/hark-ls explain                                                    all that can be wrong
  make install                                                           hark-ls into ~/.local/bin
NEXT
