// Running: a task in the terminal, so that output, colours, Ctrl-C and the links to places are the terminal's.

import { basename } from "node:path";
import * as vscode from "vscode";
import { type Entry, entry, type Target } from "./entry";
import { activeFile, projectRoot } from "./project";
import type { Server } from "./server";

/** Definitions of tasks of the type hark, as they stand in tasks.json. */
type Definition = vscode.TaskDefinition & { command: string; file?: string; function?: string; args?: unknown[] };

/** The command hark.run: from the palette, from a code lens, with whatever is known already. */
export async function run(
  server: Server,
  memory: vscode.Memento,
  target?: Target,
): Promise<vscode.TaskExecution | undefined> {
  const binary = await server.binary();
  if (binary.kind !== "ready") {
    void vscode.window.showErrorMessage(`Hark: nothing can be run without hark-ls: ${binary.reason}.`);
    return undefined;
  }
  const chosen = await entry(memory, target);
  return chosen && vscode.tasks.executeTask(await runTask(binary.path, chosen));
}

async function runTask(binary: string, { file, function: name, args }: Entry): Promise<vscode.Task> {
  const definition: Definition = { type: "hark", command: "run", file: file.fsPath, function: name, args };
  const { folder } = await projectRoot(file.fsPath);
  return task(binary, definition, folder, vscode.workspace.getWorkspaceFolder(file));
}

function task(
  binary: string,
  definition: Definition,
  cwd: string | undefined,
  scope?: vscode.WorkspaceFolder,
): vscode.Task {
  const what = [definition.command, definition.file && basename(definition.file), definition.function];
  const execution = new vscode.ProcessExecution(binary, commandLine(definition), cwd === undefined ? {} : { cwd });
  const made = new vscode.Task(
    definition,
    scope ?? vscode.TaskScope.Workspace,
    what.filter((part) => part !== undefined).join(" "),
    "hark",
    execution,
    "$hark",
  );
  made.presentationOptions = { panel: vscode.TaskPanelKind.Shared, clear: true, showReuseMessage: false };
  return made;
}

function commandLine(definition: Definition): string[] {
  const file = definition.file === undefined ? [] : [definition.file];
  if (definition.command !== "run") {
    return [definition.command, ...file];
  }
  const start = ["-f", definition.function ?? "main", "--json-args", JSON.stringify(definition.args ?? [])];
  return ["run", ...(file.length === 0 ? ["."] : file), ...start];
}

/** Offers "check" for every folder and "run" for the file in front, and completes tasks of tasks.json. */
export function taskProvider(server: Server): vscode.TaskProvider {
  return {
    async provideTasks() {
      const binary = await server.binary();
      if (binary.kind !== "ready") {
        return [];
      }
      const folders = vscode.workspace.workspaceFolders ?? [];
      const tasks = folders.map((folder) =>
        task(binary.path, { type: "hark", command: "check" }, folder.uri.fsPath, folder),
      );
      const file = activeFile();
      return file ? [...tasks, await runTask(binary.path, { file, function: "main", args: [] })] : tasks;
    },
    async resolveTask(unresolved) {
      const binary = await server.binary();
      if (binary.kind !== "ready") {
        return undefined;
      }
      const folder = typeof unresolved.scope === "object" ? unresolved.scope : undefined;
      return task(binary.path, unresolved.definition as Definition, folder?.uri.fsPath, folder);
    },
  };
}
