// The rows of the Sessions view, for the tests.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Node } from "../../src/sessions/nodes";
import { api, exitCode, open, until } from "./workspace";

type Of<K extends Node["kind"]> = Extract<Node, { kind: K }>;

/** The rows of the view, or those beneath one, of a kind. */
export async function rows<K extends Node["kind"]>(kind: K, beneath?: Node): Promise<Of<K>[]> {
  const { sessions } = await api();
  const all = await sessions.getChildren(beneath);
  return all.filter((node) => node.kind === kind) as Of<K>[];
}

/** Runs a function as a task, and is the session that it was, once the view shows it. */
export async function ran(file: string, name: string, args: unknown[], code: number): Promise<Of<"session">> {
  const document = await open(file);
  await vscode.commands.executeCommand("hark.sessions.focus"); // it looks at what happens while it is seen
  const before = new Set((await rows("session")).map(({ session }) => session.id));
  const target = { uri: document.uri.toString(), function: name, args };
  assert.equal(await exitCode(() => vscode.commands.executeCommand("hark.run", target)), code);
  return until("the session in the view", async () =>
    (await rows("session")).find(({ session }) => !before.has(session.id) && session.ended !== null),
  );
}

/** The rows of the lines that a session has printed, once there are so many. */
export async function printed(row: Of<"session">, count: number): Promise<Of<"line">[]> {
  let seen: unknown[] = [];
  const lines = async () => {
    seen = await labels(await (await api()).sessions.getChildren(row));
    const [output] = await rows("output", row);
    const all = output ? await rows("line", output) : [];
    return all.length === count && all;
  };
  return until("the lines", lines).catch((error) => assert.fail(`${error}; beneath the session: ${seen.join(", ")}`));
}

export async function item(node: Node): Promise<vscode.TreeItem> {
  const { sessions } = await api();
  return sessions.getTreeItem(node);
}

export async function labels(nodes: Node[]): Promise<unknown[]> {
  return Promise.all(nodes.map(async (node) => (await item(node)).label));
}
