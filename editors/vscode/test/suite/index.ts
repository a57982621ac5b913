// What the extension host calls: runs the tests, those whose names have $HARK_TESTS in them if that is set, and reports each in a
// line of JSON.

import Mocha from "mocha";

class Lines extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.on("pass", (test) => console.log(JSON.stringify({ event: "pass", name: test.title, ms: test.duration })));
    runner.on("fail", (test, error) => {
      console.log(JSON.stringify({ event: "fail", name: test.title, error: error.stack ?? String(error) }));
    });
  }
}

export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 60_000,
    forbidPending: true,
    forbidOnly: true,
    reporter: Lines,
    grep: process.env.HARK_TESTS ?? "",
  });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("./all");
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  console.log(JSON.stringify({ event: "end", failures }));
  if (failures > 0) {
    throw new Error(`${failures} tests failed`);
  }
}
