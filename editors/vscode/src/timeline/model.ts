// The timeline without a screen: what of it is in sight, where on the line of a thread it stands, what lies next to what.

import type { Instant } from "../travel/instant";
import type { Lane, Mark, Span, Timeline } from "./data";

/** The part of time that is in sight, in seconds since the session's start. */
export type View = { from: number; to: number };

/** A piece of a thread's line, in pixels: a span, or several that are too narrow to be told apart. */
export type Box = { left: number; width: number; style: string; label: string; instant: Instant; item: number };

/** Something to go to in a thread, in the order of time. */
export type Item = { time: number; label: string; instant: Instant };

/** Narrower boxes are drawn together with those beside them, in pixels. */
const narrow = 3;

/** The shortest time that can be in sight, in seconds. */
const shortest = 1e-6;

/** All of a timeline, with a little room behind it. */
export function whole({ from, to }: Timeline): View {
  return { from, to: to > from ? to + (to - from) * 0.02 : from + 0.001 };
}

/** Zooms by a factor (2: twice as close) around a time, as far as there is something to see. */
export function zoomed(view: View, all: View, factor: number, around: number): View {
  const length = Math.min(all.to - all.from, Math.max(shortest, (view.to - view.from) / factor));
  const part = (around - view.from) / (view.to - view.from);
  return within({ from: around - part * length, to: around + (1 - part) * length }, all);
}

/** Moves by a part of what is in sight. */
export function moved(view: View, all: View, part: number): View {
  const by = (view.to - view.from) * part;
  return within({ from: view.from + by, to: view.to + by }, all);
}

function within(view: View, all: View): View {
  const length = Math.min(view.to - view.from, all.to - all.from);
  const from = Math.min(Math.max(view.from, all.from), all.to - length);
  return { from, to: from + length };
}

/** Moves so that a time is in sight. */
export function showing(view: View, all: View, time: number): View {
  if (time >= view.from && time <= view.to) {
    return view;
  }
  const half = (view.to - view.from) / 2;
  return within({ from: time - half, to: time + half }, all);
}

export function position(view: View, width: number, time: number): number {
  return ((time - view.from) / (view.to - view.from)) * width;
}

/** What is in sight of a thread's spans. */
export function boxes(lane: Lane, view: View, width: number, now: number): Box[] {
  const found: Box[] = [];
  (lane.spans ?? []).forEach((span, item) => {
    const end = span.end ?? now;
    if (end < view.from || span.start > view.to) {
      return;
    }
    const left = Math.max(-2, position(view, width, span.start));
    const right = Math.min(width + 2, position(view, width, end));
    const last = found.at(-1);
    if (last && right - left < narrow && last.width < narrow && left - last.left < narrow) {
      last.width = Math.max(last.width, right - last.left);
      last.style = span.failed ? "call failed" : last.style;
      return;
    }
    const style = span.failed ? `${span.kind} failed` : span.kind;
    found.push({ left, width: Math.max(1, right - left), style, label: spanLabel(span), instant: span.instant, item });
  });
  return found;
}

/** What is in sight of what a thread printed and of its errors. Of those on one spot the last is shown, errors before lines. */
export function dots(lane: Lane, view: View, width: number): (Box & { time: number })[] {
  const found: (Box & { time: number })[] = [];
  (lane.marks ?? []).forEach((mark, item) => {
    if (mark.time < view.from || mark.time > view.to) {
      return;
    }
    const left = position(view, width, mark.time);
    const dot = {
      left,
      width: 0,
      style: markStyle(mark),
      label: markLabel(mark),
      instant: mark.instant,
      item,
      time: mark.time,
    };
    const last = found.at(-1);
    if (!last || left - last.left >= narrow) {
      found.push(dot);
    } else if (mark.kind === "error" || last.style !== "error") {
      found[found.length - 1] = dot;
    }
  });
  return found;
}

function markStyle(mark: Mark): string {
  return mark.kind === "error" ? "error" : mark.stream === "stderr" ? "output stderr" : "output";
}

/** What can be gone to in a thread, in the order of time. */
export function items(lane: Lane): Item[] {
  const spans = (lane.spans ?? []).map((span) => ({ time: span.start, label: spanLabel(span), instant: span.instant }));
  const marks = (lane.marks ?? []).map((mark) => ({ time: mark.time, label: markLabel(mark), instant: mark.instant }));
  return [...spans, ...marks].sort((a, b) => a.time - b.time || a.instant.at - b.instant.at);
}

const verbs: Record<Span["kind"], string> = { run: "runs", wait: "waits", call: "calls", sleep: "sleeps" };

export function spanLabel(span: Span): string {
  const what =
    span.kind === "wait" && span.name ? `waits for ${span.name}` : [verbs[span.kind], span.name].join(" ").trim();
  const long = span.end === undefined ? "not over yet" : length(span.end - span.start);
  return [what, span.failed ? "failed" : "", long].filter((part) => part !== "").join(", ");
}

export function markLabel(mark: Mark): string {
  return mark.kind === "error" ? `error: ${mark.text}` : `printed: ${mark.text}`;
}

export function laneLabel(lane: Lane): string {
  return `${lane.thread} ${lane.function}`;
}

/** The marks of the axis: a time every so many pixels, at round numbers. */
export function ticks(view: View, width: number): { left: number; label: string }[] {
  const atLeast = ((view.to - view.from) / Math.max(1, width)) * 90;
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= atLeast)!;
  const found = [];
  for (let i = Math.ceil(view.from / step); i * step <= view.to; i++) {
    found.push({ left: position(view, width, i * step), label: time(i * step, step) });
  }
  return found;
}

/** A time since the start, as exact as the distance between two marks asks for. */
export function time(seconds: number, step: number): string {
  if (seconds !== 0 && step < 1e-3) {
    return `${trimmed(seconds * 1e3, step * 1e3)} ms`;
  }
  return step < 1 ? `${trimmed(seconds * 1e3, step * 1e3)} ms` : clock(seconds, step);
}

function clock(seconds: number, step: number): string {
  if (step < 60) {
    return `${trimmed(seconds, step)} s`;
  }
  const [minutes, rest] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
  return `${minutes}:${String(rest).padStart(2, "0")}`;
}

function trimmed(value: number, step: number): string {
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

export function length(seconds: number): string {
  if (seconds < 1e-3) {
    return `${(seconds * 1e6).toFixed(0)} µs`;
  }
  return seconds < 1 ? `${(seconds * 1e3).toFixed(1)} ms` : `${seconds.toFixed(2)} s`;
}

/** Where the debugger stands in time: as it says, else as near as the spans of its thread tell. */
export function nowIn(timeline: Timeline, instant: Instant): number | undefined {
  const lane = timeline.lanes.find(({ thread }) => thread === instant.thread);
  const span = lane?.spans?.findLast(({ instant: begin }) => begin.at <= instant.at);
  const mark = lane?.marks?.find(({ instant: there }) => there.at === instant.at);
  return mark?.time ?? (span?.kind === "run" ? span.start : (span?.end ?? span?.start)) ?? lane?.start;
}
