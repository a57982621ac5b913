// The editor under test: VS Code as a server with our extension installed, in a home of its own, and a browser that shows it.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

export type Editor = {
  page: Page;
  workspace: string;
  url(path: string): string;
  log(): string;
  set(setting: string, value: unknown): Promise<void>;
  stop(): Promise<void>;
};

/** What the Go test tells: where the editor is installed, the package, the files to work on, where pictures go. */
export const given = {
  tools: variable("HARK_TOOLS"),
  vsix: variable("HARK_VSIX"),
  workspace: variable("HARK_WORKSPACE"),
  artifacts: variable("HARK_ARTIFACTS"),
};

function variable(name: string): string {
  return process.env[name] ?? "";
}

// Whatever would look elsewhere, ask something or move by itself is off.
const settings = {
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "chat.disableAIFeatures": true,
  "editor.accessibilitySupport": "off",
  "files.autoSave": "off",
  "git.enabled": false,
  "terminal.integrated.gpuAcceleration": "off",
};

type Options = { settings?: object; driver?: boolean; width?: number; height?: number; scale?: number };

export async function start(options: Options = {}): Promise<Editor> {
  endWithTheTest();
  const home = mkdtempSync(join(tmpdir(), "hark-editor-"));
  const workspace = join(home, "pipeline");
  cpSync(given.workspace, workspace, { recursive: true });
  mkdirSync(join(home, "data/User"), { recursive: true });
  writeFileSync(join(home, "data/User/settings.json"), JSON.stringify({ ...settings, ...options.settings }));
  writeFileSync(join(home, "config.yaml"), "auth: none\ncert: false\n");
  const port = await freePort();
  const stop = launch(home, port, options.driver ?? false);
  const url = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  let browser: Browser | undefined;
  try {
    await answering(port);
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
    const viewport = { width: options.width ?? 1280, height: options.height ?? 800 };
    const deviceScaleFactor = options.scale ?? 1;
    const page = await browser.newPage({ viewport, deviceScaleFactor, baseURL: `http://127.0.0.1:${port}` });
    const log = () => readFileSync(join(home, "server.log"), "utf8");
    const set = async (setting: string, value: unknown) => {
      mkdirSync(join(workspace, ".vscode"), { recursive: true });
      writeFileSync(join(workspace, ".vscode/settings.json"), JSON.stringify({ [setting]: value }));
    };
    return {
      page,
      workspace,
      url,
      log,
      set,
      stop: () => Promise.all([browser?.close(), stop()]).then(() => undefined),
    };
  } catch (error) {
    await Promise.all([browser?.close(), stop()]);
    throw error;
  }
}

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Ends this process, and so everything that it has started, when whoever started it has let go of its input. */
function endWithTheTest(): void {
  process.stdin.once("end", () => process.exit(1)).resume();
}

/** Installs the extension, starts the server in a process group of its own, and is what ends the group and removes the home. */
function launch(home: string, port: number, driver: boolean): () => Promise<void> {
  const node = join(given.tools, "runtime/bin/node");
  const entry = join(given.tools, "server/node_modules/code-server/out/node/entry.js");
  const folders = [
    "--config",
    `${home}/config.yaml`,
    "--user-data-dir",
    `${home}/data`,
    "--extensions-dir",
    `${home}/ext`,
  ];
  const env = environment(home);
  execFileSync(node, [entry, ...folders, "--install-extension", given.vsix], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  const extra = driver ? ["--vscode-option", "enable-smoke-test-driver"] : ["--disable-getting-started-override"];
  const log = openSync(join(home, "server.log"), "w");
  const args = [entry, ...folders, "--bind-addr", `127.0.0.1:${port}`, ...quiet, ...extra];
  const child = spawn(node, args, { env, detached: true, stdio: ["ignore", log, log] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = (signal: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // the group is gone
    }
  };
  process.once("exit", () => {
    kill("SIGKILL");
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  return async () => {
    kill("SIGTERM");
    const giveUp = setTimeout(() => kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(giveUp);
    kill("SIGKILL"); // what outlived its parent
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
}

/** A home of its own, no marketplace, and nothing of an editor in which the tests may be running themselves. */
function environment(home: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: `${home}/config`,
    XDG_DATA_HOME: `${home}/share`,
    XDG_CACHE_HOME: `${home}/cache`,
    EXTENSIONS_GALLERY: "{}",
  };
  for (const name of Object.keys(env)) {
    if (/^(VSCODE_.*|PORT|PASSWORD|VIRTUAL_ENV)$/.test(name)) {
      delete env[name];
    }
  }
  return env;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, "127.0.0.1", () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function answering(port: number): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; ) {
    const ok = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the editor's server does not answer");
}
