// The commands of the Sessions view and of the palette around sessions.

import * as vscode from "vscode";
import { message } from "../ask";
import type { Server } from "../server";
import { forkFrom, forkWithAnswer } from "./fork";
import type { Detail, Filter, Status } from "./listing";
import { type Node, short } from "./nodes";
import { followed, type Known, open, saved, sessionOf, start, type Wanted } from "./open";
import { Outputs } from "./output";
import { pick } from "./pick";
import type { Sessions } from "./tree";

/** Registers the commands. */
export function sessionCommands(server: Server, sessions: Sessions): vscode.Disposable {
  const detail = (known: Known): Promise<Detail> => sessions.detail({ kind: "session", ...known } as never);
  const outputs = new Outputs(detail);
  const commands: Record<string, (node?: Node) => unknown> = {
    "hark.sessions.refresh": () => sessions.refresh(),
    "hark.sessions.filter": () => filter(sessions),
    "hark.sessions.clearFilter": () => sessions.show({}),
    "hark.sessions.more": (node) => node?.kind === "more" && node.load(),
    "hark.pickSession": async () => (await pick(server, "Which session?", "any"))?.session.id,
    "hark.pickRunningSession": async () => (await pick(server, "Which session?", "alive"))?.session.id,
    "hark.debugSession": async (wanted) => open(wanted ?? (await ask(server)) ?? { kind: "note", label: "" }),
    "hark.attachSession": (node) => attach(server, node),
    "hark.forkSession": async (node) => fork(forkFrom, node ?? (await ask(server))),
    "hark.forkSessionWithAnswer": async (node) => fork(forkWithAnswer, node ?? (await ask(server))),
    "hark.showSessionOutput": async (node) => on(node ?? (await ask(server)), (known) => outputs.show(known)),
    "hark.copySessionId": (node) => on(node, ({ session }) => vscode.env.clipboard.writeText(session.id)),
    "hark.retrySession": async (node) => on(node ?? (await ask(server)), (known) => task(server, "retry", known)),
    "hark.retrySessionNewCode": (node) => on(node, (known) => task(server, "retry", known, "--code", "new")),
    "hark.resumeSession": async (node) => on(node ?? (await ask(server)), (known) => task(server, "resume", known)),
    "hark.cancelSession": async (node) => on(node ?? (await ask(server)), (known) => cancel(server, known)),
  };
  const fork = (how: typeof forkFrom, node?: Node) => node && how(node, detail);
  const registered = Object.entries(commands).map(([name, act]) =>
    vscode.commands.registerCommand(name, (node?: Node) => guarded(() => act(node))),
  );
  return vscode.Disposable.from(outputs, ...registered);
}

/** Does something, and says what went wrong if it did. */
async function guarded<T>(act: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    void vscode.window.showErrorMessage(`Hark: ${message(error)}`);
    return undefined;
  }
}

/** Asks for a session, as a row that stands for it. */
async function ask(server: Server): Promise<Node | undefined> {
  const known = await pick(server, "Which session?", "any");
  return known && ({ kind: "session", ...known } as Node);
}

function on<T>(node: Node | undefined, act: (known: Known) => T): T | undefined {
  const known = node && sessionOf(node);
  return known && act(known);
}

async function attach(server: Server, node?: Node): Promise<boolean> {
  const known = node ? sessionOf(node) : await pick(server, "Which session is to be followed?", "alive");
  return known ? start(followed(known), known.place) : false;
}

/** Runs a command of hark-ls on a session in the terminal. */
async function task(server: Server, command: string, { place, session }: Known, ...flags: string[]): Promise<unknown> {
  const binary = await server.binary();
  if (binary.kind !== "ready") {
    throw new Error(`nothing can be run without hark-ls: ${binary.reason}`);
  }
  const args = [command, session.id, ...flags, ...place.flags];
  const execution = new vscode.ProcessExecution(binary.path, args, { cwd: place.folder });
  const definition = { type: "hark", command, session: session.id };
  const name = `${command} ${session.function} ${short(session.id)}`;
  const made = new vscode.Task(definition, vscode.TaskScope.Workspace, name, "hark", execution, "$hark");
  made.presentationOptions = { panel: vscode.TaskPanelKind.Shared, clear: true, showReuseMessage: false };
  return vscode.tasks.executeTask(made);
}

/** Ends a session, after a question: what it was about to do is not done any more. */
async function cancel(server: Server, known: Known): Promise<unknown> {
  const question = `End all threads of ${known.session.function} ${short(known.session.id)}?`;
  const answer = await vscode.window.showWarningMessage(question, "End Them", "Let Them Run");
  return answer === "End Them" ? task(server, "cancel", known) : undefined;
}

const statuses: Status[] = ["running", "waiting", "interrupted", "done", "failed", "cancelled"];

/** Asks which sessions are to be shown. */
async function filter(sessions: Sessions): Promise<void> {
  const picks = [
    { label: "All sessions", filter: {} },
    ...statuses.map((status) => ({ label: status, filter: { status } })),
    { label: "Of a function…", filter: undefined },
  ];
  const title = "Which sessions are to be shown?";
  const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem & { filter: Filter | undefined }>(picks, {
    title,
  });
  if (chosen?.filter) {
    sessions.show(chosen.filter);
  } else if (chosen) {
    const name = await vscode.window.showInputBox({ title, prompt: "The function that a session started with" });
    if (name !== undefined) {
      sessions.show(name === "" ? {} : { function: name });
    }
  }
}

export type { Wanted };
export { saved };
