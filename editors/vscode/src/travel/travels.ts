// What goes on in the debugger's sessions, listened to: where each stands, whether it can go back, which lines it printed when.

import * as vscode from "vscode";
import { type Instant, isInstant } from "./instant";

/** A line of output, and the instant that printed it. */
export type Printed = { text: string; stream: string; instant: Instant; path?: string; line?: number };

/** What is known of a debug session. */
export type Travel = {
  session: vscode.DebugSession;
  /** Whether it can go back in time. */
  back: boolean;
  /** Where it stands, and with which thread; undefined while it runs. */
  stop?: { threadId: number; instant?: Instant; reason: string };
  printed: Printed[];
  /** The frames that were shown at this stop, by their ID. */
  frames: Map<number, Frame>;
};

export type Frame = { name: string; path?: string; line: number; threadId: number };

/** The parts of messages that are looked at. */
type Message = {
  type: "request" | "response" | "event";
  seq: number;
  request_seq?: number;
  command?: string;
  event?: string;
  success?: boolean;
  arguments?: { threadId?: number };
  body?: Body;
};

type Body = {
  capabilities?: { supportsStepBack?: boolean };
  supportsStepBack?: boolean;
  reason?: string;
  threadId?: number;
  instant?: unknown;
  output?: string;
  category?: string;
  data?: { instant?: unknown };
  source?: { path?: string };
  line?: number;
  stackFrames?: { id: number; name: string; line: number; source?: { path?: string } }[];
};

/** Requests after whose answer the program is not where it was. */
const moving = new Set([
  "continue",
  "next",
  "stepIn",
  "stepOut",
  "stepBack",
  "reverseContinue",
  "goto",
  "restartFrame",
]);

/** So many lines are remembered of a session. */
const most = 10_000;

export class Travels implements vscode.DebugAdapterTrackerFactory, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Travel>();
  /** Something about a session is different: it stands elsewhere, runs, can do something else, has printed something. */
  readonly onDidChange = this.#changed.event;
  readonly #stopped = new vscode.EventEmitter<Travel>();
  readonly onDidStop = this.#stopped.event;
  readonly #ended = new vscode.EventEmitter<Travel>();
  readonly onDidEnd = this.#ended.event;
  readonly #travels = new Map<string, Travel>();
  readonly #registered = vscode.Disposable.from(
    this.#changed,
    this.#stopped,
    this.#ended,
    vscode.debug.registerDebugAdapterTrackerFactory("hark", this),
    vscode.debug.onDidChangeActiveDebugSession(() => this.#tellEditor()),
    vscode.debug.onDidTerminateDebugSession((session) => this.#end(session)),
    this.onDidChange(() => this.#tellEditor()),
  );

  dispose(): void {
    this.#registered.dispose();
  }

  /** The session that the debugger's views show, if it is one of ours. */
  get active(): Travel | undefined {
    return this.#travels.get(vscode.debug.activeDebugSession?.id ?? "");
  }

  of(session: vscode.DebugSession): Travel | undefined {
    return this.#travels.get(session.id);
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    const travel: Travel = { session, back: false, printed: [], frames: new Map() };
    const asked = new Map<number, number>(); // the threads whose stacks were asked for
    this.#travels.set(session.id, travel);
    return {
      onWillReceiveMessage: (message: Message) => {
        if (message.command === "stackTrace") {
          asked.set(message.seq, message.arguments?.threadId ?? 0);
        }
      },
      onDidSendMessage: (message: Message) => {
        if (message.type === "event") {
          this.#event(travel, message);
        } else if (message.type === "response" && message.success) {
          this.#response(travel, message, asked);
        }
      },
    };
  }

  #event(travel: Travel, { event, body }: Message): void {
    if (event === "stopped") {
      this.#stop(travel, body ?? {});
    } else if (event === "continued") {
      this.#went(travel);
    } else if (event === "output") {
      this.#output(travel, body ?? {});
    } else if (event === "capabilities") {
      travel.back = body?.capabilities?.supportsStepBack ?? travel.back;
      this.#changed.fire(travel);
    }
  }

  #response(travel: Travel, { command, body, request_seq }: Message, asked: Map<number, number>): void {
    if (command === "initialize") {
      travel.back = body?.supportsStepBack ?? false;
    } else if (moving.has(command ?? "")) {
      this.#went(travel);
    } else if (command === "stackTrace") {
      const threadId = asked.get(request_seq ?? 0) ?? 0;
      asked.delete(request_seq ?? 0);
      for (const { id, name, line, source } of body?.stackFrames ?? []) {
        travel.frames.set(id, { name, line, threadId, ...(source?.path && { path: source.path }) });
      }
    }
  }

  #stop(travel: Travel, { threadId, instant, reason }: Body): void {
    const first = travel.stop === undefined && travel.frames.size === 0;
    travel.frames = new Map();
    travel.stop = { threadId: threadId ?? 0, reason: reason ?? "", ...(isInstant(instant) && { instant }) };
    this.#changed.fire(travel);
    this.#stopped.fire(travel);
    const wanted: unknown = travel.session.configuration.__at;
    if (first && isInstant(wanted)) {
      delete travel.session.configuration.__at;
      void go(travel.session, wanted);
    }
  }

  #went(travel: Travel): void {
    if (travel.stop !== undefined) {
      delete travel.stop;
      this.#changed.fire(travel);
    }
  }

  #output(travel: Travel, { output, category, data, source, line }: Body): void {
    const instant = data?.instant;
    if (!isInstant(instant) || travel.printed.length >= most) {
      return;
    }
    const place = { ...(source?.path && { path: source.path }), ...(line !== undefined && { line }) };
    travel.printed.push({ text: (output ?? "").replace(/\n$/, ""), stream: category ?? "", instant, ...place });
    this.#changed.fire(travel);
  }

  #end(session: vscode.DebugSession): void {
    const travel = this.#travels.get(session.id);
    this.#travels.delete(session.id);
    this.#tellEditor();
    if (travel) {
      this.#ended.fire(travel);
    }
  }

  /** What the menus' conditions are about. */
  #tellEditor(): void {
    const active = this.active;
    const keys = {
      "hark.debugging": this.#travels.size > 0,
      "hark.canGoBack": active?.back ?? false,
      "hark.replaying": active !== undefined && isReplay(active.session),
    };
    for (const [key, value] of Object.entries(keys)) {
      void vscode.commands.executeCommand("setContext", key, value);
    }
  }
}

/** Whether what is debugged is a saved session, in which nothing runs any more, and nothing can be changed. */
export function isReplay({ configuration }: vscode.DebugSession): boolean {
  const { request, session, fork } = configuration;
  return request === "launch" && typeof session === "string" && fork === undefined;
}

/** Travels: the session stands at the instant then. */
export async function go(session: vscode.DebugSession, instant: Instant): Promise<void> {
  try {
    await session.customRequest("hark/gotoInstant", { instant });
  } catch (error) {
    void vscode.window.showErrorMessage(`Hark: ${error instanceof Error ? error.message : String(error)}`);
  }
}
