// The timeline by keys: arrows go from thing to thing and from thread to thread, Enter goes there. What is chosen is said aloud by
// screen readers, through a region that they listen to.

import type { Board } from "./board";
import * as model from "./model";

export class Keys {
  #row = 0;
  #item = 0;
  #chosen = false;

  constructor(private readonly board: Board) {
    board.parts.body.addEventListener("keydown", (event) => this.#press(event));
    board.parts.body.addEventListener("focus", () => this.#say());
  }

  /** Chooses a thread, and what of it has been clicked. */
  choose(row: number, instant?: string): void {
    this.#row = row;
    const found = this.#items().findIndex((item) => JSON.stringify(item.instant) === instant);
    this.#item = Math.max(0, found);
    this.#chosen = true;
    this.board.draw();
  }

  /** Shows what is chosen, on what was just drawn. */
  mark(): void {
    const item = this.#items()[this.#item];
    const row = this.board.parts.rows.querySelector(`[data-row="${this.#row}"]`);
    if (!this.#chosen || !item || !row) {
      return;
    }
    row.classList.add("chosen");
    const wanted = JSON.stringify(item.instant);
    for (const element of row.querySelectorAll<HTMLElement>("[data-instant]")) {
      element.classList.toggle("chosen", element.dataset.instant === wanted);
    }
  }

  #items(): model.Item[] {
    const lane = this.board.timeline?.lanes[this.#row];
    return lane ? model.items(lane) : [];
  }

  #press(event: KeyboardEvent): void {
    const acts: Record<string, () => void> = {
      ArrowRight: () => this.#to(this.#row, this.#item + 1),
      ArrowLeft: () => this.#to(this.#row, this.#item - 1),
      ArrowDown: () => this.#toRow(this.#row + 1),
      ArrowUp: () => this.#toRow(this.#row - 1),
      PageDown: () => this.#toRow(this.#row + 10),
      PageUp: () => this.#toRow(this.#row - 10),
      Home: () => this.#to(this.#row, 0),
      End: () => this.#to(this.#row, Number.MAX_SAFE_INTEGER),
      Enter: () => this.#go(),
      " ": () => this.#go(),
      "+": () => this.board.zoom(2, this.#items()[this.#item]?.time),
      "-": () => this.board.zoom(0.5, this.#items()[this.#item]?.time),
      "0": () => this.board.showAll(),
    };
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : acts[event.key];
    if (act && this.board.timeline) {
      event.preventDefault();
      act();
    }
  }

  /** To another thread, at about the same time. */
  #toRow(row: number): void {
    const time = this.#items()[this.#item]?.time ?? 0;
    const lanes = this.board.timeline!.lanes;
    this.#row = Math.min(Math.max(0, row), lanes.length - 1);
    const before = this.#items().findLastIndex((item) => item.time <= time);
    this.#to(this.#row, Math.max(0, before));
  }

  #to(row: number, item: number): void {
    this.#row = row;
    const items = this.#items();
    this.#item = Math.min(Math.max(0, item), Math.max(0, items.length - 1));
    this.#chosen = true;
    this.board.reveal(row);
    const found = items[this.#item];
    if (found) {
      this.board.view = model.showing(this.board.view, model.whole(this.board.timeline!), found.time);
    }
    this.board.draw();
    this.#say();
  }

  #say(): void {
    const lane = this.board.timeline?.lanes[this.#row];
    const item = this.#items()[this.#item];
    const at = item ? `, at ${model.length(item.time)}: ${item.label}. Enter goes there` : "";
    this.board.parts.said.textContent = lane ? `thread ${model.laneLabel(lane)}${at}` : "";
  }

  #go(): void {
    const item = this.#items()[this.#item];
    if (item) {
      this.board.tell({ kind: "go", instant: item.instant });
    }
  }
}
