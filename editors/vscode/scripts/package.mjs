// Makes dist/hark-ls-PLATFORM.vsix, with the binary inside, for this machine or for the platforms given (linux-x64 darwin-arm64 …).
// Everything is put together in a folder of its own, so that several of these may run beside each other.

import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const root = resolve(here, "../..");
const systems = { linux: "linux", darwin: "darwin", win32: "windows", alpine: "linux" };
const processors = { x64: "amd64", arm64: "arm64", armhf: "arm" };
const shipped = [
  "package.json",
  "README.md",
  "language-configuration.json",
  "dist/extension.js",
  "dist/timeline.js",
  "icons",
  "media",
  "snippets",
  "syntaxes",
  "walkthrough",
];

const arguments_ = process.argv.slice(2);
const out = resolve(option("--out") ?? join(root, "dist"));
const platforms = arguments_.flatMap((platform) => platform.split(/[\s,]+/)).filter((platform) => platform !== "");
for (const platform of platforms.length > 0 ? platforms : [`${process.platform}-${process.arch}`]) {
  await pack(platform);
}

function option(name) {
  const at = arguments_.indexOf(name);
  return at < 0 ? undefined : arguments_.splice(at, 2)[1];
}

async function pack(platform) {
  const [system, processor] = platform.split("-");
  const [GOOS, GOARCH] = [systems[system], processors[processor]];
  if (!GOOS || !GOARCH) {
    throw new Error(
      `${platform} is no platform: ${Object.keys(systems)} with ${Object.keys(processors)}, as in linux-x64`,
    );
  }
  const stage = mkdtempSync(join(tmpdir(), "hark-vsix-"));
  try {
    for (const path of shipped) {
      cpSync(join(here, path), join(stage, path), { recursive: true });
    }
    cpSync(join(root, "LICENSE"), join(stage, "LICENSE"));
    const binary = join(stage, "bin", GOOS === "windows" ? "hark-ls.exe" : "hark-ls");
    const env = { ...process.env, GOOS, GOARCH, CGO_ENABLED: "0" };
    execFileSync("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", binary, "."], {
      cwd: root,
      env,
      stdio: "inherit",
    });
    chmodSync(binary, 0o755);
    mkdirSync(out, { recursive: true });
    const file = join(out, `hark-ls-${platform}.vsix`);
    const { createVSIX } = createRequire(import.meta.url)("@vscode/vsce");
    await createVSIX({
      cwd: stage,
      packagePath: file,
      target: platform,
      dependencies: false,
      allowMissingRepository: true,
    });
    console.log(file);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
