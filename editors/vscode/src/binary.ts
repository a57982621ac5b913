// Finding hark-ls, and finding out whether it is one that this extension can work with.

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";

/** The number that `hark-ls version --json` has to reach: it grows when editors come to expect something new of the binary. */
export const requiredEditors = 1;

export type Source = "setting" | "bundled" | "PATH";

/** What `hark-ls version --json` says. */
export type Version = { version: string; semantics: number; go: string; platform: string; editors: number };

/** A binary that works, or the reason why there is none. */
export type Binary =
  | { kind: "ready"; path: string; from: Source; version: Version }
  | { kind: "missing"; reason: string }
  | { kind: "outdated"; path: string; from: Source; reason: string };

const program = process.platform === "win32" ? "hark-ls.exe" : "hark-ls";

/** Looks where the setting says, and only there if it says something; else beside the extension, else on the PATH. */
export async function find(extension: vscode.Uri): Promise<Binary> {
  const setting = vscode.workspace.getConfiguration("hark").get("server.path", "").trim();
  if (setting !== "") {
    const path = await resolve(expand(setting));
    return path
      ? probe(path, "setting")
      : { kind: "missing", reason: `the setting hark.server.path names ${setting}, which is no program` };
  }
  const bundled = vscode.Uri.joinPath(extension, "bin", program).fsPath;
  if (await executable(bundled)) {
    return probe(bundled, "bundled");
  }
  const path = await resolve(program);
  return path
    ? probe(path, "PATH")
    : { kind: "missing", reason: "this extension came without one, and there is none on the PATH" };
}

/** Puts values in for `~`, `${workspaceFolder}` and `${env:NAME}`. */
function expand(setting: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const path = setting
    .replace(/^~(?=$|[/\\])/, homedir())
    .replaceAll("${workspaceFolder}", folder)
    .replace(/\$\{env:(\w+)\}/g, (_, name: string) => process.env[name] ?? "");
  return /[/\\]/.test(path) && !isAbsolute(path) ? join(folder, path) : path;
}

async function resolve(name: string): Promise<string | undefined> {
  const folders = isAbsolute(name) ? [""] : (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of folders) {
    const path = join(folder, name);
    if (await executable(path)) {
      return path;
    }
  }
  return undefined;
}

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function probe(path: string, from: Source): Promise<Binary> {
  try {
    const { stdout } = await promisify(execFile)(path, ["version", "--json"], { timeout: 20_000 });
    const version = JSON.parse(stdout) as Partial<Version>;
    if (typeof version.editors === "number" && version.editors >= requiredEditors) {
      return { kind: "ready", path, from, version: version as Version };
    }
    return { kind: "outdated", path, from, reason: `it is version ${version.version ?? "unknown"}` };
  } catch (error) {
    const said = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { kind: "outdated", path, from, reason: `asked for its version, it fails (${said})` };
  }
}
