"""The command line. Each command's module is imported only when the command runs."""

from __future__ import annotations

import sys

from cyclopts import App, CycloptsError

from kodkod import __version__

__all__ = ["app", "main"]

app = App(
    name="kodkod",
    help="A workbench for coding texts. `kodkod serve` starts it; settings may also come from a "
    "TOML file (--config) and from the environment (KODKOD_DATA_DIR, ...).",
    version=__version__,
)
app.command("kodkod.cli.serve:serve", name="serve", help="Start the server and its workers.")
app.command("kodkod.cli.worker:worker", name="worker", help="Start one more worker.")
app.command("kodkod.cli.plugins:plugins", name="plugins", help="List what is installed.")
app.command(
    "kodkod.cli.backup:backup", name="backup", help="Write everything that matters into one file."
)
app.command("kodkod.cli.restore:restore", name="restore", help="Bring back what a backup has.")
app.command("kodkod.cli.doctor:doctor", name="doctor", help="Check this installation.")
app.command(
    "kodkod.cli.simulate:simulate", name="simulate", help="Try strategies on what is annotated."
)
app.command("kodkod.cli.openapi:openapi", name="openapi", help="Write the OpenAPI document.")

user = App(name="user", help="Add users, list them, set passwords.")
user.command("kodkod.cli.users:add", name="add", help="Make an account.")
user.command("kodkod.cli.users:list_all", name="list", help="List the accounts.")
user.command("kodkod.cli.users:passwd", name="passwd", help="Set a password; sessions end.")
app.command(user)


@app.command
def version() -> None:
    """Print the version."""
    print(__version__)


def main() -> None:
    """Run `kodkod`: errors are one line; the exit status is 1, or 2 for a wrong command line."""
    try:
        app(exit_on_error=False)
    except CycloptsError:
        sys.exit(2)  # Cyclopts has said what is wrong.
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        message = _told(error)
        if message is None:
            raise
        print(f"kodkod: {message}", file=sys.stderr)
        sys.exit(1)


def _told(error: Exception) -> str | None:
    # Not before something went wrong: the API imports numpy and polars.
    from kodkod.api import KodkodError

    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]  # Litestar groups what goes wrong while it starts.
    if isinstance(error, KodkodError):
        return " ".join(error.message.split())
    if isinstance(error, OSError):
        return str(error)
    return None
