// Stepping from Hark into Python and back, with the real debugpy ($HARK_DEBUGPY is an interpreter that has it).

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { breakAt, debugged } from "./debugged";
import { open, uri } from "./workspace";

type Stack = { stackFrames: { line: number; name: string; source: { path: string } }[] };

const launch = () => ({
  type: "hark",
  request: "launch",
  name: "t",
  program: uri("service.hk").fsPath,
  function: "revenue",
  args: ["north"],
  python: process.env.HARK_DEBUGPY,
});

describe("stepping into Python", () => {
  it("goes on in a session of the Python debugger, and comes back behind the call", async () => {
    const document = await open("service.hk");
    const sales = await open("src/sales.py");
    breakAt(document, "rows = read_sales(shop)");
    const start = () => vscode.debug.startDebugging(vscode.workspace.workspaceFolders![0], launch());
    await debugged(start, async (session) => {
      const { threadId } = await session.stop();
      const python = await session.after(() => session.request("stepIn", { threadId }));
      assert.equal(python.session.parentSession?.id, session.session.id, session.output.join(""));
      const { stackFrames } = (await python.session.customRequest("stackTrace", {
        threadId: python.threadId,
      })) as Stack;
      assert.equal(stackFrames[0]!.name, "read_sales");
      assert.equal(sales.lineAt(stackFrames[0]!.line - 1).text.trim(), "return SALES[shop]");
      const back = await session.after(() => python.session.customRequest("next", { threadId: python.threadId }));
      assert.equal(back.session.id, session.session.id);
      assert.equal(await session.line(threadId), "round(total(rows))");
    });
  });

  it("stops at breakpoints in Python once its debugger is there", async () => {
    const document = await open("service.hk");
    const sales = await open("src/sales.py");
    breakAt(document, "rows = read_sales(shop)");
    breakAt(sales, "return sum(");
    const start = () => vscode.debug.startDebugging(vscode.workspace.workspaceFolders![0], launch());
    await debugged(start, async (session) => {
      const { threadId } = await session.stop();
      const python = await session.after(() => session.request("stepIn", { threadId }));
      await session.after(() => python.session.customRequest("continue", { threadId: python.threadId }));
      const there = await session.after(() => session.request("next", { threadId }));
      assert.equal(there.session.id, python.session.id);
      assert.equal(there.reason, "breakpoint");
      await session.after(() => python.session.customRequest("continue", { threadId: there.threadId }));
    });
  });
});
