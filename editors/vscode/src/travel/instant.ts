// Instants: the places in time that the debugger goes to. They are opaque, but for showing and for comparing them.

/** Where a session stands, or stood: so many instructions of a thread have been executed. */
export type Instant = { thread: string; at: number };

export function isInstant(value: unknown): value is Instant {
  const instant = value as Partial<Instant> | null | undefined;
  return typeof instant?.thread === "string" && typeof instant.at === "number";
}
