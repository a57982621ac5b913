// What happens while one types: findings, fixes, completion, rename, formatting.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { apply, at, change, code, diagnostics, having, item, open, openWith, range, until, uri } from "./workspace";

const options = { tabSize: 2, insertSpaces: true };

describe("while typing", () => {
  it("diagnostics appear and go", async () => {
    const document = await open("service.hk");
    await change(document, "total(rows)", "totl(rows)");
    const [found] = await diagnostics(document, "a wrong name", (codes) => codes.includes("HK0101"));
    assert.match(found!.message, /'totl' is not defined/);
    assert.equal(found!.source, "hark");
    assert.equal(found!.severity, vscode.DiagnosticSeverity.Error);
    await change(document, "totl(rows)", "total(rows)");
    await diagnostics(document, "the mended file", (codes) => codes.length === 0);
  });

  it("a file that is not saved anywhere is looked at too", async () => {
    const document = await vscode.workspace.openTextDocument({
      language: "hark",
      content: "fn main() {\n  nosuch\n}\n",
    });
    await diagnostics(document, "a wrong name", (codes) => codes.includes("HK0101"));
  });

  it("knows names, comments and indentation of the language", async () => {
    const document = await openWith("service.hk", "/** One */\nfn src.empty?() {");
    const word = document.getWordRangeAtPosition(at(document, "src|"));
    assert.equal(document.getText(word), "src.empty?");
    const editor = vscode.window.activeTextEditor!;
    const type = async (place: string, text: string) => {
      editor.selection = new vscode.Selection(at(document, place), at(document, place));
      await vscode.commands.executeCommand("type", { text });
    };
    await type("{|", "\n");
    assert.match(document.getText(), /\{\n {2}$/);
    await type("One|", "\n");
    assert.match(document.getText(), /One\n \* \n \*\/\n/);
    await type("fn|", "x");
    await vscode.commands.executeCommand("editor.action.commentLine");
    assert.match(document.getText(), /\n\/\/ fnx src/);
  });

  it("a diagnostic links to its explanation and fades what is unnecessary", async () => {
    const document = await openWith("service.hk", "fn main() {\n  unused = 1;\n  2\n}\n");
    const found = await diagnostics(document, "an unused name", (codes) => codes.length === 1);
    assert.deepEqual(found[0]!.tags, [vscode.DiagnosticTag.Unnecessary]);
    assert.equal(typeof found[0]!.code, "object", "no link");
  });

  it("a change of the settings changes what is reported", async () => {
    const document = await openWith("service.hk", "fn main() {\n  unused = 1;\n  2\n}\n");
    const [found] = await diagnostics(document, "an unused name", (codes) => codes.length === 1);
    await having("hark.lint", { [code(found!)]: "off" }, async () => {
      await diagnostics(document, "the rule off", (codes) => codes.length === 0);
    });
    await diagnostics(document, "the rule on", (codes) => codes.length === 1);
  });

  it("quick fixes mend what they are for", async () => {
    const document = await openWith("service.hk", "fn main() {\n  x = 1\n  lenght([x])\n}\n");
    await diagnostics(document, "two errors", (codes) => codes.length === 2);
    await apply(document, range(document, "lenght"), /length/, "quickfix");
    await apply(document, new vscode.Range(at(document, "x = 1|"), at(document, "x = 1|")), /';'/, "quickfix");
    assert.equal(document.getText(), "fn main() {\n  x = 1;\n  length([x])\n}\n");
    await diagnostics(document, "the mended file", (codes) => codes.length === 0);
  });

  it("completes names in scope with their documentation", async () => {
    const document = await openWith("service.hk", "fn main(first_one) {\n  fir\n}\n");
    const parameter = await item(document, "fir|\n", "first_one");
    assert.equal(parameter.kind, vscode.CompletionItemKind.Variable);
    const builtin = await item(document, "fir|\n", "first");
    assert.equal(builtin.kind, vscode.CompletionItemKind.Function);
    assert.ok(builtin.documentation, "no documentation");
  });

  it("completes a function of another file and imports it", async () => {
    const document = await openWith("service.hk", "fn main() {\n  gra\n}\n");
    const found = await item(document, "gra|\n", "grade");
    const edits = found.additionalTextEdits ?? [];
    assert.equal(edits.length, 1);
    assert.match(edits[0]!.newText, /^import\(grade, :hark lib\.grades\);\n/);
  });

  it("completes Python modules and functions inside import(", async () => {
    const document = await openWith("service.hk", "import(tot, sal, 1);\nfn main() { 1 }\n");
    await item(document, "sal|,", "sales");
    await change(document, "sal,", "sales,");
    await item(document, "tot|,", "total");
  });

  it("helps with the signature of a call", async () => {
    const document = await openWith(
      "service.hk",
      'fn main() {\n  line("a", )\n}\nfn line(shop, earned) {\n  [shop, earned]\n}\n',
    );
    const help: vscode.SignatureHelp = await vscode.commands.executeCommand(
      "vscode.executeSignatureHelpProvider",
      document.uri,
      at(document, '"a", |'),
      ",",
    );
    assert.match(help.signatures[0]!.label, /^line\(shop/);
    assert.equal(help.activeParameter, 1);
  });

  it("renames in all files", async () => {
    await open("service.hk");
    const document = await open("lib/grades.hk");
    const edit: vscode.WorkspaceEdit = await vscode.commands.executeCommand(
      "vscode.executeDocumentRenameProvider",
      document.uri,
      at(document, "fn |grade"),
      "rating",
    );
    const count = Object.fromEntries(edit.entries().map(([file, edits]) => [file.path.split("/").pop(), edits.length]));
    assert.deepEqual(count, { "grades.hk": 1, "service.hk": 2 });
  });

  it("refuses a rename that would change the meaning, and says why", async () => {
    const document = await open("service.hk");
    const rename = vscode.commands.executeCommand(
      "vscode.executeDocumentRenameProvider",
      document.uri,
      at(document, "|north ="),
      "south",
    );
    await assert.rejects(async () => rename, /south/);
  });

  it("follows a file that is renamed in the imports", async () => {
    const document = await open("service.hk");
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri("lib/grades.hk"), uri("lib/marks.hk"));
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until("the import", () => document.getText().includes("import(grade, :hark lib.marks);"));
    const back = new vscode.WorkspaceEdit();
    back.renameFile(uri("lib/marks.hk"), uri("lib/grades.hk"));
    assert.ok(await vscode.workspace.applyEdit(back));
    await until("the import", () => document.getText().includes("import(grade, :hark lib.grades);"));
    await vscode.workspace.saveAll();
  });

  it("formats a file, a part and what is typed", async () => {
    const text = "fn main( ){\n  x=1;\n  [ x,2 ]\n}\n";
    const document = await openWith("service.hk", text);
    const edits: vscode.TextEdit[] = await vscode.commands.executeCommand(
      "vscode.executeFormatDocumentProvider",
      document.uri,
      options,
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(document.getText(), "fn main() {\n  x = 1;\n  [x, 2]\n}\n");

    const ranged = await openWith("service.hk", text);
    const some: vscode.TextEdit[] = await vscode.commands.executeCommand(
      "vscode.executeFormatRangeProvider",
      ranged.uri,
      new vscode.Range(1, 0, 1, 6),
      options,
    );
    assert.ok(some.length > 0);

    const typed = await openWith("service.hk", "fn main() {\n  x=1;\n  x\n}\n");
    const after: vscode.TextEdit[] = await vscode.commands.executeCommand(
      "vscode.executeFormatOnTypeProvider",
      typed.uri,
      at(typed, "x=1;|"),
      ";",
      options,
    );
    assert.ok(after.length > 0);
  });

  it("adds await where a future is used as a value", async () => {
    const text = "fn main() {\n  x = async work();\n  x + 1\n}\n\nfn work() {\n  1\n}\n";
    const document = await openWith("service.hk", text);
    const found = await diagnostics(document, "a future used as a value", (codes) =>
      codes.some((one) => one.startsWith("HK04")),
    );
    await apply(document, found[0]!.range, /await/, "quickfix");
    assert.match(document.getText(), /await x \+ 1/);
  });

  it("extracts a function", async () => {
    const document = await openWith("service.hk", "fn main(a) {\n  b = a * 2 + 1;\n  b\n}\n");
    await apply(document, range(document, "a * 2 + 1"), /[Ee]xtract/, "refactor");
    assert.match(document.getText(), /fn \w+\(a\)/);
  });

  it("organises imports", async () => {
    const document = await openWith(
      "service.hk",
      "import(total, sales, 1);\nimport(read_sales, sales, 1);\nfn main() { total([]) }\n",
    );
    await diagnostics(document, "an unused import", (codes) => codes.length > 0);
    await apply(document, new vscode.Range(0, 0, 0, 0), /[Oo]rgani/, "source.organizeImports");
    assert.doesNotMatch(document.getText(), /read_sales/);
  });
});
