// What a session has printed, as a document that cannot be edited; a click on a line goes to the instant that printed it.

import * as vscode from "vscode";
import type { Detail, Line } from "./listing";
import { short } from "./nodes";
import type { Known } from "./open";

const scheme = "hark-output";

export class Outputs implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #shown = new Map<string, { known: Known; lines: Line[] }>();
  readonly #registered = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, this),
    vscode.languages.registerDocumentLinkProvider({ scheme }, this),
  );

  constructor(private readonly detail: (known: Known) => Promise<Detail>) {}

  dispose(): void {
    this.#registered.dispose();
    this.#changed.dispose();
  }

  async show(known: Known): Promise<void> {
    const { lines } = await this.detail(known);
    const path = `${known.session.function} ${short(known.session.id)}.txt`;
    const uri = vscode.Uri.from({ scheme, path, query: known.session.id });
    this.#shown.set(uri.query, { known, lines });
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (this.#shown.get(uri.query)?.lines ?? []).map(({ text }) => `${oneLine(text)}\n`).join("");
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const shown = this.#shown.get(document.uri.query);
    return (shown?.lines ?? []).slice(0, document.lineCount).map((line, number) => {
      const { place, session } = shown!.known;
      const wanted = { session: session.id, store: place.store, project: place.folder, instant: line.instant };
      const target = vscode.Uri.parse(`command:hark.debugSession?${encodeURIComponent(JSON.stringify([wanted]))}`);
      const link = new vscode.DocumentLink(document.lineAt(number).range, target);
      link.tooltip = `Go to the instant that printed it, in thread ${line.thread}`;
      return link;
    });
  }
}

/** A line is a line of the document too, whatever it has in it. */
function oneLine(text: string): string {
  return text.replace(/\r?\n|\r/g, " ");
}
