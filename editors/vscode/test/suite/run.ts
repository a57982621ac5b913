// Running and debugging, as the code lenses and F5 do it.

import * as assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import * as vscode from "vscode";
import { at, change, exitCode, open, until, uri } from "./workspace";

type Stack = { stackFrames: { name: string; line: number; id: number }[] };

/** Starts a session by an action and waits until it stops; then acts on it, lets it go on, and waits for its end. */
async function stopped(
  start: () => Thenable<unknown>,
  act: (session: vscode.DebugSession, thread: number) => Promise<void>,
) {
  const stops: { session: vscode.DebugSession; thread: number }[] = [];
  let ended = 0;
  const watch = vscode.Disposable.from(
    vscode.debug.onDidTerminateDebugSession(() => ended++),
    vscode.debug.registerDebugAdapterTrackerFactory("hark", {
      createDebugAdapterTracker: (session) => ({
        onDidSendMessage: (message: { event?: string; body?: { threadId: number } }) => {
          if (message.event === "stopped" && message.body) {
            stops.push({ session, thread: message.body.threadId });
          }
        },
      }),
    }),
  );
  try {
    assert.ok(await start(), "no session is started");
    const { session, thread } = await until("a stop", () => stops[0]);
    await act(session, thread);
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await session.customRequest("continue", { threadId: thread });
    await until("the end", () => ended);
  } finally {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    watch.dispose();
    await vscode.debug.stopDebugging();
  }
}

function breakAt(document: vscode.TextDocument, text: string): number {
  const position = at(document, text);
  vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(document.uri, position))]);
  return position.line + 1;
}

/** The variables of a frame, by name, without those that are read only when somebody opens them. */
async function variables(session: vscode.DebugSession, frame: number): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const { scopes } = await session.customRequest("scopes", { frameId: frame });
  for (const { expensive, variablesReference } of scopes) {
    if (expensive) {
      continue;
    }
    const answer = await session.customRequest("variables", { variablesReference });
    for (const { name, value } of answer.variables as { name: string; value: string }[]) {
      found[name] = value;
    }
  }
  return found;
}

describe("running", () => {
  it("runs a function of a file in the terminal", async () => {
    const document = await open("running.hk");
    rmSync(uri("ran").fsPath, { force: true });
    const target = { uri: document.uri.toString(), function: "note", args: ["it ran"] };
    assert.equal(await exitCode(() => vscode.commands.executeCommand("hark.run", target)), 0);
    assert.equal(readFileSync(uri("ran").fsPath, "utf8"), "it ran");
  });

  it("shows what a task finds among the problems", async () => {
    const document = await open("running.hk");
    await change(document, "note_down(text)", "note_down(txet)");
    await document.save();
    try {
      const tasks = await vscode.tasks.fetchTasks({ type: "hark" });
      const check = tasks.find((task) => task.definition.command === "check");
      assert.equal(await exitCode(() => vscode.tasks.executeTask(check!)), 1);
      await until("a problem", () => {
        const found = vscode.languages.getDiagnostics(document.uri);
        return found.some((one) => one.source === "hark" && one.message.includes("txet")) && found.length > 1;
      });
    } finally {
      await change(document, "txet", "text");
      await document.save();
    }
  });

  it("stops at a breakpoint, with values, when debugging begins without a launch.json", async () => {
    const document = await open("service.hk");
    const line = breakAt(document, "round(total(rows))");
    const start = () => vscode.commands.executeCommand("workbench.action.debug.start").then(() => true);
    await stopped(start, async (session, thread) => {
      const { stackFrames }: Stack = await session.customRequest("stackTrace", { threadId: thread });
      assert.equal(stackFrames[0]?.line, line);
      assert.match(stackFrames[0]?.name ?? "", /^revenue/);
      const values = await variables(session, stackFrames[0]!.id);
      assert.match(values.shop ?? "", /north|south/);
      assert.match(values.rows ?? "", /apples/);
      const shown: vscode.InlineValueText[] = await vscode.commands.executeCommand(
        "vscode.executeInlineValueProvider",
        document.uri,
        new vscode.Range(0, 0, line, 0),
        { frameId: stackFrames[0]!.id, stoppedLocation: new vscode.Range(line - 1, 0, line - 1, 0) },
      );
      const named = shown.map((value) => document.getText(value.range));
      assert.ok(named.includes("shop") && named.includes("rows"), `${named}`);
    });
  });

  it("debugs the function of a code lens with its arguments", async () => {
    const document = await open("running.hk");
    const line = breakAt(document, "a + b");
    const target = { uri: document.uri.toString(), function: "add", args: [20, 22] };
    await stopped(
      () => vscode.commands.executeCommand("hark.debug", target),
      async (session, thread) => {
        const { stackFrames }: Stack = await session.customRequest("stackTrace", { threadId: thread });
        assert.equal(stackFrames[0]?.line, line);
        assert.deepEqual(await variables(session, stackFrames[0]!.id), { a: "20", b: "22" });
        const answer = await session.customRequest("evaluate", { expression: "a + b", frameId: stackFrames[0]!.id });
        assert.equal(answer.result, "42");
      },
    );
  });

  it("stops on entry when a configuration says so", async () => {
    const document = await open("running.hk");
    const configuration = { type: "hark", request: "launch", name: "t", program: document.uri.fsPath, function: "add" };
    const start = () => vscode.debug.startDebugging(undefined, { ...configuration, args: [1, 2], stopOnEntry: true });
    await stopped(start, async (session, thread) => {
      const { stackFrames }: Stack = await session.customRequest("stackTrace", { threadId: thread });
      assert.match(stackFrames[0]?.name ?? "", /^add/);
    });
  });

  it("tells of an error in a configuration instead of waiting", async () => {
    const configuration = { type: "hark", request: "launch", name: "t", program: uri("nosuch.hk").fsPath, args: [] };
    assert.equal(existsSync(configuration.program), false);
    const started = vscode.debug.startDebugging(undefined, configuration); // the editor refuses dialogs while it is tested
    await assert.rejects(async () => started, /read the program: open .*nosuch.hk/);
  });
});
