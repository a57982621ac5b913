// Where VS Code comes in: the parts are put together here, and nothing else is done.

import * as vscode from "vscode";
import type { Client } from "./client";
import { adapterFactory, configurationProvider, debug } from "./debug";
import type { Target } from "./entry";
import { Health } from "./health";
import { run, taskProvider } from "./run";
import { Server } from "./server";
import { status } from "./status";

let server: Server | undefined;

/** What other extensions, and the tests, can ask for. */
export type Api = { server: Server };

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const started = new Server(context.extensionUri);
  server = started;
  const memory = context.workspaceState;
  const health = new Health(context, started);
  context.subscriptions.push(
    started,
    health,
    status(started),
    vscode.commands.registerCommand("hark.run", (target?: Target) => run(started, memory, asTarget(target))),
    vscode.commands.registerCommand("hark.debug", (target?: Target) => debug(memory, asTarget(target))),
    vscode.commands.registerCommand("hark.showReferences", (...args: Parameters<Client["showReferences"]>) =>
      started.client?.showReferences(...args),
    ),
    vscode.commands.registerCommand("hark.restartServer", () => started.restart()),
    vscode.commands.registerCommand("hark.showOutput", () => started.output.show(true)),
    vscode.commands.registerCommand("hark.checkHealth", () => health.check()),
    vscode.tasks.registerTaskProvider("hark", taskProvider(started)),
    vscode.debug.registerDebugConfigurationProvider("hark", configurationProvider(memory)),
    vscode.debug.registerDebugAdapterDescriptorFactory("hark", adapterFactory(started)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("hark.server")) {
        void started.restart();
      }
    }),
  );
  await started.start();
  return { server: started };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** The editor's own menus pass a Uri, code lenses an object of ours. */
function asTarget(argument: Target | vscode.Uri | undefined): Target {
  return argument instanceof vscode.Uri ? { uri: argument.toString() } : (argument ?? {});
}
