// The Sessions view: what is listed, what is beneath, and what can be done with it.

import * as assert from "node:assert/strict";
import { rmSync } from "node:fs";
import * as vscode from "vscode";
import { item, labels, ran, rows } from "./rows";
import { api, exitCode, until, uri } from "./workspace";

describe("the sessions view", () => {
  before(async () => {
    await api();
    await vscode.commands.executeCommand("hark.sessions.focus");
    rmSync(uri(".hark").fsPath, { recursive: true, force: true });
    await vscode.commands.executeCommand("hark.sessions.refresh");
  });

  it("shows a run when it has ended, with its result, its output, and its threads beneath each other", async () => {
    const row = await ran("service.hk", "main", [], 0);
    const shown = await item(row);
    assert.equal(shown.label, "main");
    assert.match(String(shown.description), /^done · \d+(\.\d+)? m?s · /);
    assert.equal(shown.contextValue, "session.done.local");
    const [end] = await rows("end", row);
    assert.equal((await item(end!)).label, "=> 3290");
    const [output] = await rows("output", row);
    const lines = await rows("line", output);
    assert.deepEqual(await labels(lines), ["north: 2100 (good)", "south: 1190 (fair)"]);
    assert.equal(lines[0]!.line.instant.thread, "0");
    assert.ok(lines[1]!.line.instant.at > lines[0]!.line.instant.at);
    const [root] = await rows("thread", row);
    assert.equal((await item(root!)).label, "0 main");
    const begun = await rows("thread", root);
    assert.deepEqual(await labels(begun), ["0.0 revenue", "0.1 revenue"]);
    assert.match(String((await item(begun[0]!)).description), /^=> 2100 · /);
  });

  it("shows why a session failed, and offers to retry it", async () => {
    const row = await ran("running.hk", "add", [1, "x"], 1);
    const shown = await item(row);
    assert.equal(shown.contextValue, "session.failed.local");
    const [end] = await rows("end", row);
    assert.match(String((await item(end!)).label), /^Type: /);
    const count = (await rows("session")).length;
    assert.equal(await exitCode(() => vscode.commands.executeCommand("hark.retrySession", row)), 1); // it fails again
    await until("the new session", async () => (await rows("session")).length === count + 1);
  });

  it("shows only what is asked for", async () => {
    const { sessions } = await api();
    sessions.show({ status: "failed" });
    const failed = await until("the failed ones", async () => {
      const found = await rows("session");
      return found.length > 0 && found.every(({ session }) => session.status === "failed") && found;
    });
    assert.equal(sessions.view.description, "failed");
    sessions.show({ function: "main" });
    assert.ok((await rows("session")).every(({ session }) => session.function === "main"));
    await vscode.commands.executeCommand("hark.sessions.clearFilter");
    assert.ok((await rows("session")).length > failed.length);
  });

  it("shows what a session has printed as a document whose lines lead to their instants", async () => {
    const row = (await rows("session")).find(({ session }) => session.function === "main");
    await vscode.commands.executeCommand("hark.showSessionOutput", row);
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.getText(), "north: 2100 (good)\nsouth: 1190 (fair)\n");
    const links: vscode.DocumentLink[] = await vscode.commands.executeCommand(
      "vscode.executeLinkProvider",
      document.uri,
    );
    assert.equal(links.length, 2);
    const [wanted] = JSON.parse(links[1]!.target!.query) as [{ session: string; instant: { thread: string } }];
    assert.equal(wanted.session, row!.session.id);
    assert.equal(wanted.instant.thread, "0");
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });

  it("lets one choose a session where a configuration leaves it open", async () => {
    const [latest] = await rows("session");
    const chosen = vscode.commands.executeCommand("hark.pickSession");
    await until("the choice", async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return Promise.race([chosen, new Promise((resolve) => setTimeout(resolve, 100))]);
    });
    assert.equal(await chosen, latest!.session.id);
  });
});

describe("what the extension declares", () => {
  it("has a command behind each entry of a menu and each key, with an icon where only that is shown", async () => {
    const { contributes } = vscode.extensions.getExtension("hark-lang.hark")!.packageJSON;
    const declared = new Map<string, { icon?: unknown }>(
      contributes.commands.map((command: { command: string }) => [command.command, command]),
    );
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      [...declared.keys()].filter((name) => !registered.has(name)),
      [],
    );
    type Entry = { command: string; group?: string };
    for (const [menu, entries] of Object.entries(contributes.menus as Record<string, Entry[]>)) {
      for (const { command, group } of entries) {
        assert.ok(declared.has(command), `${menu} has ${command}`);
        const bare = /^(inline|navigation)/.test(group ?? "");
        assert.ok(!bare || declared.get(command)?.icon, `${menu} shows ${command} without an icon`);
      }
    }
    for (const { command } of contributes.keybindings as Entry[]) {
      assert.ok(registered.has(command), `a key for ${command}`);
    }
  });
});
