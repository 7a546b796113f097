"""The registry: finding components, and asking plugins that must not disturb one another."""

from contextlib import contextmanager
from types import ModuleType

import numpy as np
import polars as pl
import pytest
from structlog.testing import capture_logs

from kodkod.api import (
    Cancelled,
    Energy,
    Event,
    InvalidInputError,
    InvalidParamsError,
    JobInfo,
    NotFoundError,
    Params,
    PluginError,
    SettingsSection,
    SplitPlan,
    hookimpl,
    read_section,
)
from kodkod.plugins import PluginRegistry

JOB = JobInfo(id="7", kind="train", queue="cpu", user="ada", project="stance", params={})
FRAME = pl.DataFrame({"text": ["a", "b", "c"]})


def plugin(name: str, **hooks: object) -> ModuleType:
    module = ModuleType(name)
    module.API = "2.0"
    for hook, implementation in hooks.items():
        setattr(module, hook, hookimpl(implementation))
    return module


def with_plugins(*modules: ModuleType) -> PluginRegistry:
    registry = PluginRegistry.load(extra=modules)
    states = {each.name: each for each in registry.plugins}
    for module in modules:
        assert states[module.__name__].state == "loaded", states[module.__name__]
    return registry


class Noting:
    """A context manager that notes what happens to it."""

    def __init__(self, notes, name, *, enter=None, leave=None, swallow=False, metrics=None):
        self.notes, self.name, self.swallow = notes, name, swallow
        self.enter_error, self.leave_error = enter, leave
        self.metrics = {} if metrics is None else metrics

    def __enter__(self):
        self.notes.append(f"enter {self.name}")
        if self.enter_error:
            raise self.enter_error
        return self.metrics

    def __exit__(self, kind, error, trace):
        self.notes.append(f"leave {self.name} {kind.__name__ if kind else 'well'}")
        if self.leave_error:
            raise self.leave_error
        return self.swallow


# -- components -----------------------------------------------------------------------------


def test_components_say_where_they_come_from():
    registry = PluginRegistry.load()

    (password,) = registry.components("sign-in")

    assert (password.spec.name, password.plugin) == ("password", "kodkod.defaults.password")
    assert registry.schema(password)["properties"]["min_length"]["minimum"] == 8
    assert password in registry.components()


def test_a_component_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(NotFoundError, match="no sign-in 'badge'; there are: password"):
        PluginRegistry.load().spec("sign-in", "badge")


def test_building_checks_the_params():
    registry = PluginRegistry.load()

    with pytest.raises(InvalidParamsError, match="min_length"):
        registry.build("sign-in", "password", {"min_length": 3})
    assert registry.build("sign-in", "password", {"min_length": 12}).params.min_length == 12


# -- observe --------------------------------------------------------------------------------


def test_an_observer_that_fails_is_logged_and_stops_nobody():
    heard = []

    def fail(event):
        raise RuntimeError("deaf")

    registry = with_plugins(
        plugin("p1", event=lambda event: heard.append(("p1", event.type))),
        plugin("p2", event=fail),
        plugin("p3", event=lambda event: heard.append(("p3", event.type))),
    )

    with capture_logs() as logs:
        registry.observe(Event(type="project.created"))

    assert heard == [("p1", "project.created"), ("p3", "project.created")]
    (failure,) = [line for line in logs if line["log_level"] == "error"]
    assert (failure["plugin"], failure["event_type"]) == ("p2", "project.created")


# -- admit ----------------------------------------------------------------------------------


def test_any_refusal_wins():
    registry = with_plugins(
        plugin("p1", job_admit=lambda job: None),
        plugin("p2", job_admit=lambda job: f"no {job.kind} today"),
    )

    assert registry.admit(JOB) == "no train today"


def test_an_exception_refuses_and_names_the_plugin():
    def fail(job):
        raise RuntimeError("cannot tell")

    with capture_logs() as logs:
        reason = with_plugins(plugin("p1", job_admit=fail)).admit(JOB)

    assert "p1" in reason
    assert "cannot tell" in reason
    assert logs[-1]["plugin"] == "p1"


# -- split ----------------------------------------------------------------------------------


def test_a_plugin_splits_before_the_kernel_does():
    codes = np.array([2, 2, 0], dtype=np.uint8)

    registry = with_plugins(plugin("p1", split_rows=lambda frame, plan: codes))

    assert registry.split(FRAME, SplitPlan()).tolist() == [2, 2, 0]


def test_what_no_plugin_answers_the_kernel_splits():
    registry = with_plugins(plugin("p1", split_rows=lambda frame: None))

    assert registry.split(FRAME, SplitPlan()).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "codes", [[0, 0, 0], np.zeros(3), np.zeros(2, np.uint8), np.full(3, 3, np.uint8)]
)
def test_what_is_no_code_a_row_is_the_plugins_fault(codes):
    registry = with_plugins(plugin("p1", split_rows=lambda frame: codes))

    with pytest.raises(PluginError, match="split_rows of the plugin p1"):
        registry.split(FRAME, SplitPlan())


def test_a_split_that_fails_names_the_plugin_and_a_refusal_goes_to_the_user():
    def fail(plan):
        raise ZeroDivisionError("by zero")

    def refuse(plan):
        raise InvalidInputError("three texts cannot be divided")

    with pytest.raises(PluginError, match=r"p1 failed.*by zero"):
        with_plugins(plugin("p1", split_rows=fail)).split(FRAME, SplitPlan())
    with pytest.raises(InvalidInputError, match="three texts"):
        with_plugins(plugin("p1", split_rows=refuse)).split(FRAME, SplitPlan())


# -- wrap -----------------------------------------------------------------------------------


def test_wrappers_surround_the_job_and_their_metrics_are_merged():
    notes, first, second = [], {}, {"b": 2}
    registry = with_plugins(
        plugin("p1", job_wrap=lambda job: Noting(notes, "p1", metrics=first)),
        plugin("p2", job_wrap=lambda job: Noting(notes, "p2", metrics=second)),
        plugin("p3", job_wrap=lambda job: None),
    )

    with registry.wrap(JOB, {}) as spent:
        notes.append("work")
        first["a"] = 1.5

    assert notes == ["enter p1", "enter p2", "work", "leave p2 well", "leave p1 well"]
    assert (spent.metrics["a"], spent.metrics["b"]) == (1.5, 2.0)
    assert spent.metrics["seconds"] >= 0  # the kernel's own wrapper


def test_a_wrapper_sees_what_the_job_reports_and_gives_its_energy():
    seen, account = [], Energy(cpu_wh=1.0, ram_wh=0.5, g_per_kwh=100.0, mix="own")

    @contextmanager
    def measure(job, metrics):
        spent = {}
        yield spent
        seen.append(metrics["loss"])
        spent["energy"] = account

    registry = with_plugins(plugin("p1", job_wrap=measure))
    reported = {}

    with registry.wrap(JOB, reported) as spent:
        reported["loss"] = 0.25

    assert seen == [0.25]
    assert spent.energy == account
    assert spent.energy.wh == 1.5
    assert "energy" not in spent.metrics


# -- warn and settings ----------------------------------------------------------------------


def test_every_plugin_may_warn_and_one_that_fails_says_nothing():
    registry = with_plugins(
        plugin("p1", job_warn=lambda job: f"{job.kind} is dear"),
        plugin("p2", job_warn=lambda job: None),
        plugin("p3", job_warn=lambda job: 1 / 0),
    )

    with capture_logs() as logs:
        said = registry.warn(JOB)

    assert said == [f"{JOB.kind} is dear"]
    assert {line["plugin"] for line in logs if line["log_level"] == "error"} == {"p3"}


class Colours(Params, frozen=True):
    ink: str = "black"
    tones: tuple[str, ...] = ()
    bright: bool = False


def test_a_section_of_settings_is_read_from_the_environment():
    registry = with_plugins(
        plugin(
            "p1", register_settings=lambda: [SettingsSection(name="night-shift", params=Colours)]
        )
    )
    environ = {"KODKOD_NIGHT_SHIFT_INK": "blue", "KODKOD_NIGHT_SHIFT_TONES": "a,b"}

    section = registry.sections()["night-shift"]

    read = read_section(section.name, section.params, environ)
    assert read == Colours(ink="blue", tones=("a", "b"))
    with pytest.raises(InvalidInputError, match="KODKOD_NIGHT_SHIFT_BRIGHT"):
        read_section(section.name, section.params, {"KODKOD_NIGHT_SHIFT_BRIGHT": "very"})


def test_errors_in_wrappers_are_logged_and_do_not_fail_the_job():
    notes = []
    registry = with_plugins(
        plugin("p1", job_wrap=lambda job: Noting(notes, "p1", enter=RuntimeError("no start"))),
        plugin("p2", job_wrap=lambda job: Noting(notes, "p2", leave=RuntimeError("no end"))),
        plugin("p3", job_wrap=lambda job: 1 / 0),
        plugin("p4", job_wrap=lambda job: Noting(notes, "p4", metrics={"x": "much"})),
        plugin("p5", job_wrap=lambda job: Noting(notes, "p5", metrics=["no dict"])),
        plugin("p6", job_wrap=lambda job: Noting(notes, "p6", metrics={"y": 1.0})),
    )

    with capture_logs() as logs, registry.wrap(JOB, {}) as spent:
        notes.append("work")

    assert notes.count("work") == 1
    assert spent.metrics["y"] == 1.0
    assert "x" not in spent.metrics
    failed = {line["plugin"] for line in logs if line["log_level"] == "error"}
    assert failed == {"p1", "p2", "p3", "p4", "p5"}


@pytest.mark.parametrize("error", [ValueError("job failed"), Cancelled()])
def test_the_jobs_own_error_passes_all_wrappers_unchanged(error):
    notes = []
    registry = with_plugins(
        plugin("p1", job_wrap=lambda job: Noting(notes, "p1", metrics={"a": 1.0})),
        plugin("p2", job_wrap=lambda job: Noting(notes, "p2", swallow=True)),
        plugin("p3", job_wrap=lambda job: Noting(notes, "p3", leave=RuntimeError("own"))),
        plugin("p4", job_wrap=lambda job: Noting(notes, "p4", leave=error)),
    )

    with pytest.raises(type(error)) as raised, capture_logs(), registry.wrap(JOB, {}) as spent:
        raise error

    assert raised.value is error
    name = type(error).__name__
    assert notes[4:] == [f"leave p{i} {name}" for i in (4, 3, 2, 1)]
    assert spent.metrics["a"] == 1.0
    assert spent.metrics["cpu_seconds"] >= 0


# -- order ----------------------------------------------------------------------------------


def test_pluggys_own_relay_asks_in_the_same_order():
    registry = with_plugins(
        plugin("p1", job_admit=lambda job: "first"), plugin("p2", job_admit=lambda job: "second")
    )

    assert registry.hook.job_admit(job=JOB) == ["first", "second"]


def test_two_registries_know_nothing_of_one_another():
    with_plugins(plugin("p1", job_admit=lambda job: "no"))

    assert PluginRegistry.load().admit(JOB) is None
