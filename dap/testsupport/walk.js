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
  assert.equal(stopped.body.instant.at >= 0, true);
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

walk("back, and forward again", async (client) => {
  let at = await hit(client, 3);
  const first = at.instant;
  at = await stopsAt(client, "step", 2, () => client.stepBackRequest({ threadId: at.thread }));
  assert.deepEqual((await client.customRequest("hark/instant", { threadId: at.thread })).body.instant, at.instant);
  at = await stopsAt(client, "step", 3, () => client.nextRequest({ threadId: at.thread }));
  assert.deepEqual(at.instant, first);
  at = await stopsAt(client, "step", 8, () => client.reverseContinueRequest({ threadId: at.thread }));
  at = await stopsAt(client, "goto", 3, () => client.customRequest("hark/gotoInstant", { instant: first }));
  // What is set is computed with.
  at = await stopsAt(client, "step", 2, () => client.stepBackRequest({ threadId: at.thread }));
  at = await stopsAt(client, "breakpoint", 3, () => client.continueRequest({ threadId: at.thread }));
  assert.deepEqual(at.instant, first);
  const scopes = (await client.scopesRequest({ frameId: at.frame })).body.scopes;
  const locals = scopes.find((s) => s.name === "Locals").variablesReference;
  await client.setVariableRequest({ variablesReference: locals, name: "c", value: "40" });
  await client.setBreakpointsRequest({ source: { path: program }, breakpoints: [] });
  await Promise.all([
    client.waitForEvent("terminated"),
    client.assertOutput("console", "=> 90\n"),
    client.continueRequest({ threadId: at.thread }),
  ]);
});

// launched starts and says what there is to say before.
function launched(client, args) {
  return Promise.all([client.configurationSequence(), client.launch(args)]);
}

walk("a saved session, reversed to what printed a line", async (client) => {
  const run = JSON.parse(execFileSync("hark-ls", ["run", program, "--json", "me"], { cwd }));
  assert.equal(run.status, "done");
  const printed = {};
  client.on("output", (e) => {
    if (e.body.category === "stdout") printed[e.body.output.trim()] = e.body;
  });
  let at = await stopsAt(client, "step", 13, () => launched(client, { session: run.session, cwd }));
  assert.equal(await value(client, at, "x + y"), "16");
  assert.equal(printed.end.line, 12);
  at = await stopsAt(client, "goto", 3, () =>
    client.customRequest("hark/gotoInstant", { instant: printed["13"].data.instant }),
  );
  assert.equal(at.instant.thread, "0.0");
  assert.equal(await value(client, at, "c"), "13");
  const cause = (await client.customRequest("hark/cause", { threadId: at.thread })).body;
  assert.equal(cause.kind, "started");
  at = await stopsAt(client, "goto", 10, () => client.customRequest("hark/gotoInstant", { instant: cause.instant }));
  const timeline = (await client.customRequest("hark/timeline", {})).body;
  assert.deepEqual(timeline.lanes.map((l) => l.thread), ["0", "0.0"]);
});

walk("a fork, changed and run to its end", async (client) => {
  const run = JSON.parse(execFileSync("hark-ls", ["run", program, "--json", "me"], { cwd }));
  // Instants are for ever: this is the one at which line 10 starts its thread.
  const start = { thread: "0", at: 11 };
  const at = await stopsAt(client, "goto", 10, () => launched(client, { session: run.session, cwd, fork: start }));
  const scopes = (await client.scopesRequest({ frameId: at.frame })).body.scopes;
  const locals = scopes.find((s) => s.name === "Locals").variablesReference;
  await client.setVariableRequest({ variablesReference: locals, name: "x", value: "100" });
  await Promise.all([
    client.waitForEvent("terminated"),
    client.assertOutput("console", "=> 113\n"),
    client.continueRequest({ threadId: at.thread }),
  ]);
});
