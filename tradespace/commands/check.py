"""`tradespace check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tradespace.commands.check_content import CheckedSpace, error_content
from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.forecast import Forecast
from tradespace.commands.formats import TableFormat, print_answer_as, require_terminal
from tradespace.components.examples.bootstrap import Bootstrap
from tradespace.components.notation import parse
from tradespace.components.trust import Trust
from tradespace.data import QuestionSets
from tradespace.data.generation.marks import generated_words
from tradespace.errors import InputError
from tradespace.evals.figures import figure_of
from tradespace.explorer.files import (
    demand_sandbox,
    observed_of,
    read_data,
    read_to_run,
    study_to_explore,
    uninstalled,
)
from tradespace.explorer.preparing.preparation import with_stand_in_instructions, with_stand_ins
from tradespace.explorer.question_groups import left_out, with_groups
from tradespace.explorer.results import QuestionSet
from tradespace.explorer.scorable import require_scorable, scored
from tradespace.extensions import unusable
from tradespace.plurals import agreeing, count
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.proposals import InstructionProposals
from tradespace.search_space.specification import Specification
from tradespace.search_space.summary import describe_space


@dataclass(frozen=True)
class CheckWishes:
    """What is to be said of a file besides its errors.

    Attributes:
        notations: the pipelines that it is said of; of as many as the search may try where there are none.
        probing: whether remote models are asked.
        ledger: where calls are kept, if not in the study's folder.
        workers: how many the time is also estimated for; None for those that the file names, if it does.
    """

    notations: Sequence[str] = ()
    probing: bool = False
    ledger: str | None = None
    workers: int | None = None


def print_check(
    file: Path,
    folder: Path | None = None,
    wishes: CheckWishes = CheckWishes(),
    *,
    unsandboxed: bool = False,
    format: TableFormat = TableFormat.TABLE,
    output: Path | None = None,
) -> Exit:
    """Check a file and its data, and say what exploring it into a study folder takes, or what some pipelines take; say
    how the command ends.

    Faults are part of the JSON.

    Raises:
        InputError: the file, its data or a pipeline are wrong, and no JSON is wanted; it carries every fault. Or the
            answer cannot be written.
    """
    if format is TableFormat.TABLE:
        require_terminal(output)
    console = wide_console() if format is TableFormat.TABLE else Console(quiet=True)
    try:
        checked = _checked(console, file, folder, wishes, unsandboxed=unsandboxed)
    except InputError as error:
        if format is not TableFormat.JSON:
            raise
        content = error_content(error)
        print_answer_as(format, lambda: content, lambda: ((), ()), output)
        return Exit.INPUT
    if format is not TableFormat.TABLE:
        print_answer_as(format, lambda: checked.content, lambda: checked.named_rows, output)
    return Exit.DONE


def _checked(
    console: Console, file: Path, folder: Path | None, wishes: CheckWishes, *, unsandboxed: bool
) -> CheckedSpace:
    """Check a file, print what there is to say of it, and return the same as values."""
    specification = read_to_run(file, unsandboxed=unsandboxed)
    named = [parse(notation) for notation in wishes.notations]
    demand_sandbox((component for pipeline in named for component in pipeline), unsandboxed=unsandboxed)
    reading = read_data(specification, [Trust.IMPORTS])
    data = specification.data
    splits = reading.dataset.split(data.explore, data.confirm, data.seed)
    specification = with_groups(specification, splits)
    observed_of(specification)
    if specification.grid is None:
        require_scorable(specification, splits)
    checked = CheckedSpace(
        name=specification.name,
        warnings=[str(warning) for warning in (*reading.faults, *_warnings(specification, splits))],
        documents=len(reading.dataset.documents),
        questions={QuestionSet.EXPLORE: len(splits.explore), QuestionSet.CONFIRM: len(splits.confirm)},
    )
    for warning in checked.warnings:
        console.print(f"[yellow]warning:[/yellow] {escape(warning)}", soft_wrap=True)
    if specification.grid:
        checked = replace(checked, summary=describe_space(specification.space))
        _print_space(console, checked)
        console.print("All figures stand in the table: exploring looks them up, and calls nothing.")
        return checked
    study = study_to_explore(specification, folder, wishes.ledger)
    proposals, space = specification.proposals, specification.space
    if proposals:
        space = with_stand_in_instructions(space, proposals.settings)
    foreseen = replace(specification, space=with_stand_ins(space, splits.explore))
    opened = (study, reading.dataset.documents)
    workers = wishes.workers or specification.run.workers
    forecast = Forecast(console, foreseen, splits, *opened, wishes.probing, workers)
    checked = replace(checked, scored=scored(specification, splits))
    if named:
        return replace(checked, foreseen=[forecast.print_pipeline(pipeline) for pipeline in named])
    checked = replace(checked, summary=describe_space(space))
    _print_space(console, checked)
    if proposals:
        console.print(escape(_announced(proposals)), soft_wrap=True)
    if specification.deployment:
        console.print(_deployments(specification.deployment), soft_wrap=True)
    for measure, counts in checked.scored.items():
        console.print(escape(f"{_with_settings(measure, specification)} can score {counts}."), soft_wrap=True)
    if evidence := _with_evidence(splits):
        console.print(evidence, soft_wrap=True)
    return replace(checked, foreseen=[forecast.print_space()])


def _warnings(specification: Specification, splits: QuestionSets) -> Iterator[object]:
    """What might not be meant."""
    yield from _generated(splits)
    yield from _unbounded(specification)
    yield from left_out(specification, splits)
    yield from _unscored(specification)
    yield from uninstalled(specification)
    yield from unusable()


def _generated(splits: QuestionSets) -> Iterator[str]:
    """That questions were generated, as all that is concluded from them rests on that."""
    if words := generated_words((*splits.explore, *splits.confirm)):
        yield f"{words}: on what people ask, pipelines may rank otherwise (docs/generated-questions.md)"


def _unbounded(specification: Specification) -> Iterator[str]:
    """Latencies whose interval will have no upper end, because too few questions are confirmed."""
    confirm = specification.data.confirm
    for measure in specification.goals.needed:
        needed = figure_of(measure).summary.questions_to_bound
        if confirm and needed > confirm:
            yield (
                f"{measure} needs {needed} questions for its interval to have an upper end, and {confirm} are "
                "confirmed: raise `confirm`, or choose a lower percentile"
            )


def _with_evidence(splits: QuestionSets) -> str:
    """How many questions have evidence; empty where none has."""
    questions = (*splits.explore, *splits.confirm)
    evident = sum(bool(question.evidence) for question in questions)
    return f"{evident:,} of {agreeing(len(questions), 'question has', 'questions have')} evidence." if evident else ""


def _unscored(specification: Specification) -> Iterator[str]:
    """Measures with settings by which nothing is scored."""
    parts = (part for component in specification.components for part in component.parts())
    examples = {part.measure for part in parts if isinstance(part, Bootstrap)}
    proposals = {specification.proposals.settings.measure} if specification.proposals else set()
    used = {*specification.goals.scores, *examples, *proposals}
    for name in specification.measures:
        if name not in used:
            yield f"nothing is scored by the measure {name}: name it in `objectives` or `limits`, or leave it out"


def _with_settings(measure: str, specification: Specification) -> str:
    """A measure, with its settings and what it is trusted with where it has any."""
    if (configured := specification.measures.get(measure)) is None:
        return measure
    trusted = sorted({trust.meaning for part in configured.parts() for trust in part.needs})
    return f"{measure} ({', which '.join([repr(configured), *trusted])})"


def _print_space(console: Console, checked: CheckedSpace) -> None:
    summary = checked.summary
    assert summary is not None
    console.print(escape(f"{checked.name}: no errors."))
    table = Table("stage", "filled by (combinations of settings)")
    for stage, components in summary.stages.items():
        listed = ", ".join(f"{name} ({_number(size)})" for name, size in components.items())
        table.add_row(stage, escape(listed))
    console.print(table)
    about = "" if summary.exact else "about "
    console.print(f"{_number(summary.combinations)} combinations, {about}{_number(summary.allowed)} pipelines allowed.")
    for rule, share in _worst_first(summary.removed).items():
        console.print(f"  {share:.0%} are forbidden by {escape(rule)}")


def _announced(proposals: InstructionProposals) -> str:
    settings = proposals.settings
    calls = count(settings.rounds * settings.candidates, "call")
    return (
        f"The space includes up to {count(settings.keep, 'instruction')} for each prompt that names one, which "
        f"{proposals.model} proposes before the search, in {calls} for each: the estimate leaves these out. All that "
        f"it writes is tried on the first {count(settings.tried_on, 'explore question')}."
    )


def _deployments(space: DeploymentSpace) -> str:
    many = f"{count(space.size, 'deployment')} of each pipeline, under {count(len(space.loads), 'load')}"
    return f"Up to {many}: what they do is computed from the seconds of single questions, at no call."


def _worst_first(removed: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(removed.items(), key=lambda pair: -pair[1]))


def _number(size: int | None) -> str:
    return "infinitely many" if size is None else f"{size:,}"
