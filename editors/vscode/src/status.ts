// What the editor shows of the server: the status of the language, and an answer when something is to be done.

import * as vscode from "vscode";
import type { Server, State } from "./server";

const installation = "https://github.com/hark-lang/hark-ls/blob/main/docs/editors/vscode.md#without-a-bundled-binary";

/** The item in the language status of Hark files follows the server; commands behind it say more. */
export function status(server: Server): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem("hark.server", { language: "hark" });
  item.name = "Hark";
  const show = (state: State) => {
    const shown = appearance(state);
    item.text = shown.text;
    item.detail = shown.detail;
    item.severity = shown.severity;
    item.busy = state.kind === "starting";
    item.command = { command: "hark.checkHealth", title: "Check Health" };
    void ask(server, state);
  };
  show(server.state);
  return vscode.Disposable.from(item, server.onDidChange(show));
}

export function appearance(state: State): { text: string; detail: string; severity: vscode.LanguageStatusSeverity } {
  const severity = vscode.LanguageStatusSeverity;
  switch (state.kind) {
    case "running":
      return { text: "hark-ls", detail: state.binary.version.version, severity: severity.Information };
    case "starting":
      return { text: "hark-ls is starting", detail: state.binary.version.version, severity: severity.Information };
    case "stopped":
      return { text: "hark-ls is stopped", detail: "", severity: severity.Warning };
    case "failed":
      return { text: "hark-ls does not run", detail: state.reason, severity: severity.Error };
    case "missing":
      return { text: "hark-ls was not found", detail: state.reason, severity: severity.Error };
    case "outdated":
      return { text: "hark-ls is too old", detail: `${state.path}: ${state.reason}`, severity: severity.Error };
  }
}

/** What can be done about a state, each as the button that is offered. */
const remedies: Record<string, (server: Server) => unknown> = {
  "Choose hark-ls…": choose,
  "How to install": () => vscode.env.openExternal(vscode.Uri.parse(installation)),
  "Restart Server": (server) => server.restart(),
  "Show Output": (server) => server.output.show(true),
};

async function ask(server: Server, state: State): Promise<void> {
  const question = questions(state);
  if (question !== undefined) {
    const answer = await vscode.window.showErrorMessage(question.text, ...question.offers);
    await remedies[answer ?? ""]?.(server);
  }
}

function questions(state: State): { text: string; offers: string[] } | undefined {
  switch (state.kind) {
    case "missing":
      return { text: `Hark: hark-ls was not found: ${state.reason}.`, offers: ["Choose hark-ls…", "How to install"] };
    case "outdated":
      return {
        text: `Hark: ${state.path} is too old for this extension: ${state.reason}.`,
        offers: ["Choose hark-ls…", "How to install", "Show Output"],
      };
    case "failed":
      return { text: `Hark: hark-ls does not run: ${state.reason}.`, offers: ["Restart Server", "Show Output"] };
    default:
      return undefined;
  }
}

/** Asks for the file; the change of the setting starts the server. */
async function choose(): Promise<void> {
  const files = await vscode.window.showOpenDialog({ title: "Where is hark-ls?", openLabel: "Use as hark-ls" });
  if (files?.[0]) {
    const settings = vscode.workspace.getConfiguration("hark");
    await settings.update("server.path", files[0].fsPath, vscode.ConfigurationTarget.Global);
  }
}
