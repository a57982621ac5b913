// What has become of the futures that a function awaits, shown behind its lines while it stands: read from the variables of the selected
// frame, as evaluating the name of a future would mean to await it.

import * as vscode from "vscode";
import type { Frame, Travel, Travels } from "./travels";

type Variable = { name: string; value: string; type?: string; variablesReference: number };

/** An await of a name in a line of code. */
export type Await = { line: number; name: string };

/** Not more awaits than these are looked at. */
const most = 40;

export class Futures implements vscode.Disposable {
  readonly #decoration = vscode.window.createTextEditorDecorationType({
    after: { margin: "0 0 0 2em", color: new vscode.ThemeColor("editorCodeLens.foreground") },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #registered: vscode.Disposable;
  /** What is shown, by file: editors that are opened later show it too. */
  #shown: { path: string; notes: { line: number; text: string }[] } | undefined;
  #look = 0;

  constructor(travels: Travels) {
    this.#registered = vscode.Disposable.from(
      this.#decoration,
      vscode.debug.onDidChangeActiveStackItem(() => void this.#update(travels)),
      travels.onDidChange((travel) => travel.stop === undefined && this.#clear()),
      travels.onDidEnd(() => this.#clear()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
    );
  }

  dispose(): void {
    this.#registered.dispose();
  }

  /** What is shown, for those who test. */
  get notes(): { line: number; text: string }[] {
    return this.#shown?.notes ?? [];
  }

  #clear(): void {
    this.#look++;
    this.#shown = undefined;
    this.#draw();
  }

  async #update(travels: Travels): Promise<void> {
    const look = ++this.#look;
    const travel = travels.active;
    const selected = vscode.debug.activeStackItem;
    const wanted = vscode.workspace.getConfiguration("hark.debug").get("futures", true);
    if (!wanted || !travel || !(selected instanceof vscode.DebugStackFrame)) {
      return;
    }
    const frame = travel.frames.get(selected.frameId);
    const { frameId } = selected;
    const told = frame?.path === undefined ? undefined : notes(travel, frameId, frame.path, frame);
    const found = await told?.catch(() => undefined); // it has gone on meanwhile
    if (look === this.#look) {
      this.#shown = found;
      this.#draw();
    }
  }

  #draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const notes = editor.document.uri.fsPath === this.#shown?.path ? this.#shown.notes : [];
      const drawn = notes
        .filter(({ line }) => line < editor.document.lineCount)
        .map(({ line, text }) => {
          const range = editor.document.lineAt(line).range;
          return { range: new vscode.Range(range.end, range.end), renderOptions: { after: { contentText: text } } };
        });
      editor.setDecorations(this.#decoration, drawn);
    }
  }
}

async function notes(travel: Travel, frameId: number, path: string, { line }: Frame) {
  const document = await vscode.workspace.openTextDocument(path);
  const found = awaits(document.getText().split("\n"), line - 1).slice(0, most);
  const values = found.length === 0 ? new Map<string, Variable>() : await variables(travel.session, frameId);
  const states = new Map<string, string>();
  await Promise.all(
    [...new Set(found.map(({ name }) => name))].map(async (name) => {
      const value = values.get(name);
      if (value !== undefined) {
        states.set(name, await state(travel.session, value));
      }
    }),
  );
  const byLine = new Map<number, string[]>();
  for (const { line, name } of found) {
    const told = states.get(name);
    if (told !== undefined) {
      byLine.set(line, [...(byLine.get(line) ?? []), told]);
    }
  }
  return { path, notes: [...byLine].map(([line, told]) => ({ line, text: `⟵ ${told.join(" · ")}` })) };
}

/** The awaits of names in the function around a line. */
export function awaits(lines: string[], around: number): Await[] {
  const isStart = (line: string | undefined) => /^\s*(#\[.*\]\s*)?fn\b/.test(line ?? "");
  let first = Math.min(around, lines.length - 1);
  while (first > 0 && !isStart(lines[first])) {
    first--;
  }
  const after = lines.findIndex((line, i) => i > first && isStart(line));
  const body = lines.slice(first, after < 0 ? lines.length : after);
  return body.flatMap((line, i) => {
    const code = line.replace(/"(?:\\.|[^"\\])*"/g, (text) => " ".repeat(text.length)).replace(/(\/\/|#(?!\[)).*$/, "");
    const names = [...code.matchAll(/\bawait\s+([a-z_]\w*[?!]?)(?![\w(])/g)].map((match) => match[1]!);
    return [...new Set(names)].filter((name) => name !== "async").map((name) => ({ line: first + i, name }));
  });
}

/** The locals, arguments and captures of a frame, by name. */
async function variables(session: vscode.DebugSession, frameId: number): Promise<Map<string, Variable>> {
  type Scope = { name: string; expensive?: boolean; variablesReference: number };
  const { scopes }: { scopes: Scope[] } = await session.customRequest("scopes", { frameId });
  const wanted = scopes.filter(({ name, expensive }) => !expensive && name !== "Futures");
  const lists = await Promise.all(wanted.map((scope) => within(session, scope.variablesReference)));
  return new Map(lists.flat().map((variable) => [variable.name, variable]));
}

async function within(session: vscode.DebugSession, variablesReference: number): Promise<Variable[]> {
  return (await session.customRequest("variables", { variablesReference })).variables;
}

/** What has become of a future: "0.1 waiting on 0.1.0", "0.1 done: 42"; or the value that the name has by now. */
async function state(session: vscode.DebugSession, value: Variable): Promise<string> {
  if (!value.type?.startsWith("Future") || value.variablesReference === 0) {
    return brief(value.value);
  }
  const facts = await within(session, value.variablesReference);
  const known = new Map(facts.map((fact) => [fact.name, fact.value]));
  const end = known.get("error") ?? known.get("value");
  const told = [known.get("thread"), known.get("state")].filter((part) => part).join(" ");
  return end === undefined ? told : `${told}: ${brief(end)}`;
}

function brief(text: string): string {
  const line = text.split("\n", 1)[0]!;
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
