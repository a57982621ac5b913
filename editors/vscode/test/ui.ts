// One walk through the real editor with mouse and keyboard, for what only eyes see. Each step reports itself in a line of JSON, and
// leaves the pictures that the documentation shows in the folder for artifacts.

import { join } from "node:path";
import { type Editor, given, start } from "./editor";
import { parts, Screen } from "./screen";
import { steps } from "./steps";

const settings = {
  "editor.fontFamily": "DejaVu Sans Mono",
  "editor.fontSize": 14,
  "editor.cursorBlinking": "solid",
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "editor.hover.delay": 100,
  "editor.hover.above": false,
  "editor.lightbulb.enabled": "on",
  "editor.renderLineHighlight": "none",
  "editor.occurrencesHighlight": "off",
  "editor.linkedEditing": true,
  "editor.scrollbar.horizontal": "hidden",
  "breadcrumbs.enabled": false,
  "explorer.confirmDragAndDrop": false,
  "debug.internalConsoleOptions": "neverOpen",
  "window.commandCenter": false,
  "workbench.layoutControl.enabled": false,
  "workbench.tree.indent": 12,
};

async function main(): Promise<boolean> {
  const editor = await start({ settings, width: 1080, height: 720, scale: 1.5 });
  const screen = new Screen(editor.page);
  editor.page.setDefaultTimeout(30_000);
  let failures = 0;
  try {
    await open(editor, screen);
    for (const [name, step] of Object.entries(steps).filter(wanted)) {
      const started = Date.now();
      try {
        await step(screen, editor);
        console.log(JSON.stringify({ event: "pass", name, ms: Date.now() - started }));
      } catch (error) {
        failures++;
        await editor.page.screenshot({ path: join(given.artifacts, `failed ${name}.png`) });
        console.log(
          JSON.stringify({ event: "fail", name, error: error instanceof Error ? error.stack : String(error) }),
        );
        break; // a step begins where the one before it has ended
      }
    }
  } finally {
    await editor.stop();
  }
  console.log(JSON.stringify({ event: "end", failures }));
  return failures === 0;
}

/** The first step, and those whose names match $HARK_TESTS. */
function wanted([name]: [string, unknown], index: number): boolean {
  return index === 0 || new RegExp(process.env.HARK_TESTS ?? "").test(name);
}

async function open(editor: Editor, screen: Screen): Promise<void> {
  const payload = [["openFile", editor.url(join(editor.workspace, "service.hk"))]];
  await editor.page.goto(`/?${new URLSearchParams({ folder: editor.workspace, payload: JSON.stringify(payload) })}`);
  await screen.see(`${parts.editor} .view-line`, "main");
  await editor.page.evaluate("document.fonts.ready");
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error) => {
    console.log(error);
    process.exit(1);
  },
);
