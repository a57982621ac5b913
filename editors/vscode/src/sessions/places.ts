// Where sessions are kept: in the files of the projects that are open, and in a table of DynamoDB if one is named.

import { dirname } from "node:path";
import * as vscode from "vscode";

/** A store of sessions, and how hark-ls is told which one. */
export type Place = {
  /** What the debugger calls it. */
  store: "local" | "cloud";
  /** How it is shown. */
  label: string;
  /** The project's folder: relative names in hark.toml count from it. */
  folder: string;
  /** The flags of hark-ls that name it. */
  flags: string[];
};

/** What has to be left out of a search for projects. */
const others = "**/{node_modules,.venv,venv,__pycache__,.git}/**";

/** The places of this window, the local ones first. */
export async function places(): Promise<Place[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found = await vscode.workspace.findFiles("**/{hark.toml,.hark/sessions.db}", others, 200);
  const roots = new Set(
    found.map(({ fsPath }) => (fsPath.endsWith(".toml") ? dirname(fsPath) : dirname(dirname(fsPath)))),
  );
  if (roots.size === 0) {
    folders.filter(({ uri }) => uri.scheme === "file").forEach(({ uri }) => void roots.add(uri.fsPath));
  }
  return [...[...roots].sort().map(local), ...cloud(folders[0]?.uri.fsPath)];
}

export function local(folder: string): Place {
  const label = vscode.workspace.asRelativePath(folder, true);
  return { store: "local", label, folder, flags: ["--store", "sqlite", "--project", folder] };
}

/** The table that the settings name, else the one that the environment does. */
function cloud(folder: string | undefined): Place[] {
  const { HARK_TABLE: table, HARK_BUCKET: bucket } = { ...process.env, ...cloudEnvironment() };
  if (!table || folder === undefined) {
    return [];
  }
  const where = ["--table", table, ...(bucket ? ["--bucket", bucket] : [])];
  return [{ store: "cloud", label: table, folder, flags: ["--store", "dynamodb", ...where, "--project", folder] }];
}

/** What the settings say of the table, as the debugger is told. */
export function cloudEnvironment(): Record<string, string> {
  const settings = vscode.workspace.getConfiguration("hark.sessions");
  const said = { HARK_TABLE: settings.get("table", ""), HARK_BUCKET: settings.get("bucket", "") };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ""));
}
