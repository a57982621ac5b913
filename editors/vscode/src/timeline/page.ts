// The page of the timeline: a line for each thread, drawn as far as it is in sight. It runs in the webview.

import { Board } from "./board";
import type { FromPage, Now, ToPage } from "./messages";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const editor = acquireVsCodeApi();
const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const empty = element("empty");
const chart = element("chart");

const board = new Board(
  { bar: element("bar"), axis: element("axis"), body: element("body"), rows: element("rows"), said: element("said") },
  (message) => editor.postMessage(message),
);

function show(timeline: boolean, text = ""): void {
  empty.hidden = timeline;
  empty.textContent = text;
  chart.hidden = !timeline;
}

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  switch (data.kind) {
    case "timeline":
      show(true);
      board.show(data.timeline, data.now);
      break;
    case "now":
      board.stand(data.now as Now | undefined);
      break;
    case "empty":
      show(false, data.text);
      board.clear();
      break;
  }
});
editor.postMessage({ kind: "ready" });
