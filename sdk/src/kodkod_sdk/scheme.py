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
    AnnotatorQuality,
    CodebookVersionInfo,
    CodebookVersionPatch,
    CodebookVersionView,
    Decision,
    DeleteLabel,
    Disagreement,
    Element,
    GoldIds,
    GoldTextInfo,
    GoldTextInfoPage,
    GuideInfo,
    HistoryEntry,
    LogEntry,
    MergeLabels,
    NewAcceptance,
    NewAdjudications,
    NewAnnotation,
    NewAnnotations,
    NewGold,
    NewGolds,
    NewGuide,
    NewTask,
    NextQuery,
    NextTexts,
    Reassigned,
    Reassignment,
    Redone,
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
    TableQuery,
    TableView,
    TaskInfo,
    TaskPatch,
    TaskProgress,
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
        return self.answer(annotations).seq

    def annotate_and_next(
        self, annotations: Iterable[NewAnnotation], query: NextQuery | None = None
    ) -> NextTexts:
        """Store annotations as `annotate` does, and reserve the next texts in the same request."""
        saved = self.answer(annotations, query or NextQuery())
        return saved.next or NextTexts(elements=[], remaining=0)

    def answer(self, annotations: Iterable[NewAnnotation], query: NextQuery | None = None) -> Saved:
        """Store annotations and return all that the server says of them.

        That is their places in the log, feedback on gold texts, and the next texts if `query`
        asks for some.
        """
        body = NewAnnotations(annotations=list(annotations), next=query)
        return self._transport.send("POST", f"{self._path}/annotations", body, Saved)

    def skip(self, leases: Iterable[str]) -> None:
        """Give texts back unannotated."""
        self._transport.post(f"{self._path}/skip", Skip(leases=list(leases)))

    def undo(self) -> Undone:
        """Take the user's last entry of the log back."""
        return self._transport.send("POST", f"{self._path}/undo", None, Undone)

    def redo(self) -> Redone:
        """Say again what the user took back last, if nothing else was said since."""
        return self._transport.send("POST", f"{self._path}/redo", None, Redone)

    def log(self) -> Iterator[LogEntry]:
        """Walk through the annotation log, oldest first."""
        return self._transport.items(f"{self._path}/annotations", LogEntry)

    def history(self, **query: str) -> Iterator[HistoryEntry]:
        """Walk through what oneself did, newest first; `query` is id, or, for managers, by.

        `everybody="true"` is everybody's, for managers of the project.
        """
        return self._transport.items(f"{self._path}/history", HistoryEntry, query)

    def elements(self, **query: str) -> Iterator[Element]:
        """Walk through the table of texts; `query` is sample, split, regex, as_of, ..."""
        return self._transport.items(f"{self._path}/elements", Element, query)

    def table(self, query: TableQuery | None = None) -> TableView:
        """Return part of the table of texts, by sample, filter and order; nothing is reserved.

        `total` counts all texts of the table. Ask again with a larger `offset` for what follows.
        """
        return self._transport.send("POST", f"{self._path}/table", query or TableQuery(), TableView)

    def statistics(self, as_of: str | int | None = None) -> Statistics:
        """Return how often each label is used and who did how much: now, or at a moment.

        `as_of` is a position in the log, a date (its end, UTC), or a date and time (ISO 8601).
        """
        query = {} if as_of is None else {"as_of": str(as_of)}
        return self._transport.get(f"{self._path}/statistics", Statistics, query)

    def stopping(self) -> StoppingAdvice:
        """Return what the stopping rules advise, each with its evidence. None stops anything."""
        return self._transport.get(f"{self._path}/stopping", StoppingAdvice)

    def label_errors(self, model: str | None = None) -> Iterator[SuspectedLabel]:
        """Walk through the annotated texts whose value is probably wrong, the worst first.

        A `model` that was trained with folds tells, or else the guide's assessment.
        """
        query = {} if model is None else {"model": model}
        return self._transport.items(f"{self._path}/label-errors", SuspectedLabel, query)

    # -- tasks ------------------------------------------------------------------------------

    def tasks(self) -> Iterator[TaskInfo]:
        """Walk through the tasks, oldest first; for the project's managers."""
        return self._transport.items(f"{self._path}/tasks", TaskInfo)

    def create_task(self, task: NewTask) -> TaskInfo:
        """Give texts to people."""
        return self._transport.send("POST", f"{self._path}/tasks", task, TaskInfo)

    def change_task(self, task: str, patch: TaskPatch) -> TaskInfo:
        """Change, extend, close or reopen a task, by id or name."""
        return self._transport.send("PATCH", f"{self._path}/tasks/{task}", patch, TaskInfo)

    def delete_task(self, task: str) -> None:
        """Forget a task; what was said of its texts stays."""
        self._transport.delete(f"{self._path}/tasks/{task}")

    def task_progress(self, task: str) -> TaskProgress:
        """Return how far each person of a task is."""
        return self._transport.get(f"{self._path}/tasks/{task}/progress", TaskProgress)

    def reassign(self, task: str, username: str, to: Iterable[str] = ()) -> Reassigned:
        """Give what somebody has not coded to `to`, or to the others of the task."""
        body = Reassignment(username=username, to=list(to))
        return self._transport.send("POST", f"{self._path}/tasks/{task}/reassign", body, Reassigned)

    # -- quality ----------------------------------------------------------------------------

    def codebook_versions(self) -> Iterator[CodebookVersionInfo]:
        """Walk through the versions of the codebook and the labels, newest first."""
        return self._transport.items(f"{self._path}/codebook", CodebookVersionInfo)

    def codebook_version(self, number: int, against: int | None = None) -> CodebookVersionView:
        """Return a version, and what changed in it since the version `against`."""
        query = {} if against is None else {"against": against}
        return self._transport.get(f"{self._path}/codebook/{number}", CodebookVersionView, query)

    def change_codebook_version(
        self, number: int, patch: CodebookVersionPatch
    ) -> CodebookVersionView:
        """Say afterwards what a version changed, and which labels mean something else by it."""
        path = f"{self._path}/codebook/{number}"
        return self._transport.send("PATCH", path, patch, CodebookVersionView)

    def gold(self) -> Iterator[GoldTextInfo]:
        """Walk through the texts whose answer is known; for managers of the project."""
        return self._transport.items(f"{self._path}/gold", GoldTextInfo)

    def put_gold(self, texts: Iterable[NewGold]) -> None:
        """Make texts gold; `change(SchemePatch(checks=...))` has them slipped in."""
        body = NewGolds(texts=list(texts))
        self._transport.send("PUT", f"{self._path}/gold", body, GoldTextInfoPage)

    def remove_gold(self, ids: Iterable[str]) -> None:
        """Let texts be gold no longer; what was decided and said of them stays."""
        self._transport.post(f"{self._path}/gold/remove", GoldIds(ids=list(ids)))

    def annotators(self) -> Iterator[AnnotatorQuality]:
        """Walk through how each person codes, the busiest first; for managers of the project."""
        return self._transport.items(f"{self._path}/annotators", AnnotatorQuality)

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
