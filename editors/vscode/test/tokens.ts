// Reads texts, a JSON object of them by name, from standard input, and writes the tokens that the grammar finds in each: start and
// end in bytes, and scopes without the root and the language's suffix.

import { readFileSync } from "node:fs";
import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from "vscode-textmate";

type Token = { start: number; end: number; scopes: string };

function tokens(grammar: IGrammar, text: string): Token[] {
  const all: Token[] = [];
  let [stack, offset] = [INITIAL, 0];
  for (const whole of text.split("\n")) {
    const line = whole.replace(/\r$/, "");
    const result = grammar.tokenizeLine(line, stack);
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      const start = offset + Buffer.byteLength(line.slice(0, startIndex));
      const end = start + Buffer.byteLength(line.slice(startIndex, endIndex));
      all.push({ start, end, scopes: scopes.slice(1).join(" ").replaceAll(".hark", "") });
    }
    stack = result.ruleStack;
    offset += Buffer.byteLength(whole) + 1;
  }
  return all;
}

async function main(): Promise<void> {
  await loadWASM(new Uint8Array(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"))).buffer);
  const path = "syntaxes/hark.tmLanguage.json";
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: async () => parseRawGrammar(readFileSync(path, "utf8"), path),
  });
  const grammar = await registry.loadGrammar("source.hark");
  const texts = JSON.parse(readFileSync(0, "utf8")) as Record<string, string>;
  const all = Object.entries(texts).map(([name, text]) => [name, tokens(grammar!, text)]);
  process.stdout.write(JSON.stringify(Object.fromEntries(all)));
}

void main();
