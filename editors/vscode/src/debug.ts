// Debugging: hark-ls is the adapter; what is left to do is to know what F5 means where nobody has said it.

import * as vscode from "vscode";
import { askArguments, entry, type Target } from "./entry";
import { activeFile, functions, projectRoot } from "./project";
import type { Server } from "./server";
import { lastChosen, pick } from "./sessions/pick";
import { cloudEnvironment } from "./sessions/places";

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
export function configurationProviders(server: Server, memory: vscode.Memento): vscode.Disposable[] {
  const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  const register = (provider: vscode.DebugConfigurationProvider, kind: vscode.DebugConfigurationProviderTriggerKind) =>
    vscode.debug.registerDebugConfigurationProvider("hark", provider, kind);
  return [
    register({ provideDebugConfigurations: () => initial(), ...resolving(server, memory) }, Initial),
    register({ provideDebugConfigurations: dynamic }, Dynamic),
  ];
}

/** What a new launch.json begins with. */
function initial(): vscode.DebugConfiguration[] {
  return [launch("${file}", "main"), { ...openSaved, name: "Open a saved session" }];
}

const openSaved = { type: "hark", request: "launch", session: "${command:hark.pickSession}" };
const attachTo = { type: "hark", request: "attach", session: "${command:hark.pickRunningSession}", live: true };

/** What can be chosen without a launch.json: the functions of the file in front, and sessions. */
async function dynamic(): Promise<vscode.DebugConfiguration[]> {
  const file = activeFile();
  const text = file ? (await vscode.workspace.openTextDocument(file)).getText() : "";
  const found = file ? functions(text).map((fn) => launch(file.fsPath, fn.name)) : [];
  const sessions = [
    { ...openSaved, name: "Open a saved session" },
    { ...openSaved, name: "Open the latest session", session: "latest" },
    { ...attachTo, name: "Follow a running session" },
  ];
  return [...found, ...sessions];
}

type Resolving = Pick<
  vscode.DebugConfigurationProvider,
  "resolveDebugConfiguration" | "resolveDebugConfigurationWithSubstitutedVariables"
>;

function resolving(server: Server, memory: vscode.Memento): Resolving {
  return {
    resolveDebugConfiguration(_folder, configuration) {
      if (isPython(configuration)) {
        return configuration;
      }
      const started = configuration.type
        ? configuration
        : { ...configuration, ...launch("", "main"), program: undefined };
      return started.request === "attach" || "session" in started ? asking(server, started) : withProgram(started);
    },
    resolveDebugConfigurationWithSubstitutedVariables(folder, configuration) {
      if (isPython(configuration)) {
        return configuration;
      }
      return "session" in configuration ? ofSession(folder, configuration) : ofProgram(memory, configuration);
    },
  };
}

/** The Python debugger beside ours: the adapter asks for it when it steps into Python, and leads to it itself. */
function isPython(configuration: vscode.DebugConfiguration): boolean {
  return configuration.request === "attach" && "connect" in configuration;
}

function withProgram(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration | undefined {
  const program = configuration.program ?? activeFile()?.fsPath;
  if (program === undefined) {
    void vscode.window.showInformationMessage("Hark: open a Hark file to debug it.");
    return undefined;
  }
  return { ...configuration, program };
}

/** Asks for the session where a configuration leaves it open. */
async function asking(
  server: Server,
  configuration: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration | undefined> {
  if (configuration.session) {
    return configuration;
  }
  const attach = configuration.request === "attach";
  const title = attach ? "Which session is to be followed?" : "Which session?";
  const session = (await pick(server, title, attach ? "alive" : "any"))?.session.id;
  return session === undefined ? undefined : { ...configuration, session };
}

/** Says where a session is kept, as far as that is known. */
function ofSession(
  folder: vscode.WorkspaceFolder | undefined,
  configuration: vscode.DebugConfiguration,
): vscode.DebugConfiguration {
  const place = lastChosen(configuration.session)?.place;
  const cwd = configuration.cwd ?? place?.folder ?? (folder ?? vscode.workspace.workspaceFolders?.[0])?.uri.fsPath;
  const store = configuration.store ?? place?.store;
  return { ...configuration, ...(cwd && { cwd }), ...(store && { store }) };
}

async function ofProgram(
  memory: vscode.Memento,
  configuration: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration | undefined> {
  const program = String(configuration.program);
  const args = configuration.args ?? (await missingArguments(memory, program, configuration.function ?? "main"));
  return args && { ...configuration, args, cwd: configuration.cwd ?? (await workingFolder(program)) };
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
      return new vscode.DebugAdapterExecutable(binary.path, ["dap"], { env: cloudEnvironment() });
    },
  };
}
