// The timeline without a screen: what of it is drawn where; and the awaits of a function.

import * as assert from "node:assert/strict";
import type { Lane, Timeline } from "../../src/timeline/data";
import * as model from "../../src/timeline/model";
import { awaits } from "../../src/travel/futures";

const at = (n: number, thread = "0") => ({ thread, at: n });

const main: Lane = {
  thread: "0",
  threadId: 1,
  function: "main",
  status: "returned",
  start: 0,
  end: 10,
  spans: [
    { kind: "run", start: 0, end: 1, instant: at(0) },
    { kind: "wait", start: 1, end: 8, name: "thread 0.0", resolver: "0.0", instant: at(5) },
    { kind: "call", start: 8, end: 9.5, name: "sales.total", failed: true, instant: at(9) },
    { kind: "run", start: 9.5, end: 10, instant: at(10) },
  ],
  marks: [
    { kind: "output", time: 0.5, text: "hello", instant: at(3) },
    { kind: "error", time: 0.5, text: "Key: x", instant: at(4) },
  ],
};

const timeline: Timeline = { session: "s", status: "done", from: 0, to: 10, total: 1, lanes: [main] };

describe("the timeline's picture", () => {
  it("places the spans of a thread by their time", () => {
    const boxes = model.boxes(main, { from: 0, to: 10 }, 1000, 10);
    const drawn = boxes.map(({ left, width, style, label }) => [left, width, style, label]);
    assert.deepEqual(drawn, [
      [0, 100, "run", "runs, 1.00 s"],
      [100, 700, "wait", "waits for thread 0.0, 7.00 s"],
      [800, 150, "call failed", "calls sales.total, failed, 1.50 s"],
      [950, 50, "run", "runs, 500.0 ms"],
    ]);
    const close = model.boxes(main, { from: 2, to: 4 }, 1000, 10);
    assert.deepEqual(
      close.map(({ left, width }) => [left, width]),
      [[-2, 1004]],
    );
  });

  it("draws together what is too narrow to be told apart, and of dots on one spot the error", () => {
    const spans = Array.from({ length: 5000 }, (_, i) => ({
      kind: "run" as const,
      start: i / 500,
      end: (i + 1) / 500,
      instant: at(i),
    }));
    const boxes = model.boxes({ ...main, spans }, { from: 0, to: 10 }, 500, 10);
    assert.ok(boxes.length <= 500 && boxes.length > 100, `${boxes.length}`);
    const dots = model.dots(main, { from: 0, to: 10 }, 1000);
    assert.deepEqual(
      dots.map(({ label }) => label),
      ["error: Key: x"],
    );
  });

  it("zooms and moves within what there is", () => {
    const all = model.whole(timeline);
    assert.deepEqual(all, { from: 0, to: 10.2 });
    assert.deepEqual(model.zoomed(all, all, 0.5, 5), all);
    const closer = model.zoomed(all, all, 2, 0);
    assert.deepEqual(closer, { from: 0, to: 5.1 });
    assert.deepEqual(model.moved(closer, all, -1), closer);
    const last = model.moved(closer, all, 7);
    assert.ok(Math.abs(last.from - 5.1) < 1e-9 && last.to === all.to, JSON.stringify(last));
    const shown = model.showing(closer, all, 9);
    assert.ok(shown.from < 9 && shown.to > 9);
    const empty = model.whole({ ...timeline, to: 0 });
    assert.ok(empty.to > empty.from);
  });

  it("has round numbers on its axis", () => {
    const labels = (to: number) => model.ticks({ from: 0, to }, 400).map(({ label }) => label);
    assert.deepEqual(labels(10), ["0 s", "5 s", "10 s"]);
    assert.deepEqual(labels(0.01), ["0 ms", "5 ms", "10 ms"]);
    assert.deepEqual(labels(600), ["0:00", "3:20", "6:40", "10:00"]);
  });

  it("knows what lies next to what, and where an instant is in time", () => {
    const items = model.items(main).map(({ label }) => label.split(",")[0]);
    assert.deepEqual(items, [
      "runs",
      "printed: hello",
      "error: Key: x",
      "waits for thread 0.0",
      "calls sales.total",
      "runs",
    ]);
    assert.equal(model.nowIn(timeline, at(3)), 0.5);
    assert.equal(model.nowIn(timeline, at(12)), 9.5);
    assert.equal(model.nowIn(timeline, at(0, "7")), undefined);
  });
});

describe("awaits", () => {
  it("are those of the function around a line, without what is a comment, a text or a call", () => {
    const lines = [
      "fn a() { await other }",
      "fn main() {",
      "  north = async f();",
      "  print(await north); // await south",
      '  g("await text", await south + await north);',
      "  await f(1);",
      "  await async f()",
      "}",
      "fn b() { await more }",
    ];
    assert.deepEqual(awaits(lines, 3), [
      { line: 3, name: "north" },
      { line: 4, name: "south" },
      { line: 4, name: "north" },
    ]);
    assert.deepEqual(awaits(lines, 8), [{ line: 8, name: "more" }]);
    assert.deepEqual(awaits([], 4), []);
  });
});
