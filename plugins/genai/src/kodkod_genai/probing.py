"""Finding out what an endpoint can: by asking, for what it says of itself is not to be trusted."""

from __future__ import annotations

from collections.abc import Callable

from kodkod.api import InvalidInputError, InvalidValueError, LabelTask, Message, read_answer
from kodkod_genai.adapters import ADAPTERS, Adapter, Asked
from kodkod_genai.calls import Caller, CallFailedError, Tally
from kodkod_genai.endpoint import Endpoint
from kodkod_genai.params import EndpointParams

__all__ = ["choose_adapter"]

_TRAP = LabelTask(
    scheme_type="multiclass",
    labels=("qx7", "zv3"),
    descriptions=("", ""),
    check=lambda value, _: str(value),
)
# Whoever is not held to the labels says hello.
_QUESTION = (Message("user", "Say hello to me, in one short sentence."),)
_ORDER = ("decisions", "systemone", "schema", "tools")


async def choose_adapter(
    endpoint: Endpoint,
    params: EndpointParams,
    task: LabelTask,
    caller: Caller,
    tell: Callable[[str], None],
) -> Adapter:
    """Return the adapter that is named, or else the first by which the endpoint answers.

    Each is tried with a question to which no label is an answer: an endpoint that gives one was
    held to the labels, and one that gives none ignores that it should. `tell` gets what was found.

    Raises:
        InvalidInputError: the one that is named cannot ask for such answers; or no question can
            be answered at all.
    """
    if params.adapter != "auto":
        chosen = ADAPTERS[params.adapter]
        if not chosen.fits(task):
            raise InvalidInputError(
                f"The adapter {params.adapter!r} cannot ask for {task.scheme_type} answers"
                f"{' with a justification' if task.justify else ''}, or for so many labels; choose "
                "another, or auto.",
                field="adapter",
            )
        return chosen(endpoint, params, task)
    for name in _ORDER:
        if not ADAPTERS[name].fits(task):
            continue
        why = await _against(ADAPTERS[name](endpoint, params, _TRAP), caller)
        if not why:
            tell(f"Answers are asked for by {name!r}.")
            return ADAPTERS[name](endpoint, params, task)
        tell(f"Answers are not asked for by {name!r}: {why}.")
    tell("Answers are asked for in words and read from words: the endpoint holds to no schema.")
    return ADAPTERS["parse"](endpoint, params, task)


async def _against(adapter: Adapter, caller: Caller) -> str:
    """Return why a way to ask is of no use here; empty where it is of use."""
    asked = Asked(messages=_QUESTION, seed=adapter.params.seed, key=f"probe-{adapter.name}")
    tally = Tally()
    try:
        said = await caller.call(lambda: adapter.ask(asked), tally, retries=1)
    except CallFailedError as error:
        return str(error)
    except InvalidInputError as error:
        # Few endpoints decide: an address that is not there says nothing of the model.
        if error.field == "model" and adapter.decides:
            return "there is no such address"
        raise
    caller.count(said.usage, tally)
    if said.value is not None:
        return ""
    if said.problem:
        return said.problem
    try:
        read_answer(_TRAP, said.content or "", "")
    except InvalidValueError:
        return "the endpoint ignores the schema, for it answered with something else"
    return ""
