"""Short questions to the database, asked from the event loop all the time."""

from __future__ import annotations

import asyncio

import pytest

from kodkod.api import NotFoundError
from kodkod.store.people import change_user, find_user
from kodkod.store.projects import find_project


async def test_a_question_sees_what_was_committed(database):
    before = await database.ask(find_user, "ada")
    await database.change(change_user, before.id, active=False)

    after = await database.ask(find_user, "ada")

    assert (before.active, after.active) == (True, False)


async def test_many_questions_at_once_each_get_their_answer(database):
    asked = [database.ask(find_project, "letters") for _ in range(50)]

    answers = await asyncio.gather(*asked)

    assert {answer.slug for answer in answers} == {"letters"}


async def test_what_a_question_raises_comes_back_and_the_next_one_is_answered(database):
    with pytest.raises(NotFoundError):
        await database.ask(find_project, "absent")

    assert (await database.ask(find_project, "letters")).slug == "letters"
