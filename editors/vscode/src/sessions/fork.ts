// Forks: a session that was, up to an instant of it, and from there on a new one that runs for real.

import * as vscode from "vscode";
import { message } from "../ask";
import type { Instant } from "../travel/instant";
import type { Detail, Span, Thread } from "./listing";
import { duration, type Node } from "./nodes";
import { type Answer, forked, type Known, sessionOf, start } from "./open";

type Place = vscode.QuickPickItem & { instant: Instant };
type Call = vscode.QuickPickItem & { span: Span; after: Instant };

/** Forks from where a row of the Sessions view stands: a line, a thread, or the first thread of a session. */
export async function forkFrom(node: Node, detail: (known: Known) => Promise<Detail>): Promise<boolean> {
  const known = sessionOf(node);
  if (known === undefined) {
    return false;
  }
  if (known.line) {
    return start(forked(known, known.line.instant), known.place);
  }
  const thread = await threadOf(node, known, detail);
  const at = thread && (await choosePlace(thread));
  return at ? start(forked(known, at), known.place) : false;
}

/** Forks behind a Python call that gives another answer than it gave. */
export async function forkWithAnswer(node: Node, detail: (known: Known) => Promise<Detail>): Promise<boolean> {
  const known = sessionOf(node);
  const thread = known && (await threadOf(node, known, detail));
  const call = thread && (await chooseCall(thread));
  const value = call && (await chooseValue(call.span));
  if (value === undefined) {
    return false;
  }
  const answers: Answer[] = [{ thread: thread!.thread, slot: call!.span.slot ?? 0, value: value.value }];
  return start(forked(known!, call!.after, answers), known!.place);
}

async function threadOf(
  node: Node,
  known: Known,
  detail: (known: Known) => Promise<Detail>,
): Promise<Thread | undefined> {
  if (node.kind === "thread") {
    return node.thread;
  }
  const { threads } = await detail(known);
  return threads.find(({ status }) => status === "failed") ?? threads[0];
}

async function choosePlace(thread: Thread): Promise<Instant | undefined> {
  const places = (thread.spans ?? []).flatMap((span): Place[] =>
    span.instant ? [{ label: sign(span), description: tookBy(span), instant: span.instant }] : [],
  );
  const [start, ...others] = places;
  const first = {
    label: "$(debug-start) the first instruction",
    description: "",
    instant: { thread: thread.thread, at: 0 },
  };
  const all = start?.instant.at === 0 ? [first, ...others] : [first, ...places];
  const title = `From where is thread ${thread.thread} to go on for real?`;
  return (await vscode.window.showQuickPick(all.reverse(), { title, matchOnDescription: true }))?.instant;
}

function sign(span: Span): string {
  const signs = {
    run: "$(play) runs on",
    call: "$(symbol-method)",
    wait: "$(watch) waits for",
    sleep: "$(clock) sleeps",
  };
  return [signs[span.kind], span.name, span.failed && "(failed)"].filter((part) => part).join(" ");
}

function tookBy(span: Span): string {
  return duration((Date.parse(span.to) - Date.parse(span.from)) / 1000);
}

async function chooseCall(thread: Thread): Promise<Call | undefined> {
  const choices = calls(thread).map(({ span, after }) => ({
    label: sign(span),
    description: tookBy(span),
    span,
    after,
  }));
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(
      `Hark: thread ${thread.thread} has no answer of a Python call to change.`,
    );
    return undefined;
  }
  return vscode.window.showQuickPick<Call>(choices, { title: "Which call is to give another answer?" });
}

/** The Python calls that a thread has an answer of, each with the instant at which it has. */
export function calls({ spans }: Thread): { span: Span; after: Instant }[] {
  return (spans ?? []).flatMap((span, i) => {
    const after = spans?.[i + 1]?.instant;
    return span.kind === "call" && after ? [{ span, after }] : [];
  });
}

async function chooseValue(span: Span): Promise<{ value: unknown } | undefined> {
  const answer = await vscode.window.showInputBox({
    title: `What ${span.name} is to give instead`,
    prompt: "A JSON value",
    placeHolder: '[["apples", 120, 9.5]]',
    ignoreFocusOut: true,
    validateInput: (text) => parsed(text).complaint,
  });
  return answer === undefined ? undefined : parsed(answer);
}

function parsed(text: string): { value: unknown; complaint?: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { value: undefined, complaint: message(error) };
  }
}
