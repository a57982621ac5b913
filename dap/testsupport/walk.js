// The walk that every client should be able to make, with the client that adapters are tested with.
const { DebugClient } = require("@vscode/debugadapter-testsupport");
const { test } = require("node:test");
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const cwd = process.env.PROJECT;
const program = path.join(cwd, "main.hk");
fs.writeFileSync(
  program,
  `fn add(a, b) {
  c = a + b;
  print(c);
  c
}

fn main(who) {
  print(who);
  x = add(1, 2);
  later = async add(x, 10);
  y = await later;
  print("end");
  x + y
}
`,
);

// client is one with an adapter of its own, which has to be gone at the end.
function walk(name, steps) {
  test(name, async () => {
    const client = new DebugClient("hark-ls", "dap", "hark", {}, true);
    await client.start();
    try {
      await steps(client);
    } finally {
      await client.stop();
    }
  });
}

// stopsAt does something and waits for the stop that follows it.
async function stopsAt(client, reason, line, act) {
  const [stopped] = await Promise.all([client.waitForEvent("stopped"), act()]);
  assert.equal(stopped.body.reason, reason, stopped.body.text);
  const stack = await client.stackTraceRequest({ threadId: stopped.body.threadId });
  const frame = stack.body.stackFrames.find((f) => f.source);
  assert.equal(frame.line, line);
  return { thread: stopped.body.threadId, instant: stopped.body.instant, frame: frame.id };
}

// value is that of an expression in a frame.
async function value(client, at, expression) {
  const answer = await client.evaluateRequest({ expression, frameId: at.frame, context: "watch" });
  return answer.body.result;
}

// hit launches and goes to a breakpoint.
async function hit(client, line) {
  const [stopped] = await Promise.all([
    client.waitForEvent("stopped"),
    client.hitBreakpoint({ program, cwd, args: ["me"] }, { path: program, line }),
  ]);
  const stack = await client.stackTraceRequest({ threadId: stopped.body.threadId });
  return { thread: stopped.body.threadId, instant: stopped.body.instant, frame: stack.body.stackFrames[0].id };
}

walk("forwards", async (client) => {
  let at = await hit(client, 2);
  assert.equal(await value(client, at, "a + b"), "3");
  at = await stopsAt(client, "step", 3, () => client.nextRequest({ threadId: at.thread }));
  assert.equal(await value(client, at, "c"), "3");
  at = await stopsAt(client, "step", 9, () => client.stepOutRequest({ threadId: at.thread }));
  await stopsAt(client, "breakpoint", 2, () => client.continueRequest({ threadId: at.thread }));
  await Promise.all([
    client.waitForEvent("terminated"),
    client.assertOutput("stdout", "13\nend\n"),
    client.continueRequest({ threadId: at.thread }),
  ]);
});
