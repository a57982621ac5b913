// What a person does before the screen: looks for text, points, clicks, types; and takes pictures.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { type Editor, given } from "./editor";

type Box = { x: number; y: number; width: number; height: number };

/** What is named twice or thrice in the markup of the editor. */
export const parts = {
  editor: ".editor-instance .monaco-editor",
  hover: ".monaco-editor .monaco-hover:not(.hidden)",
  suggestions: ".suggest-widget.visible",
  suggestion: ".suggest-widget.visible .monaco-list-row.focused",
  details: ".suggest-details-container",
  parameterHints: ".parameter-hints-widget.visible",
  lightbulb:
    ".lightBulbWidget, .codicon-gutter-lightbulb, .codicon-gutter-lightbulb-auto-fix, .codicon-gutter-lightbulb-sparkle",
  actions: ".action-widget",
  quickInput: ".quick-input-widget input",
};

/** A step of the walk, which begins where the one before it has ended. */
export type Step = (screen: Screen, editor: Editor) => Promise<void>;

export class Screen {
  constructor(readonly page: Page) {}

  /** Waits for something that a selector finds, and is it. */
  async see(selector: string, text?: string | RegExp): Promise<Locator> {
    const found = this.page.locator(selector).filter(text === undefined ? {} : { hasText: text });
    await found.first().waitFor();
    return found.first();
  }

  async gone(selector: string): Promise<void> {
    await this.page.locator(selector).first().waitFor({ state: "hidden" });
  }

  /** Where a text stands in the editor, which may be shown together with hints that do not belong to the file. */
  async box(text: string): Promise<Box> {
    for (let last = ""; ; ) {
      const found = await this.page.waitForFunction(boxOfText, text);
      const box = (await found.jsonValue()) as Box;
      if (JSON.stringify(box) === last) {
        return box;
      }
      last = JSON.stringify(box);
      await this.frames(4);
    }
  }

  /** Lets the page draw itself so many times: lenses and hints that come late move what is below and behind them. */
  async frames(count: number): Promise<void> {
    await this.page.evaluate(async (frames) => {
      for (let i = 0; i < frames; i++) {
        await new Promise(requestAnimationFrame);
      }
    }, count);
  }

  /** Waits for a text behind a line that does not belong to the file, and that the style sheet writes there. */
  async note(text: string): Promise<void> {
    await this.page.waitForFunction((wanted) => {
      const pieces = [...document.querySelectorAll(".monaco-editor .view-line span")];
      return pieces.some((piece) =>
        getComputedStyle(piece, "::after").content.replaceAll("\u00a0", " ").includes(wanted),
      );
    }, text);
  }

  async pointAt(text: string): Promise<void> {
    const { x, y, width, height } = await this.box(text);
    await this.page.mouse.move(x + width / 2, y + height / 2);
  }

  /** Clicks into the middle of a text, or behind it. */
  async click(text: string, where: "middle" | "end" = "middle"): Promise<void> {
    const { x, y, width, height } = await this.box(text);
    await this.page.mouse.click(where === "end" ? x + width - 1 : x + width / 2, y + height / 2);
  }

  /** Puts the cursor behind a text by a click and a key, as hints may stand between the text and the pointer. */
  async after(text: string): Promise<void> {
    await this.click(text);
    await this.keys("End");
  }

  /** Points at nothing. */
  async rest(): Promise<void> {
    await this.keys("Escape");
    await this.page.mouse.move(this.page.viewportSize()!.width - 60, this.page.viewportSize()!.height - 60);
  }

  /** Waits until all that the server has to say beside the text is there: the last thing is the lens of the last function. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(() => document.querySelectorAll(".codelens-decoration a").length >= 4);
    await this.box("⇢ .1");
  }

  /** Takes all changes back, so that a text is there again that they have changed. */
  async undo(text: string): Promise<void> {
    await this.command("File: Revert File");
    await this.box(text);
    await this.settled();
  }

  /** Clicks beside the line numbers, where breakpoints are. */
  async clickGutter(text: string): Promise<void> {
    const { y, height } = await this.box(text);
    const margin = await this.page.locator(`${parts.editor} .margin`).first().boundingBox();
    await this.page.mouse.click(margin!.x + 10, y + height / 2);
  }

  async keys(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 15 });
  }

  /** Chooses a command from the palette, which is gone when this comes back: keys go to the editor again. */
  async command(title: string): Promise<void> {
    await this.keys("F1");
    await this.see(parts.quickInput);
    await this.page.keyboard.type(title);
    const chosen = await this.see(".quick-input-list .monaco-list-row.focused", title);
    await this.keys("Enter");
    await chosen.waitFor({ state: "hidden" });
  }

  async openFile(name: string): Promise<void> {
    await this.keys("Control+p");
    await this.see(parts.quickInput);
    await this.page.keyboard.type(name);
    await this.see(".quick-input-list .monaco-list-row.focused", name);
    await this.keys("Enter");
    await this.see(".tab.active", name.split("/").pop()!);
  }

  /** Closes the file in front, so that the one before it is in front again. */
  async closeFile(name: string): Promise<void> {
    await (await this.see(".tab.active", name)).click({ button: "middle" });
    await this.page.locator(".tab", { hasText: name }).waitFor({ state: "detached" });
  }

  /** The lines from one text to another, with their numbers, as wide as code mostly is. */
  async lines(first: string, last: string, width = 640): Promise<Box> {
    const [top, bottom] = [await this.box(first), await this.box(last)];
    const margin = (await this.page.locator(`${parts.editor} .margin`).first().boundingBox())!;
    return { x: margin.x + 18, y: top.y, width, height: bottom.y + bottom.height - top.y };
  }

  /** Takes a picture of a part of the screen: of all that is given together, with a little around it. */
  async picture(name: string, ...shown: (string | Box | Locator)[]): Promise<void> {
    const boxes: Box[] = [];
    for (const one of shown) {
      const box = typeof one === "string" ? await this.box(one) : "x" in one ? one : await one.boundingBox();
      boxes.push(box!);
    }
    const view = this.page.viewportSize()!;
    const [left, top] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y)) - 4];
    const right = Math.max(...boxes.map((box) => box.x + box.width)) + 8;
    const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + 6;
    const [x, y] = [Math.max(0, left), Math.max(0, top)];
    const clip = { x, y, width: Math.min(view.width, right) - x, height: Math.min(view.height, bottom) - y };
    const whole = boxes.length === 0 ? {} : { clip };
    mkdirSync(given.artifacts, { recursive: true });
    await this.page.screenshot({
      path: join(given.artifacts, `${name}.png`),
      ...whole,
      animations: "disabled",
      caret: "initial",
    });
  }
}

/** Runs in the page: the rectangle of a text within a line of an editor, null while it is not there. */
function boxOfText(text: string): Box | null {
  for (const line of document.querySelectorAll(".monaco-editor .view-line")) {
    const pieces: { node: Text; start: number }[] = [];
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let all = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      pieces.push({ node: node as Text, start: all.length });
      all += node.textContent?.replaceAll("\u00a0", " ") ?? "";
    }
    const at = all.indexOf(text);
    if (at < 0) {
      continue;
    }
    const place = (offset: number): [Text, number] => {
      const piece = pieces.findLast(({ start }) => start <= offset)!;
      return [piece.node, Math.min(offset - piece.start, piece.node.length)];
    };
    const range = document.createRange();
    range.setStart(...place(at));
    range.setEnd(...place(at + text.length));
    const { x, y, width, height } = range.getBoundingClientRect();
    return { x, y, width, height };
  }
  return null;
}
