// Changes that touch several places, and changes by others: linked editing, code actions, snippets, files that come and go.

import * as assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { api, apply, at, change, diagnostics, having, item, open, openWith, range, until, uri } from "./workspace";

async function type(document: vscode.TextDocument, place: string, text: string): Promise<void> {
  vscode.window.activeTextEditor!.selection = new vscode.Selection(at(document, place), at(document, place));
  await vscode.commands.executeCommand("editor.action.linkedEditing"); // comes back when the places are known
  await vscode.commands.executeCommand("type", { text });
}

/** Code actions: of which kind, whose title, on what, in which text, and what comes of it. */
const changes: [kind: string, title: RegExp, on: string, text: string, want: RegExp][] = [
  ["quickfix", /^import 'grade'/, "grade", "fn main() {\n  grade(1)\n}\n", /^import\(grade, :hark lib\.grades\);\n/],
  [
    "quickfix",
    /^import 'total' from Python/,
    "total",
    "fn main() {\n  total([])\n}\n",
    /^import\(total, sales, 1\);\n/,
  ],
  ["quickfix", /^create the function/, "nosuch", "fn main(a) {\n  nosuch(a)\n}\n", /\nfn nosuch\(a\) \{\n/],
  ["quickfix", /^fix all HK0008/, "x = 1", "fn main() {\n  x = 1\n  y = 2\n  [x, y]\n}\n", /x = 1;\n {2}y = 2;\n/],
  ["source.fixAll", /^fix all/, "x", "fn main() {\n  x = 1\n  y = 2\n  [x, y]\n}\n", /x = 1;\n {2}y = 2;\n/],
  ["refactor.inline", /^inline 'b'/, "b", "fn main(a) {\n  b = a;\n  b + 1\n}\n", /\{\n {2}a \+ 1\n\}/],
  [
    "refactor.rewrite",
    /in parallel/,
    "x =",
    "fn main() {\n  x = await async work(1);\n  y = await async work(2);\n  x + y\n}\n\nfn work(n) {\n  n\n}\n",
    /async work\(1\);\n[^\n]*async work\(2\);\n[^\n]*await/,
  ],
];

describe("changing", () => {
  it("edits the places of a local together", async () => {
    await having("editor.linkedEditing", true, async () => {
      const document = await openWith("service.hk", "fn main(a) {\n  row = a;\n  [row, a]\n}\n\nfn row(a) {\n  a\n}\n");
      await type(document, "row| =", "s");
      await until("both places", () => document.getText().includes("rows = a;\n  [rows, a]"));
      assert.match(document.getText(), /fn row\(/, "what has the same name only is left alone");
      await type(document, "main(a|", "b");
      await until("the parameter", () => document.getText().startsWith("fn main(ab) {\n  rows = ab;\n  [rows, ab]"));
      assert.match(document.getText(), /fn row\(a\)/);
    });
  });

  it("edits one place while linked editing is off", async () => {
    const document = await openWith("service.hk", "fn main(a) {\n  row = a;\n  [row, a]\n}\n");
    await type(document, "row| =", "s");
    await until("the place", () => document.getText().includes("rows = a;\n  [row, a]"));
  });

  for (const [kind, title, on, text, want] of changes) {
    it(`code action ${kind} ${title.source}`, async () => {
      const document = await openWith("service.hk", text);
      if (kind === "quickfix" || kind === "source.fixAll") {
        await diagnostics(document, "a text with a problem", (codes) => codes.length > 0);
      }
      await apply(document, range(document, on), title, kind);
      assert.match(document.getText(), want);
    });
  }

  it("says what cannot be renamed before it asks for a name", async () => {
    const document = await open("service.hk");
    const prepare = (place: string) =>
      vscode.commands.executeCommand("vscode.prepareRename", document.uri, at(document, place));
    const prepared = (await prepare("fn |line")) as { range: vscode.Range; placeholder: string };
    assert.equal(prepared.placeholder, "line");
    await assert.rejects(async () => prepare("|format("));
  });

  it("a diagnostic names the other place that it is about", async () => {
    const document = await openWith("service.hk", "fn main() {\n  work(1)\n}\n\nfn work(a, b) {\n  [a, b]\n}\n");
    const [found] = await diagnostics(document, "a missing argument", (codes) => codes.includes("HK0201"));
    const [related] = found!.relatedInformation ?? [];
    assert.equal(related?.location.range.start.line, at(document, "fn work").line);
  });

  it("offers keys that are known, arguments of attributes, keywords and snippets", async () => {
    const keys = await openWith("service.hk", 'fn main() {\n  h = {"alpha": 1, "beta": 2};\n  get(h, "al")\n}\n');
    await item(keys, '"al|")', "alpha");
    const attributes = await openWith(
      "service.hk",
      "#[retry(ma)]\nimport(total, sales, 1);\nfn main() {\n  total([])\n}\n",
    );
    await item(attributes, "(ma|)", "max");
    const snippets = await openWith("service.hk", "fndo\n");
    const snippet = await item(snippets, "fndo|", "fndoc");
    assert.equal(snippet.kind, vscode.CompletionItemKind.Snippet);
  });

  it("asks for completions again when an edit has overtaken the question", async () => {
    const document = await openWith("service.hk", "fn main(first_one) {\n  f\n}\n");
    const client = (await api()).server.client!;
    const send = client.sendRequest;
    let asked = 0;
    client.sendRequest = async (...args: unknown[]) => {
      const [{ method }] = args as [{ method: string }];
      if (method === "textDocument/completion" && asked++ === 0) {
        await change(document, "  f\n", "  fi\n");
        return null; // as when the server says that the document was edited meanwhile
      }
      return Reflect.apply(send, client, args);
    };
    try {
      const { items }: vscode.CompletionList = await vscode.commands.executeCommand(
        "vscode.executeCompletionItemProvider",
        document.uri,
        at(document, "f|\n"),
      );
      assert.ok(
        items.some((one) => one.label === "first_one" || (one.label as { label: string }).label === "first_one"),
      );
      assert.equal(asked, 2);
    } finally {
      client.sendRequest = send;
    }
  });

  it("sees what others do to Python files", async () => {
    const file = uri("src/extra.py").fsPath;
    writeFileSync(file, "def less(x):\n    return x\n");
    try {
      const document = await openWith("service.hk", "import(more, extra, 1);\n\nfn main() {\n  more(1)\n}\n");
      await diagnostics(document, "a function that is not there", (codes) => codes.join() === "HK0501");
      writeFileSync(file, "def more(x):\n    return x\n");
      await diagnostics(document, "a function that is there", (codes) => codes.length === 0);
      writeFileSync(file, "def more(x, y):\n    return x\n");
      await diagnostics(document, "a function with another count", (codes) => codes.length > 0);
    } finally {
      rmSync(file);
    }
  });

  it("sees Hark files that others write, and what hark.toml says of rules", async () => {
    const document = await openWith("service.hk", "import(more, :hark extra);\n\nfn main() {\n  more()\n}\n");
    await diagnostics(document, "a file that is not there", (codes) => codes.length > 0);
    const file = uri("extra.hk").fsPath;
    writeFileSync(file, "fn more() {\n  1\n}\n");
    try {
      await diagnostics(document, "a file that is there", (codes) => codes.length === 0);
    } finally {
      rmSync(file);
    }
    await diagnostics(document, "a file that is gone", (codes) => codes.length > 0);
    const [toml, unused] = [uri("hark.toml").fsPath, await openWith("service.hk", "fn main() {\n  x = 1;\n  2\n}\n")];
    const before = readFileSync(toml, "utf8");
    const [found] = await diagnostics(unused, "an unused name", (codes) => codes.length === 1);
    writeFileSync(toml, `${before}\n[lint]\n${(found!.code as { value: string }).value} = "off"\n`);
    try {
      await diagnostics(unused, "the rule off", (codes) => codes.length === 0);
    } finally {
      writeFileSync(toml, before);
    }
    await diagnostics(unused, "the rule on", (codes) => codes.length === 1);
  });
});
