"""Which provider, and what its claims mean here: `[oidc]` in the settings file."""

from __future__ import annotations

import os
from typing import Annotated, Literal, cast, get_args

from kodkod.api import InvalidInputError, Params, medium, read_section

__all__ = ["SECTION", "OidcSettings", "Role", "read_settings", "role_mapping", "title"]

SECTION = "oidc"

Role = Literal["root", "manager", "annotator"]


class OidcSettings(Params, frozen=True, kw_only=True):
    """The provider and the mapping. Only whoever runs the installation says what is asked.

    `roles` has entries such as `kodkod-admins=root`: who has none of the values is refused.
    Without `roles` an account keeps its role, a new one is an annotator's.
    """

    issuer: Annotated[str, medium("The provider's issuer, as its ID tokens have it")] = ""
    client_id: Annotated[str, medium("What the provider calls this installation")] = ""
    client_secret: Annotated[str, medium("The secret that the provider gave it")] = ""
    title: Annotated[str, medium("What stands on the button", max_length=60)] = "Single sign-on"
    scopes: Annotated[tuple[str, ...], medium("What is asked for, besides openid")] = (
        "profile",
        "email",
    )
    create_accounts: Annotated[
        bool, medium("Make an account for whoever signs in for the first time")
    ] = False
    username_claim: Annotated[str, medium("The claim that new accounts are named by")] = (
        "preferred_username"
    )
    roles_claim: Annotated[
        str, medium("The claim that has roles; a dot leads into an object (realm_access.roles)")
    ] = "roles"
    roles: Annotated[
        tuple[str, ...], medium("Which value of that claim is which role: value=role")
    ] = ()
    groups_claim: Annotated[str, medium("The claim that has groups; empty: none")] = ""
    leeway_seconds: Annotated[int, medium("How far the clocks may be apart", ge=0, le=300)] = 60
    timeout_seconds: Annotated[
        float, medium("How long the provider may take for an answer", gt=0, le=60)
    ] = 10.0


def role_mapping(written: tuple[str, ...]) -> dict[str, Role]:
    """Read `roles`: the provider's value to the role here.

    Raises:
        InvalidInputError: an entry is no value=role.
    """
    mapping: dict[str, Role] = {}
    for each in written:
        value, _, role = each.rpartition("=")
        if not value.strip() or role.strip() not in get_args(Role):
            raise InvalidInputError(
                f"settings: [oidc] roles has {each!r}; write value=role, the role one of "
                f"{', '.join(get_args(Role))}."
            )
        mapping[value.strip()] = cast("Role", role.strip())
    return mapping


def title() -> str:
    """Return what stands on the button, also where other settings will not do.

    The kernel refuses those when it starts, and names them.
    """
    return os.environ.get("KODKOD_OIDC_TITLE") or OidcSettings().title


def read_settings() -> OidcSettings:
    """Return the settings.

    Raises:
        InvalidInputError: one is not acceptable, or one without which nothing works is missing.
    """
    settings = read_section(SECTION, OidcSettings)
    for name in ("issuer", "client_id"):
        if not getattr(settings, name):
            raise InvalidInputError(f"settings: [oidc] needs {name}.", field=name)
    role_mapping(settings.roles)
    return settings
