// Opening a session in the debugger: as it was, as it is just now, or to go on from an instant of it.

import * as vscode from "vscode";
import type { Instant } from "../travel/instant";
import { go, isReplay } from "../travel/travels";
import { type Line, over, type Session } from "./listing";
import type { Node } from "./nodes";
import { short } from "./nodes";
import { type Place, places } from "./places";

/** An answer of a Python call that a fork has changed; slots count from 0. */
export type Answer = { thread: string; slot: number; value: unknown };

/** What is opened: a row of the view, or a session by its ID, as other programs say it. */
export type Wanted = Node | { session?: string; project?: string; store?: Place["store"]; instant?: Instant };

/** A session that is known, perhaps with a line of it. */
export type Known = { place: Place; session: Pick<Session, "id" | "function" | "status">; line?: Line };

/** The session that a row stands for, or stands beneath. */
export function sessionOf(node: Node): Known | undefined {
  switch (node.kind) {
    case "session":
      return node;
    case "line":
      return { ...node.of, line: node.line };
    case "thread":
    case "output":
    case "end":
      return node.of;
    default:
      return undefined;
  }
}

/** The debugger's configuration for a saved session. It stops where the session came to, or at the instant that is given. */
export function saved({ place, session }: Known, at?: Instant): vscode.DebugConfiguration {
  return { ...known(place, session, "launch"), ...(at && { __at: at }) };
}

/** The configuration that follows a session as it runs. */
export function followed({ place, session }: Known): vscode.DebugConfiguration {
  return { ...known(place, session, "attach"), live: true };
}

/** The configuration for a session that takes over what another one was until an instant, and then runs for real. */
export function forked({ place, session }: Known, at: Instant, answers: Answer[] = []): vscode.DebugConfiguration {
  const name = `Fork of ${session.function} ${short(session.id)}`;
  return { ...known(place, session, "launch"), name, fork: { ...at, answers } };
}

function known(place: Place, session: Known["session"], request: "launch" | "attach"): vscode.DebugConfiguration {
  const name = `${session.function} ${short(session.id)}`.trim();
  return { type: "hark", request, name, session: session.id, store: place.store, cwd: place.folder };
}

/** Starts the debugger on what is wanted. A session that still runs is followed. */
export async function open(wanted: Wanted): Promise<boolean> {
  const found = await find(wanted);
  if (found === undefined) {
    return false;
  }
  const instant = found.line?.instant ?? ("kind" in wanted ? undefined : wanted.instant);
  const { activeDebugSession } = vscode.debug;
  if (instant && activeDebugSession?.configuration.session === found.session.id && isReplay(activeDebugSession)) {
    await go(activeDebugSession, instant);
    return true;
  }
  const running = !over(found.session.status) && instant === undefined;
  return start(running ? followed(found) : saved(found, instant), found.place);
}

export function start(configuration: vscode.DebugConfiguration, { folder }: Pick<Place, "folder">): Promise<boolean> {
  const workspace = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
  return Promise.resolve(vscode.debug.startDebugging(workspace, configuration));
}

async function find(wanted: Wanted): Promise<Known | undefined> {
  if ("kind" in wanted) {
    return sessionOf(wanted);
  }
  const all = await places();
  const place = all.find(
    ({ store, folder }) => store === (wanted.store ?? "local") && (wanted.project ?? folder) === folder,
  );
  const session = { id: wanted.session ?? "latest", function: "", status: "done" as const };
  return place && { place, session };
}
