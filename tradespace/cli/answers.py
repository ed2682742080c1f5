"""Commands about single questions and their answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from tradespace.cli.options import AllowImports, AllowServer, AllowUnsandboxed, Prompts, StudyFolder

answers = typer.Typer()


@answers.command()
def ask(
    study: StudyFolder,
    question: Annotated[str, typer.Argument(help="The question.", show_default=False)],
    pipeline: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Any pipeline, in its notation.", show_default="the recommended one"),
    ] = None,
    *,
    prompts: Prompts = False,
    allow_imports: AllowImports = False,
    allow_unsandboxed: AllowUnsandboxed = False,
    allow_server: AllowServer = False,
) -> None:
    """Answer a question with a pipeline of the study; show the passages, and where the time went."""
    from tradespace.commands.ask import print_answer
    from tradespace.components.trust import Trust

    asked = {Trust.IMPORTS: allow_imports, Trust.UNSANDBOXED: allow_unsandboxed, Trust.SERVER: allow_server}
    print_answer(study, question, pipeline, [trust for trust, allowed in asked.items() if allowed], prompts=prompts)


@answers.command()
def questions(
    study: StudyFolder,
    pipeline: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="A pipeline, by its notation or its number in `show`.", show_default="the recommended one"),
    ] = None,
    compare: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Another pipeline beside it; only questions on which their scores differ are shown."),
    ] = None,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Only questions that failed, or scored 0.")] = False,
    confirm: Annotated[
        bool,
        typer.Option(
            "--confirm",
            help="The confirm questions instead of the explore questions. If you change the space after looking at "
            "them, confirm it on fresh ones.",
        ),
    ] = False,
    prompts: Prompts = False,
    allow_imports: AllowImports = False,
    allow_server: AllowServer = False,
) -> None:
    """Show each question with its answer, reference and passages, from the ledger: no call is made."""
    from tradespace.commands.questions import print_questions
    from tradespace.components.trust import Trust

    trusted = {Trust.IMPORTS: allow_imports, Trust.SERVER: allow_server}
    allowed = [trust for trust, given in trusted.items() if given]
    print_questions(study, pipeline, compare, failed=failed, confirm=confirm, prompts=prompts, allowed=allowed)


@answers.command()
def judge(
    study: StudyFolder,
    *,
    measure: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            help="The judged measure.", show_default="the first objective that a model judges", metavar="NAME"
        ),
    ] = None,
    ask: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Draw about so many more answers, and write those without a label to a file.", min=0),
    ] = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            help="Where --ask writes them: CSV or JSON lines.", show_default="labels-MEASURE.csv, here", metavar="FILE"
        ),
    ] = None,
    labels: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Read what people filled in: the file that --ask wrote.", metavar="FILE"),
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="Serve a page on this machine alone, to label by keyboard.")
    ] = False,
    port: Annotated[int, typer.Option(help="Of the page; 0 for any that is free.", min=0, max=65535)] = 0,
    by: Annotated[str, typer.Option(help="Who labels on the page.", metavar="NAME")] = "",
    policy: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            help="By which rule people say yes: a text, or a .md or .txt file. It is kept with the labels.",
            metavar="TEXT",
        ),
    ] = None,
    half_width: Annotated[
        float,
        typer.Option(help="Say how many labels it takes to know each corrected mean to ± this.", min=0.001, max=1),
    ] = 0.05,
    least_sensitivity: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(
            help="Correct nothing if the judge says yes to a smaller share of what people say yes to.", min=0, max=1
        ),
    ] = None,
    least_specificity: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="The same of no.", min=0, max=1),
    ] = None,
    allow_imports: AllowImports = False,
    allow_server: AllowServer = False,
) -> None:
    """Calibrate a model that judges answers: people label a few of them, and every judged figure is corrected.

    Answers are drawn at random, more often where the finalists differ. Prints how far judge and people agree, corrected
    figures beside raw ones, and how many more labels are needed.
    """
    from tradespace.commands.judge import JudgeWishes, run_judge
    from tradespace.components.trust import Trust

    trusted = {Trust.IMPORTS: allow_imports, Trust.SERVER: allow_server}
    wishes = JudgeWishes(
        *(measure, ask, output, labels, page, port, by, policy, half_width, least_sensitivity, least_specificity)
    )
    raise typer.Exit(run_judge(study, wishes, [trust for trust, allowed in trusted.items() if allowed]))
