// A debug session as the tests see it: where it stops, one stop after the other, and what it has there.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, at, until } from "./workspace";

type Stop = {
  reason: string;
  threadId: number;
  instant?: { thread: string; at: number };
  /** Whose it is: ours, or that of the Python debugger beside it. */
  session: vscode.DebugSession;
};
type Frame = { id: number; name: string; line: number; source?: { path?: string } };

export class Debugged {
  readonly stops: Stop[] = [];
  readonly output: string[] = [];
  session!: vscode.DebugSession;
  ended = false;

  /** The next stop that was not waited for yet. */
  async stop(): Promise<Stop> {
    return until("a stop", () => this.stops.shift());
  }

  /** Does what makes it stop elsewhere, and is that stop. */
  async after(act: () => Thenable<unknown>): Promise<Stop> {
    this.stops.length = 0;
    await act();
    return this.stop();
  }

  request<T>(command: string, args: object = {}): Thenable<T> {
    return this.session.customRequest(command, args);
  }

  /** The innermost frame of a thread. */
  async top(threadId: number): Promise<Frame> {
    const { stackFrames } = await this.request<{ stackFrames: Frame[] }>("stackTrace", { threadId });
    return stackFrames[0]!;
  }

  /** The text of the line where a thread stands. */
  async line(threadId: number): Promise<string> {
    const { line, source } = await this.top(threadId);
    const path = source!.path!; // the editor makes a URI of what the adapter says
    const file = path.includes("://") ? vscode.Uri.parse(path) : vscode.Uri.file(path);
    const document = await vscode.workspace.openTextDocument(file);
    return document.lineAt(line - 1).text.trim();
  }

  /** Waits until the editor has selected a frame at the stop: commands without a thread are about that. */
  async selected(threadId: number): Promise<void> {
    await until("the selected frame", () => {
      const item = vscode.debug.activeStackItem;
      return item instanceof vscode.DebugStackFrame && item.threadId === threadId;
    });
  }
}

/** Starts a session by an action, acts on it, and ends it. */
export async function debugged(
  start: () => Thenable<unknown>,
  act: (session: Debugged) => Promise<void>,
): Promise<void> {
  await api();
  const found = new Debugged();
  const watch = vscode.Disposable.from(
    vscode.debug.onDidTerminateDebugSession(() => {
      found.ended = true;
    }),
    vscode.debug.registerDebugAdapterTrackerFactory("hark", {
      createDebugAdapterTracker: (session) => {
        found.session ??= session;
        return {
          onDidSendMessage: ({ event, body }: { event?: string; body?: Stop & { output?: string } }) => {
            if (event === "stopped") {
              found.stops.push({ ...body!, session });
            } else if (event === "output") {
              found.output.push(body?.output ?? "");
            }
          },
        };
      },
    }),
  );
  try {
    assert.ok(await start(), "no session is started");
    await act(found);
  } finally {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    watch.dispose();
    await vscode.debug.stopDebugging();
    await until("the end of all sessions", () => vscode.debug.activeDebugSession === undefined);
  }
}

/** Sets a breakpoint at the line of a text. */
export function breakAt(document: vscode.TextDocument, text: string): number {
  const position = at(document, text);
  vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(document.uri, position))]);
  return position.line + 1;
}
