"""Templates that fill in texts and can do nothing else, and whose cost has a bound.

They are Jinja's (https://jinja.palletsprojects.com), in its sandbox, cut down to what a prompt
needs: values, conditions, loops over labels, examples and columns, and the filters below. There are
no calls, no assignments and no arithmetic. What is left that could take long, a turn of a loop and
the characters that a filter handles, is counted and ends at a limit, the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Any, NoReturn

import msgspec
from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.filters import do_truncate
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kodkod.api import InvalidInputError

__all__ = ["LONGEST_TEMPLATE", "PromptTemplate"]

LONGEST_TEMPLATE = 50_000
_LONGEST_PROMPT = 1_000_000
_MOST_STEPS = 4_000_000
_DEEPEST_LOOPS = 2
_DEEPEST = 50
_LARGEST_NUMBER = 10**12
_MOST_DIGITS = 12
_LISTS = {
    "labels": frozenset({"name", "description"}),
    "examples": frozenset({"text", "value", "answer", "id"}),
    "columns": frozenset[str](),
}
"""The lists there are, each with what its elements have."""
_NAMES = frozenset({*_LISTS, "text", "id", "context", "codebook", "scheme"})
_OF_LOOPS = frozenset({"first", "index", "index0", "last", "length", "revindex"})
# No even, odd or divisibleby: of a text they are its formatting, which can fill the memory.
_TESTS = frozenset({"defined", "undefined", "none", "string", "number", "equalto", "in"})
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.For),
    *(nodes.If, nodes.CondExpr, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Tuple, nodes.List),
    nodes.Keyword,
)
_WHAT = "values, conditions, and loops over labels, examples and columns are what there is."
_BUDGET = " budget"
"""No template can name it, for the space."""


class PromptTemplate:
    """A template of the part of a prompt that `field` names; `columns` are the context columns.

    Raises:
        InvalidInputError: it is no template, or asks for more than is allowed; the message has the
            line and what to do.
    """

    def __init__(self, source: str, field: str, columns: Sequence[str]) -> None:
        self._field = field
        if len(source) > LONGEST_TEMPLATE:
            raise InvalidInputError(
                f"The {field} template has {len(source):,} characters; {LONGEST_TEMPLATE:,} are "
                "allowed.",
                field=field,
            )
        if not _is_text(source):
            raise _wrong(field, 1, "It has characters that are no text; take them out.")
        try:
            tree = _SANDBOX.parse(source)
            check = _Check(field)
            check.walk(tree, dict.fromkeys(_NAMES, frozenset()) | {"context": frozenset(columns)})
            self._template = _SANDBOX.from_string(tree)
        except TemplateSyntaxError as error:
            raise _wrong(field, error.lineno, f"{str(error.message).rstrip('.')}.") from error
        except (RecursionError, MemoryError, SyntaxError) as error:
            # The limits of Python's own compiler.
            raise _wrong(field, 1, _TOO_DEEP) from error
        except ValueError as error:
            raise _wrong(field, 1, "A number in it has too many digits.") from error
        self._nodes, self._compared = check.seen, check.compared

    def fill(self, values: Mapping[str, Any], id_: str) -> str:
        """Return what it comes to for the text `id_`, without white space at the ends.

        Raises:
            InvalidInputError: it needs what is not there, or takes or comes to too much.
        """
        turn = self._nodes + self._compared * (_longest(values) // 1_000)
        budget = _Budget()
        given = {
            name: _Counted(value, budget, turn) if isinstance(value, list) else value
            for name, value in values.items()
        }
        length, parts = 0, []
        try:
            for part in self._template.generate(given | {_BUDGET: budget}):
                length += len(part)
                if length > _LONGEST_PROMPT:
                    raise SecurityError(_TOO_LONG)
                parts.append(part)
        except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
            raise InvalidInputError(
                f"The {self._field} template cannot be filled in for the text {id_!r}: "
                f"{str(error)[:200]}.",
                field=self._field,
            ) from error
        return "".join(parts).strip()


_TOO_DEEP = f"It is nested more than {_DEEPEST} deep; write it flat."
_TOO_LONG = (
    f"it comes to more than {_LONGEST_PROMPT:,} characters; shorten texts with truncate, or show "
    "fewer examples"
)


class _Budget:
    """How many steps a rendering may still take; a step is well below a microsecond."""

    def __init__(self) -> None:
        self._left = _MOST_STEPS

    def spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise SecurityError("it takes too long; loop over less, or use fewer filters")

    def handle(self, values: Iterable[Any]) -> None:
        """Pay for the characters of those values that are texts, none of which may be too long."""
        for value in values:
            if isinstance(value, str):
                if len(value) > _LONGEST_PROMPT:
                    raise SecurityError(_TOO_LONG)
                self.spend(1 + len(value) // 16)


class _Counted(list[Any]):
    """A list of which each turn of a loop is paid for, as if it met the whole template."""

    def __init__(self, items: list[Any], budget: _Budget, turn: int) -> None:
        super().__init__(items)
        self._budget = budget
        self._turn = turn

    def __iter__(self) -> Iterator[Any]:
        for each in super().__iter__():
            self._budget.spend(self._turn)
            yield each


class _Sandbox(ImmutableSandboxedEnvironment):
    """Data are items; of all other things a template sees where a loop is, and nothing else."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an item of data by its name, or what a loop says of itself."""
        if isinstance(obj, Mapping):
            return self.getitem(obj, attribute)
        if isinstance(obj, LoopContext) and attribute in _OF_LOOPS:
            return getattr(obj, attribute)
        return self.undefined(f"there is no {attribute[:50]!r} in it")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item of data, or a character of a text."""
        try:
            return obj[argument]
        except (TypeError, LookupError):
            return self.undefined(f"there is no {str(argument)[:50]!r} in it")


def _default(value: Any, other: Any = "", boolean: bool = False) -> Any:
    return other if isinstance(value, Undefined) or (boolean and not value) else value


def _join(values: Any, separator: str = "", attribute: str | None = None) -> str:
    """Join a list; a text, whose letters would all be parted, is none."""
    if not isinstance(values, list):
        raise SecurityError("join takes a list")
    parts = [str(each if attribute is None else each[attribute]) for each in values]
    if sum(map(len, parts)) + len(str(separator)) * len(parts) > _LONGEST_PROMPT:
        raise SecurityError(_TOO_LONG)
    return str(separator).join(parts)


def _round(value: Any, digits: int = 0) -> float:
    if not 0 <= digits <= _MOST_DIGITS:
        raise SecurityError(f"round takes 0 to {_MOST_DIGITS} digits")
    return round(float(value), digits)


def _tojson(value: Any) -> str:
    """Write JSON as models read it best: accents and angle brackets as they are."""
    return msgspec.json.encode(value).decode()


def _truncate(
    value: Any, length: int = 255, killwords: bool = False, end: str = "...", leeway: int = 0
) -> str:
    if leeway < 0 or length < len(end):
        raise SecurityError(f"truncate needs room for {end!r}; give it a greater length")
    return do_truncate(_SANDBOX, str(value), length, killwords, end, leeway)


def _counted(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """Let a filter pay for what it takes and gives. With a context, none runs while compiling."""

    @pass_context
    @wraps(filter_)
    def apply(context: Context, *args: Any, **options: Any) -> Any:
        budget: _Budget = context[_BUDGET]
        budget.handle((*args, *options.values()))
        result = filter_(*args, **options)
        budget.handle([result])
        return result

    return apply


_FILTERS: dict[str, Callable[..., Any]] = {
    "capitalize": lambda value: str(value).capitalize(),
    "default": _default,
    "first": lambda value: value[0],
    "int": lambda value: int(float(value)),
    "join": _join,
    "last": lambda value: value[-1],
    "length": lambda value: len(value),
    "lower": lambda value: str(value).lower(),
    "round": _round,
    "title": lambda value: str(value).title(),
    "tojson": _tojson,
    "trim": lambda value: str(value).strip(),
    "truncate": _truncate,
    "upper": lambda value: str(value).upper(),
}
_SANDBOX = _Sandbox(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_SANDBOX.filters = {name: _counted(filter_) for name, filter_ in _FILTERS.items()}
_SANDBOX.tests = {name: _SANDBOX.tests[name] for name in _TESTS}


_Names = Mapping[str, frozenset[str]]


class _Check:
    """Refuses whatever a prompt does not need, where it is.

    `seen` counts the nodes, `compared` those among them that may read texts to their end.
    """

    def __init__(self, field: str) -> None:
        self.seen = 0
        self.compared = 0
        self._field = field

    def walk(self, node: nodes.Node, names: _Names, loops: int = 0, depth: int = 0) -> None:
        """Check a node and all below it; `names` are those that it may use, with their items."""
        self.seen += 1
        self.compared += isinstance(node, (nodes.Compare, nodes.Test))
        if depth > _DEEPEST:
            self._refuse(node, _TOO_DEEP)
        if not isinstance(node, _ALLOWED):
            self._refuse(node, f"A prompt can have no {type(node).__name__.lower()} here; {_WHAT}")
        if isinstance(node, nodes.For):
            self._loop(node, names, loops, depth)
            return
        self._one(node, names)
        for child in node.iter_child_nodes():
            self.walk(child, names, loops, depth + 1)

    def _loop(self, node: nodes.For, names: _Names, loops: int, depth: int) -> None:
        over = node.iter
        if node.recursive or not isinstance(over, nodes.Name) or over.name not in _LISTS:
            self._refuse(node, f"A loop goes over one of {', '.join(sorted(_LISTS))}.")
        if loops == _DEEPEST_LOOPS:
            self._refuse(node, f"Loops can be nested {_DEEPEST_LOOPS} deep.")
        targets = [node.target, *node.target.find_all(nodes.Name)]
        bound = {each.name: _LISTS[over.name] for each in targets if isinstance(each, nodes.Name)}
        if taken := bound.keys() & _NAMES:
            self._refuse(node, f"{min(taken)!r} means something else already; name it otherwise.")
        for child in node.body:
            self.walk(child, {**names, "loop": _OF_LOOPS, **bound}, loops + 1, depth + 1)
        if node.test is not None:
            # Where it is decided which elements there are, no loop is yet.
            known = {name: names[name] for name in names if name != "loop"}
            self.walk(node.test, {**known, **bound}, loops + 1, depth + 1)
        for child in node.else_:
            self.walk(child, names, loops, depth + 1)

    def _one(self, node: nodes.Node, names: _Names) -> None:
        match node:
            case nodes.Name(name=name):
                self._known(node, "name", name, names)
            case nodes.Filter(name=name):
                self._known(node, "filter", name, _FILTERS)
            case nodes.Test(name=name):
                self._known(node, "test", name, _TESTS)
            case nodes.Const(value=value) if not _is_plain(value):
                self._refuse(node, "A number or text in it is out of bounds.")
            case nodes.Getattr(node=nodes.Name(name=owner), attr=item) if owner in names:
                self._item(node, owner, item, names)
            case nodes.Getitem(node=nodes.Name(name=owner), arg=nodes.Const(value=str(item))) if (
                owner in names
            ):
                self._item(node, owner, item, names)
            case _:
                pass
        if getattr(node, "dyn_args", None) or getattr(node, "dyn_kwargs", None):
            self._refuse(node, "Arguments are written one by one, without * or **.")

    def _known(self, node: nodes.Node, what: str, name: str, there: Collection[str]) -> None:
        if name not in there:
            self._refuse(node, f"There is no {what} {name!r}; there are {_listed(there)}.")

    def _item(self, node: nodes.Node, owner: str, item: str, names: _Names) -> None:
        if item not in names[owner]:
            self._refuse(node, f"There is no {item!r} in {owner}; it has {_listed(names[owner])}.")

    def _refuse(self, node: nodes.Node, why: str) -> NoReturn:
        raise _wrong(self._field, node.lineno, why)


def _wrong(field: str, line: int, why: str) -> InvalidInputError:
    return InvalidInputError(f"Line {line} of the {field} template: {why}", field=field)


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "no parts"


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return _is_text(value)
    return not isinstance(value, (int, float)) or abs(value) <= _LARGEST_NUMBER


def _is_text(value: str) -> bool:
    """Tell whether it can be stored and sent: half a surrogate pair and NUL cannot."""
    return "\0" not in value and not any("\ud800" <= each <= "\udfff" for each in value)


def _longest(value: object) -> int:
    """Return the length of the longest text in a value."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return max(map(_longest, value.values()), default=0)
    if isinstance(value, (list, tuple)):
        return max(map(_longest, value), default=0)
    return 0
