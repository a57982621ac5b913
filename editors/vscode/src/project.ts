// What is to be known of a project without the server: where its root is and what functions a file has.

import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as vscode from "vscode";

/** The nearest folder with a hark.toml at or above the file's, else the file's folder. */
export async function projectRoot(file: string): Promise<{ folder: string; described: boolean }> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (await exists(join(folder, "hark.toml"))) {
      return { folder, described: true };
    }
    if (folder === dirname(folder)) {
      return { folder: dirname(file), described: false };
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export type Fn = { name: string; parameters: string[] };

/** The functions of a file by their first lines, as they would be run: the last of a name wins. */
export function functions(text: string): Fn[] {
  const found = new Map<string, Fn>();
  for (const [, name, parameters] of text.matchAll(/^\s*fn\s+([a-z_][\w?.]*)\s*\(([^)]*)\)/gm)) {
    const names = parameters!.split(/,(?![^[]*\])/).map((parameter) => parameter.split(":")[0]!.trim());
    found.set(name!, { name: name!, parameters: names.filter((parameter) => parameter !== "") });
  }
  return [...found.values()];
}

/** The Hark file that a command means: the one it names, else that in front. */
export function activeFile(uri?: string): vscode.Uri | undefined {
  if (uri !== undefined) {
    return vscode.Uri.parse(uri);
  }
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === "hark" ? document.uri : undefined;
}
