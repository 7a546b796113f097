"""A project: schemes, features, models, predictions, simulations, exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from kodkod_sdk.agreement import Agreement
from kodkod_sdk.events import Events
from kodkod_sdk.generated.contract import (
    AgreementView,
    AuditEntry,
    DeliveryInfo,
    EstimatorPlans,
    FeatureInfo,
    GroupStanding,
    InvitationInfo,
    JobView,
    LabellingInfo,
    MadeWebhook,
    Member,
    Membership,
    ModelInfo,
    NewComparison,
    NewCorpusEstimate,
    NewDrawnSample,
    NewFeature,
    NewInvitation,
    NewLabelling,
    NewLearningCurve,
    NewModel,
    NewModelExport,
    NewPrediction,
    NewPrompt,
    NewPromptVersion,
    NewScheme,
    NewSecret,
    NewSimulation,
    NewWebhook,
    ProjectCopy,
    ProjectInfo,
    ProjectPatch,
    ProjectState,
    PromptInfo,
    PromptRendering,
    PromptTemplates,
    RenderedPrompt,
    RenderedPromptPage,
    RowsAdded,
    SampleInfo,
    SchemeInfo,
    SecretInfo,
    SimulationInfo,
    SimulationReport,
    WebhookInfo,
    WebhookPatch,
    WrongPrediction,
)
from kodkod_sdk.jobs import Job
from kodkod_sdk.labelling import Labelling
from kodkod_sdk.scheme import Scheme
from kodkod_sdk.transport import Transport

__all__ = ["Project"]


class Project:
    """A project of the server, named by its slug."""

    def __init__(self, transport: Transport, slug: str) -> None:
        self._transport = transport
        self.slug = slug
        self._path = f"/projects/{slug}"

    def info(self) -> ProjectInfo:
        """Return its name, size, columns and the user's role in it."""
        return self._transport.get(self._path, ProjectInfo)

    def state(self) -> ProjectState:
        """Return what exists and what is computing."""
        return self._transport.get(f"{self._path}/state", ProjectState)

    def add_rows(self, file: str | Path, split: str = "train") -> RowsAdded:
        """Append the texts of `file`, which has the columns of the first one, to a split."""
        answer = self._transport.upload(f"{self._path}/rows", Path(file), {"split": split})
        return msgspec.json.decode(answer.content, type=RowsAdded)

    def set_member(self, username: str, role: Membership) -> Member:
        """Let a user in, or change what they may do."""
        return self._transport.send("PUT", f"{self._path}/members/{username}", role, Member)

    def audit(self, **query: str) -> Iterator[AuditEntry]:
        """Walk through what was done in the project, the newest first; for its managers.

        `query` narrows it: user, operation, since, until (RFC 3339).
        """
        return self._transport.items(f"{self._path}/audit", AuditEntry, query)

    def members(self) -> Iterator[Member]:
        """Walk through who belongs to the project, with the reasons."""
        return self._transport.items(f"{self._path}/members", Member)

    def remove_member(self, username: str) -> None:
        """Take a user out of the project; what a group lets them do stays."""
        self._transport.delete(f"{self._path}/members/{username}")

    def leave(self) -> None:
        """Leave the project; the annotations stay."""
        self._transport.delete(f"{self._path}/membership")

    def groups(self) -> Iterator[GroupStanding]:
        """Walk through the groups that belong to the project."""
        return self._transport.items(f"{self._path}/groups", GroupStanding)

    def set_group(self, group: str, role: Membership) -> GroupStanding:
        """Let all of a group in, or change what they may do."""
        return self._transport.send("PUT", f"{self._path}/groups/{group}", role, GroupStanding)

    def remove_group(self, group: str) -> None:
        """Take a group out of the project."""
        self._transport.delete(f"{self._path}/groups/{group}")

    def invitations(self) -> Iterator[InvitationInfo]:
        """Walk through the invitations, newest first, with who came by them."""
        return self._transport.items(f"{self._path}/invitations", InvitationInfo)

    def invite(self, invitation: NewInvitation) -> InvitationInfo:
        """Make an invitation; its token is in this answer only."""
        return self._transport.send("POST", f"{self._path}/invitations", invitation, InvitationInfo)

    def revoke_invitation(self, invitation_id: str) -> None:
        """Let an invitation be of no more use."""
        self._transport.delete(f"{self._path}/invitations/{invitation_id}")

    def delete(self, *, at_once: bool = False) -> None:
        """Delete the project with everything in it; `restore` brings it back for some days.

        With `at_once` nothing of it is left, and it cannot be brought back.
        """
        self._transport.delete(self._path, {"at_once": at_once})

    def restore(self) -> ProjectInfo:
        """Bring the project back after it was deleted."""
        return self._transport.send("POST", f"{self._path}/restore", None, ProjectInfo)

    def archive(self, *, archived: bool = True) -> ProjectInfo:
        """Let nothing in the project change any more, or let it change again."""
        patch = ProjectPatch(archived=archived)
        return self._transport.send("PATCH", self._path, patch, ProjectInfo)

    def copy(self, copy: ProjectCopy) -> Project:
        """Make another project of the same texts and schemes, in which nothing is coded yet."""
        made = self._transport.send("POST", f"{self._path}/copies", copy, ProjectInfo)
        return Project(self._transport, made.slug)

    def events(self, after: int | None = None) -> Events:
        """Listen to what happens in the project; see `Client.events`."""
        return Events(self._transport, {"project": self.slug}, after)

    # -- schemes ----------------------------------------------------------------------------

    def schemes(self) -> Iterator[SchemeInfo]:
        """Walk through the schemes."""
        return self._transport.items(f"{self._path}/schemes", SchemeInfo)

    def scheme(self, name: str) -> Scheme:
        """Return the scheme with this name, without asking the server."""
        return Scheme(self._transport, self._path, name)

    def create_scheme(self, scheme: NewScheme) -> Scheme:
        """Make a scheme."""
        made = self._transport.send("POST", f"{self._path}/schemes", scheme, SchemeInfo)
        return self.scheme(made.name)

    # -- features and models ----------------------------------------------------------------

    def features(self) -> Iterator[FeatureInfo]:
        """Walk through the computed features."""
        return self._transport.items(f"{self._path}/features", FeatureInfo)

    def create_feature(self, feature: NewFeature) -> Job:
        """Start computing a feature over the whole corpus."""
        return self._job(f"{self._path}/features", feature)

    def models(self) -> Iterator[ModelInfo]:
        """Walk through the trained models."""
        return self._transport.items(f"{self._path}/models", ModelInfo)

    def model(self, name: str) -> ModelInfo:
        """Return the model of this name, with its scores.

        Raises:
            LookupError: the project has no such model.
        """
        for model in self.models():
            if model.name == name:
                return model
        raise LookupError(f"the project {self.slug} has no model {name!r}")

    def create_model(self, model: NewModel) -> Job:
        """Start training a model on the annotations of the train split."""
        return self._job(f"{self._path}/models", model)

    def predict(self, model: str, prediction: NewPrediction | None = None) -> Job:
        """Start predicting, and scoring each split with annotations.

        That is the complete corpus, unless the prediction says a split, or a file of the project.
        """
        path = f"{self._path}/models/{model}/predictions"
        return self._job(path, prediction or NewPrediction())

    def write_model(self, model: str, file_format: str = "transformers") -> Job:
        """Start writing a model in a form that other software loads.

        After it, `export_to(path, "model", file_format, model=model)` downloads it.
        """
        path = f"{self._path}/models/{model}/exports"
        return self._job(path, NewModelExport(format=file_format))

    # -- prompts and secrets ----------------------------------------------------------------

    def prompts(self) -> Iterator[PromptInfo]:
        """Walk through the prompts, each with its versions."""
        return self._transport.items(f"{self._path}/prompts", PromptInfo)

    def prompt(self, prompt: str) -> PromptInfo:
        """Return a prompt by name or id, with its versions, the newest first."""
        return self._transport.get(f"{self._path}/prompts/{prompt}", PromptInfo)

    def default_prompt(self, scheme: str) -> PromptTemplates:
        """Return templates to begin with, for a scheme."""
        path = f"{self._path}/schemes/{scheme}/default-prompt"
        return self._transport.get(path, PromptTemplates)

    def create_prompt(self, prompt: NewPrompt) -> PromptInfo:
        """Make a prompt with its first version."""
        return self._transport.send("POST", f"{self._path}/prompts", prompt, PromptInfo)

    def add_prompt_version(self, prompt: str, version: NewPromptVersion) -> PromptInfo:
        """Add a version to a prompt; those before stay as they are.

        Raises:
            ConflictError: the version that it was made of, `base`, is no longer the newest.
        """
        path = f"{self._path}/prompts/{prompt}/versions"
        return self._transport.send("POST", path, version, PromptInfo)

    def render_prompt(self, rendering: PromptRendering) -> list[RenderedPrompt]:
        """Return what would be sent for a few texts, with its examples. Nothing is sent."""
        path = f"{self._path}/prompts/renderings"
        return self._transport.send("POST", path, rendering, RenderedPromptPage).items

    def delete_prompt(self, prompt: str) -> None:
        """Delete a prompt with its versions, which no labelling may ask any more."""
        self._transport.delete(f"{self._path}/prompts/{prompt}")

    def secrets(self) -> Iterator[SecretInfo]:
        """Walk through the secrets, without their values."""
        return self._transport.items(f"{self._path}/secrets", SecretInfo)

    def put_secret(self, secret: NewSecret) -> SecretInfo:
        """Store a secret, such as an API key; nobody can read it back."""
        return self._transport.send("PUT", f"{self._path}/secrets", secret, SecretInfo)

    def delete_secret(self, name: str) -> None:
        """Forget a secret."""
        self._transport.delete(f"{self._path}/secrets/{name}")

    # -- webhooks ---------------------------------------------------------------------------

    def webhooks(self) -> Iterator[WebhookInfo]:
        """Walk through the webhooks, without their addresses."""
        return self._transport.items(f"{self._path}/webhooks", WebhookInfo)

    def create_webhook(self, webhook: NewWebhook) -> MadeWebhook:
        """Make a webhook; its secret is in this answer and nowhere else."""
        return self._transport.send("POST", f"{self._path}/webhooks", webhook, MadeWebhook)

    def change_webhook(self, webhook: int, change: WebhookPatch) -> WebhookInfo:
        """Change a webhook, or turn it off or on."""
        path = f"{self._path}/webhooks/{webhook}"
        return self._transport.send("PATCH", path, change, WebhookInfo)

    def delete_webhook(self, webhook: int) -> None:
        """Forget a webhook, and what it was told."""
        self._transport.delete(f"{self._path}/webhooks/{webhook}")

    def renew_webhook_secret(self, webhook: int) -> MadeWebhook:
        """Give a webhook a new secret; for a day the old one signs too."""
        path = f"{self._path}/webhooks/{webhook}/secret"
        return self._transport.send("POST", path, None, MadeWebhook)

    def test_webhook(self, webhook: int) -> DeliveryInfo:
        """Tell a webhook that this is a test."""
        path = f"{self._path}/webhooks/{webhook}/test"
        return self._transport.send("POST", path, None, DeliveryInfo)

    def webhook_deliveries(self, webhook: int) -> Iterator[DeliveryInfo]:
        """Walk through what a webhook was told and is to be told, newest first."""
        return self._transport.items(f"{self._path}/webhooks/{webhook}/deliveries", DeliveryInfo)

    def redeliver(self, webhook: int, delivery: str) -> DeliveryInfo:
        """Send a delivery that has ended once more, under the same id."""
        path = f"{self._path}/webhooks/{webhook}/deliveries/{delivery}/again"
        return self._transport.send("POST", path, None, DeliveryInfo)

    # -- labellings -------------------------------------------------------------------------

    def labellings(self) -> Iterator[LabellingInfo]:
        """Walk through the labellings, with what they have come to and cost."""
        return self._transport.items(f"{self._path}/labellings", LabellingInfo)

    def labelling(self, name: str) -> Labelling:
        """Return the labelling with this name, without asking the server."""
        return Labelling(self._transport, self._path, name)

    def create_labelling(self, labelling: NewLabelling) -> Labelling:
        """Say who is to be asked what; nothing is asked before it is run."""
        path = f"{self._path}/labellings"
        made = self._transport.send("POST", path, labelling, LabellingInfo)
        return self.labelling(made.name)

    # -- evaluation -------------------------------------------------------------------------

    def errors(self, model: str, split: str = "test", **query: str) -> Iterator[WrongPrediction]:
        """Walk through the texts that a model has wrong, the most confident first.

        `query` is `true` and `predicted`, labels that name a cell of the confusion matrix.
        """
        path = f"{self._path}/models/{model}/errors"
        return self._transport.items(path, WrongPrediction, {"split": split, **query})

    def compare(self, comparison: NewComparison) -> Job:
        """Start comparing two models; the job's result is the comparison, figure by figure."""
        return self._job(f"{self._path}/comparisons", comparison)

    def learning_curve(self, curve: NewLearningCurve) -> Job:
        """Start drawing the learning curve of a model's kind; the job's result has its points."""
        return self._job(f"{self._path}/learning-curves", curve)

    # -- estimates --------------------------------------------------------------------------

    def draw_sample(self, sample: NewDrawnSample) -> SampleInfo:
        """Draw texts with known probabilities, for people to annotate.

        `Scheme.next` hands them out by the filter `drawn_sample`; `estimate` goes by them.
        """
        return self._transport.send("POST", f"{self._path}/drawn-samples", sample, SampleInfo)

    def drawn_samples(self) -> Iterator[SampleInfo]:
        """Walk through the drawn samples, with how far each is annotated."""
        return self._transport.items(f"{self._path}/drawn-samples", SampleInfo)

    def drawn_sample(self, sample: str) -> SampleInfo:
        """Return a drawn sample by id or name."""
        return self._transport.get(f"{self._path}/drawn-samples/{sample}", SampleInfo)

    def delete_drawn_sample(self, sample: str) -> None:
        """Forget a drawn sample; the annotations of its texts stay."""
        self._transport.delete(f"{self._path}/drawn-samples/{sample}")

    def estimate(self, scheme: str, estimate: NewCorpusEstimate) -> Job:
        """Start estimating what is true of the corpus; the job's result has a row a figure."""
        return self._job(f"{self._path}/schemes/{scheme}/estimates", estimate)

    def plan_estimate(
        self,
        prevalence: float,
        half_width: float,
        correlation: float = 0.0,
        level: float = 0.95,
    ) -> EstimatorPlans:
        """Return how many human labels the interval of a share needs, by estimator and design."""
        query = {
            "prevalence": prevalence,
            "half_width": half_width,
            "correlation": correlation,
            "level": level,
        }
        return self._transport.get(f"{self._path}/estimate-plans", EstimatorPlans, query)

    # -- agreement --------------------------------------------------------------------------

    def agreement(
        self,
        scheme: str,
        measures: Sequence[str] = (),
        annotators: Sequence[str] = (),
        *,
        split: Literal["all", "train", "valid", "test"] = "all",
        drawn_sample: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        over: str | int | None = None,
        machine: str | None = None,
        positions: Sequence[float] = (),
        replicates: int = 1_000,
    ) -> Agreement:
        """Return how far people agree, with frames by label, by pair and over time.

        `over` is "day", "week" or a number of votes; `machine` names a model or a labelling to
        take as one more coder; `positions` are where the labels stand on an interval scale.
        """
        query = {
            "measures": list(measures),
            "annotators": list(annotators),
            "split": split,
            "drawn_sample": drawn_sample,
            "since": None if since is None else since.isoformat(),
            "until": None if until is None else until.isoformat(),
            "over": over,
            "machine": machine,
            "positions": list(positions),
            "replicates": replicates,
        }
        given = {name: value for name, value in query.items() if value not in (None, [])}
        path = f"{self._path}/schemes/{scheme}/agreement"
        return Agreement(self._transport.get(path, AgreementView, given))

    # -- simulations ------------------------------------------------------------------------

    def simulate(self, simulation: NewSimulation) -> Job:
        """Start replaying strategies on what is annotated; its id is the job's."""
        return self._job(f"{self._path}/simulations", simulation)

    def simulations(self) -> Iterator[SimulationInfo]:
        """Walk through the simulations, newest first, without their curves."""
        return self._transport.items(f"{self._path}/simulations", SimulationInfo)

    def simulation(self, simulation_id: str) -> SimulationReport:
        """Return a simulation with its curves."""
        return self._transport.get(f"{self._path}/simulations/{simulation_id}", SimulationReport)

    def simulation_plot(
        self, simulation_id: str, file_format: Literal["svg", "png"] = "svg"
    ) -> bytes:
        """Return a simulation's curves as a picture."""
        path = f"{self._path}/simulations/{simulation_id}/plot"
        with self._transport.stream(path, {"format": file_format}) as chunks:
            return b"".join(chunks)

    def delete_simulation(self, simulation_id: str) -> None:
        """Delete a simulation's report and pictures."""
        self._transport.delete(f"{self._path}/simulations/{simulation_id}")

    def _job(self, path: str, body: msgspec.Struct) -> Job:
        return Job(self._transport, self._transport.send("POST", path, body, JobView))

    # -- exports ----------------------------------------------------------------------------

    def export(self, what: str, file_format: str, **query: str) -> bytes:
        """Return an export whole. `what` is annotations, log, predictions, codebook, model, ..."""
        with self._transport.stream(self._export(what), _with(file_format, query)) as chunks:
            return b"".join(chunks)

    def export_to(self, path: str | Path, what: str, file_format: str, **query: str) -> Path:
        """Write an export to `path` as it arrives. `query` names a scheme or a model.

        The file has its name only when it is whole.
        """
        target = Path(path)
        part = target.with_name(f"{target.name}.part")
        with self._transport.stream(self._export(what), _with(file_format, query)) as chunks:
            try:
                with part.open("wb") as file:
                    file.writelines(chunks)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        return target

    def _export(self, what: str) -> str:
        return f"{self._path}/export/{what}"


def _with(file_format: str, query: Mapping[str, Any]) -> dict[str, Any]:
    return {"format": file_format, **query}
