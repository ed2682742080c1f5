"""The command line: parse, and nothing else. What a command does is imported when it is called.

One file for the commands of one kind; `options` holds what several take.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tradespace.cli.answers import answers
from tradespace.cli.conclusions import conclusions
from tradespace.cli.data import data, traces
from tradespace.cli.deployed import deployed
from tradespace.cli.ledger import ledger
from tradespace.cli.spaces import spaces
from tradespace.commands.entry import run_app
from tradespace.secrets import scrubbed


class _Commands(TyperGroup):
    """Commands whose complaints about what was typed repeat no password of an address."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if isinstance(message := getattr(error, "message", None), str):
                vars(error)["message"] = scrubbed(message)
            raise


app = typer.Typer(
    name="tradespace",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Find the right design for a compound AI system: which pipeline, and how to split the latency budget.",
    epilog="Exit codes: 0 done, 1 failed, or nothing can be recommended, 2 the input is wrong, 3 nothing keeps the SLA "
    "and all limits, 130 interrupted. Add --debug to any command to see tracebacks.",
)

for kind in (spaces, conclusions, answers, deployed, traces):
    app.add_typer(kind)
app.add_typer(data, name="data")
app.add_typer(ledger, name="ledger")


def _print_version(wanted: bool) -> None:
    from importlib.metadata import version

    if wanted:
        print(version("tradespace"))
        raise typer.Exit


@app.callback()
def before_a_command(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """What may stand before a command; `_print_version` reads it."""


def main() -> None:
    """Run the command line."""
    run_app(app)
