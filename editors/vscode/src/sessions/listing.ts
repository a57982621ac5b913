// What hark-ls says of sessions: the list of a place, page by page, and the threads and lines of one.

import { ask } from "../ask";
import type { Server } from "../server";
import type { Instant } from "../travel/instant";
import type { Place } from "./places";

export type Status = "running" | "waiting" | "interrupted" | "done" | "failed" | "cancelled";

export type Problem = { kind: string; message: string };

/** A session in the list of hark-ls sessions. */
export type Session = {
  id: string;
  status: Status;
  function: string;
  started: string;
  ended: string | null;
  seconds: number | null;
  error: Problem | null;
  /** Where it goes on from another session. */
  fork: { session: string; thread: string; at: number } | null;
};

/** A thread as hark-ls trace tells of it. */
export type Thread = {
  thread: string;
  function: string;
  parent?: string;
  status: "running" | "waiting" | "returned" | "failed";
  started: string;
  ended: string;
  spans: Span[] | null;
  result?: string;
  error?: Problem;
};

export type Span = {
  kind: "run" | "call" | "wait" | "sleep";
  from: string;
  to: string;
  name?: string;
  slot?: number;
  attempts?: number;
  failed?: boolean;
  /** Where the thread stood when it began. */
  instant?: Instant;
};

/** A line of output. */
export type Line = { thread: string; stream: "print" | "stdout" | "stderr"; text: string; instant: Instant };

/** What is behind a session in the list: its threads, by the thread that started them ("" started the first), and what they printed. */
export type Detail = { threads: Thread[]; begun: Map<string, Thread[]>; lines: Line[] };

/** Which sessions are wanted. */
export type Filter = { status?: Status; function?: string };

export type Page = { sessions: Session[]; next: string | null };

export const pageSize = 50;

/** The latest sessions of a place, or those that started before one. */
export function page(server: Server, place: Place, filter: Filter, limit = pageSize, before?: string): Promise<Page> {
  const flags = ["--limit", String(limit), ...place.flags];
  const wanted: [string, string | undefined][] = [
    ["--status", filter.status],
    ["--function", filter.function],
    ["--before", before],
  ];
  const given = wanted.flatMap(([flag, value]) => (value ? [flag, value] : []));
  return ask(server, ["sessions", ...flags, ...given], place.folder);
}

export async function detail(server: Server, place: Place, id: string): Promise<Detail> {
  const [trace, output] = await Promise.all([
    ask<{ lanes: Thread[] | null }>(server, ["trace", id, ...place.flags], place.folder),
    ask<{ lines: Line[] | null }>(server, ["stdout", id, ...place.flags], place.folder),
  ]);
  const threads = trace.lanes ?? [];
  const begun = new Map<string, Thread[]>();
  for (const thread of threads) {
    const parent = thread.parent ?? "";
    const siblings = begun.get(parent);
    siblings ? siblings.push(thread) : begun.set(parent, [thread]);
  }
  return { threads, begun, lines: output.lines ?? [] };
}

/** Whether nothing can happen in a session any more. */
export function over(status: Status): boolean {
  return status === "done" || status === "failed" || status === "cancelled";
}
