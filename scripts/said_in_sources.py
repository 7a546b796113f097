"""Find, in Python sources, the messages that people get to read.

A message is what an error is made with, what a job reports of its progress, and what is given or
returned under a name that says so (a sentence, a note, a refusal, a warning). It is followed
through names, conditions, sums and functions of the same file; what cannot be known without
running is a place, `{{0}}`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

__all__ = ["Source", "error_names", "messages_in"]

# Errors that say a plugin is at fault: the page only says that the server failed.
OF_AUTHORS = frozenset({"PluginError"})
GIVEN = frozenset(
    {"sentence", "message", "note", "refusal", "warning", "undefined", "reading", "problem"}
)
OF_LOGS = frozenset({"debug", "info", "warning", "error", "exception"})
RETURNED = re.compile(
    r"(^|_)(job_admit|job_warn|notes?|refusals?|warnings?|cautions?|left_out|reading_of|reasons?"
    r"|one_category)$"
)
# Names within functions of what is said.
HELD = GIVEN | {"reason", "notes", "threshold"}
PLACE = "\0"
# A message with fewer words of its own would be found in anything.
FEWEST_LETTERS = 7
# Of settings and files: the same in every language.
NAME = re.compile(r"[A-Z_]+$|\w+\.\w+$")
MOST_VARIANTS = 12
DEEPEST = 6

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A file and its tree."""

    path: Path
    tree: ast.Module


def error_names(sources: Iterable[Source]) -> frozenset[str]:
    """Return the names of KodkodError and of all that derive from it, but a plugin's fault."""
    bases = {
        node.name: {_last_name(base) for base in node.bases}
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"KodkodError"}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return frozenset(found - OF_AUTHORS)


def messages_in(source: Source, errors: frozenset[str]) -> Iterator[str]:
    """Yield each message of a file, with `{{0}}`, `{{1}}`, ... for its values."""
    reader = _Reader(source.tree)
    for node, function in reader.said(errors):
        for variant in reader.variants(node, function):
            numbered = _numbered(variant)
            words = re.sub(r"\{\{\d+\}\}", "", numbered)
            if len(re.findall(r"[^\W\d_]", words)) >= FEWEST_LETTERS and not NAME.match(words):
                yield numbered


def _numbered(variant: str) -> str:
    pieces = re.split(f"{PLACE}+", variant.strip())
    return "".join(
        piece if at == 0 else f"{{{{{at - 1}}}}}{piece}" for at, piece in enumerate(pieces)
    )


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


class _Reader:
    """Reads one file: which of its expressions are said, and as what."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._functions = {
            node.name: node for node in ast.walk(tree) if isinstance(node, _Function)
        }
        self._inside: dict[ast.AST, _Function] = {}
        for function in self._functions.values():
            for node in ast.walk(function):
                # Functions are walked from the outside in: the innermost is kept.
                self._inside[node] = function

    def said(self, errors: frozenset[str]) -> Iterator[tuple[ast.expr, _Function | None]]:
        for node in ast.walk(self._tree):
            for each in _said_by(node, errors):
                yield from self._with_fragments(each, self._inside.get(node))
        for name, function in self._functions.items():
            if RETURNED.search(name):
                for each in (*_parts(_returned(function)), *_appended(function)):
                    yield from self._with_fragments(each, function)

    def _with_fragments(
        self, node: ast.expr, function: _Function | None
    ) -> Iterator[tuple[ast.expr, _Function | None]]:
        """Yield what is said, and what functions of the file put into its places."""
        yield node, function
        for inside in ast.walk(node):
            match inside:
                case ast.FormattedValue(value=ast.Call(func=func)):
                    name = _last_name(func)
                case ast.FormattedValue(value=ast.Name(id=name)) if (
                    name.isupper() or name == "said"
                ):
                    yield inside.value, function
                    continue
                case ast.GeneratorExp(elt=ast.Call(func=func)):
                    name = _last_name(func)
                case _:
                    continue
            if (called := self._functions.get(name)) is not None:
                yield from ((each, called) for each in _parts(_returned(called)))

    def variants(self, node: ast.expr, function: _Function | None, depth: int = 0) -> list[str]:
        """Return all that an expression may say."""
        return self._variants(node, function, depth)[:MOST_VARIANTS]

    def _variants(self, node: ast.expr, function: _Function | None, depth: int) -> list[str]:
        if depth > DEEPEST:
            return [PLACE]
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=values):
                return self._joined(values, function, depth)
            case ast.FormattedValue(value=ast.IfExp() as value, conversion=-1):
                return self.variants(value, function, depth + 1)
            case ast.FormattedValue(value=ast.Name(id=name) as value, conversion=-1) if (
                name in HELD or self._is_choice(name, function)
            ):
                return self.variants(value, function, depth + 1)
            case ast.IfExp(body=body, orelse=orelse):
                return [
                    *self.variants(body, function, depth + 1),
                    *self.variants(orelse, function, depth + 1),
                ]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined([left, right], function, depth)
            case ast.Name(id=name):
                return self._named(name, function, depth)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get")):
                return [
                    each
                    for held in _assigned(name, self._tree, top=True)
                    if isinstance(held, ast.Dict)
                    for value in held.values
                    for each in self.variants(value, function, depth + 1)
                ] or [PLACE]
            case ast.Call(func=ast.Attribute(value=ast.Name() as held, attr="format")):
                return [
                    re.sub(r"\{[^{}]*\}", PLACE, each)
                    for each in self.variants(held, function, depth + 1)
                ]
            case ast.BoolOp(values=values):
                return [
                    each for part in values for each in self.variants(part, function, depth + 1)
                ]
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name)
            ) if name in self._functions:
                called = self._functions[name]
                return [
                    each
                    for part in _parts(_returned(called))
                    for each in self.variants(part, called, depth + 1)
                ] or [PLACE]
            case _:
                return [PLACE]

    def _is_choice(self, name: str, function: _Function | None) -> bool:
        """Whether a name has one of several strings, so that each makes a message of its own."""
        given = [] if function is None else list(_assigned(name, function))
        return bool(given) and all(
            isinstance(each, ast.IfExp)
            and all(isinstance(part, ast.Constant | ast.JoinedStr) for part in _parts([each]))
            for each in given
        )

    def _joined(self, parts: list[ast.expr], function: _Function | None, depth: int) -> list[str]:
        each = [self.variants(part, function, depth + 1) for part in parts]
        return ["".join(chosen) for chosen in product(*each)][:MOST_VARIANTS]

    def _named(self, name: str, function: _Function | None, depth: int) -> list[str]:
        inside = [] if function is None else list(_assigned(name, function))
        if not inside:
            inside = list(_assigned(name, self._tree, top=True))
        if not inside and function is not None and (place := _place(name, function)) is not None:
            return self._passed(name, place, function, depth)
        if not inside:
            return [PLACE]
        return [each for value in inside for each in self.variants(value, function, depth + 1)]

    def _passed(self, name: str, place: int, function: _Function, depth: int) -> list[str]:
        """Return what the file's calls of a function give it under a name."""
        found: list[str] = []
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call) and _last_name(node.func) == function.name:
                given = [each.value for each in node.keywords if each.arg == name]
                given = given or node.args[place : place + 1]
                for each in given:
                    found += self.variants(each, self._inside.get(node), depth + 1)
        return found or [PLACE]


def _place(name: str, function: _Function) -> int | None:
    """Return which argument of a function is called so."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    keywords = [each.arg for each in function.args.kwonlyargs]
    own = names[1:] if names[:1] == ["self"] else names
    if name in own:
        return own.index(name)
    return len(own) if name in keywords else None


def _said_by(node: ast.AST, errors: frozenset[str]) -> Iterator[ast.expr]:
    """Yield what a node gives people to read."""
    match node:
        case ast.Call(func=func, args=args, keywords=keywords):
            called = _last_name(func)
            if called in errors and args:
                yield args[0]
            elif called in {"progress", "_problem"} and len(args) > 1:
                yield args[1]
            elif called == "append" and _last_name_of_owner(func) in {"notes", "warnings"}:
                yield from args
            for keyword in keywords:
                yield from _given(called, keyword)
        case ast.AugAssign(target=ast.Name(id=name), value=value) if name in {*HELD, "said"}:
            yield value
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in HELD:
            yield from _parts([value])
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id="figures"), slice=key)]):
            yield key
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id="reasons")), *_], value=value):
            yield value
        case _:
            return


def _given(called: str, keyword: ast.keyword) -> Iterator[ast.expr]:
    """Yield what a call is given by name: a sentence, what a curve or a figure is called."""
    match keyword:
        case ast.keyword(arg=str(name), value=value) if name in GIVEN and called not in OF_LOGS:
            yield value
        case ast.keyword(arg="name", value=value) if called == "Series":
            yield value
        case ast.keyword(arg="figures", value=ast.Dict(keys=keys)):
            yield from (key for key in keys if key is not None)
        case ast.keyword(arg="notes", value=value):
            yield from _parts([value])
        case _:
            return


def _last_name_of_owner(node: ast.expr) -> str:
    return _last_name(node.value) if isinstance(node, ast.Attribute) else ""


def _returned(function: _Function) -> list[ast.expr]:
    return [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value is not None
    ]


def _appended(function: _Function) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(attr="append"), args=[value]):
                yield value
            case _:
                continue


def _parts(nodes: Iterable[ast.expr]) -> Iterator[ast.expr]:
    """Yield the members of lists and tuples, and what is no list itself."""
    for node in nodes:
        if isinstance(node, ast.List | ast.Tuple):
            yield from _parts(node.elts)
        elif isinstance(node, ast.IfExp):
            yield from _parts([node.body, node.orelse])
        elif not isinstance(node, ast.Starred):
            yield node


def _assigned(name: str, scope: ast.AST, *, top: bool = False) -> Iterator[ast.expr]:
    """Yield what a name is given in a function, or at the top of a file."""
    nodes = ast.iter_child_nodes(scope) if top else ast.walk(scope)
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
                if target == name:
                    yield value
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                for target, value in zip(targets, values, strict=False):
                    if isinstance(target, ast.Name) and target.id == name:
                        yield value
            case _:
                continue
