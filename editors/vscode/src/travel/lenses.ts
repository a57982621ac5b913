// Above the lines that have printed something: a lens that goes to the instant at which they did. A click on the place beside a line of
// the debug console leads to such a line.

import * as vscode from "vscode";
import type { Printed, Travels } from "./travels";

/** So much of a line is shown. */
const shown = 40;

export class OutputLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #registered: vscode.Disposable;
  #count = 0;

  constructor(private readonly travels: Travels) {
    this.#registered = vscode.Disposable.from(
      this.#changed,
      vscode.languages.registerCodeLensProvider([{ language: "hark" }, { language: "python" }], this),
      vscode.debug.onDidChangeActiveDebugSession(() => this.#look()),
      travels.onDidStop(() => this.#look()),
      travels.onDidEnd(() => this.#look()),
    );
  }

  dispose(): void {
    this.#registered.dispose();
  }

  /** The lenses move the code below them: they come when something stops, and only if there are others than before. */
  #look(): void {
    const count = this.travels.active?.printed.length ?? 0;
    if (count !== this.#count) {
      this.#count = count;
      this.#changed.fire();
    }
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const travel = this.travels.active;
    const wanted = vscode.workspace.getConfiguration("hark.debug").get("outputLenses", true);
    if (!wanted || !travel?.back) {
      return [];
    }
    const byLine = new Map<number, Printed[]>();
    for (const line of travel.printed) {
      if (line.path === document.uri.fsPath && line.line !== undefined && line.line <= document.lineCount) {
        byLine.set(line.line, [...(byLine.get(line.line) ?? []), line]);
      }
    }
    return [...byLine].map(([line, printed]) => lens(document.uri.fsPath, line, printed));
  }
}

function lens(path: string, line: number, printed: Printed[]): vscode.CodeLens {
  const text = printed[0]!.text;
  const first = text.length > shown ? `${text.slice(0, shown)}…` : text;
  const title = printed.length === 1 ? `$(history) printed “${first}”` : `$(history) printed ${printed.length} lines`;
  const range = new vscode.Range(line - 1, 0, line - 1, 0);
  const tooltip = "Go to the instant that printed it";
  return new vscode.CodeLens(range, { command: "hark.goToOutputLine", title, tooltip, arguments: [{ path, line }] });
}
