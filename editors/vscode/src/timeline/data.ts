// The shape of what hark/timeline answers. Times are seconds since the session's start; what has not ended has no end.

import type { Instant } from "../travel/instant";

export type Timeline = {
  session: string;
  status: string;
  from: number;
  to: number;
  /** How many threads there are, which may be more than there are lanes. */
  total: number;
  /** Where the debugger stands. */
  now?: { instant: Instant; time: number };
  lanes: Lane[];
};

export type Lane = {
  thread: string;
  threadId: number;
  name?: string;
  function: string;
  parent?: string;
  status: "running" | "waiting" | "returned" | "failed";
  start: number;
  end?: number;
  spans: Span[] | null;
  marks: Mark[] | null;
};

export type Span = {
  kind: "run" | "wait" | "call" | "sleep";
  start: number;
  end?: number;
  name?: string;
  failed?: boolean;
  resolver?: string;
  instant: Instant;
};

export type Mark = { kind: "output" | "error"; time: number; text: string; stream?: string; instant: Instant };
