"""What Python itself says of the modules named on standard input, a line of JSON for each: the definitions as pyindex sees them."""
import ast
import json
import sys


class Oracle:
    def __init__(self, text):
        self.text = text
        self.lines = text.encode().split(b"\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.found = {}

    def offset(self, line, column):
        return self.starts[line - 1] + column

    def source(self, node):
        start = self.offset(node.lineno, node.col_offset)
        end = self.offset(node.end_lineno, node.end_col_offset)
        return self.text.encode()[start:end].decode() if node is not None else ""

    def param(self, arg, kind, default):
        note = self.source(arg.annotation) if arg.annotation else ""
        return {"name": arg.arg, "kind": kind, "annotation": note, "default": self.source(default) if default else ""}

    def params(self, args):
        positional = args.posonlyargs + args.args
        defaults = [None] * (len(positional) - len(args.defaults)) + args.defaults
        found = []
        for i, (arg, default) in enumerate(zip(positional, defaults)):
            found.append(self.param(arg, 1 if i < len(args.posonlyargs) else 0, default))
        if args.vararg:
            found.append(self.param(args.vararg, 2, None))
        for arg, default in zip(args.kwonlyargs, args.kw_defaults):
            found.append(self.param(arg, 3, default))
        if args.kwarg:
            found.append(self.param(args.kwarg, 4, None))
        return found

    def extent(self, node):
        start = self.offset(node.lineno, node.col_offset)
        for decorator in node.decorator_list:  # from the "@" on
            at = self.offset(decorator.lineno, decorator.col_offset)
            start = min(start, self.text.encode().rindex(b"@", 0, at))
        return [start, self.offset(node.end_lineno, node.end_col_offset)]

    def walk(self, body, path):
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.definition(node, path)
                continue
            if isinstance(node, ast.If) and not path and main(node.test):
                self.walk(node.orelse, path)
                continue
            for name in stored(node):
                self.forget(".".join(path + [name]))
            self.walk(getattr(node, "body", []), path)
            for part in getattr(node, "handlers", []) + getattr(node, "cases", []):
                self.forget(".".join(path + [getattr(part, "name", None) or ""]))
                self.walk(part.body, path)
            for field in ("orelse", "finalbody"):
                self.walk(getattr(node, field, []), path)

    def definition(self, node, path):
        name = ".".join(path + [node.name])
        self.forget(name)
        fact = {"name": name, "doc": ast.get_docstring(node) or "", "extent": self.extent(node)}
        self.found[name] = fact
        if isinstance(node, ast.ClassDef):
            fact["kind"] = "class"
            self.walk(node.body, path + [node.name])
            return
        fact["kind"] = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
        fact["params"] = self.params(node.args)
        fact["result"] = self.source(node.returns) if node.returns else ""
        fact["decorators"] = [ast.unparse(d) for d in node.decorator_list]

    def forget(self, name):
        for old in list(self.found):
            if old == name or old.startswith(name + "."):
                del self.found[old]


def main(test):
    return ast.unparse(test) == "__name__ == '__main__'"


def stored(node):
    """The names that a statement binds itself, outside of its blocks."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    todo, names = [], []
    for name, value in ast.iter_fields(node):
        if name in ("body", "orelse", "finalbody", "handlers", "cases"):
            continue
        todo += value if isinstance(value, list) else [value]
    while todo:
        part = todo.pop()
        if isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del)):
            if not (isinstance(node, ast.AnnAssign) and node.value is None):
                names.append(part.id)
        elif isinstance(part, ast.AST) and not isinstance(part, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            todo += ast.iter_child_nodes(part)
    return names


for path in sys.stdin.read().split("\n"):
    if not path:
        continue
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
        tree = ast.parse(text)
        if "\r" in text:
            raise ValueError("spans of ast count other line ends")
    except (SyntaxError, UnicodeDecodeError, ValueError, RecursionError):
        print("null")
        continue
    oracle = Oracle(text)
    oracle.walk(tree.body, [])
    print(json.dumps({"doc": ast.get_docstring(tree) or "", "names": list(oracle.found.values())}))
