// Reads texts, a JSON object of them by name, from standard input, and writes the tokens that the grammar finds in each: start and
// end in UTF-16 units, and scopes without the root.

import { readFileSync } from "node:fs";
import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from "vscode-textmate";

type Token = { start: number; end: number; scopes: string };

function tokens(grammar: IGrammar, text: string): Token[] {
  const all: Token[] = [];
  let [stack, offset] = [INITIAL, 0];
  for (const line of text.split("\n")) {
    const result = grammar.tokenizeLine(line, stack);
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      const end = Math.min(endIndex, line.length);
      all.push({ start: offset + startIndex, end: offset + end, scopes: scopes.slice(1).join(" ") });
    }
    stack = result.ruleStack;
    offset += line.length + 1;
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
