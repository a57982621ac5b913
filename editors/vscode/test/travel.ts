// The walk through time: sessions, steps back, the timeline, forks. It begins where the walk through the editor has run a program.

import type { FrameLocator, Locator } from "playwright-core";
import type { Screen, Step } from "./screen";

const sessions = ".pane-body .monaco-list-row";
const variables = ".debug-variables .monaco-list-row";

/** A row of the Sessions view. */
async function session(screen: Screen, text: string | RegExp): Promise<Locator> {
  return screen.see(sessions, text);
}

/** Clicks a button of the debug toolbar. */
async function press(screen: Screen, title: string): Promise<void> {
  await (await screen.see(`.debug-toolbar .action-label[aria-label^="${title}"]`)).click();
}

/** Waits until the debugger stands at a line of code. */
async function stands(screen: Screen, text: string): Promise<void> {
  await screen.page.waitForFunction((wanted) => {
    const marks = [...document.querySelectorAll(".debug-top-stack-frame-line")];
    const lines = [...document.querySelectorAll(".monaco-editor .view-line")];
    return marks.some((mark) => {
      const at = mark.getBoundingClientRect();
      return lines.some((line) => {
        const there = line.getBoundingClientRect();
        const same = Math.abs(there.top - at.top) < 3;
        return same && line.textContent?.replaceAll("\u00a0", " ").includes(wanted);
      });
    });
  }, text);
}

/** Points at a name until its value is shown: a lens that comes meanwhile moves the line away from the pointer. */
async function hovered(screen: Screen, text: string, value: string): Promise<void> {
  const shown = screen.page.locator(".debug-hover-widget", { hasText: value });
  for (let tries = 0; tries < 10 && !(await shown.isVisible()); tries++) {
    await screen.pointAt("fn main");
    await screen.pointAt(text);
    await shown.waitFor({ timeout: 3000 }).catch(() => undefined);
  }
  await shown.waitFor();
}

/** The page of the timeline. */
function timeline(screen: Screen): FrameLocator {
  return screen.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
}

export const travels: Record<string, Step> = {
  "a run is kept as a session, with its threads and its output": async (screen) => {
    await (await screen.see(".activitybar .action-label[aria-label='Hark']")).click();
    const top = await session(screen, /main.*done/);
    await top.click();
    await screen.rest(); // what is said of it would stand over what is beneath
    await (await session(screen, "Output")).click();
    await session(screen, "south: 1190 (fair)");
    await session(screen, "0.1 revenue");
    await screen.rest();
    await screen.picture("sessions", { x: 0, y: 0, width: 460, height: 330 });
  },

  "a line of output leads to the instant that printed it": async (screen) => {
    await (await session(screen, "north: 2100 (good)")).click();
    await stands(screen, "await north));");
    await screen.command("Hark: Focus on Sessions View");
    await (await session(screen, "south: 1190 (fair)")).click(); // in the same session
    await stands(screen, "await south));"); // which it has awaited: both are done
    await screen.keys("Control+b");
    await screen.note("0.0 done: 2100 · 0.1 done: 1190");
    await screen.rest();
    await screen.picture("futures", await screen.lines("fn main", "await north + await south", 800));
    await screen.keys("Control+b");
    await press(screen, "Step Back Into");
    await stands(screen, '"fair"');
    await press(screen, "Step Back Out");
    await stands(screen, "format(");
    await press(screen, "Step Back Out");
    await stands(screen, "await south));");
  },

  "a session goes back to a breakpoint": async (screen) => {
    await screen.clickGutter("round(total");
    await press(screen, "Reverse");
    await stands(screen, "round(total(rows))");
    await screen.box('rows = [["');
    await screen.see(variables, /rows/);
    await screen.see(".debug-call-stack .monaco-list-row", /async 0\.[01]/); // the frames beneath the first come later
    await screen.rest();
    await screen.picture("time-travel", { x: 0, y: 0, width: 1080, height: 520 });
    await screen.clickGutter("round(total");
  },

  "the timeline shows all threads, and a click goes there": async (screen) => {
    await screen.command("Hark Timeline: Focus on Timeline View");
    const shown = timeline(screen);
    await shown.locator(".cursor").waitFor();
    const call = shown.locator('[data-row="1"] .box.call').first();
    await screen.picture("timeline", await screen.see(".part.panel"));
    await call.click();
    await stands(screen, "read_sales(shop)");
    await shown.locator('[data-row="1"].current').waitFor();
    await screen.see(".debug-call-stack .monaco-list-row", 'revenue("north")');
  },

  "a session is forked where it stands, and goes on with another value": async (screen) => {
    await press(screen, "Step Back ("); // to the beginning of the line, where the argument is not read yet
    await screen.see(".statusbar-item", "Ln 17, Col 3"); // the editor has taken the keys
    await screen.command("Hark: Fork from Here");
    await screen.see(".debug-call-stack .monaco-list-row", /revenue.*Paused on goto/i);
    await stands(screen, "read_sales(shop)");
    await (await screen.see(variables, "Arguments")).click();
    await (await screen.see(variables, /shop.*"north"/)).dblclick();
    await screen.see(".debug-variables input");
    await screen.keys("Control+a");
    await screen.page.keyboard.type('"south"');
    await screen.keys("Enter");
    await screen.see(variables, /shop.*"south"/);
    await screen.box('{ shop = "south"');
    await screen.rest();
    await screen.picture("fork", { x: 0, y: 0, width: 1080, height: 520 });
    await screen.keys("F5");
    await screen.gone(".debug-toolbar");
    await screen.keys("Control+j");
    await screen.command("Hark: Focus on Sessions View");
    await (await session(screen, /main.*done.*fork of/)).click();
    await screen.rest();
    await session(screen, "=> 2380");
    await session(screen, "0.0 revenue=> 1190");
    await screen.keys("Control+b");
  },

  "a value is changed, and steps go forward and back": async (screen) => {
    await screen.clickGutter("read_sales(shop)");
    await screen.keys("F5");
    await stands(screen, "read_sales(shop)");
    await screen.clickGutter("read_sales(shop)");
    await (await screen.see(variables, "Arguments")).click();
    const shop = await screen.see(variables, "shop");
    const [other, sold] = (await shop.innerText()).includes("north") ? ['"south"', "plums"] : ['"north"', "pears"];
    await shop.dblclick();
    await screen.see(".debug-variables input");
    await screen.keys("Control+a");
    await screen.page.keyboard.type(other);
    await screen.keys("Enter");
    await screen.see(variables, other);
    await press(screen, "Step Over");
    await stands(screen, "round(total(rows))");
    await screen.box('rows = [["');
    await hovered(screen, "rows))", sold);
    await screen.rest();
    await press(screen, "Step Back (");
    await stands(screen, "read_sales(shop)");
    await press(screen, "Step Over");
    await stands(screen, "round(total(rows))");
    await screen.keys("F5");
    await screen.gone(".debug-toolbar");
  },
};
