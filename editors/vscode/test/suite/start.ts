// Starting, restarting, not finding: the extension around the server.

import * as assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { api, diagnostics, having, open, until, uri } from "./workspace";

/** Whether a document is the output of a name. */
function shows({ scheme, path }: vscode.Uri, name: string): boolean {
  return scheme === "output" && path.includes(name);
}

describe("the extension", () => {
  it("starts the server that it brings when a Hark file is opened", async () => {
    const document = await open("service.hk");
    assert.equal(document.languageId, "hark");
    const { server } = await api();
    const state = await until("a server that runs", () => server.state.kind === "running" && server.state);
    assert.equal(state.binary.from, "bundled");
  });

  it("restarts the server", async () => {
    const { server } = await api();
    const before = server.client;
    await vscode.commands.executeCommand("hark.restartServer");
    await until("a server that runs", () => server.state.kind === "running");
    assert.notEqual(server.client, before);
    const document = await open("service.hk");
    await diagnostics(document, "a file without problems", (codes) => codes.length === 0);
  });

  it("reports on its health", async () => {
    await open("service.hk");
    const report = await vscode.commands.executeCommand<string>("hark.checkHealth");
    assert.match(report, /hark-ls: .*bin.hark-ls.* \(came with the extension\)/);
    assert.match(report, /version: ✓/);
    assert.match(report, /state: ✓ runs/);
    assert.match(report, /root: .*pipeline \(by its hark.toml\)/);
    assert.match(report, /Python: ✓ 3\./);
    assert.equal(vscode.window.activeTextEditor?.document.getText(), report);
  });

  it("shows what the server writes", async () => {
    await open("service.hk");
    await vscode.commands.executeCommand("hark.showOutput");
    await until("the output", () =>
      vscode.window.visibleTextEditors.some(({ document: { uri } }) => shows(uri, "Hark")),
    );
  });

  it("says so when the binary is missing, and comes back", async () => {
    const { server } = await api();
    await having("hark.server.path", "/nowhere/hark-ls", async () => {
      const state = await until("the answer", () => server.state.kind === "missing" && server.state);
      assert.match(state.reason, /\/nowhere\/hark-ls/);
      const report = await vscode.commands.executeCommand<string>("hark.checkHealth");
      assert.match(report, /✗ was not found: the setting hark.server.path names \/nowhere\/hark-ls/);
    });
    await until("a server that runs again", () => server.state.kind === "running");
  });

  it("says so when the binary is too old", async () => {
    const { server } = await api();
    const old = uri("old-hark-ls").fsPath;
    writeFileSync(old, '#!/bin/sh\necho \'{"version":"v0.0.1","semantics":1}\'\n', { mode: 0o755 });
    await having("hark.server.path", old, async () => {
      const state = await until("the answer", () => server.state.kind === "outdated" && server.state);
      assert.match(state.reason, /version v0.0.1/);
    });
    await until("a server that runs again", () => server.state.kind === "running");
  });

  it("restarts a server that falls, and gives up when it falls again and again", async () => {
    const { server } = await api();
    const falling = uri("falling-hark-ls").fsPath;
    writeFileSync(falling, '#!/bin/sh\n[ "$1" = lsp ] && exit 1\necho \'{"version":"v9","editors":9}\'\n', {
      mode: 0o755,
    });
    await having("hark.server.path", falling, async () => {
      await until("the server is given up", () => server.state.kind === "failed");
    });
    await until("a server that runs again", () => server.state.kind === "running");
  });
});
