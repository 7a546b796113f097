"""Settings that belong to plugins, checked before anything starts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from kodkod.api import InvalidInputError, SettingsSection, read_section

__all__ = ["check_sections"]


def check_sections(
    known: Mapping[str, SettingsSection],
    given: Mapping[str, Mapping[str, Any]],
    environ: Mapping[str, str] = os.environ,
) -> None:
    """See that a plugin takes every section and name, and every value is acceptable.

    `given` is what the settings file has; `environ` has its values as well.

    Raises:
        InvalidInputError: naming the section, the name or the variable.
    """
    for name, fields in given.items():
        section = known.get(name)
        if section is None:
            raise InvalidInputError(
                f"settings: no plugin that is installed has a section [{name}]; "
                f"there are: {', '.join(sorted(known)) or 'none'}."
            )
        taken = section.params.__struct_fields__
        if unknown := set(fields) - set(taken):
            raise InvalidInputError(
                f"settings: the section [{name}] has no {', '.join(sorted(unknown))!r}; "
                f"it has {', '.join(taken)}."
            )
    for section in known.values():
        read_section(section.name, section.params, environ)
