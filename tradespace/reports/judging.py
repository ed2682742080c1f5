"""How measures that make calls came to their scores: what that took, what could not be read, where judges disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tradespace.explorer.results import Evaluation, Judging, Provenance, Results
from tradespace.plurals import agreeing, count
from tradespace.reports.words import dollars, measure_name, percent

LONGEST_REASON = 200
"""Characters of a reason that are quoted."""


def judging_sentences(results: Results) -> tuple[str, ...]:
    """What a careful reader should know of judged scores; nothing where no measure makes calls."""
    evaluations = [each for each in (*results.explored, *results.confirmed) if each.judging]
    names = dict.fromkeys(name for evaluation in evaluations for name in evaluation.judging)
    said = [sentence for name in names for sentence in _of_measure(name, evaluations)]
    return (*([_spending(results.provenance)] if evaluations else []), *said)


def _spending(where: Provenance) -> str:
    price = f" and {dollars(where.judging_usd)}" if where.judging_usd else ""
    return (
        f"Judging answers took {count(where.judging_calls, 'call')}{price}, each distinct one once. No latency and no "
        "cost of a pipeline has them in it."
    )


def _of_measure(name: str, evaluations: Sequence[Evaluation]) -> Iterator[str]:
    judged = [(each.pipeline, each.judging[name]) for each in evaluations if name in each.judging]
    every, unread = [judging for _, judging in judged], Counter[str]()
    for pipeline, judging in judged:
        unread[pipeline] += judging.unread
    if unread.total():
        yield _unread(name, unread, every)
    if reasons := _failures(every):
        failed = count(reasons.total(), "answer")
        ((most, _),) = reasons.most_common(1)
        yield (
            f"{failed} could not be scored by {measure_name(name)}, as a call failed; most often: {most} The same "
            "command makes it again."
        )
    if compared := sum(judging.compared for judging in every):
        outvoted = percent(sum(judging.outvoted for judging in every) / compared)
        yield f"Of the verdicts for {measure_name(name)} that were asked for several times, {outvoted} were outvoted."


def _unread(name: str, unread: Counter[str], every: Sequence[Judging]) -> str:
    ((worst, most),) = unread.most_common(1)
    asked = sum(judging.judgements for judging in every)
    missing = sum(len(judging.missing) for judging in every)
    without = agreeing(missing, "answer has", "answers have")
    where = f"in {worst}" if most == unread.total() else f"most of them in {worst}"
    judgements = f"{unread.total():,} of {count(asked, 'judgement')} for {measure_name(name)}"
    return (
        f"{judgements} could not be read, {where}. {without} no score: these are left out of means, not "
        "counted as wrong. `tradespace questions STUDY --prompts` shows what the judge replied."
    )


def _failures(every: Sequence[Judging]) -> Counter[str]:
    """How many answers were not scored for each reason."""
    return Counter(_cut(judging.missing.get(place, "")) for judging in every for place in judging.failed)


def _cut(reason: str) -> str:
    cut = reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]} …"
    return cut if cut.endswith((".", "…")) else f"{cut}."
