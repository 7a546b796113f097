"""A labelling as it is asked: labeller, task, prompt, and the examples that it began with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import (
    ConflictError,
    InvalidInputError,
    Labeller,
    LabellerSpec,
    LabelTask,
    Question,
    Split,
    TextBatch,
    Value,
)
from kodkod.jobs.coding import Coding, read_coding, splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.texts import read_batches, read_rows
from kodkod.project.coding import Coder
from kodkod.project.few_shot import ExamplePicker
from kodkod.project.fold import said_by_people
from kodkod.project.labelling import Labelling, LabelRows, chosen_rows, question_key
from kodkod.project.prompting import Example, Prompter
from kodkod.store.artefacts import ModelRow, list_features
from kodkod.store.files import whole_folder
from kodkod.store.learnt import write_learnt
from kodkod.store.matrices import MatrixFolder
from kodkod.store.prompts import PromptVersion, find_version

__all__ = ["OpenLabelling", "open_labelling", "read_chosen", "rows_to_label"]

_EXAMPLES = "examples.json"


class OpenLabelling(Struct, frozen=True, kw_only=True):
    """What is needed to ask, and to read what is said.

    `question` makes the question of a text from its row, id, text and context columns.
    """

    row: ModelRow
    spec: LabellerSpec
    labeller: Labeller[Any]
    task: LabelTask
    coding: Coding
    coder: Coder
    question: Callable[[int, str, str, dict[str, Any]], Question]
    columns: tuple[str, ...]

    def questions(self, batch: TextBatch) -> Iterator[Question]:
        """Yield the question of each text."""
        contexts = batch.context.select(self.columns).to_dicts() if self.columns else None
        for place, (row, id_, text) in enumerate(
            zip(batch.rows.tolist(), batch.ids, batch.texts, strict=True)
        ):
            yield self.question(row, id_, text, contexts[place] if contexts else {})


def open_labelling(ctx: KernelJobContext, row: ModelRow) -> OpenLabelling:
    """Make ready what a labelling asks.

    Raises:
        ConflictError: the scheme's labels have changed since the labelling was made.
        InvalidInputError: the prompt or a feature that it needs is gone, or the labeller cannot
            be asked for such a scheme.
    """
    facts = msgspec.convert(row.labelling, Labelling)
    version = ctx.workspace.read(find_version, facts.prompt_id, facts.version)
    if version is None:
        raise InvalidInputError(
            f"The prompt {facts.prompt!r} was deleted; make a labelling with another prompt."
        )
    coding = read_coding(ctx.workspace, ctx.project, row.scheme_id, said_by_people)
    if list(coding.label_ids) != row.label_ids:
        raise ConflictError(
            "The scheme has other labels than when the labelling was made; make another labelling, "
            "so that all texts are asked the same."
        )
    registry = ctx.workspace.registry
    spec = cast("LabellerSpec", registry.spec("labeller", row.component))
    if coding.scheme.type not in spec.scheme_types:
        raise InvalidInputError(
            f"The labeller {spec.name!r} answers {', '.join(spec.scheme_types)}, and the scheme is "
            f"{coding.scheme.type}; choose another labeller."
        )
    labeller = cast("Labeller[Any]", registry.build("labeller", row.component, row.params))
    names = coding.labels

    def check(value: object, text: str) -> Value:
        return coding.scheme_type.validate(value, names, text)

    task = LabelTask(
        scheme_type=coding.scheme.type,
        labels=names,
        descriptions=tuple(label.description for label in coding.scheme.labels),
        check=check,
        justify=facts.justify,
    )
    columns = tuple(ctx.project.config.get("context_columns", ()))
    return OpenLabelling(
        row=row,
        spec=spec,
        labeller=labeller,
        task=task,
        coding=coding,
        coder=Coder(coding.scheme_type, coding.scheme.labels, coding.merged),
        question=_asker(ctx, row, version, coding, labeller, task, columns),
        columns=columns,
    )


def rows_to_label(ctx: KernelJobContext, coding: Coding, wish: LabelRows) -> NDArray[np.int64]:
    """Return the rows of the corpus that are wished for, ascending.

    Raises:
        InvalidInputError: an id is not the corpus's, or no text is left.
    """
    folder = ctx.workspace.places(ctx.project).root
    splits = splits_of(ctx.workspace, ctx.project)
    ids = _rows_of(folder / "complete.parquet", wish.ids) if wish.ids else None
    return chosen_rows(wish, splits, coding.rows, ids)


def read_chosen(folder: Path, rows: NDArray[np.int64]) -> Iterator[TextBatch]:
    """Yield the texts of `rows`, which ascend, in batches that bound the memory used."""
    if not len(rows):
        return
    for batch in read_batches(folder, start=int(rows[0]), n_rows=int(rows[-1]) + 1):
        first = int(batch.rows[0])
        lo, hi = np.searchsorted(rows, [first, first + len(batch)]).tolist()
        places: list[int] = (rows[lo:hi] - first).tolist()
        if places:
            yield TextBatch(
                rows=batch.rows[places],
                texts=[batch.texts[i] for i in places],
                # A table of no columns has no rows either.
                context=batch.context[places] if batch.context.width else batch.context,
                ids=[batch.ids[i] for i in places],
            )


def _asker(
    ctx: KernelJobContext,
    row: ModelRow,
    version: PromptVersion,
    coding: Coding,
    labeller: Labeller[Any],
    task: LabelTask,
    columns: tuple[str, ...],
) -> Callable[[int, str, str, dict[str, Any]], Question]:
    prompter = Prompter(version.system, version.user, coding.scheme, columns)
    examples, pick = _examples(ctx, row, version, coding)
    identity = labeller.identity()

    def question(row_: int, id_: str, text: str, context: dict[str, Any]) -> Question:
        messages = prompter.messages(text, id_, context, [examples[i] for i in pick(row_)])
        key = question_key(row.component, identity, task, row.label_ids, messages, text)
        return Question(key=key, text=text, messages=messages)

    return question


class _Pool(Struct, frozen=True, kw_only=True):
    """The annotations that examples are drawn from, as they were when the labelling began."""

    rows: list[int]
    values: list[str | None]


def _examples(
    ctx: KernelJobContext, row: ModelRow, version: PromptVersion, coding: Coding
) -> tuple[list[Example], Callable[[int], list[int]]]:
    """Return the examples there are, and which of them go with a row.

    The annotations are kept with the labelling: those that are made later change no question, so
    that what was asked once is not asked again.
    """
    pool = _pool(ctx, row, version, coding)
    if not pool.rows:
        return [], lambda _: []
    coder = Coder(coding.scheme_type, coding.scheme.labels, coding.merged)
    texts = read_rows(ctx.workspace.places(ctx.project).root, np.array(pool.rows))
    values = [coder.read(raw) for raw in pool.values]
    kept = [i for i, value in enumerate(values) if value is not None]
    examples = [
        Example(text=texts.texts[i], value=cast("Value", values[i]), id=texts.ids[i]) for i in kept
    ]
    picker = ExamplePicker(
        version.examples,
        np.array([pool.rows[i] for i in kept], dtype=np.int64),
        [example.value for example in examples],
        coding.scheme_type.labels_of,
        _vectors(ctx, version),
    )
    place = {pool.rows[i]: at for at, i in enumerate(kept)}
    return examples, lambda row_: [place[each] for each in picker.pick(row_)]


def _pool(ctx: KernelJobContext, row: ModelRow, version: PromptVersion, coding: Coding) -> _Pool:
    folder = ctx.workspace.places(ctx.project).model(row.id)
    if (folder / _EXAMPLES).exists():
        return msgspec.json.decode((folder / _EXAMPLES).read_bytes(), type=_Pool)
    pool = _Pool(rows=[], values=[])
    if version.examples.how != "none":
        taught = coding.in_split(Split.TRAIN, splits_of(ctx.workspace, ctx.project))
        coder = Coder(coding.scheme_type, coding.scheme.labels, coding.merged)
        texts = read_rows(ctx.workspace.places(ctx.project).root, taught.rows).texts
        coded = [coder.code(v, text) for v, text in zip(taught.values, texts, strict=True)]
        pool = _Pool(rows=taught.rows.tolist(), values=coded)
    with whole_folder(folder) as aside:
        # Texts that were shown as examples are not unseen when the answers are scored.
        rows = np.array(pool.rows, dtype=np.int64)
        write_learnt(aside, rows=rows, label_ids=row.label_ids, names=coding.labels, said=None)
        (aside / _EXAMPLES).write_bytes(msgspec.json.encode(pool))
        (aside / "manifest.json").write_bytes(msgspec.json.encode(row))
    return pool


def _vectors(ctx: KernelJobContext, version: PromptVersion) -> NDArray[np.float32] | None:
    if version.examples.how != "nearest":
        return None
    named = version.examples.feature
    rows = ctx.workspace.read(list_features, ctx.project.id)
    feature = next((each for each in rows if named in {each.id, each.name}), None)
    if feature is None or feature.sparse:
        there = ", ".join(each.name for each in rows if not each.sparse) or "none"
        raise InvalidInputError(
            f"The prompt's examples are to be nearest by the feature {named!r}, which is "
            f"{'sparse' if feature else 'not there'}; choose among {there}.",
            field="feature",
        )
    return MatrixFolder(ctx.workspace.places(ctx.project).feature(feature.id)).open_dense()


def _rows_of(corpus: Path, ids: tuple[str, ...]) -> dict[str, int]:
    """Return the row of each id that the corpus has."""
    found = (
        pl.scan_parquet(corpus)
        .select("id")
        .with_row_index("row")
        .filter(pl.col("id").is_in(list(ids)))
        .collect()
    )
    return dict(zip(found["id"].to_list(), found["row"].to_list(), strict=True))
