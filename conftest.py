"""What holds for every test of the project."""

from __future__ import annotations

from hypothesis import settings

# Tests run beside others on a busy machine: how long an example took says nothing of the code.
settings.register_profile("kodkod", deadline=None)
settings.load_profile("kodkod")
