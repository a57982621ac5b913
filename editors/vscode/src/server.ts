// The language server's life: started, watched, restarted when it falls, given up when it falls again and again.

import * as vscode from "vscode";
import {
  State as ClientState,
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  type ErrorHandler,
  type LanguageClientOptions,
} from "vscode-languageclient/node";
import { type Binary, find } from "./binary";
import { Client } from "./client";

export type State =
  | { kind: "stopped" }
  | { kind: "starting"; binary: Binary & { kind: "ready" } }
  | { kind: "running"; binary: Binary & { kind: "ready" } }
  | { kind: "failed"; binary: Binary & { kind: "ready" }; reason: string }
  | { kind: "missing"; reason: string }
  | { kind: "outdated"; reason: string; path: string };

/** So often in so many milliseconds may the server fall before it is given up. */
const falls = 4;
const fallsWithin = 3 * 60 * 1000;

export class Server implements vscode.Disposable, ErrorHandler {
  readonly output = vscode.window.createOutputChannel("Hark");
  readonly #changed = new vscode.EventEmitter<State>();
  readonly onDidChange = this.#changed.event;
  #state: State = { kind: "stopped" };
  #client: Client | undefined;
  #fallen: number[] = [];
  // One start or stop at a time: each waits for the one before it.
  #busy: Promise<void> = Promise.resolve();

  constructor(private readonly extension: vscode.Uri) {}

  get state(): State {
    return this.#state;
  }

  /** The client while there is one: for what it was told by the server. */
  get client(): Client | undefined {
    return this.#client;
  }

  /** The binary that debugging and running use too: the one that serves, or a fresh look. */
  async binary(): Promise<Binary> {
    return "binary" in this.#state ? this.#state.binary : find(this.extension);
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  restart(): Promise<void> {
    this.#fallen = [];
    return this.#inTurn(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  dispose(): void {
    this.#changed.dispose();
    this.output.dispose();
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    this.#busy = this.#busy.then(act, act);
    return this.#busy;
  }

  async #start(): Promise<void> {
    const binary = await find(this.extension);
    if (binary.kind !== "ready") {
      this.output.appendLine(`hark-ls is ${binary.kind}: ${binary.reason}`);
      this.#become(binary.kind === "missing" ? { kind: "missing", reason: binary.reason } : { ...binary });
      return;
    }
    this.#become({ kind: "starting", binary });
    const client = new Client(binary.path, serverArguments(), this.#options());
    client.onDidChangeState(({ newState }) => this.#follow(client, binary, newState));
    this.#client = client;
    try {
      await client.start();
    } catch (error) {
      this.#fail(binary, error instanceof Error ? error.message : String(error));
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client?.isRunning()) {
      await client.stop();
    }
    await client?.dispose().catch(() => undefined); // it may never have run
    this.#become({ kind: "stopped" });
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector: [
        { language: "hark", scheme: "file" },
        { language: "hark", scheme: "untitled" },
      ],
      outputChannel: this.output,
      errorHandler: this,
      initializationFailedHandler: () => false,
      markdown: { supportHtml: false },
      synchronize: { configurationSection: "hark" },
    };
  }

  #follow(client: Client, binary: Binary & { kind: "ready" }, state: ClientState): void {
    if (client !== this.#client || this.#state.kind === "failed") {
      return;
    }
    if (state === ClientState.Running) {
      this.#become({ kind: "running", binary });
    } else if (state === ClientState.Starting) {
      this.#become({ kind: "starting", binary });
    }
  }

  error(): { action: ErrorAction; handled: boolean } {
    return { action: ErrorAction.Continue, handled: true };
  }

  closed(): CloseHandlerResult {
    const now = Date.now();
    this.#fallen = [...this.#fallen.filter((at) => now - at < fallsWithin), now];
    this.output.appendLine(
      `hark-ls ended unexpectedly, ${this.#fallen.length} of ${falls} times before it is given up`,
    );
    if (this.#fallen.length < falls) {
      return { action: CloseAction.Restart, handled: true };
    }
    if ("binary" in this.#state) {
      this.#fail(this.#state.binary, `it ended ${falls} times in a short while`);
    }
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  #fail(binary: Binary & { kind: "ready" }, reason: string): void {
    this.output.appendLine(`hark-ls does not serve: ${reason}`);
    this.#become({ kind: "failed", binary, reason });
  }

  #become(state: State): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}

function serverArguments(): string[] {
  const settings = vscode.workspace.getConfiguration("hark.server");
  return ["lsp", "--log-level", settings.get("logLevel", "warn"), ...settings.get<string[]>("args", [])];
}
