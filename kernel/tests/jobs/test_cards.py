"""Cards are read as the driver tells them, on machines with some, with none and with odd ones."""

from __future__ import annotations

import csv
import inspect
import json
import os
import shutil
import subprocess
import sys
from types import ModuleType

import msgspec
import pytest

from kodkod.api import computes_half
from kodkod.jobs.cards import CardProcess, CardStatus, read_cards, visible_cards

from .simulated_card.simulated_cards import FOLDER, card


def test_cards_are_read_with_their_processes(cards):
    cards.set(
        card(
            "GPU-a",
            total_mb=24_000,
            reserved_mb=300,
            processes=[{"pid": 71, "used_mb": 5_000}, {"pid": 70, "used_mb": None}],
            load=40,
            temperature=55,
            milliwatts=70_500,
        ),
        card("GPU-b", total_mb=80_000, name="Simulated 80"),
    )

    first, second = read_cards()

    assert first == CardStatus(
        uuid="GPU-a",
        index=0,
        name="Simulated 24",
        total_mb=24_000,
        used_mb=5_300,
        free_mb=18_700,
        load=0.4,
        temperature=55,
        watts=70.5,
        processes=[CardProcess(pid=70, used_mb=None), CardProcess(pid=71, used_mb=5_000)],
    )
    assert (second.uuid, second.index, second.name) == ("GPU-b", 1, "Simulated 80")
    assert (second.total_mb, second.free_mb, second.processes) == (80_000, 80_000, [])


def test_each_reading_is_of_that_moment(cards):
    cards.set(card("GPU-a"))
    before = read_cards()[0].free_mb

    cards.change("GPU-a", taken_mb=20_000)

    assert (before, read_cards()[0].free_mb) == (24_000, 4_000)


def test_a_process_that_draws_and_computes_is_counted_once(cards):
    both = {"pid": 70, "used_mb": 400}
    cards.set(card("GPU-a", processes=[both], drawing=[both, {"pid": 9, "used_mb": 100}]))

    (only,) = read_cards()

    assert [(each.pid, each.used_mb) for each in only.processes] == [(9, 100), (70, 400)]
    assert only.used_mb == 500


def test_what_a_card_does_not_measure_is_none(cards):
    refused = [
        "nvmlDeviceGetUtilizationRates",
        "nvmlDeviceGetTemperatureV",
        "nvmlDeviceGetTemperature",
        "nvmlDeviceGetPowerUsage",
        "nvmlDeviceGetComputeRunningProcesses",
    ]
    cards.set(card("GPU-a", refuses=refused))

    (only,) = read_cards()

    assert (only.load, only.temperature, only.watts, only.processes) == (None, None, None, [])
    assert only.free_mb == 24_000


@pytest.mark.parametrize("unknown", ["nvmlDeviceGetTemperatureV", "nvmlDeviceGetTemperature"])
def test_old_and_new_drivers_tell_the_temperature(cards, unknown):
    cards.set(card("GPU-a", temperature=61, refuses=[unknown]))
    assert read_cards()[0].temperature == 61


def test_a_card_that_is_lost_leaves_the_others(cards):
    cards.set(card("GPU-a", refuses=["nvmlDeviceGetMemoryInfo"]), card("GPU-b"))
    assert [each.uuid for each in read_cards()] == ["GPU-b"]


def test_the_instances_of_a_divided_card_are_cards_of_their_own(cards):
    parts = [card("MIG-x", total_mb=20_000), card("MIG-y", total_mb=10_000, taken_mb=9_000)]
    cards.set(card("GPU-a", total_mb=80_000, milliwatts=200_000, instances=parts), card("GPU-b"))

    found = read_cards()

    assert [(each.uuid, each.index, each.free_mb) for each in found] == [
        ("MIG-x", 0, 20_000),
        ("MIG-y", 0, 1_000),
        ("GPU-b", 1, 24_000),
    ]
    # The sensors are the whole card's; its load is nobody's.
    assert [each.watts for each in found] == [200.0, 200.0, 30.0]
    assert [each.load for each in found] == [None, None, 0.0]


def test_without_a_driver_there_is_no_card_until_it_comes_back(cards):
    cards.set(card("GPU-a"))
    cards.take_driver_away()
    assert read_cards() == []

    cards.set(card("GPU-a"))
    assert [each.uuid for each in read_cards()] == ["GPU-a"]


def test_a_driver_that_goes_while_it_is_used_is_started_anew(cards):
    cards.set(card("GPU-a"))
    assert read_cards()
    cards.take_driver_away()
    assert read_cards() == []
    cards.set(card("GPU-b"))
    assert [each.uuid for each in read_cards()] == ["GPU-b"]


def test_without_the_library_there_is_no_card(monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert read_cards() == []


def test_a_library_that_is_something_else_is_no_reason_to_fail(monkeypatch):
    stranger = ModuleType("pynvml")
    stranger.NVMLError = type("NVMLError", (Exception,), {})
    stranger.nvmlInit = lambda: None
    monkeypatch.setitem(sys.modules, "pynvml", stranger)
    assert read_cards() == []


def test_a_process_of_its_own_sees_the_simulated_cards(cards):
    cards.set(card("GPU-a"))
    script = (
        "import msgspec; from kodkod.jobs.cards import read_cards;"
        "print(msgspec.json.encode(read_cards()).decode())"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert msgspec.json.decode(done.stdout, type=list[CardStatus]) == read_cards()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (None, ["GPU-aa", "GPU-ab", "GPU-b"]),
        ("", []),
        ("-1", []),
        ("2,0", ["GPU-b", "GPU-aa"]),
        ("GPU-b", ["GPU-b"]),
        ("GPU-a", ["GPU-aa", "GPU-ab"]),
        ("1, GPU-b", ["GPU-ab", "GPU-b"]),
        ("0,7,1", ["GPU-aa"]),
        ("0,0", ["GPU-aa"]),
    ],
)
def test_the_environment_says_which_cards_may_be_used(cards, wanted, found):
    cards.set(card("GPU-aa"), card("GPU-ab"), card("GPU-b"))
    environment = {} if wanted is None else {"CUDA_VISIBLE_DEVICES": wanted}
    assert [each.uuid for each in visible_cards(environment)] == found


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [([], False), ([(7, 5)], False), ([(8, 0), (9, 0)], True), ([(9, 0), (7, 0)], False)],
)
def test_half_precision_is_counted_on_if_every_card_has_it(cards, capabilities, expected):
    cards.set(*(card(f"GPU-{i}", capability=each) for i, each in enumerate(capabilities)))
    assert computes_half() == expected

    cards.take_driver_away()
    assert not computes_half()


def test_the_simulation_asks_for_what_the_real_library_does(cards):
    """Compare each simulated function's arguments with those of nvidia-ml-py."""
    simulated = sys.modules["pynvml"]
    script = (
        "import inspect, json, pynvml;"
        "print(json.dumps({name: list(inspect.signature(each).parameters) for name, each in "
        "vars(pynvml).items() if name.startswith('nvml') and inspect.isfunction(each)}))"
    )
    elsewhere = os.environ | {"PYTHONPATH": ""}
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env=elsewhere
    )
    real = json.loads(answer.stdout)
    own = {
        name: list(inspect.signature(each).parameters)
        for name, each in vars(simulated).items()
        if inspect.isfunction(each) and each.__code__.co_filename.startswith(str(FOLDER))
    }
    questions = {name: given for name, given in own.items() if not name.startswith("_")}
    assert len(questions) > 15
    assert {name: real[name] for name in questions} == questions


def test_a_real_card_is_read_as_nvidia_smi_reads_it():
    if shutil.which("nvidia-smi") is None:
        # Then nvidia-ml-py, which is the real one here, finds no driver either.
        assert read_cards() == []
        pytest.skip("there is no graphics card here: its figures are not compared")
    asked = "uuid,index,name,memory.total,memory.used"
    said = subprocess.run(
        ["nvidia-smi", f"--query-gpu={asked}", "--format=csv,noheader,nounits"],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = list(csv.reader(said.stdout.splitlines(), skipinitialspace=True))
    found = read_cards()
    assert [[each.uuid, str(each.index), each.name] for each in found] == [row[:3] for row in rows]
    for each, row in zip(found, rows, strict=True):
        assert each.total_mb == pytest.approx(int(row[3]), abs=2)
        # nvidia-smi leaves out what the driver keeps for itself.
        assert each.used_mb >= int(row[4]) - 50
