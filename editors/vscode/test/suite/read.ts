// What one sees of a text without changing it: types, places, colours, structure.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { at, having, open, range, until } from "./workspace";

type Places = (vscode.Location | vscode.LocationLink)[];

async function places(command: string, document: vscode.TextDocument, place: string): Promise<string[]> {
  const found: Places = await vscode.commands.executeCommand(`vscode.${command}`, document.uri, at(document, place));
  return found.map((one) => {
    const [target, where] =
      "uri" in one ? [one.uri, one.range] : [one.targetUri, one.targetSelectionRange ?? one.targetRange];
    return `${target.path.split("/pipeline/")[1]}:${where.start.line + 1}`;
  });
}

async function hover(document: vscode.TextDocument, place: string): Promise<string> {
  const found: vscode.Hover[] = await vscode.commands.executeCommand(
    "vscode.executeHoverProvider",
    document.uri,
    at(document, place),
  );
  return found.flatMap((one) => one.contents.map((part) => (typeof part === "string" ? part : part.value))).join("\n");
}

async function hints(document: vscode.TextDocument): Promise<string[]> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const found: vscode.InlayHint[] = await vscode.commands.executeCommand(
    "vscode.executeInlayHintProvider",
    document.uri,
    whole,
  );
  return found.map((hint) =>
    typeof hint.label === "string" ? hint.label : hint.label.map((part) => part.value).join(""),
  );
}

async function lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return vscode.commands.executeCommand("vscode.executeCodeLensProvider", document.uri, 100);
}

describe("reading", () => {
  it("hovers tell types and documentation, of Hark and of Python", async () => {
    const document = await open("service.hk");
    const ours = await hover(document, 'async |revenue("north")');
    assert.match(ours, /revenue\(shop/);
    assert.match(ours, /What a shop has earned/);
    const pythons = await hover(document, "|total(rows)");
    assert.match(pythons, /float/i);
    assert.match(pythons, /What the rows have earned together/);
    assert.match(await hover(document, "|async revenue"), /revenue/);
  });

  it("definitions are found in Hark, in other files and in Python", async () => {
    const document = await open("service.hk");
    assert.deepEqual(await places("executeDefinitionProvider", document, 'print(|line("north"'), ["service.hk:22"]);
    assert.deepEqual(await places("executeDefinitionProvider", document, "|grade(earned)"), ["lib/grades.hk:2"]);
    assert.deepEqual(await places("executeDefinitionProvider", document, "|total(rows)"), ["src/sales.py:17"]);
  });

  it("the type definition of a future is the function that runs", async () => {
    const document = await open("service.hk");
    assert.deepEqual(await places("executeTypeDefinitionProvider", document, "await |north));"), ["service.hk:16"]);
  });

  it("implementations lead to the function behind an import", async () => {
    const document = await open("service.hk");
    assert.deepEqual(await places("executeImplementationProvider", document, "import(|grade"), ["lib/grades.hk:2"]);
  });

  it("references are found in all files", async () => {
    const document = await open("lib/grades.hk");
    const found = await places("executeReferenceProvider", document, "fn |grade");
    assert.deepEqual(found.sort(), ["lib/grades.hk:2", "service.hk:23", "service.hk:4"]);
  });

  it("the uses of a name are highlighted", async () => {
    const document = await open("service.hk");
    const found: vscode.DocumentHighlight[] = await vscode.commands.executeCommand(
      "vscode.executeDocumentHighlights",
      document.uri,
      at(document, "|north ="),
    );
    assert.equal(found.length, 3);
  });

  it("symbols of a file and of the workspace", async () => {
    const document = await open("service.hk");
    const symbols: vscode.DocumentSymbol[] = await vscode.commands.executeCommand(
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    const names = symbols.map((symbol) => symbol.name);
    for (const name of ["main", "revenue", "line"]) {
      assert.ok(names.includes(name), `${name} is not among ${names}`);
    }
    const found: vscode.SymbolInformation[] = await vscode.commands.executeCommand(
      "vscode.executeWorkspaceSymbolProvider",
      "grd",
    );
    assert.ok(found.some((symbol) => symbol.name === "grade"));
  });

  it("the call hierarchy goes both ways and says what is async", async () => {
    const document = await open("service.hk");
    const [item]: vscode.CallHierarchyItem[] = await vscode.commands.executeCommand(
      "vscode.prepareCallHierarchy",
      document.uri,
      at(document, "fn |revenue"),
    );
    const callers: vscode.CallHierarchyIncomingCall[] = await vscode.commands.executeCommand(
      "vscode.provideIncomingCalls",
      item,
    );
    assert.deepEqual(
      callers.map((call) => call.from.name),
      ["main"],
    );
    assert.match(callers[0]!.from.detail ?? "", /async/);
    const called: vscode.CallHierarchyOutgoingCall[] = await vscode.commands.executeCommand(
      "vscode.provideOutgoingCalls",
      item,
    );
    assert.ok(called.some((call) => call.to.name === "total"));
  });

  it("modules of imports are links", async () => {
    const document = await open("service.hk");
    const links: vscode.DocumentLink[] = await vscode.commands.executeCommand(
      "vscode.executeLinkProvider",
      document.uri,
      10,
    );
    const targets = links.map((link) => link.target?.path.split("/pipeline/")[1]);
    assert.ok(targets.includes("src/sales.py"), `${targets}`);
  });

  it("functions and comments fold, selections grow by expressions", async () => {
    const document = await open("service.hk");
    const folds: vscode.FoldingRange[] = await vscode.commands.executeCommand(
      "vscode.executeFoldingRangeProvider",
      document.uri,
    );
    assert.ok(folds.some((fold) => fold.start === at(document, "fn main").line));
    const [selection]: vscode.SelectionRange[] = await vscode.commands.executeCommand(
      "vscode.executeSelectionRangeProvider",
      document.uri,
      [at(document, "total(|rows)")],
    );
    const texts: string[] = [];
    for (let one: vscode.SelectionRange | undefined = selection; one; one = one.parent) {
      texts.push(document.getText(one.range));
    }
    assert.ok(texts.includes("total(rows)") && texts.includes("round(total(rows))"), JSON.stringify(texts.slice(0, 5)));
  });

  it("colours tell what is started, what is a future and what is Python's", async () => {
    const document = await open("service.hk");
    const legend: vscode.SemanticTokensLegend = await vscode.commands.executeCommand(
      "vscode.provideDocumentSemanticTokensLegend",
      document.uri,
    );
    const { data }: vscode.SemanticTokens = await vscode.commands.executeCommand(
      "vscode.provideDocumentSemanticTokens",
      document.uri,
    );
    const found = new Map<string, string>();
    let [line, column] = [0, 0];
    for (let i = 0; i < data.length; i += 5) {
      [line, column] = data[i] === 0 ? [line, column + data[i + 1]!] : [line + data[i]!, data[i + 1]!];
      const text = document.getText(new vscode.Range(line, column, line, column + data[i + 2]!));
      const modifiers = legend.tokenModifiers.filter((_, bit) => data[i + 4]! & (1 << bit));
      found.set(`${line + 1} ${text}`, [legend.tokenTypes[data[i + 3]!], ...modifiers].join("."));
    }
    assert.match(found.get("8 revenue") ?? "", /^function.*async/);
    assert.match(found.get("8 north") ?? "", /^variable.*future/);
    assert.match(found.get("18 total") ?? "", /^function.*python/);
    assert.match(found.get("18 round") ?? "", /^function.*defaultLibrary/);
  });

  it("inlay hints can be turned off one by one", async () => {
    const document = await open("service.hk");
    const all = await until("hints", async () => {
      const found = await hints(document);
      return found.length > 0 && found;
    });
    assert.ok(
      all.some((hint) => /shop:/.test(hint)),
      `no parameter in ${all}`,
    );
    assert.ok(
      all.some((hint) => /⇢ \.0/.test(hint)),
      `no thread in ${all}`,
    );
    await having("hark.inlayHints.threads", false, async () => {
      await until("no thread", async () => !(await hints(document)).some((hint) => /⇢/.test(hint)));
    });
    await having("hark.inlayHints.parameterNames", false, async () => {
      await until("no parameter", async () => !(await hints(document)).some((hint) => /shop:/.test(hint)));
    });
  });

  it("code lenses run, debug and count", async () => {
    const document = await open("service.hk");
    const found = await lenses(document);
    const above = (text: string) => found.filter((lens) => lens.range.start.line === at(document, text).line);
    assert.deepEqual(
      above("fn main")
        .map((lens) => lens.command?.title)
        .slice(0, 2),
      ["Run", "Debug"],
    );
    assert.match(above("fn revenue")[0]?.command?.title ?? "", /2 references/);
    const run = above("fn main")[0]!.command!;
    assert.equal(run.command, "hark.run");
    assert.deepEqual(run.arguments?.[0].function, "main");
    const references = above("fn revenue")[0]!.command!;
    await vscode.commands.executeCommand(references.command, ...(references.arguments ?? []));
    assert.equal(range(document, "fn main").start.line, 7 - 1);
  });
});
