"""Find the clauses of errors for the catalogue of texts; beside them whatever Babel itself finds.

An error is raised with plain English text, mostly an f-string. Its template is that text with the
values in braces: ``f"the column {missing[0]} is missing"`` gives "the column {missing} is
missing". Where a message, a remedy or a value is a name, the texts that the name is given in the
same function or module are taken too. Texts have the context "refusal": see `voirie.refusals`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import IO, Any

from babel.messages.extract import extract_python

CONTEXT = "refusal"
ERRORS = re.compile(
    r"(Voirie|Configuration|Usage)Error|Output\w+|DiskFull|\w+Missing|MissingExtra|\w*Unusable"
    r"|EmptyInput|Not[A-Z]\w+|PicturesTurned|NoOverlap|AnonymiserUnfit|FrameNotSealed"
)
HELPERS: dict[str, tuple[int | str, ...]] = {
    "R_": (0,),
    "Check": (0, 2, 3),
    "StageEvent": (3, "note"),
    "Option": ("help",),
    "Argument": ("help",),
    "_unfit": (0,),
    "_refuse": (1,),
    "_check_suffix": (2,),
    "read_mapping": (1,),
    "checked": (3, 4, "what", "remedy"),
    "refuse": (4,),
    "refuse_cell": (2,),
    "ValueError": (0,),
}
"""Functions of ours that pass a text on to an error, and which of their arguments it is.

A `ValueError` of a validator comes out as the reason of an input that is not valid.
"""

Found = tuple[int, str, tuple[str, str], list[str]]


def extract(
    file: IO[bytes], keywords: Any, comments: Any, options: Any
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """The method of `[[tool.babel.mappings]]` for Python."""
    yield from extract_python(file, keywords, comments, options)
    file.seek(0)
    tree = ast.parse(file.read())
    seen = set()
    for line, text in _Texts(tree).found():
        if text not in seen and re.search("[A-Za-z]{2}", re.sub(r"\{\w+\}", "", text)):
            seen.add(text)
            yield line, "refusal", (CONTEXT, text), []


class _Texts:
    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.module = _given(tree.body)

    def found(self) -> Iterator[tuple[int, str]]:
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.endswith("_command"):
                yield node.lineno, summary(ast.get_docstring(node) or "")
        for names, call in self._calls(self.tree, {}):
            for argument in _asked(call):
                if getattr(call.func, "id", "") == "R_" and isinstance(argument, ast.Constant):
                    yield call.lineno, str(argument.value)  # its places are written as such
                    continue
                for text in self._texts(argument, names):
                    yield call.lineno, text

    def _calls(
        self, node: ast.AST, names: dict[str, list[ast.expr]]
    ) -> Iterator[tuple[dict[str, list[ast.expr]], ast.Call]]:
        for child in ast.iter_child_nodes(node):
            own = names
            if isinstance(child, ast.FunctionDef):
                own = names | _given(list(ast.walk(child)))
            if isinstance(child, ast.Call):
                yield own, child
            yield from self._calls(child, own)

    def _texts(self, node: ast.expr, names: dict[str, list[ast.expr]], depth: int = 0) -> list[str]:
        if depth > 4:
            return []
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [node.value.replace("{", "{{").replace("}", "}}")]
        if isinstance(node, ast.IfExp):
            return [
                text for part in (node.body, node.orelse)
                for text in self._texts(part, names, depth + 1)
            ]  # fmt: skip
        if isinstance(node, ast.BoolOp):
            return [text for part in node.values for text in self._texts(part, names, depth + 1)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = (self._texts(side, names, depth + 1) for side in (node.left, node.right))
            return [a + b for a in left or ["{value}"] for b in right or ["{value}"]]
        if isinstance(node, ast.Name):
            given = names.get(node.id) or self.module.get(node.id) or []
            return [text for one in given for text in self._texts(one, names, depth + 1)]
        if isinstance(node, ast.JoinedStr):
            inner = [
                text for part in node.values if isinstance(part, ast.FormattedValue)
                for text in self._texts(part.value, names, depth + 1)
            ]  # fmt: skip
            return [template(node), *inner]
        return []


def summary(text: str) -> str:
    """Docstring of a command as its help shows it: up to its first section."""
    return re.split(r"\n\n\w+\n-{3,}\n", text, maxsplit=1)[0]


def template(node: ast.JoinedStr) -> str:
    """The text of an f-string with its values in braces, each by a name of its own."""
    out, used = "", set()
    for part in node.values:
        if isinstance(part, ast.Constant):
            out += str(part.value).replace("{", "{{").replace("}", "}}")
        elif isinstance(part, ast.FormattedValue):
            name = _name(part.value)
            base, k = name, 2
            while name in used:
                name, k = f"{base}_{k}", k + 1
            used.add(name)
            out += f"{{{name}}}"
    return out


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr.lower().strip("_")
    if isinstance(node, ast.Name):
        return node.id.lower().strip("_")
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            name = _name(child)
            if name != "value":
                return name
    return "value"


def _asked(call: ast.Call) -> list[ast.expr]:
    """Arguments of a call that hold a clause."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name in HELPERS:
        where = HELPERS[name]
        numbered = [call.args[k] for k in where if isinstance(k, int) and k < len(call.args)]
        return numbered + [word.value for word in call.keywords if word.arg in where]
    if not ERRORS.fullmatch(name):
        return []
    named = [word.value for word in call.keywords if word.arg in ("message", "remedy")]
    return [*call.args[:1], *call.args[2:3], *named]


def _given(nodes: list[Any]) -> dict[str, list[ast.expr]]:
    """What names are given: by assignment, or one of several that a loop takes."""
    out: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    out.setdefault(target.id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            out.setdefault(node.target.id, []).append(node.value)
    return out
