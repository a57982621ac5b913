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

/** The page of the timeline. */
function timeline(screen: Screen): FrameLocator {
  return screen.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
}

/** Ends what is debugged, and shows the code alone. */
async function end(screen: Screen): Promise<void> {
  await screen.keys("Shift+F5");
  await screen.gone(".debug-toolbar");
}

export const travels: Record<string, Step> = {
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
    await screen.pointAt("total(rows");
    await screen.pointAt("rows))");
    await screen.see(".debug-hover-widget", sold);
    await screen.rest();
    await press(screen, "Step Back (");
    await stands(screen, "read_sales(shop)");
    await press(screen, "Step Over");
    await stands(screen, "round(total(rows))");
    await screen.keys("F5");
    await screen.gone(".debug-toolbar");
  },

  "a run is kept as a session, with its threads and its output": async (screen) => {
    await (await screen.see(".activitybar .action-label[aria-label='Hark']")).click();
    const top = await session(screen, /main.*done/);
    await top.click();
    await (await session(screen, "Output")).click();
    await session(screen, "south: 1190 (fair)");
    await session(screen, "0.1 revenue");
    await screen.rest();
    await screen.picture("sessions", { x: 0, y: 0, width: 460, height: 330 });
  },

  "a line of output leads to the instant that printed it": async (screen) => {
    await (await session(screen, "south: 1190 (fair)")).click();
    await stands(screen, "await south));");
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
    await screen.rest();
    await screen.picture("time-travel", { x: 0, y: 0, width: 1080, height: 520 });
    await screen.clickGutter("round(total");
  },

  "the timeline shows all threads, and a click goes there": async (screen) => {
    await screen.command("Timeline: Focus on Timeline View");
    const shown = timeline(screen);
    await shown.locator(".box.call").first().waitFor();
    await screen.picture("timeline", await screen.see(".part.panel"));
  },

  "a session is forked where it stands": async (screen) => {
    await screen.command("Hark: Fork from Here");
    await end(screen);
  },
};
