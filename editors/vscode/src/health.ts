// The report of "Hark: Check Health": all that one is asked for when something does not work.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { type Binary, find } from "./binary";
import { activeFile, projectRoot } from "./project";
import type { Server } from "./server";
import { appearance } from "./status";

const scheme = "hark-health";

/** Serves the report as a document that cannot be edited, and makes it anew each time that it is asked for. */
export class Health implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #uri = vscode.Uri.from({ scheme, path: "Hark Health.md" });
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  #report = "";

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
  ) {}

  /** Makes the report, shows it, and is its text. */
  async check(): Promise<string> {
    const file = activeFile()?.fsPath;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    this.#report = await report(this.context, this.server, file ?? (folder && join(folder, "hark.toml")));
    this.#changed.fire(this.#uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(this.#uri), { preview: true });
    return this.#report;
  }

  provideTextDocumentContent(): string {
    return this.#report;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

type Row = [name: string, value: string];

async function report(context: vscode.ExtensionContext, server: Server, file?: string): Promise<string> {
  const binary = await find(context.extensionUri);
  const sections: [string, Row[]][] = [
    ["Binary", binaryRows(binary)],
    ["Server", serverRows(server)],
    ["Project", file === undefined ? [["root", "no folder is open"]] : await projectRows(file)],
    ["Settings", settingRows()],
    [
      "Editor",
      [
        ["extension", context.extension.packageJSON.version],
        ["VS Code", vscode.version],
      ],
    ],
  ];
  const lines = sections.flatMap(([title, rows]) => [
    "",
    `## ${title}`,
    "",
    ...rows.map(([name, value]) => `- ${name}: ${value}`),
  ]);
  return ["# Hark: health", ...lines, ""].join("\n");
}

function binaryRows(binary: Binary): Row[] {
  if (binary.kind === "missing") {
    return [["hark-ls", `✗ was not found: ${binary.reason}`]];
  }
  const place: Row = ["hark-ls", `${binary.path} (${origin[binary.from]})`];
  if (binary.kind === "outdated") {
    return [place, ["version", `✗ is too old for this extension: ${binary.reason}`]];
  }
  const { version, semantics, go, platform } = binary.version;
  return [place, ["version", `✓ ${version}, semantics ${semantics}, ${go}, ${platform}`]];
}

const origin = {
  setting: "the setting hark.server.path",
  bundled: "came with the extension",
  PATH: "found on the PATH",
};

function serverRows(server: Server): Row[] {
  const state = server.state;
  if (state.kind !== "running") {
    return [["state", `✗ ${appearance(state).text}${appearance(state).detail && `: ${appearance(state).detail}`}`]];
  }
  const answer = server.client?.initializeResult;
  const features = Object.keys(answer?.capabilities ?? {}).filter((name) => name.endsWith("Provider")).length;
  return [
    ["state", "✓ runs"],
    [
      "protocol",
      `LSP over standard input and output, positions in ${answer?.capabilities.positionEncoding ?? "utf-16"}`,
    ],
    ["features", `${features}`],
  ];
}

async function projectRows(file: string): Promise<Row[]> {
  const { folder, described } = await projectRoot(file);
  return [
    ["root", `${folder} (${described ? "by its hark.toml" : "no hark.toml above the file"})`],
    ["Python", await python(folder)],
  ];
}

/** The interpreter that a run would take: of hark.toml, of $VIRTUAL_ENV, python3; and what it says of itself. */
async function python(folder: string): Promise<string> {
  const toml = await readFile(join(folder, "hark.toml"), "utf8").catch(() => "");
  const named = /^\s*python\s*=\s*["']([^"']+)["']/m.exec(toml)?.[1];
  const environment = process.env.VIRTUAL_ENV;
  const path = named
    ? /[/\\]/.test(named) && !isAbsolute(named)
      ? join(folder, named)
      : named
    : environment
      ? join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python3")
      : "python3";
  try {
    const { stdout } = await promisify(execFile)(path, [
      "-c",
      "import sys; print(sys.version.split()[0], sys.executable)",
    ]);
    const [version, executable] = stdout.trim().split(" ", 2);
    return `✓ ${version}, ${executable} (${named ? "by hark.toml" : environment ? "by $VIRTUAL_ENV" : "on the PATH"})`;
  } catch {
    return `✗ ${path} does not run: Python functions cannot be called`;
  }
}

/** The settings that are not what they are by default. */
function settingRows(): Row[] {
  const settings = vscode.workspace.getConfiguration("hark");
  const names = [
    "server.path",
    "server.args",
    "server.logLevel",
    "trace.server",
    "lint",
    "inlayHints.parameterNames",
    "inlayHints.types",
    "inlayHints.threads",
    "sessions.table",
    "sessions.bucket",
    "debug.futures",
    "debug.outputLenses",
  ];
  const rows = names.flatMap((name): Row[] => {
    const value = JSON.stringify(settings.get(name));
    return value === JSON.stringify(settings.inspect(name)?.defaultValue) ? [] : [[`hark.${name}`, value]];
  });
  return rows.length > 0 ? rows : [["all", "as by default"]];
}
