// The Sessions view: the sessions of all places, the latest first, each with what is known of it beneath.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { message } from "../ask";
import type { Server } from "../server";
import { type Detail, detail, type Filter, over, page, pageSize, type Session } from "./listing";
import { item, type Node, type SessionNode, type ThreadNode, threadNode, within } from "./nodes";
import { type Place, places } from "./places";

/** So many rows are shown beneath another one until more are asked for. */
const rows = 200;

/** Changes that come so soon after each other are looked at together, in milliseconds. */
const together = 300;

/** What is known of a place: as much of the list as was asked for. */
type Known = { place: Place; sessions: Session[]; next: string | null; failed?: string; loaded: Promise<void> };

export class Sessions implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly view: vscode.TreeView<Node>;
  readonly #disposables: vscode.Disposable[] = [this.#changed];
  #known = new Map<string, Known>();
  /** How much of each list was loaded when it was forgotten. */
  #counts = new Map<string, number>();
  #details = new Map<string, Promise<Detail>>();
  /** How many rows are shown beneath a session's output or a thread. */
  #shown = new Map<string, number>();
  #filter: Filter = {};
  #stamp = "";
  #timer: NodeJS.Timeout | undefined;
  #stale = true;

  constructor(private readonly server: Server) {
    this.view = vscode.window.createTreeView("hark.sessions", { treeDataProvider: this, showCollapseAll: true });
    const files = vscode.workspace.createFileSystemWatcher("**/.hark/sessions.db*");
    const soon = () => this.#soon();
    const changed = () => {
      this.#stale = true;
      soon();
    };
    this.#disposables.push(
      this.view,
      files,
      files.onDidChange(soon),
      files.onDidCreate(soon),
      files.onDidDelete(soon),
      this.view.onDidChangeVisibility(() => this.#stale && soon()),
      vscode.debug.onDidTerminateDebugSession(({ type }) => type === "hark" && changed()),
      vscode.tasks.onDidEndTask(({ execution }) => execution.task.definition.type === "hark" && changed()),
      vscode.workspace.onDidChangeConfiguration(
        (change) => change.affectsConfiguration("hark.sessions") && this.refresh(),
      ),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
      server.onDidChange(({ kind }) => kind === "running" && this.refresh()),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  get filter(): Filter {
    return this.#filter;
  }

  /** Shows only some sessions. */
  show(filter: Filter): void {
    this.#filter = filter;
    const parts = [filter.status, filter.function && `function ${filter.function}`].filter((part) => part);
    this.view.description = parts.join(", ");
    void vscode.commands.executeCommand("setContext", "hark.sessions.filtered", parts.length > 0);
    this.refresh();
  }

  /** Looks again at everything. */
  refresh(): void {
    this.#known.clear();
    this.#counts.clear();
    this.#details.clear();
    this.#stale = false;
    this.#changed.fire(undefined);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return item(node);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    switch (node?.kind) {
      case undefined:
        return this.#roots();
      case "place":
        return this.#sessions(await this.#list(node.place));
      case "session":
        return this.#within(node);
      case "output":
        return this.#some(`${key(node.of)} output`, node, node.lines, (line) => ({ kind: "line", of: node.of, line }));
      case "thread":
        return this.#begun(node);
      default:
        return [];
    }
  }

  async #roots(): Promise<Node[]> {
    const all = await places();
    this.#stamp = await stamp(all);
    const known = await Promise.all(all.map((place) => this.#list(place)));
    const used = known.filter(({ sessions, failed }) => sessions.length > 0 || failed !== undefined);
    if (used.length === 1 && used[0]!.place.store === "local") {
      return this.#sessions(used[0]!);
    }
    return used.map(({ place }) => ({ kind: "place", place }));
  }

  async #list(place: Place): Promise<Known> {
    const name = place.flags.join(" ");
    let known = this.#known.get(name);
    if (known === undefined) {
      known = { place, sessions: [], next: null, loaded: Promise.resolve() };
      this.#known.set(name, known); // at once: who asks meanwhile waits for the same answer, and a refresh forgets it
      known.loaded = this.#load(known, Math.max(pageSize, this.#counts.get(name) ?? 0));
    }
    await known.loaded;
    return known;
  }

  async #load(known: Known, limit: number, before?: string): Promise<void> {
    try {
      const { sessions, next } = await page(this.server, known.place, this.#filter, limit, before);
      known.sessions.push(...sessions);
      known.next = next;
    } catch (error) {
      known.failed = message(error);
    }
  }

  #sessions(known: Known): Node[] {
    const nodes: Node[] = known.sessions.map((session) => ({ kind: "session", place: known.place, session }));
    if (known.failed !== undefined) {
      nodes.push({ kind: "note", label: known.failed.split("\n", 1)[0]!, detail: known.failed });
    }
    if (known.next !== null) {
      nodes.push({ kind: "more", label: "Load more…", load: () => void this.#more(known) });
    }
    return nodes;
  }

  async #more(known: Known): Promise<void> {
    await this.#load(known, pageSize, known.next ?? undefined);
    this.#changed.fire(undefined);
  }

  async #within(node: SessionNode): Promise<Node[]> {
    try {
      return within(node, await this.detail(node));
    } catch (error) {
      return [{ kind: "note", label: message(error).split("\n", 1)[0]!, detail: message(error) }];
    }
  }

  /** The threads and the lines of a session. */
  detail({ place, session }: SessionNode): Promise<Detail> {
    const found = this.#details.get(session.id) ?? detail(this.server, place, session.id);
    this.#details.set(session.id, found);
    found.catch(() => this.#details.delete(session.id));
    return found;
  }

  async #begun(node: ThreadNode): Promise<Node[]> {
    const { begun } = await this.detail(node.of);
    const name = `${key(node.of)} ${node.thread.thread}`;
    return this.#some(name, node, node.begun, (thread) => threadNode(node.of, thread, begun));
  }

  /** The first rows of many, and one to see more of them. */
  #some<T>(name: string, parent: Node, all: T[], node: (one: T) => Node): Node[] {
    const shown = this.#shown.get(name) ?? rows;
    const nodes = all.slice(0, shown).map(node);
    if (all.length > shown) {
      const load = () => {
        this.#shown.set(name, shown + 5 * rows);
        this.#changed.fire(parent);
      };
      nodes.push({ kind: "more", label: `Show more… (${all.length - shown} left)`, load });
    }
    return nodes;
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#look();
    }, together);
  }

  /** Looks whether something was stored since the last time: reading makes and removes files too, which is no change. */
  async #look(): Promise<void> {
    if (!this.view.visible) {
      this.#stale = true;
      return;
    }
    const now = await stamp(await places());
    if (now !== this.#stamp || this.#stale) {
      this.#forget();
    }
  }

  /** Forgets what may have changed: the lists, and what is in sessions that go on. */
  #forget(): void {
    for (const { sessions } of this.#known.values()) {
      for (const { id, status } of sessions) {
        if (!over(status)) {
          this.#details.delete(id);
        }
      }
    }
    this.#counts = new Map([...this.#known].map(([name, { sessions }]) => [name, sessions.length]));
    this.#known.clear();
    this.#stale = false;
    this.#changed.fire(undefined);
  }
}

function key({ place, session }: SessionNode): string {
  return `${place.store} ${place.folder} ${session.id}`;
}

/** Says of files whether they are still as they were: when they were written, and how much is in them. */
async function stamp(all: Place[]): Promise<string> {
  const files = all.flatMap(({ store, folder }) =>
    store === "local" ? ["sessions.db", "sessions.db-wal"].map((name) => join(folder, ".hark", name)) : [],
  );
  const stats = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return stats.map((found) => (found && found.size > 0 ? `${found.mtimeMs} ${found.size}` : "")).join(",");
}
