// What the tests share: files of the workspace, places in them, and waiting for what has to come.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Api } from "../../src/extension";

/** How long something may take until it counts as never, on a machine that has much else to do. */
const hang = 40_000;

export function uri(path: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, path);
}

export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>("hark-lang.hark");
  assert.ok(extension, "the extension is not installed");
  return extension.activate();
}

/** Shows a file of the workspace, without changes that a test before has left in it. */
export async function open(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri(path));
  await vscode.window.showTextDocument(document);
  if (document.isDirty) {
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await until("the text as it was", () => !document.isDirty);
  }
  return document;
}

/** Opens a file with another text, which is not saved. */
export async function openWith(path: string, text: string): Promise<vscode.TextDocument> {
  const document = await open(path);
  await replace(document, new vscode.Range(0, 0, document.lineCount, 0), text);
  return document;
}

/** The first place of a text in a document; "|" in it says where, the beginning if it is not there. */
export function at(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text.replace("|", ""));
  assert.notEqual(offset, -1, `${text} does not occur`);
  return document.positionAt(offset + Math.max(0, text.indexOf("|")));
}

export function range(document: vscode.TextDocument, text: string): vscode.Range {
  const start = document.offsetAt(at(document, text));
  return new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
}

/** Replaces a text that occurs in the document. */
export async function change(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  await replace(document, range(document, from), to);
}

export async function replace(document: vscode.TextDocument, where: vscode.Range, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, where, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Asks again and again until there is an answer: for what no event announces. */
export async function until<T>(
  what: string,
  ask: () => T | PromiseLike<T>,
): Promise<Exclude<T, false | undefined | null | 0>> {
  for (const end = Date.now() + hang; ; ) {
    const answer = await ask();
    if (answer) {
      return answer as Exclude<T, false | undefined | null | 0>;
    }
    assert.ok(Date.now() < end, `${what}: it does not come`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** Waits for diagnostics of a file that a condition holds for, and is these. */
export async function diagnostics(
  document: vscode.TextDocument,
  what: string,
  holds: (codes: string[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  let last: string[] = [];
  try {
    return await until(`diagnostics of ${what}`, () => {
      const found = vscode.languages.getDiagnostics(document.uri);
      last = found.map(code);
      return holds(last) ? found : undefined;
    });
  } catch (error) {
    throw new Error(`${what}: the last ones are ${JSON.stringify(last)}`, { cause: error });
  }
}

export function code(diagnostic: vscode.Diagnostic): string {
  return String(typeof diagnostic.code === "object" ? diagnostic.code.value : diagnostic.code);
}

/** Sets a setting for the time of an action. */
export async function having(section: string, value: unknown, act: () => Promise<void>): Promise<void> {
  const { Workspace } = vscode.ConfigurationTarget;
  await vscode.workspace.getConfiguration().update(section, value, Workspace);
  try {
    await act();
  } finally {
    await vscode.workspace.getConfiguration().update(section, undefined, Workspace);
  }
}

async function completions(document: vscode.TextDocument, place: string, resolve = 0): Promise<vscode.CompletionList> {
  const command = "vscode.executeCompletionItemProvider";
  return vscode.commands.executeCommand(command, document.uri, at(document, place), undefined, resolve);
}

function label(item: vscode.CompletionItem): string {
  return typeof item.label === "string" ? item.label : item.label.label;
}

/** The completion of a name at a place, with its documentation. */
export async function item(document: vscode.TextDocument, place: string, name: string): Promise<vscode.CompletionItem> {
  return until(`completion ${name}`, async () => {
    const { items } = await completions(document, place, 200);
    return items.find((one) => label(one) === name);
  });
}

async function actions(
  document: vscode.TextDocument,
  where: vscode.Range,
  kind?: string,
): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand("vscode.executeCodeActionProvider", document.uri, where, kind, 100);
}

/** Applies the action with a title that matches, and waits until the text has changed. */
export async function apply(
  document: vscode.TextDocument,
  where: vscode.Range,
  title: RegExp,
  kind?: string,
): Promise<void> {
  const found = await actions(document, where, kind);
  const action = found.find((one) => title.test(one.title));
  assert.ok(action, `no action ${title} among ${found.map((one) => one.title).join(", ")}`);
  const before = document.version;
  if (action.edit) {
    assert.ok(await vscode.workspace.applyEdit(action.edit));
  }
  if (action.command) {
    await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
  }
  await until("the change", () => document.version > before);
}

/** Does what starts a task, in a terminal of its own, and is the code with which its process ends. */
export async function exitCode(start: () => Thenable<unknown>): Promise<number | undefined> {
  for (const terminal of vscode.window.terminals) {
    terminal.dispose(); // one whose process has only just ended may be given to the next task, and is gone a moment later
  }
  await until("no terminal", () => vscode.window.terminals.length === 0);
  const codes: (number | undefined)[] = [];
  const watch = vscode.tasks.onDidEndTaskProcess((end) => codes.push(end.exitCode));
  try {
    await start();
    await until("the end of the process", () => codes.length > 0);
    return codes[0];
  } finally {
    watch.dispose();
  }
}
