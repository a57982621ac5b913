// The Timeline view: asks the debugger for what the threads did when, hands it to the page that draws it, and goes where one clicks.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { message } from "../ask";
import { go, isReplay, type Travel, type Travels } from "../travel/travels";
import type { Timeline } from "./data";
import type { FromPage, Now, ToPage } from "./messages";
import { nowIn } from "./model";

/** What a session that runs does meanwhile is looked at so often, in milliseconds. */
const often = 1000;

export class TimelineView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #told = new vscode.EventEmitter<FromPage>();
  /** What the page has said, for those who test. */
  readonly onDidTell = this.#told.event;
  readonly #registered: vscode.Disposable;
  #view: vscode.WebviewView | undefined;
  #timelines = new Map<string, Timeline>();
  #shown: string | undefined;
  #busy = false;
  #again = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly travels: Travels,
  ) {
    this.#registered = vscode.Disposable.from(
      this.#told,
      vscode.window.registerWebviewViewProvider("hark.timeline", this, {
        webviewOptions: { retainContextWhenHidden: true },
      }),
      vscode.debug.onDidChangeActiveDebugSession(() => this.#look()),
      travels.onDidStop(() => this.#look()),
      travels.onDidChange(() => this.#later()),
      travels.onDidEnd(({ session }) => {
        this.#timelines.delete(session.id);
        this.#look();
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#registered.dispose();
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    const { webview } = view;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.extension, "dist"), this.#media()],
    };
    webview.onDidReceiveMessage((told: FromPage) => this.#hear(told));
    view.onDidDispose(() => {
      this.#view = undefined;
    });
    view.onDidChangeVisibility(() => this.#look());
    webview.html = page(
      webview.cspSource,
      webview.asWebviewUri(vscode.Uri.joinPath(this.extension, "dist", "timeline.js")),
      webview.asWebviewUri(vscode.Uri.joinPath(this.#media(), "timeline.css")),
    );
  }

  #media(): vscode.Uri {
    return vscode.Uri.joinPath(this.extension, "media");
  }

  #hear(told: FromPage): void {
    const travel = this.travels.active;
    if (told.kind === "ready") {
      this.#shown = undefined;
      this.#look();
    } else if (told.kind === "go" && travel) {
      void go(travel.session, told.instant);
    }
    this.#told.fire(told);
  }

  /** Looks again in a while, at a session that goes on. */
  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, often);
  }

  /** Shows where the session in front stands, one look at a time. */
  #look(): void {
    if (this.#busy || !this.#view?.visible) {
      this.#again = this.#busy;
      return;
    }
    this.#busy = true;
    void this.#show(this.travels.active).finally(() => {
      this.#busy = false;
      if (this.#again) {
        this.#again = false;
        this.#look();
      }
    });
  }

  async #show(travel: Travel | undefined): Promise<void> {
    if (travel === undefined) {
      return this.#empty("What the threads of a program do when is shown here while it is debugged.");
    }
    try {
      const known = this.#timelines.get(travel.session.id);
      const fixed = known && isReplay(travel.session);
      const answer: Timeline = await travel.session.customRequest("hark/timeline", fixed ? { lanes: 1 } : {});
      const timeline = fixed ? known : answer;
      this.#timelines.set(travel.session.id, timeline);
      this.#tell(travel, timeline, answer.now ?? here(travel, timeline));
    } catch (error) {
      this.#empty(`There is no timeline: ${message(error)}`);
    }
  }

  #empty(text: string): void {
    this.#shown = undefined;
    void this.#view?.webview.postMessage({ kind: "empty", text } satisfies ToPage);
  }

  #tell(travel: Travel, timeline: Timeline, now: Now | undefined): void {
    const same = this.#shown === travel.session.id && isReplay(travel.session);
    this.#shown = travel.session.id;
    const told: ToPage = same ? { kind: "now", now } : { kind: "timeline", timeline, ...(now && { now }) };
    void this.#view?.webview.postMessage(told);
  }
}

/** Where a session stands, where the debugger does not say it. */
function here({ stop }: Travel, timeline: Timeline): Now | undefined {
  const time = stop?.instant && nowIn(timeline, stop.instant);
  return time === undefined ? undefined : { instant: stop!.instant!, time };
}

const legend = [
  ["run", "runs"],
  ["call", "in Python"],
  ["wait", "waits"],
  ["failed", "failed"],
].map(([style, name]) => `<span class="box key ${style}"></span>${name}`);

function page(source: string, script: vscode.Uri, style: vscode.Uri): string {
  const nonce = randomBytes(16).toString("base64");
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${style}">
</head>
<body>
<div id="empty" role="status"></div>
<div id="chart" hidden>
<div id="bar"><button id="farther" title="Show more time" aria-label="Show more time">−</button>
<button id="closer" title="Show less time" aria-label="Show less time">+</button>
<button id="all" title="Show all">all</button>${legend.join("")}<span class="dot key output"></span>printed</div>
<div id="axis" aria-hidden="true"></div>
<div id="body" tabindex="0" role="grid" aria-label="Threads over time. Arrow keys move, Enter goes to an instant, plus and minus zoom">
<div id="rows" role="presentation"></div>
</div>
</div>
<div id="said" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
