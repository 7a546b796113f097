import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod_carbon.cards import CardMeter, CardState, Occupant, share_of_card

OURS = {1, 2}


class Card:
    """A card that tells what a test says."""

    def __init__(self, uuid="GPU-a", name="H100"):
        self.uuid = uuid
        self.name = name
        self.now = CardState(joules=0.0, watts=None)

    def state(self):
        return self.now

    def set(self, joules, *occupants, watts=None, partitioned=False):
        self.now = CardState(joules, watts, occupants, partitioned)


def share(*occupants, **options):
    return share_of_card(CardState(0.0, None, occupants), OURS, **options)


def test_a_card_of_others_is_not_ours():
    assert share(Occupant(7)) is None
    assert share() is None


def test_alone_on_a_card_it_is_all_ours():
    found = share(Occupant(1), Occupant(2))
    assert (found.part, found.alone) == (1.0, True)


def test_a_shared_card_goes_by_how_busy_each_kept_it():
    found = share(Occupant(1, 900, 30.0), Occupant(7, 100, 60.0))
    assert (found.part, found.alone) == (pytest.approx(1 / 3), False)
    assert "how busy" in found.how


def test_where_nobody_tells_it_goes_by_memory():
    found = share(Occupant(1, 900), Occupant(7, 100))
    assert (found.part, found.alone) == (0.9, False)
    assert "memory" in found.how


def test_where_nothing_is_told_it_goes_by_heads():
    found = share(Occupant(1), Occupant(7), Occupant(8, 5))
    assert found.part == pytest.approx(1 / 3)


def test_a_partitioned_card_is_never_ours_alone():
    state = CardState(0.0, None, (Occupant(1, 100),), partitioned=True)
    assert share_of_card(state, OURS).alone is False


def test_in_a_container_one_process_of_the_jobs_card_is_taken_to_be_its():
    found = share(Occupant(70_001), Occupant(70_002), assigned=True, exists=lambda _pid: False)
    assert (found.part, found.alone) == (0.5, False)
    assert share(Occupant(70_001), assigned=True, exists=lambda _pid: True) is None
    assert share(Occupant(70_001), assigned=False, exists=lambda _pid: False) is None


@given(
    st.lists(
        st.builds(Occupant, st.integers(1, 9), st.integers(0, 10**11), st.floats(0, 100)),
        min_size=1,
        max_size=9,
        unique_by=lambda each: each.pid,
    ),
    st.sets(st.integers(1, 9)),
)
def test_two_jobs_together_get_a_card_once(occupants, ours):
    state = CardState(0.0, None, tuple(occupants))
    theirs = {each.pid for each in occupants} - ours
    found = [share_of_card(state, who) for who in (ours, theirs)]
    parts = [each.part for each in found if each]
    assert sum(parts) == pytest.approx(1.0)


def test_a_card_that_was_the_jobs_alone_is_measured():
    card = Card()
    meter = CardMeter([card])
    meter.tick(0.0, OURS)
    card.set(300.0, Occupant(1))
    meter.tick(1.0, OURS)
    card.set(700.0, Occupant(1))
    meter.tick(2.0, OURS)
    use = meter.use()
    assert (use.joules, use.measured, use.names) == (700.0, True, ("H100",))
    assert use.how == ("the job was alone on it",)


def test_what_a_card_took_before_and_after_the_job_is_not_its():
    card = Card()
    meter = CardMeter([card])
    meter.tick(0.0, OURS)
    card.set(300.0)
    meter.tick(1.0, OURS)
    card.set(400.0, Occupant(1))
    meter.tick(2.0, OURS)
    card.set(450.0)  # it has left within this interval
    meter.tick(3.0, OURS)
    card.set(900.0)
    meter.tick(4.0, OURS)
    assert meter.use().joules == 150.0


def test_one_shared_interval_makes_the_whole_an_estimate():
    card = Card()
    meter = CardMeter([card])
    meter.tick(0.0, OURS)
    card.set(100.0, Occupant(1))
    meter.tick(1.0, OURS)
    card.set(300.0, Occupant(1, 50), Occupant(7, 50))
    meter.tick(2.0, OURS)
    use = meter.use()
    assert (use.joules, use.measured) == (200.0, False)


def test_a_neighbours_card_is_not_billed():
    ours, theirs = Card("GPU-a"), Card("GPU-b")
    meter = CardMeter([ours, theirs])
    meter.tick(0.0, OURS)
    ours.set(100.0, Occupant(1))
    theirs.set(5_000.0, Occupant(7))
    meter.tick(1.0, OURS)
    use = meter.use()
    assert (use.joules, use.measured) == (100.0, True)


def test_a_card_without_counter_goes_by_its_power():
    card = Card()
    meter = CardMeter([card])
    card.set(None, Occupant(1), watts=100.0)
    meter.tick(0.0, OURS)
    card.set(None, Occupant(1), watts=200.0)
    meter.tick(2.0, OURS)
    use = meter.use()
    assert (use.joules, use.measured) == (300.0, True)
    assert "from its power at each look at it" in use.how


def test_a_card_that_tells_nothing_is_not_measured():
    card = Card()
    meter = CardMeter([card])
    card.set(None, Occupant(1))
    meter.tick(0.0, OURS)
    meter.tick(2.0, OURS)
    use = meter.use()
    assert (use.joules, use.measured) == (0.0, False)
    assert any("neither energy nor power" in how for how in use.how)


def test_a_job_that_uses_no_card_has_measured_none():
    card = Card()
    meter = CardMeter([card], assigned={"GPU-a"})
    meter.tick(0.0, OURS)
    meter.tick(1.0, OURS)
    use = meter.use()
    assert (use.joules, use.measured, use.names, use.untold) == (0.0, False, (), False)


def test_strangers_that_may_be_the_job_are_told_of():
    card = Card()
    meter = CardMeter([card], assigned={"GPU-a"}, exists=lambda pid: pid == 7)
    card.set(0.0, Occupant(7), Occupant(70_001))
    meter.tick(0.0, OURS)
    assert meter.use().untold
