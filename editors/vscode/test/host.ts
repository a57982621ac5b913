// Runs the suite inside the extension host of the real editor, and writes what mocha reports, a JSON object per line, to
// standard output.

import { join, resolve } from "node:path";
import { format } from "node:util";
import { given, start } from "./editor";

const limit = 330_000;

async function main(): Promise<number> {
  const editor = await start({ driver: true });
  try {
    const { page } = editor;
    const ended = new Promise<number>((end) => {
      void page.exposeFunction("codeAutomationExit", end);
      setTimeout(() => end(124), limit).unref();
    });
    await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => console.log(format(...args)));
    const payload = [
      ["extensionDevelopmentPath", editor.url(resolve("test/host-extension"))],
      ["extensionTestsPath", editor.url(resolve("dist/test/suite/index.js"))],
      ["skipWelcome", "true"],
    ];
    const query = new URLSearchParams({ folder: editor.workspace, payload: JSON.stringify(payload) });
    await page.goto(`/?${query}`);
    const code = await ended;
    if (code !== 0) {
      await page.screenshot({ path: join(given.artifacts, "host.png") });
      console.log(editor.log());
    }
    return code;
  } finally {
    await editor.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.log(error);
    process.exit(1);
  },
);
