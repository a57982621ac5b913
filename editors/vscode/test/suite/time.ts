// Time travel: a program that goes back, a saved session that is opened, followed, forked; the timeline that moves along.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { calls } from "../../src/sessions/fork";
import { forked } from "../../src/sessions/open";
import type { FromPage } from "../../src/timeline/messages";
import { breakAt, debugged } from "./debugged";
import { item, printed, ran, rows } from "./rows";
import { api, open, until, uri } from "./workspace";

const launch = () => ({ type: "hark", request: "launch", name: "t", program: uri("service.hk").fsPath, args: [] });

const start = (configuration: vscode.DebugConfiguration) => () =>
  vscode.debug.startDebugging(vscode.workspace.workspaceFolders![0], configuration);

describe("going back in time", () => {
  it("steps back over, into and out of calls in a program that runs", async () => {
    const document = await open("service.hk");
    breakAt(document, 'print(line("south"');
    await debugged(start(launch()), async (session) => {
      const { threadId } = await session.stop();
      const { travels } = await api();
      await until("that it can go back", () => travels.active?.back);
      await session.selected(threadId);
      await session.after(() => vscode.commands.executeCommand("workbench.action.debug.stepBack"));
      assert.equal(await session.line(threadId), 'print(line("north", await north));');
      await session.after(() => session.request("next", { threadId }));
      await session.selected(threadId);
      await session.after(() => vscode.commands.executeCommand("hark.stepBackInto"));
      assert.match((await session.top(threadId)).name, /^grade/); // the last thing that the line before has done
      await session.selected(threadId);
      await session.after(() => vscode.commands.executeCommand("hark.stepBackOut"));
      assert.match((await session.top(threadId)).name, /^line/);
      await session.selected(threadId);
      await session.after(() => vscode.commands.executeCommand("hark.stepBackOut"));
      assert.equal(await session.line(threadId), 'print(line("north", await north));');
    });
  });

  it("goes from an await to what resolved it", async () => {
    const document = await open("service.hk");
    breakAt(document, 'print(line("south"');
    await debugged(start(launch()), async (session) => {
      const { threadId } = await session.stop();
      await session.selected(threadId);
      const stop = await session.after(() => vscode.commands.executeCommand("hark.goToCause"));
      assert.equal(stop.reason, "goto");
      assert.equal(stop.instant?.thread, "0.0");
      assert.match((await session.top(stop.threadId)).name, /^revenue/);
    });
  });

  it("shows behind each await what has become of the future", async () => {
    const document = await open("service.hk");
    breakAt(document, 'print(line("north"');
    await debugged(start(launch()), async (session) => {
      const { threadId } = await session.stop();
      await session.selected(threadId);
      const { futures } = await api();
      const notes = await until("the states", () => futures.notes.length === 3 && futures.notes);
      const shown = notes.map(({ line, text }) => `${document.lineAt(line).text.trim()} ${text}`);
      assert.match(shown[0]!, /await north\)\); ⟵ 0\.0 \w+/);
      assert.match(shown[2]!, /⟵ 0\.0 \w+.* · 0\.1 \w+/);
      await session.after(() => session.request("next", { threadId }));
      await until("its value", () => futures.notes[0]?.text.endsWith("2100"));
    });
  });
});

describe("a saved session", () => {
  it("is opened from its row, goes back to a breakpoint, and to the line that printed a line", async () => {
    const row = await ran("service.hk", "main", [], 0);
    const document = await open("service.hk");
    breakAt(document, "rows = read_sales(shop)");
    await debugged(
      () => vscode.commands.executeCommand("hark.debugSession", row),
      async (session) => {
        const first = await session.stop();
        await session.selected(first.threadId);
        const lines = await printed(row, 2);
        const { instant } = lines[1]!.line;
        const there = await session.after(() => vscode.commands.executeCommand("hark.goToInstant", instant));
        assert.deepEqual(there.instant, instant);
        assert.equal(await session.line(there.threadId), 'print(line("south", await south));');
        await session.selected(there.threadId);
        await session.after(() => vscode.commands.executeCommand("workbench.action.debug.reverseContinue"));
        assert.equal(session.ended, false);
      },
    );
  });

  it("is opened at the instant of a line of its output", async () => {
    const row = await ran("service.hk", "main", [], 0);
    const [line] = await printed(row, 2);
    await debugged(
      () => vscode.commands.executeCommand("hark.debugSession", line),
      async (session) => {
        const stop = await until("the instant", () =>
          session.stops.find(({ instant }) => JSON.stringify(instant) === JSON.stringify(line!.line.instant)),
        );
        assert.equal(await session.line(stop.threadId), 'print(line("north", await north));');
      },
    );
  });

  it("goes on for real as a new session, with another answer", async () => {
    const row = await ran("service.hk", "main", [], 0);
    const { sessions } = await api();
    const { threads } = await sessions.detail(row);
    const north = threads.find(({ thread }) => thread === "0.0");
    const [call] = calls(north!);
    const answers = [{ thread: "0.0", slot: 0, value: [["apples", 1, 5]] }];
    await debugged(start(forked(row, call!.after, answers)), async (session) => {
      const { threadId } = await session.stop();
      await session.request("continue", { threadId });
      await until("the end", () => session.ended);
      assert.match(session.output.join(""), /north: 5 \(poor\)\n/);
      assert.match(session.output.join(""), /=> 1195/);
    });
    const listed = await until("the fork in the view", async () => {
      const [latest] = await rows("session");
      return latest!.session.fork?.session === row.session.id && latest!.session.status === "done" && latest;
    });
    assert.match(String((await item(listed)).description), /fork of/);
  });
});

describe("the timeline", () => {
  it("shows the threads of a session, and where the debugger stands", async () => {
    const row = await ran("service.hk", "main", [], 0);
    const { timeline } = await api();
    const told: FromPage[] = [];
    const watch = timeline.onDidTell((message) => told.push(message));
    const drawn = () => told.findLast((message) => message.kind === "drawn");
    try {
      await debugged(
        () => vscode.commands.executeCommand("hark.debugSession", row),
        async (session) => {
          const { threadId } = await session.stop();
          await session.selected(threadId);
          await vscode.commands.executeCommand("hark.timeline.focus");
          const end = await until("the picture", () => drawn()?.cursor && drawn());
          assert.equal(end.lanes, 3);
          assert.ok(end.boxes >= 9, `${end.boxes} boxes`);
          const instant = { thread: "0.0", at: 0 };
          await session.after(() => vscode.commands.executeCommand("hark.goToInstant", instant));
          await until("that the cursor has moved", () => {
            const now = drawn()?.cursor;
            return typeof now === "number" && now < end.cursor!;
          });
        },
      );
    } finally {
      watch.dispose();
    }
  });
});
