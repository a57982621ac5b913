// The drawing of a timeline: the lines that are in sight, the axis above them, the cursor over all, and what mouse and keys do.

import type { Timeline } from "./data";
import { Keys } from "./keys";
import type { FromPage, Now } from "./messages";
import * as model from "./model";

/** The height of a thread's line, in pixels; the style sheet says the same. */
export const rowHeight = 22;

/** The width of the names before the lines. */
export const nameWidth = 150;

type Parts = { bar: HTMLElement; axis: HTMLElement; body: HTMLElement; rows: HTMLElement; said: HTMLElement };

export class Board {
  timeline: Timeline | undefined;
  view: model.View = { from: 0, to: 1 };
  now: Now | undefined;
  readonly #keys: Keys;
  #asked = 0;

  constructor(
    readonly parts: Parts,
    readonly tell: (message: FromPage) => void,
  ) {
    this.#keys = new Keys(this);
    new ResizeObserver(() => this.draw()).observe(parts.body);
    parts.body.addEventListener("scroll", () => this.draw());
    parts.body.addEventListener("click", (event) => this.#click(event));
    parts.body.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    parts.bar.addEventListener("click", ({ target }) => this.#button((target as HTMLElement).closest("button")?.id));
  }

  /** Shows a timeline. What is in sight stays so, if it is of the same session. */
  show(timeline: Timeline, now: Now | undefined): void {
    const wasWhole = this.timeline === undefined || this.#isWhole();
    const same = this.timeline?.session === timeline.session;
    this.timeline = timeline;
    this.now = now;
    if (!same || wasWhole) {
      this.view = model.whole(timeline);
    }
    this.parts.body.setAttribute("aria-rowcount", String(timeline.lanes.length));
    this.draw();
  }

  clear(): void {
    this.timeline = undefined;
    this.now = undefined;
  }

  /** Moves the cursor to where the debugger stands, and into sight. */
  stand(now: Now | undefined): void {
    this.now = now;
    if (this.timeline && now) {
      this.view = model.showing(this.view, model.whole(this.timeline), now.time);
      const row = this.timeline.lanes.findIndex(({ thread }) => thread === now.instant.thread);
      this.reveal(row);
    }
    this.draw();
  }

  /** Scrolls so that a line is in sight. */
  reveal(row: number): void {
    const { body } = this.parts;
    if (row >= 0 && (row * rowHeight < body.scrollTop || (row + 1) * rowHeight > body.scrollTop + body.clientHeight)) {
      body.scrollTop = row * rowHeight - body.clientHeight / 2;
    }
  }

  /** How wide the lines are. */
  get width(): number {
    return Math.max(1, this.parts.body.clientWidth - nameWidth);
  }

  zoom(factor: number, around = (this.view.from + this.view.to) / 2): void {
    if (this.timeline) {
      this.view = model.zoomed(this.view, model.whole(this.timeline), factor, around);
      this.draw();
    }
  }

  move(part: number): void {
    if (this.timeline) {
      this.view = model.moved(this.view, model.whole(this.timeline), part);
      this.draw();
    }
  }

  showAll(): void {
    if (this.timeline) {
      this.view = model.whole(this.timeline);
      this.draw();
    }
  }

  /** Draws with the next picture of the screen. */
  draw(): void {
    cancelAnimationFrame(this.#asked);
    this.#asked = requestAnimationFrame(() => this.#draw());
  }

  #isWhole(): boolean {
    const all = model.whole(this.timeline!);
    return this.view.from <= all.from && this.view.to >= all.to;
  }

  #draw(): void {
    const { timeline } = this;
    if (timeline === undefined) {
      return;
    }
    const { body, rows, axis } = this.parts;
    rows.style.height = `${timeline.lanes.length * rowHeight}px`;
    const first = Math.max(0, Math.floor(body.scrollTop / rowHeight) - 2);
    const last = Math.min(timeline.lanes.length, first + Math.ceil(body.clientHeight / rowHeight) + 4);
    const drawn = timeline.lanes.slice(first, last).map((_, i) => this.#row(timeline, first + i));
    const cursor = this.#cursor();
    rows.replaceChildren(...drawn, ...(cursor ? [cursor] : []));
    axis.replaceChildren(...model.ticks(this.view, this.width).map(({ left, label }) => placed("tick", left, label)));
    this.#keys.mark();
    const boxes = rows.querySelectorAll(".box").length;
    this.tell({ kind: "drawn", lanes: timeline.lanes.length, boxes, cursor: cursor ? (this.now?.time ?? null) : null });
  }

  #row(timeline: Timeline, index: number): HTMLElement {
    const lane = timeline.lanes[index]!;
    const row = document.createElement("div");
    row.className = lane.thread === this.now?.instant.thread ? "row current" : "row";
    row.style.top = `${index * rowHeight}px`;
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", String(index + 1));
    row.dataset.row = String(index);
    const name = document.createElement("div");
    name.className = `name ${lane.status}`;
    name.setAttribute("role", "rowheader");
    name.textContent = model.laneLabel(lane);
    name.title = `${model.laneLabel(lane)}: ${lane.status}`;
    name.style.paddingLeft = `${6 + Math.min(8, lane.thread.split(".").length - 1) * 10}px`;
    const line = document.createElement("div");
    line.className = "line";
    const boxes = model.boxes(lane, this.view, this.width, timeline.to);
    const dots = model.dots(lane, this.view, this.width);
    line.append(...boxes.map((box) => piece("box", box)), ...dots.map((dot) => piece("dot", dot)));
    row.append(name, line);
    return row;
  }

  #cursor(): HTMLElement | undefined {
    const { now } = this;
    if (now === undefined || now.time < this.view.from || now.time > this.view.to) {
      return undefined;
    }
    const cursor = placed("cursor", nameWidth + model.position(this.view, this.width, now.time));
    cursor.title = `the debugger stands here, in thread ${now.instant.thread}`;
    return cursor;
  }

  #click(event: MouseEvent): void {
    const shown = (event.target as HTMLElement).closest<HTMLElement>("[data-instant]");
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-row]");
    if (row) {
      this.#keys.choose(Number(row.dataset.row), shown?.dataset.instant);
    }
    if (shown) {
      this.tell({ kind: "go", instant: JSON.parse(shown.dataset.instant!) });
    }
  }

  #wheel(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const x = event.clientX - this.parts.body.getBoundingClientRect().left - nameWidth;
      const around = this.view.from + (x / this.width) * (this.view.to - this.view.from);
      this.zoom(Math.exp(-event.deltaY / 300), around);
    } else if (event.shiftKey || event.deltaX !== 0) {
      event.preventDefault();
      this.move((event.deltaX || event.deltaY) / this.width);
    }
  }

  #button(id: string | undefined): void {
    const around = this.now?.time;
    const acts: Record<string, () => void> = {
      closer: () => this.zoom(2, around),
      farther: () => this.zoom(0.5, around),
      all: () => this.showAll(),
    };
    acts[id ?? ""]?.();
  }
}

function placed(style: string, left: number, text = ""): HTMLElement {
  const element = document.createElement("div");
  element.className = style;
  element.style.left = `${left}px`;
  element.textContent = text;
  return element;
}

function piece(style: string, box: model.Box): HTMLElement {
  const element = placed(`${style} ${box.style}`, box.left);
  if (style === "box") {
    element.style.width = `${box.width}px`;
    element.textContent = box.width > 60 && box.style.startsWith("call") ? box.label.replace(/^calls /, "") : "";
  }
  element.title = box.label;
  element.dataset.instant = JSON.stringify(box.instant);
  element.setAttribute("role", "gridcell");
  element.setAttribute("aria-label", box.label);
  return element;
}
