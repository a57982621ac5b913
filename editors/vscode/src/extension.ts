// Where VS Code comes in: the parts are put together here, and nothing else is done.

import * as vscode from "vscode";
import type { Client } from "./client";
import { adapterFactory, configurationProviders, debug } from "./debug";
import type { Target } from "./entry";
import { Health } from "./health";
import { run, taskProvider } from "./run";
import { Server } from "./server";
import { sessionCommands } from "./sessions/commands";
import { Sessions } from "./sessions/tree";
import { status } from "./status";
import { TimelineView } from "./timeline/view";
import { travelCommands } from "./travel/commands";
import { Futures } from "./travel/futures";
import { OutputLenses } from "./travel/lenses";
import { Travels } from "./travel/travels";

let server: Server | undefined;

/** What other extensions, and the tests, can ask for. */
export type Api = { server: Server; sessions: Sessions; travels: Travels; timeline: TimelineView; futures: Futures };

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const started = new Server(context.extensionUri);
  server = started;
  const memory = context.workspaceState;
  const health = new Health(context, started);
  const sessions = new Sessions(started);
  const travels = new Travels();
  const timeline = new TimelineView(context.extensionUri, travels);
  const futures = new Futures(travels);
  context.subscriptions.push(
    started,
    health,
    sessions,
    travels,
    timeline,
    futures,
    new OutputLenses(travels),
    status(started),
    sessionCommands(started, sessions),
    travelCommands(travels),
    vscode.commands.registerCommand("hark.run", (target?: Target) => run(started, memory, asTarget(target))),
    vscode.commands.registerCommand("hark.debug", (target?: Target) => debug(memory, asTarget(target))),
    vscode.commands.registerCommand("hark.showReferences", (...args: Parameters<Client["showReferences"]>) =>
      started.client?.showReferences(...args),
    ),
    vscode.commands.registerCommand("hark.restartServer", () => started.restart()),
    vscode.commands.registerCommand("hark.showOutput", () => started.output.show(true)),
    vscode.commands.registerCommand("hark.checkHealth", () => health.check()),
    vscode.tasks.registerTaskProvider("hark", taskProvider(started)),
    ...configurationProviders(started, memory),
    vscode.debug.registerDebugAdapterDescriptorFactory("hark", adapterFactory(started)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("hark.server")) {
        void started.restart();
      }
    }),
  );
  await started.start();
  return { server: started, sessions, travels, timeline, futures };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** The editor's own menus pass a Uri, code lenses an object of ours. */
function asTarget(argument: Target | vscode.Uri | undefined): Target {
  return argument instanceof vscode.Uri ? { uri: argument.toString() } : (argument ?? {});
}
