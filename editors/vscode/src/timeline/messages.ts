// What the page of the timeline and the extension tell each other.

import type { Instant } from "../travel/instant";
import type { Timeline } from "./data";

/** Where the debugger stands. */
export type Now = { instant: Instant; time: number };

export type ToPage =
  | { kind: "timeline"; timeline: Timeline; now?: Now }
  | { kind: "now"; now: Now | undefined }
  | { kind: "empty"; text: string };

export type FromPage =
  | { kind: "ready" }
  | { kind: "go"; instant: Instant }
  /** What is to be seen, for those who test. */
  | { kind: "drawn"; lanes: number; boxes: number; cursor: number | null };
