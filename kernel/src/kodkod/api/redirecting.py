"""Sign-in at a provider elsewhere: the browser is sent there, and comes back with a proof."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal, TypeVar

from msgspec import Struct

from kodkod.api.components import Component
from kodkod.api.params import Params
from kodkod.api.specs import ComponentSpec

__all__ = ["Begun", "ExternalPerson", "RedirectSignIn", "RedirectSignInSpec"]

P = TypeVar("P", bound=Params)


class Begun(Struct, frozen=True, kw_only=True):
    """A sign-in that has begun: where to send the browser, and what to remember until it is back.

    `remembered` stays in the server. What proves later that the answer belongs to this question
    (a nonce, a verifier) goes in there.
    """

    url: str
    remembered: str


class ExternalPerson(Struct, frozen=True, kw_only=True):
    """Somebody whom a provider has vouched for.

    `issuer` and `subject` together are who it is, for good: names and e-mail addresses are given
    away again, and decide nothing. `role` is the role to have from now on, None to leave it as it
    is. `create` lets an account be made at the first sign-in. `refusal` says, in a sentence for
    the person, why this one may not come in (any more): its sessions and tokens end.
    """

    issuer: str
    subject: str
    username: str
    email: str = ""
    role: Literal["root", "manager", "annotator"] | None = None
    groups: tuple[str, ...] = ()
    create: bool = False
    refusal: str = ""


class RedirectSignIn(Component[P]):
    """A way to sign in that sends the browser elsewhere.

    Both methods run in a thread and may ask the network, with time-outs. The kernel makes `state`
    and checks it: `finish` is called for a browser that has begun, once.
    """

    @abstractmethod
    def begin(self, state: str, return_url: str) -> Begun:
        """Return where to send a browser that shall come back to `return_url` with `state`.

        Raises:
            UnavailableError: the provider does not answer.
        """

    @abstractmethod
    def finish(self, query: Mapping[str, str], remembered: str, return_url: str) -> ExternalPerson:
        """Return who has come back with `query`, by what `begin` remembered.

        Raises:
            UnauthenticatedError: nothing there proves who it is.
            UnavailableError: the provider does not answer.
        """


class RedirectSignInSpec(ComponentSpec, frozen=True):
    """A way to sign in elsewhere; used only if the settings name it in `sign_in`.

    Runs in the web process; `title` stands on its button.
    """

    kind: ClassVar[str] = "redirect-sign-in"
