// Asking hark-ls for data: a command is run with --json, and its object is the answer.

import { execFile } from "node:child_process";
import type { Server } from "./server";

/** What hark-ls writes instead of an answer. */
type Refusal = { error?: { kind: string; message: string } };

/** No answer is larger than this, in bytes: that of a session with ten thousand threads is some megabytes. */
const largest = 256 << 20;

/** Runs hark-ls with "--json", and is the object that it writes. An error says what it says. */
export async function ask<T>(server: Server, args: string[], cwd?: string): Promise<T> {
  const binary = await server.binary();
  if (binary.kind !== "ready") {
    throw new Error(`hark-ls is ${binary.kind}: ${binary.reason}`);
  }
  return new Promise((answer, refuse) => {
    const options = { cwd, maxBuffer: largest, windowsHide: true };
    execFile(binary.path, [...args, "--json"], options, (failure, out, said) => {
      try {
        const object = JSON.parse(out) as T & Refusal;
        return object.error === undefined ? answer(object) : refuse(new Error(object.error.message));
      } catch {
        refuse(new Error(said.trim() || failure?.message || `hark-ls ${args[0]} has written no answer`));
      }
    });
  });
}

export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
