"""The driver's answers, from a driver that is none: there is no card where tests run."""

from types import SimpleNamespace

import pynvml
import pytest

from kodkod_carbon.cards import CardState, Occupant
from kodkod_carbon.nvml import assigned_cards, cards_of, find_cards


class Driver:
    """Answers as NVML does, in its units: millijoules, milliwatts, bytes."""

    NVMLError = pynvml.NVMLError

    def __init__(self, *, cards=1, counter=True, mig=False):
        self.cards = cards
        self.counter = counter
        self.mig = mig
        self.compute = [SimpleNamespace(pid=10, usedGpuMemory=500)]
        self.graphics = []
        self.samples = []
        self.asked_since = []

    def nvmlInit(self):
        if not self.cards:
            raise self.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    def nvmlDeviceGetCount(self):
        return self.cards

    def nvmlDeviceGetHandleByIndex(self, index):
        return index

    def nvmlDeviceGetName(self, _handle):
        return b"NVIDIA H100"

    def nvmlDeviceGetUUID(self, handle):
        return f"GPU-{handle}"

    def nvmlDeviceGetTotalEnergyConsumption(self, _handle):
        if not self.counter:
            raise self.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return 12_500

    def nvmlDeviceGetPowerUsage(self, _handle):
        return 65_000

    def nvmlDeviceGetMigMode(self, _handle):
        return [int(self.mig), 0]

    def nvmlDeviceGetComputeRunningProcesses(self, _handle):
        return self.compute

    def nvmlDeviceGetGraphicsRunningProcesses(self, _handle):
        return self.graphics

    def nvmlDeviceGetProcessUtilization(self, _handle, since):
        self.asked_since.append(since)
        if not self.samples:
            raise self.NVMLError(pynvml.NVML_ERROR_NOT_FOUND)
        return self.samples


def test_a_card_with_a_counter():
    (card,) = cards_of(Driver())
    assert (card.name, card.uuid) == ("NVIDIA H100", "GPU-0")
    assert card.state() == CardState(12.5, None, (Occupant(10, 500),))


def test_a_card_without_counter_tells_its_power():
    (card,) = cards_of(Driver(counter=False))
    assert (card.state().joules, card.state().watts) == (None, 65.0)


def test_a_partitioned_card_is_told_to_be_one():
    (card,) = cards_of(Driver(mig=True))
    assert card.state().partitioned


def test_a_process_that_also_draws_is_one_process():
    driver = Driver()
    driver.graphics = [SimpleNamespace(pid=10, usedGpuMemory=None)]
    (card,) = cards_of(driver)
    assert card.state().occupants == (Occupant(10, 500),)


def test_neighbours_are_told_with_how_busy_each_was_since_the_last_look():
    driver = Driver()
    driver.compute.append(SimpleNamespace(pid=20, usedGpuMemory=None))
    driver.samples = [
        SimpleNamespace(pid=10, smUtil=30, timeStamp=5),
        SimpleNamespace(pid=20, smUtil=10, timeStamp=7),
        SimpleNamespace(pid=10, smUtil=20, timeStamp=6),
    ]
    (card,) = cards_of(driver)
    assert card.state().occupants == (Occupant(10, 500, 50.0), Occupant(20, 0, 10.0))
    card.state()
    assert driver.asked_since == [0, 7]


def test_without_a_driver_there_are_no_cards():
    assert cards_of(Driver(cards=0)) == ()


def test_this_machine_is_asked_without_harm():
    # With a card or without: an answer, and the same one from then on.
    assert find_cards() is find_cards()


@pytest.mark.parametrize(
    ("cards", "environ", "expected"),
    [
        (1, {}, {"GPU-0"}),
        (2, {}, set()),
        (2, {"CUDA_VISIBLE_DEVICES": "GPU-1"}, {"GPU-1"}),
        (2, {"CUDA_VISIBLE_DEVICES": "1"}, set()),
        (0, {"CUDA_VISIBLE_DEVICES": "GPU-1"}, set()),
    ],
)
def test_the_cards_that_jobs_run_on(cards, environ, expected):
    assert assigned_cards(cards_of(Driver(cards=cards)), environ) == expected
