"""A scheme: draw texts, annotate them, let a guide learn."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from kodkod_sdk.errors import WaitTimeoutError
from kodkod_sdk.generated.contract import (
    Accepted,
    AddLabel,
    Adjudicated,
    Decision,
    DeleteLabel,
    Disagreement,
    Element,
    GuideInfo,
    LogEntry,
    MergeLabels,
    NewAcceptance,
    NewAdjudications,
    NewAnnotation,
    NewAnnotations,
    NewGuide,
    NextQuery,
    NextTexts,
    RenameLabel,
    ReorderLabels,
    RestyleLabel,
    Rights,
    Saved,
    SchemeInfo,
    SchemePatch,
    Skip,
    Statistics,
    StoppingAdvice,
    SuspectedLabel,
    Undone,
    Withdrawn,
)
from kodkod_sdk.transport import Transport

__all__ = ["LabelOperation", "Scheme"]

LabelOperation = AddLabel | RenameLabel | RestyleLabel | MergeLabels | DeleteLabel | ReorderLabels


class Scheme:
    """A scheme of a project, named by its name."""

    def __init__(self, transport: Transport, project_path: str, name: str) -> None:
        self._transport = transport
        self.name = name
        self._project_path = project_path
        self._path = f"{project_path}/schemes/{name}"

    def info(self) -> SchemeInfo:
        """Return its type, labels, codebook, guide and how much is annotated."""
        return self._transport.get(self._path, SchemeInfo)

    def change(self, patch: SchemePatch) -> SchemeInfo:
        """Change the name, the codebook or the overlap."""
        changed = self._transport.send("PATCH", self._path, patch, SchemeInfo)
        self.name = changed.name
        self._path = f"{self._project_path}/schemes/{changed.name}"
        return changed

    def change_labels(self, operation: LabelOperation) -> SchemeInfo:
        """Add, rename, restyle, merge, delete or reorder labels."""
        return self._transport.send("POST", f"{self._path}/labels", operation, SchemeInfo)

    def rights(self) -> Rights:
        """Return whom the scheme is for."""
        return self._transport.get(f"{self._path}/rights", Rights)

    def set_rights(self, rights: Rights) -> Rights:
        """Restrict the scheme to some users and groups, or let it be for every member."""
        return self._transport.send("PUT", f"{self._path}/rights", rights, Rights)

    def delete(self) -> None:
        """Delete the scheme with its annotations."""
        self._transport.delete(self._path)

    # -- annotating -------------------------------------------------------------------------

    def next(self, query: NextQuery | None = None) -> NextTexts:
        """Reserve texts for the signed-in user; an empty list means that none is left."""
        return self._transport.send("POST", f"{self._path}/next", query or NextQuery(), NextTexts)

    def annotate(self, annotations: Iterable[NewAnnotation]) -> list[int]:
        """Store annotations, all or none; when this returns they are on disk.

        Returns their positions in the log, in the order given.
        """
        body = NewAnnotations(annotations=list(annotations))
        return self._transport.send("POST", f"{self._path}/annotations", body, Saved).seq

    def annotate_and_next(
        self, annotations: Iterable[NewAnnotation], query: NextQuery | None = None
    ) -> NextTexts:
        """Store annotations as `annotate` does, and reserve the next texts in the same request."""
        body = NewAnnotations(annotations=list(annotations), next=query or NextQuery())
        saved = self._transport.send("POST", f"{self._path}/annotations", body, Saved)
        return saved.next or NextTexts(elements=[], remaining=0)

    def skip(self, leases: Iterable[str]) -> None:
        """Give texts back unannotated."""
        self._transport.post(f"{self._path}/skip", Skip(leases=list(leases)))

    def undo(self) -> Undone:
        """Take the user's last entry of the log back."""
        return self._transport.send("POST", f"{self._path}/undo", None, Undone)

    def log(self) -> Iterator[LogEntry]:
        """Walk through the annotation log, oldest first."""
        return self._transport.items(f"{self._path}/annotations", LogEntry)

    def elements(self, **query: str) -> Iterator[Element]:
        """Walk through the table of texts; `query` is sample, split, regex, ..."""
        return self._transport.items(f"{self._path}/elements", Element, query)

    def statistics(self) -> Statistics:
        """Return how often each label is used and who did how much."""
        return self._transport.get(f"{self._path}/statistics", Statistics)

    def stopping(self) -> StoppingAdvice:
        """Return what the stopping rules advise, each with its evidence. None stops anything."""
        return self._transport.get(f"{self._path}/stopping", StoppingAdvice)

    def label_errors(self, model: str | None = None) -> Iterator[SuspectedLabel]:
        """Walk through the annotated texts whose value is probably wrong, the worst first.

        A `model` that was trained with folds tells, or else the guide's assessment.
        """
        query = {} if model is None else {"model": model}
        return self._transport.items(f"{self._path}/label-errors", SuspectedLabel, query)

    # -- adjudication -----------------------------------------------------------------------

    def disagreements(self, **query: str) -> Iterator[Disagreement]:
        """Walk through what coders disagree on, the most severe first.

        `query` is between, label, split, decided, assigned, consensus.
        """
        return self._transport.items(f"{self._path}/disagreements", Disagreement, query)

    def adjudicate(self, decisions: Iterable[Decision]) -> list[int]:
        """Decide what texts' values are, all or none; return the places in the log.

        Raises:
            ConflictError: what is said of a text has changed since it was looked at.
        """
        body = NewAdjudications(decisions=list(decisions))
        return self._transport.send("POST", f"{self._path}/adjudications", body, Adjudicated).seq

    def withdraw(self, *, id: str | None = None, act: str | None = None) -> list[int]:  # noqa: A002
        """Take back the decision on a text, or all that an act decided."""
        path = f"{self._path}/adjudications"
        query = {name: value for name, value in (("id", id), ("act", act)) if value is not None}
        return self._transport.send("DELETE", f"{path}?{urlencode(query)}", None, Withdrawn).seq

    def accept_suggestions(self, acceptance: NewAcceptance) -> Accepted:
        """Count what would be decided; with the count in `expected`, decide it."""
        path = f"{self._path}/adjudications/accept"
        return self._transport.send("POST", path, acceptance, Accepted)

    # -- the guide --------------------------------------------------------------------------

    def set_guide(self, guide: NewGuide) -> SchemeInfo:
        """Let a quick model learn in the background and order the texts."""
        return self._transport.send("PUT", f"{self._path}/guide", guide, SchemeInfo)

    def remove_guide(self) -> None:
        """Stop the guide."""
        self._transport.delete(f"{self._path}/guide")

    def refresh_guide(self) -> GuideInfo:
        """Let the guide learn now from what is annotated; it is queued when this returns."""
        return self._transport.send("POST", f"{self._path}/guide/refresh", None, GuideInfo)

    def wait_for_guide(self, after_seq: int, timeout: float = 60.0) -> GuideInfo:
        """Return when the guide has learnt from the log up to `after_seq`.

        Annotators never need this: `next` uses the newest guide there is. A script that
        measures the guide does.

        Raises:
            WaitTimeoutError: it has not, after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while True:
            guide = self.info().guide
            if guide is not None and guide.version and guide.trained_at_seq >= after_seq:
                return guide
            if time.monotonic() >= deadline:
                state = "not set" if guide is None else f"{guide.state} ({guide.message})"
                raise WaitTimeoutError(f"the guide of {self.name} is {state}")
            time.sleep(0.02)
