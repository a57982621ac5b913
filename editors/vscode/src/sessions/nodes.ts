// What the Sessions view consists of, and how each looks: data in, tree items out.

import * as vscode from "vscode";
import type { Detail, Line, Problem, Session, Status, Thread } from "./listing";
import type { Place } from "./places";

/** A row of the view. Those of a session know it, and where it is. */
export type Node =
  | { kind: "place"; place: Place }
  | SessionNode
  | { kind: "end"; of: SessionNode; text: string; failed: boolean }
  | { kind: "output"; of: SessionNode; lines: Line[] }
  | { kind: "line"; of: SessionNode; line: Line }
  | ThreadNode
  | { kind: "more"; label: string; load: () => void }
  | { kind: "note"; label: string; detail?: string };

export type SessionNode = { kind: "session"; place: Place; session: Session };

export type ThreadNode = { kind: "thread"; of: SessionNode; thread: Thread; begun: Thread[] };

/** Beneath a thread that has started more than so many, they are shown when somebody wants to see them. */
const many = 20;

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

const icons: Record<Status | "returned", [icon: string, colour?: string]> = {
  running: ["play-circle", "charts.blue"],
  waiting: ["watch", "charts.yellow"],
  interrupted: ["debug-pause", "charts.yellow"],
  done: ["pass", "charts.green"],
  returned: ["pass", "charts.green"],
  failed: ["error", "charts.red"],
  cancelled: ["circle-slash"],
};

function icon(status: keyof typeof icons): vscode.ThemeIcon {
  const [name, colour] = icons[status];
  return new vscode.ThemeIcon(name, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

/** How a row looks. */
export function item(node: Node): vscode.TreeItem {
  switch (node.kind) {
    case "place":
      return { ...row(node.place.label, Expanded), contextValue: "place", iconPath: placeIcon(node.place) };
    case "session":
      return sessionItem(node);
    case "end":
      return endItem(node.text, node.failed);
    case "output":
      return {
        ...row("Output", Collapsed),
        description: lines(node.lines.length),
        iconPath: new vscode.ThemeIcon("output"),
      };
    case "line":
      return lineItem(node.of, node.line);
    case "thread":
      return threadItem(node);
    case "more":
      return {
        ...row(node.label, None),
        command: { command: "hark.sessions.more", title: node.label, arguments: [node] },
      };
    case "note":
      return {
        ...row(node.label, None),
        tooltip: node.detail ?? node.label,
        iconPath: new vscode.ThemeIcon("warning"),
      };
  }
}

function row(label: string, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  return new vscode.TreeItem(label, state);
}

function placeIcon(place: Place): vscode.ThemeIcon {
  return new vscode.ThemeIcon(place.store === "cloud" ? "cloud" : "folder");
}

function sessionItem({ place, session }: SessionNode): vscode.TreeItem {
  const started = new Date(session.started);
  const told = [
    session.status,
    duration(session.seconds),
    moment(started),
    session.fork && `fork of ${short(session.fork.session)}`,
  ];
  return {
    ...row(session.function, Collapsed),
    id: `${place.store} ${place.folder} ${session.id}`,
    description: told.filter((part) => part).join(" · "),
    iconPath: icon(session.status),
    tooltip: about(session, place),
    contextValue: `session.${session.status}.${place.store}`,
    accessibilityInformation: { label: `${session.function}, ${told.filter((part) => part).join(", ")}` },
  };
}

function about(session: Session, place: Place): vscode.MarkdownString {
  const rows: [string, string | undefined][] = [
    ["session", `\`${session.id}\``],
    ["status", session.status],
    ["started", new Date(session.started).toLocaleString()],
    ["took", duration(session.seconds)],
    ["fork of", session.fork ? `\`${session.fork.session}\` at ${session.fork.thread} ${session.fork.at}` : undefined],
    ["kept in", place.store === "cloud" ? `the table ${place.label}` : place.folder],
  ];
  const text = new vscode.MarkdownString(`**${session.function}**\n\n`);
  text.appendMarkdown(rows.flatMap(([name, value]) => (value ? [`- ${name}: ${value}`] : [])).join("\n"));
  return session.error ? text.appendCodeblock(told(session.error)) : text;
}

function told(problem: Problem): string {
  return `${problem.kind}: ${problem.message}`;
}

function endItem(text: string, failed: boolean): vscode.TreeItem {
  return {
    ...row(firstLine(text), None),
    tooltip: text,
    iconPath: icon(failed ? "failed" : "returned"),
    contextValue: "end",
  };
}

function lineItem(of: SessionNode, line: Line): vscode.TreeItem {
  return {
    ...row(line.text === "" ? " " : line.text, None),
    description: line.thread,
    tooltip: `${line.text}\n\nthread ${line.thread}: a click goes to the instant that printed it`,
    iconPath: new vscode.ThemeIcon(line.stream === "stderr" ? "warning" : "terminal"),
    contextValue: "line",
    command: { command: "hark.debugSession", title: "Go to the Instant", arguments: [{ kind: "line", of, line }] },
  };
}

function threadItem({ thread, begun }: ThreadNode): vscode.TreeItem {
  const end = thread.error ? told(thread.error) : (thread.result ?? "");
  const seconds = thread.ended.startsWith("0001")
    ? null
    : (Date.parse(thread.ended) - Date.parse(thread.started)) / 1000;
  return {
    ...row(
      `${thread.thread} ${thread.function}`,
      begun.length === 0 ? None : begun.length > many ? Collapsed : Expanded,
    ),
    description: [end && `${thread.error ? "" : "=> "}${firstLine(end)}`, duration(seconds)]
      .filter((part) => part)
      .join(" · "),
    tooltip: end || thread.status,
    iconPath: icon(thread.status),
    contextValue: `thread.${thread.status}`,
  };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!;
}

function lines(count: number): string {
  return count === 1 ? "1 line" : `${count} lines`;
}

/** A duration as people say it; nothing if there is none yet. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || seconds < 0) {
    return "";
  }
  if (seconds < 1) {
    return seconds < 0.001 ? `${Math.round(seconds * 1e6)} µs` : `${Math.round(seconds * 1000)} ms`;
  }
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A time of today, or a day and a time. */
function moment(when: Date): string {
  const today = when.toDateString() === new Date().toDateString();
  return today ? when.toLocaleTimeString() : when.toLocaleString();
}

/** The part of an ID that is enough for people to know it by. */
export function short(id: string): string {
  return id.slice(-6);
}

/** What is beneath a session: how it ended, what it printed, its threads, each beneath the one that started it. */
export function within(of: SessionNode, { begun, lines: printed }: Detail): Node[] {
  const nodes: Node[] = [];
  const roots = begun.get("") ?? [];
  if (of.session.error) {
    nodes.push({ kind: "end", of, text: told(of.session.error), failed: true });
  } else if (roots[0]?.result) {
    nodes.push({ kind: "end", of, text: `=> ${roots[0].result}`, failed: false });
  }
  if (printed.length > 0) {
    nodes.push({ kind: "output", of, lines: printed });
  }
  return [...nodes, ...roots.map((thread) => threadNode(of, thread, begun))];
}

export function threadNode(of: SessionNode, thread: Thread, begun: Detail["begun"]): ThreadNode {
  return { kind: "thread", of, thread, begun: begun.get(thread.thread) ?? [] };
}
