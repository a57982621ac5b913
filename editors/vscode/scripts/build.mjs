// Bundles the extension into dist/extension.js, and with "--tests" the tests into dist/test.

import { build } from "esbuild";

const common = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  sourcemap: true,
  logLevel: "warning",
};

await build({
  ...common,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  external: ["vscode"],
  minify: true,
  sourcemap: false,
});
await build({
  ...common,
  platform: "browser",
  format: "iife",
  target: "chrome120",
  entryPoints: ["src/timeline/page.ts"],
  outfile: "dist/timeline.js",
  minify: true,
  sourcemap: false,
});
if (process.argv.includes("--tests")) {
  const entryPoints = ["test/host.ts", "test/ui.ts", "test/tokens.ts", "test/suite/index.ts"];
  const external = ["vscode", "mocha", "playwright-core", "vscode-oniguruma", "vscode-textmate"];
  await build({ ...common, entryPoints, outdir: "dist/test", outbase: "test", external });
}
