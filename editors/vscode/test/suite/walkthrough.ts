// The walkthrough of the welcome page: what it names is there, and its links do what they say.

import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { api, apply, diagnostics, exitCode, open, until } from "./workspace";

type Step = { id: string; description: string; media: { markdown: string }; completionEvents?: string[] };

function extension(): vscode.Extension<unknown> {
  return vscode.extensions.getExtension("hark-lang.hark")!;
}

function steps(): Step[] {
  return extension().packageJSON.contributes.walkthroughs.flatMap(
    (walkthrough: { steps: Step[] }) => walkthrough.steps,
  );
}

/** The commands that a step's links name, with their arguments. */
function links({ description }: Step): [command: string, args: unknown[]][] {
  return [...description.matchAll(/\]\(command:([^)?]+)(?:\?([^)]+))?\)/g)].map(([, command, query]) => {
    const args: unknown = query === undefined ? [] : JSON.parse(decodeURIComponent(query));
    return [command!, Array.isArray(args) ? args : [args]];
  });
}

/** Does what a click on the link of a step does. */
async function follow(id: string): Promise<void> {
  const [command, args] = links(steps().find((step) => step.id === id)!)[0]!;
  await vscode.commands.executeCommand(command, ...args);
}

describe("the walkthrough", () => {
  it("names commands, settings and pages that are there", async () => {
    const commands = new Set(await vscode.commands.getCommands(true));
    const settings = Object.keys(extension().packageJSON.contributes.configuration.properties);
    const known: Record<string, (name: string) => boolean> = {
      onCommand: (name) => commands.has(name),
      onSettingChanged: (name) => settings.includes(name),
      onView: (name) => commands.has(`${name}.focus`),
    };
    assert.deepEqual(
      steps().map((step) => step.id),
      ["write", "check", "run", "back", "install"],
    );
    for (const step of steps()) {
      assert.ok(readFileSync(join(extension().extensionPath, step.media.markdown), "utf8").length > 100, step.id);
      const used = links(step).map(([command]) => command);
      assert.ok(used.length > 0, `${step.id} has no link`);
      assert.deepEqual(
        used.filter((command) => !commands.has(command)),
        [],
      );
      for (const event of step.completionEvents ?? []) {
        const [kind, name] = event.split(":") as [string, string];
        assert.ok(known[kind]?.(name), `${step.id} waits for ${event}`);
      }
    }
  });

  it("begins with a new Hark file, in which its code is looked at", async () => {
    await follow("write");
    const editor = await until("a new file", () => {
      const { activeTextEditor } = vscode.window;
      return activeTextEditor?.document.isUntitled && activeTextEditor;
    });
    assert.equal(editor.document.languageId, "hark");
    const page = readFileSync(join(extension().extensionPath, "walkthrough/check.md"), "utf8");
    const code = /```hark\n([^`]+)```/.exec(page)![1]!;
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), code));
    const found = await diagnostics(editor.document, "the code of the page", (codes) => codes.join() === "HK0405");
    assert.equal(editor.document.getText(found[0]!.range), "total");
    await apply(editor.document, found[0]!.range, /await/, "quickfix");
    await diagnostics(editor.document, "the code of the page with await", (codes) => codes.length === 0);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("shows the health and the setting", async () => {
    await api();
    await follow("check");
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? "", /^# Hark: health/);
    await follow("install");
    await until("the settings", () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === "Settings");
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });

  it("runs the file in front, and says so when there is none", async () => {
    await open("service.hk"); // as it is on the disk
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await follow("run");
    assert.equal(vscode.tasks.taskExecutions.length, 0);
    await open("service.hk");
    assert.equal(await exitCode(() => follow("run")), 0);
  });
});
