import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod_carbon.rapl import PackageCounters, SensorError, find_domains, forward

RANGE_UJ = 262_143_328_850


class Powercap:
    """A folder with the zones that a test names, as the kernel shows them."""

    def __init__(self, root):
        self.root = root
        root.mkdir()

    def zone(self, folder, name, energy_uj, range_uj=RANGE_UJ):
        """Add a zone; return its counter's file."""
        zone = self.root / folder
        zone.mkdir()
        (zone / "name").write_text(f"{name}\n")
        (zone / "energy_uj").write_text(f"{energy_uj}\n")
        if range_uj is not None:
            (zone / "max_energy_range_uj").write_text(f"{range_uj}\n")
        return zone / "energy_uj"


@pytest.fixture
def powercap(tmp_path):
    return Powercap(tmp_path / "powercap")


@pytest.fixture
def mounts(tmp_path):
    file = tmp_path / "mounts"
    file.write_text("proc /proc proc rw 0 0\n")
    return file


def test_packages_are_found_and_what_is_inside_or_around_them_is_not(powercap, mounts):
    powercap.zone("intel-rapl:0", "package-0", 5)
    powercap.zone("intel-rapl:0:0", "core", 3)
    powercap.zone("intel-rapl:0:1", "dram", 3)
    powercap.zone("intel-rapl:1", "package-1", 9_000_000)
    powercap.zone("intel-rapl:2", "psys", 7)
    found = find_domains(powercap.root, mounts)
    assert [domain.name for domain in found] == ["package-0", "package-1"]
    assert found[0].range_uj == RANGE_UJ


def test_two_interfaces_to_one_package_count_once(powercap, mounts):
    powercap.zone("intel-rapl:0", "package-0", 5)
    powercap.zone("intel-rapl-mmio:0", "package-0", 5)
    assert len(find_domains(powercap.root, mounts)) == 1


def test_dies_that_mirror_their_sockets_counter_count_once(powercap, mounts):
    powercap.zone("intel-rapl:0", "package-0-die-0", 50_000_000_000)
    powercap.zone("intel-rapl:1", "package-0-die-1", 50_000_020_000)
    powercap.zone("intel-rapl:2", "package-1-die-0", 50_000_010_000)
    found = find_domains(powercap.root, mounts)
    assert [domain.name for domain in found] == ["package-0-die-0", "package-1-die-0"]


def test_dies_with_counters_of_their_own_all_count(powercap, mounts):
    powercap.zone("intel-rapl:0", "package-0-die-0", 50_000_000_000)
    powercap.zone("intel-rapl:1", "package-0-die-1", 70_000_000_000)
    assert len(find_domains(powercap.root, mounts)) == 2


def test_energy_is_what_the_counters_went_forward(powercap, mounts):
    first = powercap.zone("intel-rapl:0", "package-0", 1_000_000)
    second = powercap.zone("intel-rapl:1", "package-1", 50_000_000)
    counters = PackageCounters(find_domains(powercap.root, mounts))
    first.write_text("31000000\n")
    second.write_text("52500000\n")
    assert counters.joules() == pytest.approx(32.5)
    assert counters.joules() == 0.0
    assert counters.names == "package-0, package-1"


def test_a_counter_that_starts_again_has_gone_forward(powercap, mounts):
    counter = powercap.zone("intel-rapl:0", "package-0", RANGE_UJ - 2_000_000)
    counters = PackageCounters(find_domains(powercap.root, mounts))
    counter.write_text("3000000\n")
    assert counters.joules() == pytest.approx(5.0)


def test_a_counter_that_goes_back_without_a_range_is_an_error():
    with pytest.raises(ValueError, match="backwards"):
        forward(10, 5, 0)


@given(st.integers(1, 10**12), st.lists(st.integers(0, 10**12), max_size=20))
def test_nothing_is_lost_where_a_counter_wraps(span, steps):
    # Given a counter that never goes a whole range between two looks.
    total, last, seen = 0, 0, 0
    for step in steps:
        step %= span
        total += step
        now = total % span
        seen += forward(last, now, span)
        last = now
    assert seen == total


def test_without_counters_it_says_so(tmp_path, mounts):
    with pytest.raises(SensorError, match="shows no energy counters"):
        find_domains(tmp_path / "nowhere", mounts)


@pytest.fixture
def as_nobody():
    """Be nobody while a test lasts: root may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def denied():
    """A powercap tree whose counter only its owner may read, in a folder that all may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        tree = Powercap(Path(folder) / "powercap")
        counter = tree.zone("intel-rapl:0", "package-0", 5)
        counter.chmod(0o400 if os.geteuid() == 0 else 0)
        yield tree


def test_counters_that_may_not_be_read_say_how_to_allow_it(denied, as_nobody):
    with pytest.raises(SensorError, match="chmod a\\+r"):
        find_domains(denied.root, Path("/proc/self/mounts"))


def test_where_one_package_is_silent_nothing_is_measured(powercap, mounts):
    powercap.zone("intel-rapl:0", "package-0", 5)
    powercap.zone("intel-rapl:1", "package-1", 5, range_uj=None)
    with pytest.raises(SensorError, match="of package-1 cannot be read"):
        find_domains(powercap.root, mounts)


def test_a_package_that_one_interface_keeps_secret_is_read_from_the_other(powercap, mounts):
    powercap.zone("intel-rapl:0", "package-0", 5)
    powercap.zone("intel-rapl-mmio:0", "package-0", 5, range_uj=None)
    assert len(find_domains(powercap.root, mounts)) == 1


def test_a_container_with_processor_time_of_its_own_measures_nothing(powercap, mounts):
    powercap.zone("intel-rapl:0", "package-0", 5)
    mounts.write_text("lxcfs /proc/stat fuse.lxcfs rw 0 0\n")
    with pytest.raises(SensorError, match="its own processor time"):
        find_domains(powercap.root, mounts)
