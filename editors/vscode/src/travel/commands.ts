// The commands of time: the ways back that VS Code has no buttons for, to the cause, to what printed a line, and on from there.

import * as vscode from "vscode";
import { message } from "../ask";
import { forked, start } from "../sessions/open";
import { local } from "../sessions/places";
import type { Timeline } from "../timeline/data";
import { type Instant, isInstant } from "./instant";
import { go, isReplay, type Printed, type Travel, type Travels } from "./travels";

export function travelCommands(travels: Travels): vscode.Disposable {
  const commands: Record<string, (travel: Travel, argument: unknown) => Promise<unknown>> = {
    "hark.stepBackInto": (travel) => back(travel, "hark/stepBackIn"),
    "hark.stepBackOut": (travel) => back(travel, "hark/stepBackOut"),
    "hark.goToCause": toCause,
    "hark.goToOutputLine": toOutput,
    "hark.goToInstant": (travel, instant) => (isInstant(instant) ? go(travel.session, instant) : askInstant(travel)),
    "hark.forkHere": forkHere,
    "hark.copyInstant": async (travel) => vscode.env.clipboard.writeText(JSON.stringify(await instantOf(travel))),
  };
  const registered = Object.entries(commands).map(([name, act]) =>
    vscode.commands.registerCommand(name, (argument: unknown) => onActive(travels, (travel) => act(travel, argument))),
  );
  return vscode.Disposable.from(...registered);
}

/** Acts on the session in front, and shows why it refuses if it does. */
async function onActive(travels: Travels, act: (travel: Travel) => Promise<unknown>): Promise<unknown> {
  const travel = travels.active;
  if (travel === undefined) {
    void vscode.window.showInformationMessage("Hark: no program is being debugged.");
    return undefined;
  }
  try {
    return await act(travel);
  } catch (error) {
    void vscode.window.showWarningMessage(`Hark: ${message(error)}`);
    return undefined;
  }
}

/** The thread that is selected, else that which stopped. */
function threadOf(travel: Travel): number {
  const selected = vscode.debug.activeStackItem;
  return selected?.session.id === travel.session.id ? selected.threadId : (travel.stop?.threadId ?? 0);
}

function back(travel: Travel, request: string): Promise<unknown> {
  return Promise.resolve(travel.session.customRequest(request, { threadId: threadOf(travel) }));
}

async function instantOf(travel: Travel): Promise<Instant> {
  const { instant } = await travel.session.customRequest("hark/instant", { threadId: threadOf(travel) });
  return instant;
}

/** From an await to what resolved it, from the first line of a thread to what started it. */
async function toCause(travel: Travel): Promise<void> {
  const cause: { kind: "resolved" | "started"; instant?: Instant } = await travel.session.customRequest("hark/cause", {
    threadId: threadOf(travel),
  });
  if (cause.instant) {
    await travel.session.customRequest("hark/gotoInstant", { instant: cause.instant });
  }
}

/** Asks for a line that was printed, or those of a line of code, and goes to where it was. */
async function toOutput(travel: Travel, argument: unknown): Promise<void> {
  const wanted = argument as Partial<Pick<Printed, "path" | "line">> | undefined;
  const all = await printed(travel);
  const fitting = wanted?.line ? all.filter(({ path, line }) => path === wanted.path && line === wanted.line) : all;
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage("Hark: nothing was printed yet whose instant is known.");
    return;
  }
  const items = fitting.map((line) => ({
    label: line.text || " ",
    description: `thread ${line.instant.thread}`,
    line,
  }));
  const options = { title: "Go to the instant that printed…", matchOnDescription: true };
  const chosen = fitting.length === 1 && wanted?.line ? items[0] : await vscode.window.showQuickPick(items, options);
  if (chosen) {
    await travel.session.customRequest("hark/gotoInstant", { instant: chosen.line.instant });
  }
}

/** The lines that were shown, and those that the session has printed elsewhere in its time. */
async function printed(travel: Travel): Promise<Printed[]> {
  const all = new Map(travel.printed.map((line) => [JSON.stringify([line.instant, line.text]), line]));
  const timeline = await timelineOf(travel);
  const marks = timeline?.lanes.flatMap(({ marks }) => marks ?? []) ?? [];
  for (const { kind, text, stream, instant } of marks.sort((a, b) => a.time - b.time)) {
    const name = JSON.stringify([instant, text]);
    if (kind === "output" && !all.has(name)) {
      all.set(name, { text, stream: stream ?? "", instant });
    }
  }
  return [...all.values()];
}

async function timelineOf({ session }: Travel): Promise<Timeline | undefined> {
  try {
    return await session.customRequest("hark/timeline", {});
  } catch {
    return undefined; // what was shown is known without it
  }
}

async function askInstant(travel: Travel): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: "Go to an instant",
    prompt: "A thread and how many instructions of it have been executed",
    placeHolder: "0.1 1234",
    value: travel.stop?.instant ? `${travel.stop.instant.thread} ${travel.stop.instant.at}` : "",
    validateInput: (input) => (parsed(input) ? undefined : "a thread and a number, as in 0.1 1234"),
  });
  const instant = text === undefined ? undefined : parsed(text);
  if (instant) {
    await travel.session.customRequest("hark/gotoInstant", { instant });
  }
}

function parsed(text: string): Instant | undefined {
  const found = /^\s*([\d.]+)\s+(\d+)\s*$/.exec(text);
  return found ? { thread: found[1]!, at: Number(found[2]) } : undefined;
}

/** Goes on for real from where the session in front stands, in a new session. What was only looked at is closed. */
async function forkHere(travel: Travel): Promise<boolean> {
  const instant = await instantOf(travel);
  const { configuration } = travel.session;
  const timeline = await timelineOf(travel);
  const id = timeline?.session || configuration.session;
  const name = timeline?.lanes[0]?.function ?? configuration.function ?? "";
  const folder = configuration.cwd ?? travel.session.workspaceFolder?.uri.fsPath ?? "";
  const place = { ...local(folder), ...(configuration.store && { store: configuration.store }) };
  if (isReplay(travel.session)) {
    await vscode.debug.stopDebugging(travel.session); // before: what ends takes the selection of a frame along
  }
  return start(forked({ place, session: { id, function: name, status: "done" } }, instant), place);
}
