"""Declares sign-in by OpenID Connect. Importing this imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import ComponentSpec, RedirectSignInSpec, SettingsSection, hookimpl
from kodkod_oidc.settings import SECTION, OidcSettings, title

API = "2.2"


@hookimpl
def register_settings() -> Iterable[SettingsSection]:
    """Declare `[oidc]`."""
    yield SettingsSection(name=SECTION, params=OidcSettings)


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the way to sign in."""
    yield RedirectSignInSpec(
        name="oidc",
        title=title(),
        summary="Sign in at the institution's OpenID Connect provider",
        factory="kodkod_oidc.sign_in:OidcSignIn",
    )
