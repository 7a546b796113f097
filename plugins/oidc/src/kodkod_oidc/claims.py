"""From a provider's claims to somebody here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kodkod.api import ExternalPerson
from kodkod_oidc.settings import OidcSettings, Role, role_mapping

__all__ = ["person_of"]

_RANK: tuple[Role, ...] = ("root", "manager", "annotator")


def person_of(claims: Mapping[str, Any], settings: OidcSettings) -> ExternalPerson:
    """Return whom verified claims tell of, with the highest role that is mapped.

    Where roles are mapped and none of them is among the claims, the person is refused.
    """
    mapping = role_mapping(settings.roles)
    has = {mapping[value] for value in _values(claims, settings.roles_claim) if value in mapping}
    role = next((each for each in _RANK if each in has), None)
    refused = bool(mapping) and role is None
    return ExternalPerson(
        issuer=settings.issuer,
        subject=claims["sub"],
        username=_text(claims, settings.username_claim),
        email=_text(claims, "email"),
        role=role,
        groups=tuple(_values(claims, settings.groups_claim)) if settings.groups_claim else (),
        create=settings.create_accounts,
        refusal="Your institution gives you no role here; ask the administrator."
        if refused
        else "",
    )


def _values(claims: Mapping[str, Any], path: str) -> list[str]:
    """Return the texts of a claim; one text is a list of one."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    found = [found] if isinstance(found, str) else found
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    return value if isinstance(value, str) else ""
