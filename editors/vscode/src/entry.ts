// Which function is started, with which arguments: asked for where nobody has said it.

import * as vscode from "vscode";
import { activeFile, type Fn, functions } from "./project";

/** What the code lenses and other callers of hark.run and hark.debug say. */
export type Target = { uri?: string; function?: string; args?: unknown[] };

/** What is started. */
export type Entry = { file: vscode.Uri; function: string; args: unknown[] };

/** Completes a target, with questions if need be; undefined when a question was given up. The file is saved. */
export async function entry(memory: vscode.Memento, target: Target = {}): Promise<Entry | undefined> {
  const file = activeFile(typeof target.uri === "string" ? target.uri : undefined);
  if (file === undefined) {
    void vscode.window.showInformationMessage("Hark: open a Hark file to run it.");
    return undefined;
  }
  const document = await vscode.workspace.openTextDocument(file);
  if (document.isDirty && !(await document.save())) {
    return undefined;
  }
  const name = target.function ?? (await chooseFunction(functions(document.getText())));
  if (name === undefined) {
    return undefined;
  }
  const args = target.args ?? (await askArguments(memory, file, document.getText(), name));
  return args && { file, function: name, args };
}

async function chooseFunction(all: Fn[]): Promise<string | undefined> {
  const entries = all.filter((fn) => fn.name === "main");
  if (entries.length + all.length <= 1 || entries.length === 1) {
    return entries[0]?.name ?? all[0]?.name ?? "main";
  }
  const items = all.map((fn) => ({ label: fn.name, description: `(${fn.parameters.join(", ")})` }));
  return (await vscode.window.showQuickPick(items, { title: "Which function is to be started?" }))?.label;
}

/** Asks for the arguments of a function that has parameters, beginning with those of the last time. */
export async function askArguments(
  memory: vscode.Memento,
  file: vscode.Uri,
  text: string,
  name: string,
): Promise<unknown[] | undefined> {
  const parameters = functions(text).find((fn) => fn.name === name)?.parameters ?? [];
  if (parameters.length === 0) {
    return [];
  }
  const key = `arguments ${file.toString()} ${name}/${parameters.length}`;
  const answer = await vscode.window.showInputBox({
    title: `${name}(${parameters.join(", ")})`,
    prompt: `The ${parameters.length === 1 ? "argument as a JSON value" : "arguments as JSON values, with commas between them"}`,
    placeHolder: '"sales.csv", 8',
    value: memory.get(key, parameters.map(() => '""').join(", ")),
    ignoreFocusOut: true,
    validateInput: (input) => (values(input)?.length === parameters.length ? undefined : complaint(parameters)),
  });
  if (answer === undefined) {
    return undefined;
  }
  await memory.update(key, answer);
  return values(answer);
}

function complaint(parameters: string[]): string {
  const count = parameters.length === 1 ? "one value" : `${parameters.length} values`;
  return `${count} such as "text", 8 or [1, 2]`;
}

function values(input: string): unknown[] | undefined {
  try {
    return JSON.parse(`[${input}]`) as unknown[];
  } catch {
    return undefined;
  }
}
