"""The client: sign in, projects, people, jobs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import msgspec

from kodkod_sdk.events import Events
from kodkod_sdk.generated.contract import (
    Account,
    ApiToken,
    AuditEntry,
    ComponentInfo,
    Erased,
    Erasure,
    ExternalAccountKey,
    ExternalAccountView,
    FilePreview,
    GroupDetails,
    GroupInfo,
    GroupPatch,
    Health,
    InvitationToken,
    InvitationView,
    JobView,
    Joined,
    Me,
    MyTask,
    NewAccount,
    NewApiToken,
    NewGroup,
    OwnErasure,
    Preferences,
    ProjectConfig,
    ProjectInfo,
    Revoked,
    SessionView,
    SignInWay,
    SignUp,
)
from kodkod_sdk.jobs import Job
from kodkod_sdk.project import Project
from kodkod_sdk.transport import PasswordAuth, TokenAuth, Transport

__all__ = ["Client"]


class Client:
    """A Kodkod server.

    Sign in with a token, or with a name and a password: the session then starts with the first
    request and is renewed when it ends. Use it as a context manager, or close it.

        with Client("http://127.0.0.1:8400", username="ada", password=secret) as client:
            project = client.create_project("texts.csv", ProjectConfig(...))
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        username: str | None = None,
        password: str | None = None,
        timeout: float = 60.0,
    ) -> None:
        url = url.rstrip("/")
        auth: httpx.Auth | None = None
        if token is not None:
            auth = TokenAuth(token)
        elif username is not None and password is not None:
            auth = PasswordAuth(url, username, password)
        self._transport = Transport(url, auth, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; streams of events end."""
        self._transport.close()

    def health(self) -> Health:
        """Tell whether annotators can work."""
        return self._transport.get("/health", Health)

    def me(self) -> Me:
        """Return the user that is signed in, with their groups and projects."""
        return self._transport.get("/me", Me)

    def set_preferences(self, preferences: Preferences) -> Preferences:
        """Remember how the user likes to work, instead of what was remembered."""
        return self._transport.send("PUT", "/me/preferences", preferences, Preferences)

    def components(self, kind: str | None = None) -> list[ComponentInfo]:
        """List what is installed; `kind` is feature, model, strategy, ..."""
        return self._transport.get("/components", list[ComponentInfo], {"kind": kind})

    # -- people -----------------------------------------------------------------------------

    def users(self) -> Iterator[Account]:
        """Walk through the users, who only root and managers may see."""
        return self._transport.items("/users", Account)

    def create_user(self, user: NewAccount) -> Account:
        """Make a user."""
        return self._transport.send("POST", "/users", user, Account)

    def create_api_token(self, name: str, *, read_only: bool = False, days: int = 365) -> ApiToken:
        """Make a long-lived token for scripts; its text is in this answer only."""
        wanted = NewApiToken(
            name=name, scopes=["read"] if read_only else ["read", "write"], days=days
        )
        return self._transport.send("POST", "/auth/api-tokens", wanted, ApiToken)

    def my_tasks(self) -> Iterator[MyTask]:
        """Walk through one's own open tasks in all projects, what is due first in front."""
        return self._transport.items("/me/tasks", MyTask)

    def audit(self, **query: str) -> Iterator[AuditEntry]:
        """Walk through what was done in the installation, the newest first; for root only.

        `query` narrows it: user, operation, since, until (RFC 3339).
        """
        return self._transport.items("/audit", AuditEntry, query)

    def sign_up(self, account: SignUp) -> Account:
        """Make an account for oneself: with an invitation, or where sign-up is open."""
        return self._transport.send("POST", "/auth/accounts", account, Account)

    def look_at_invitation(self, token: str) -> InvitationView:
        """Tell what an invitation is to, without using it."""
        body = InvitationToken(token=token)
        return self._transport.send("POST", "/auth/invitations", body, InvitationView)

    def accept_invitation(self, token: str) -> Joined:
        """Join a project by an invitation, with the account that is signed in."""
        return self._transport.send("POST", "/me/invitations", InvitationToken(token=token), Joined)

    def groups(self) -> Iterator[GroupInfo]:
        """Walk through the groups that the user may see."""
        return self._transport.items("/groups", GroupInfo)

    def group(self, name: str) -> GroupDetails:
        """Return a group with its members."""
        return self._transport.get(f"/groups/{name}", GroupDetails)

    def create_group(self, group: NewGroup) -> GroupDetails:
        """Make a group."""
        return self._transport.send("POST", "/groups", group, GroupDetails)

    def rename_group(self, name: str, new_name: str) -> GroupDetails:
        """Give a group another name."""
        return self._transport.send(
            "PATCH", f"/groups/{name}", GroupPatch(name=new_name), GroupDetails
        )

    def delete_group(self, name: str) -> None:
        """Delete a group; its members' accounts stay."""
        self._transport.delete(f"/groups/{name}")

    def add_to_group(self, name: str, username: str) -> GroupDetails:
        """Let a user belong to a group."""
        return self._transport.send("PUT", f"/groups/{name}/members/{username}", None, GroupDetails)

    def remove_from_group(self, name: str, username: str) -> None:
        """Take a user out of a group."""
        self._transport.delete(f"/groups/{name}/members/{username}")

    def personal_data(self, file: str | Path, username: str | None = None) -> None:
        """Write all that is stored of oneself, or, for root, of a user, as lines of JSON."""
        path = "/me/data" if username is None else f"/users/{username}/data"
        with self._transport.stream(path, {}) as chunks, Path(file).open("wb") as out:
            out.writelines(chunks)

    def erase(self, username: str, *, words: bool = True) -> Erased:
        """Erase an account, for root; what it annotated stays.

        With `words`, what they wrote goes as well: comments, posts, messages.
        """
        body = Erasure(username=username, words=words)
        return self._transport.send("POST", f"/users/{username}/erase", body, Erased)

    def erase_me(self, password: str, *, words: bool = True) -> Erased:
        """Erase one's own account, as `erase` does."""
        body = OwnErasure(username=self.me().username, words=words, current_password=password)
        return self._transport.send("POST", "/me/erase", body, Erased)

    def api_tokens(self) -> Iterator[ApiToken]:
        """Walk through the own API tokens, newest first."""
        return self._transport.items("/auth/api-tokens", ApiToken)

    def delete_api_token(self, token_id: str) -> None:
        """Revoke one of the own API tokens."""
        self._transport.delete(f"/auth/api-tokens/{token_id}")

    def sign_in_ways(self) -> list[SignInWay]:
        """List the ways to sign in; one that has `begin` starts in a browser, at that path."""
        return self._transport.get("/auth/ways", list[SignInWay])

    def sessions(self, username: str | None = None) -> Iterator[SessionView]:
        """Walk through the own sessions or, as root, somebody's; the one begun last first."""
        path = "/auth/sessions" if username is None else f"/users/{username}/sessions"
        return self._transport.items(path, SessionView)

    def end_session(self, session_id: str) -> None:
        """End one of the own sessions."""
        self._transport.delete(f"/auth/sessions/{session_id}")

    def end_other_sessions(self) -> Revoked:
        """End all of the own sessions but this one."""
        return self._transport.send("DELETE", "/auth/sessions", None, Revoked)

    def link_external_account(
        self, username: str, issuer: str, subject: str
    ) -> ExternalAccountView:
        """Let an account at a provider open somebody's account; only root may."""
        key = ExternalAccountKey(issuer=issuer, subject=subject)
        path = f"/users/{username}/external-accounts"
        return self._transport.send("POST", path, key, ExternalAccountView)

    # -- projects ---------------------------------------------------------------------------

    def projects(self, *, deleted: bool = False) -> Iterator[ProjectInfo]:
        """Walk through the projects that the user may see, or those `deleted` to be restored."""
        return self._transport.items("/projects", ProjectInfo, {"deleted": deleted})

    def project(self, slug: str) -> Project:
        """Return the project with this slug, without asking the server."""
        return Project(self._transport, slug)

    def preview(self, file: str | Path) -> FilePreview:
        """Tell what `file` holds, as an import would read it; nothing of it is kept.

        Raises:
            InvalidInputError: the file cannot be read, or is too large to be looked into.
        """
        answer = self._transport.upload("/imports/preview", Path(file), {})
        return msgspec.json.decode(answer.content, type=FilePreview)

    def create_project(self, file: str | Path, config: ProjectConfig) -> Project:
        """Upload `file` and make a project of it; return when it can be annotated.

        Raises:
            InvalidInputError: the file or its columns are not acceptable; the problem names
                the line or the column.
        """
        fields = {"config": msgspec.json.encode(config).decode()}
        answer = self._transport.upload("/projects", Path(file), fields)
        if answer.status_code == 202:
            job = Job(self._transport, msgspec.json.decode(answer.content, type=JobView))
            done = job.wait()
            return self.project(str((done.result or {})["project"]))
        return self.project(msgspec.json.decode(answer.content, type=ProjectInfo).slug)

    # -- jobs -------------------------------------------------------------------------------

    def jobs(self) -> Iterator[JobView]:
        """Walk through the jobs that the user may see, newest first."""
        return self._transport.items("/jobs", JobView)

    def job(self, job_id: str) -> Job:
        """Return a job as it is now."""
        return Job(self._transport, self._transport.get(f"/jobs/{job_id}", JobView))

    # -- events -----------------------------------------------------------------------------

    def events(self, project: str | None = None, after: int | None = None) -> Events:
        """Listen to what happens in the user's projects, or in the one with this slug.

        Events follow `after`, the id of one heard before, or begin now. Where what was missed is
        not known to the server (any more), an event of the type `resync` says so.

            with client.events() as events:
                for event in events:
                    print(event.type, event.data)
        """
        return Events(self._transport, {"project": project}, after)
