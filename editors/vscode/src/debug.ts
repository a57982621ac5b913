// Debugging: hark-ls is the adapter; what is left to do is to know what F5 means where nobody has said it.

import * as vscode from "vscode";
import { askArguments, entry, type Target } from "./entry";
import { activeFile, projectRoot } from "./project";
import type { Server } from "./server";

/** The command hark.debug: from the palette, from a code lens, with whatever is known already. */
export async function debug(memory: vscode.Memento, target?: Target): Promise<boolean> {
  const chosen = await entry(memory, target);
  if (chosen === undefined) {
    return false;
  }
  const folder = vscode.workspace.getWorkspaceFolder(chosen.file);
  return vscode.debug.startDebugging(folder, launch(chosen.file.fsPath, chosen.function, chosen.args));
}

function launch(program: string, name: string, args?: unknown[]): vscode.DebugConfiguration {
  const configuration = { type: "hark", request: "launch", name: `Debug ${name}`, program, function: name };
  return args === undefined ? configuration : { ...configuration, args };
}

/** Makes F5 work on a Hark file without a launch.json, and fills in what a launch.json leaves out. */
export function configurationProvider(memory: vscode.Memento): vscode.DebugConfigurationProvider {
  return {
    provideDebugConfigurations: () => [launch("${file}", "main")],
    resolveDebugConfiguration(_folder, configuration) {
      const started = configuration.type
        ? configuration
        : { ...configuration, ...launch("", "main"), program: undefined };
      const program = started.program ?? activeFile()?.fsPath;
      if (program === undefined) {
        void vscode.window.showInformationMessage("Hark: open a Hark file to debug it.");
        return undefined;
      }
      return { ...started, program };
    },
    async resolveDebugConfigurationWithSubstitutedVariables(_folder, configuration) {
      const program = String(configuration.program);
      const args = configuration.args ?? (await missingArguments(memory, program, configuration.function ?? "main"));
      return args && { ...configuration, args, cwd: configuration.cwd ?? (await workingFolder(program)) };
    },
  };
}

async function missingArguments(memory: vscode.Memento, program: string, name: string): Promise<unknown[] | undefined> {
  if (!program.endsWith(".hk")) {
    return []; // the folder of a project
  }
  try {
    const document = await vscode.workspace.openTextDocument(program);
    return await askArguments(memory, document.uri, document.getText(), name);
  } catch {
    return []; // the adapter says what is wrong with the file
  }
}

/** The project's folder, which is the program itself when that is not a file. */
async function workingFolder(program: string): Promise<string> {
  return program.endsWith(".hk") ? (await projectRoot(program)).folder : program;
}

/** Starts "hark-ls dap", the same binary that serves. */
export function adapterFactory(server: Server): vscode.DebugAdapterDescriptorFactory {
  return {
    async createDebugAdapterDescriptor() {
      const binary = await server.binary();
      if (binary.kind !== "ready") {
        throw new Error(`hark-ls is ${binary.kind}: ${binary.reason}`);
      }
      return new vscode.DebugAdapterExecutable(binary.path, ["dap"]);
    },
  };
}
