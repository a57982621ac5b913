// The walk, step by step: each begins where the one before it has ended.

import { parts, type Step } from "./screen";
import { travels } from "./travel";

export const steps: Record<string, Step> = {
  "a file is shown with its colours, hints and lenses": async (screen) => {
    await screen.keys("Control+b");
    await screen.settled();
    await screen.picture("vscode");
    await screen.picture("inlay-hints", await screen.lines("fn main", "await north + await south"));
    await screen.picture("semantic-highlighting", await screen.lines("import(read_sales", "round(total"));
    await screen.picture("code-lens", await screen.lines("/** The report", "fn revenue", 680));
  },

  "pointing at a name tells what it is": async (screen) => {
    await screen.pointAt("total(");
    const hover = await screen.see(parts.hover, "What the rows have earned together");
    await screen.see(`${parts.hover} [class*=mtk]`, "def");
    await screen.picture("hover", hover, await screen.lines("/** What a shop", "round("));
    await screen.rest();
  },

  "a mistake is underlined and says what it is": async (screen) => {
    await screen.click("total(", "end");
    await screen.keys("ArrowLeft", "Backspace");
    await screen.see(".squiggly-error");
    await screen.pointAt("tota(");
    const hover = await screen.see(parts.hover, "not defined");
    await screen.picture("diagnostics", hover, await screen.lines("/** What a shop", "round("));
    await screen.rest();
  },

  "the lightbulb mends it": async (screen) => {
    await screen.click("tota(");
    const bulb = await screen.see(parts.lightbulb);
    const box = (await bulb.boundingBox())!;
    await screen.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const menu = await screen.see(parts.actions, "'total'");
    await screen.picture("code-actions", menu, await screen.lines("/** What a shop", "round("));
    await (await screen.see(`${parts.actions} .monaco-list-row`, "'total'")).click();
    await screen.gone(".squiggly-error");
  },

  "completion offers what fits, with its documentation": async (screen) => {
    await screen.after("read_sales(shop);");
    await screen.keys("Enter");
    await screen.type("best = sor");
    await screen.see(parts.suggestion, "sort");
    await screen.see(`${parts.suggestion} .can-expand-details`); // they come later; until then the key does nothing
    await screen.keys("Control+Space"); // opens the details
    const details = await screen.see(parts.details);
    await screen.picture(
      "completion",
      await screen.see(parts.suggestions),
      details,
      await screen.lines("/** What a shop", "round("),
    );
    await screen.keys("ArrowDown");
    await screen.see(parts.suggestion, "sort_by");
    await screen.keys("Enter");
    await screen.box("best = sort_by(");
  },

  "the signature of a call is shown while its arguments are typed": async (screen) => {
    await screen.type("lambda(row) { nth(row, 1) }, ");
    const help = await screen.see(parts.parameterHints, "sort_by");
    await screen.picture("signature-help", help, await screen.lines("/** What a shop", "round("));
    await screen.keys("Escape", "Escape");
    await screen.undo("round(total(rows))");
  },

  "renaming a function shows what it will be called": async (screen) => {
    await screen.click("fn revenue");
    await screen.keys("F2");
    const box = await screen.see(".rename-box input:focus");
    await screen.page.keyboard.type("earnings");
    await screen.picture("rename", box, await screen.lines("/** What a shop", "round("));
    await screen.keys("Enter");
    await screen.box("async earnings(");
    await screen.undo("async revenue(");
  },

  "a definition in Python is shown in place": async (screen) => {
    await screen.click("total(");
    await screen.command("Peek Definition");
    const peek = await screen.see(".peekview-widget", "sales.py");
    await screen.box("def total(rows");
    await screen.picture("navigation", peek, await screen.lines("/** What a shop", "round("));
    await screen.keys("Escape");
    await screen.gone(".peekview-widget");
  },

  "who calls a function, and where it is started": async (screen) => {
    await screen.click("fn revenue");
    await screen.command("Peek Call Hierarchy");
    const peek = await screen.see(".peekview-widget", "main");
    await screen.picture("call-hierarchy", peek, await screen.lines("/** What a shop", "fn revenue"));
    await screen.keys("Escape");
    await screen.gone(".peekview-widget");
  },

  "the outline shows what a file has, and a few letters find it in all files": async (screen) => {
    await screen.command("Explorer: Focus on Outline View");
    await (await screen.see(".pane-header", "pipeline")).click(); // leaves its room to the outline
    await screen.see(".outline-tree .monaco-list-row", "line");
    await screen.click("fn revenue");
    await screen.keys("Control+Shift+o");
    await screen.page.keyboard.type("li");
    await screen.see(".quick-input-widget .monaco-list-row.focused", "line");
    await screen.picture("outline", { x: 48, y: 0, width: 880, height: 430 });
    await screen.keys("Escape", "Control+t");
    await screen.see(parts.quickInput);
    await screen.page.keyboard.type("grd");
    await screen.see(".quick-input-widget .monaco-list-row.focused", "grade");
    await screen.picture("symbols", { x: 48, y: 0, width: 880, height: 200 });
    await screen.keys("Enter");
    await screen.see(".tab.active", "grades.hk");
    await screen.closeFile("grades.hk");
    await (await screen.see(".pane-header", "pipeline")).click();
    await screen.see(".explorer-folders-view .monaco-list-row", "lib");
    await screen.click("fn main");
    await screen.keys("Control+b");
    await screen.gone(".outline-tree");
    await screen.settled();
  },

  "functions and comments are folded away": async (screen) => {
    await screen.click("fn main");
    await screen.keys("Control+Home"); // the search has scrolled
    await screen.command("Fold All");
    await screen.see(".inline-folded");
    await screen.gone(".quick-input-widget");
    await screen.picture("folding", await screen.lines("// The revenue", "fn line"));
    await screen.command("Unfold All");
    await screen.gone(".inline-folded");
    await screen.settled();
  },

  "a selection grows by what belongs together": async (screen) => {
    await screen.click("rows))");
    const size = screen.page.locator(".statusbar-item", { hasText: "Ln " });
    for (let before = ""; !before.includes("(18 selected)"); before = await size.innerText()) {
      await screen.keys("Shift+Alt+ArrowRight");
      await size.filter(before === "" ? { hasText: "selected" } : { hasNotText: before }).waitFor();
    }
    await screen.picture("selection", await screen.lines("/** What a shop", "round("));
    await screen.keys("Escape", "ArrowLeft");
  },

  "a local is changed wherever it is": async (screen) => {
    await screen.click("rows))");
    await screen.command("Start Linked Editing");
    await screen.see(".linked-editing-decoration");
    await screen.keys("Control+ArrowRight", "Backspace"); // a letter more would bring up completions
    await screen.box("total(row)");
    await screen.box("row: List");
    await screen.picture("linked-editing", await screen.lines("/** What a shop", "round("));
    await screen.keys("Escape", "Escape");
    await screen.undo("total(rows)");
  },

  "the module of an import is a link": async (screen) => {
    await screen.pointAt("lib.grades");
    const hover = await screen.see(parts.hover, "grades");
    await screen.picture("links", hover, await screen.lines("// The revenue", ":hark"));
    await screen.rest();
    await screen.page.keyboard.down("Control");
    await screen.click("lib.grades");
    await screen.page.keyboard.up("Control");
    await screen.see(".tab.active", "grades.hk");
    await screen.closeFile("grades.hk");
    await screen.settled();
  },

  "formatting puts a text in order": async (screen) => {
    await screen.click("round(total");
    await screen.keys("Home", "Home", "Shift+End");
    await screen.type("      round( total(rows ))");
    await screen.keys("Escape");
    await screen.picture("formatting-before", await screen.lines("/** What a shop", "round("));
    await screen.command("Format Document");
    await screen.box("  round(total(rows))");
    await screen.picture("formatting", await screen.lines("/** What a shop", "round("));
    await screen.keys("Control+s");
  },

  "a click on Run runs the function in the terminal": async (screen) => {
    await (await screen.see(".codelens-decoration a", "Run")).click();
    await screen.see(".xterm-rows", "=> 3290");
    await screen.picture("run");
    await screen.keys("Control+j");
    await screen.gone(".xterm-rows");
  },

  "a click beside a line is a breakpoint, and F5 stops there with values in the code": async (screen) => {
    await screen.clickGutter("round(total");
    await screen.see(".codicon-debug-breakpoint");
    await screen.keys("F5");
    await screen.see(".codicon-debug-stackframe");
    await screen.box('rows = [["apples"'); // the value, behind the line
    await screen.see(".debug-call-stack .monaco-list-row", "revenue");
    for (const scope of ["Arguments", "Locals"]) {
      await (await screen.see(".debug-variables .monaco-list-row", scope)).click();
    }
    await screen.see(".debug-variables .monaco-list-row", "shop");
    await screen.rest();
    await screen.picture("debugging", { x: 48, y: 0, width: 1032, height: 499 });
    await screen.picture("inline-values", await screen.lines("/** What a shop", "round(", 780));
    await screen.clickGutter("round(total");
    await screen.keys("F5");
    await screen.gone(".debug-toolbar");
  },

  ...travels,

  "imports follow a file that is moved": async (screen) => {
    await screen.command("File: Focus on Files Explorer");
    await (await screen.see(".explorer-folders-view .monaco-list-row", "lib")).click();
    const file = await screen.see(".explorer-folders-view .monaco-list-row", "grades.hk");
    await file.dragTo(await screen.see(".explorer-folders-view .monaco-list-row", "running.hk"));
    await (await screen.see(".monaco-dialog-box .monaco-button", "OK")).click(); // "wants to make refactoring changes"
    await screen.box("import(grade, :hark grades)");
    await screen.gone(".monaco-dialog-box");
    await screen.picture("moved-files", { x: 48, y: 0, width: 880, height: 230 });
  },

  "the health of it all can be asked for": async (screen) => {
    await screen.command("Hark: Check Health");
    await screen.see(".tab.active", "Hark Health");
    await screen.keys("Control+b");
    await screen.box("version: ✓");
    await screen.picture("health", await screen.lines("# Hark: health", "VS Code:", 900));
  },

  "the walkthrough ticks off what was done": async (screen) => {
    await screen.command("Welcome: Open Walkthrough...");
    await screen.page.keyboard.type("Get started with Hark");
    await screen.see(".quick-input-list .monaco-list-row.focused", "Hark");
    await screen.keys("Enter");
    for (const [step, title, button, opened] of [
      ["write", "Write a pipeline", "New Hark File", "Untitled-1"],
      ["check", "See what runs where", "Check Health", "Hark Health"],
    ] as const) {
      await (await screen.see(".getting-started-step .step-title", title)).click();
      await (await screen.see(".getting-started-step.expanded .monaco-button", button)).click();
      await screen.closeFile(opened);
      await screen.see(`[data-done-step-id$="${step}"][aria-checked="true"]`);
    }
    const media = screen.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
    await media.getByText("the lightbulb offers").waitFor();
    const view = screen.page.viewportSize()!;
    await screen.page.setViewportSize({ ...view, height: 820 }); // all steps are to be seen
    await screen.page.mouse.move(view.width - 60, 600);
    const last = await screen.see(".getting-started-step .step-title", "When hark-ls is missing");
    await screen.frames(30);
    await screen.picture("walkthrough", { x: 48, y: 0, width: 1020, height: 600 }, last);
    await screen.page.setViewportSize(view);
  },

  "a missing hark-ls is said to be missing, with what can be done": async (screen, editor) => {
    await editor.set("hark.server.path", "/nowhere/hark-ls");
    const toast = await screen.see(".notification-toast", "hark-ls was not found");
    await screen.see(".notification-toast .monaco-button", "How to install");
    await screen.see('[data-done-step-id$="install"][aria-checked="true"]'); // the walkthrough, which is still in front
    await screen.picture("missing", toast);
  },
};
