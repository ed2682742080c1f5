"""What became of the pipelines that were not evaluated on every question, in words."""

from __future__ import annotations

from tradespace.explorer.results import SearchAccount
from tradespace.plurals import count
from tradespace.reports.words import listed_in_part

MOST_SENTENCES, MOST_OTHERS = 20, 3
"""Sentences of one kind, and pipelines that one names, at most."""


def search_sentences(account: SearchAccount | None) -> tuple[str, ...]:
    """How the space was searched; nothing where the strategy keeps no account."""
    if account is None:
        return ()
    sentences = [_considered(account), _asked(account), account.ending and f"{account.ending.capitalize()}."]
    return tuple(sentence for sentence in sentences if sentence)


def class_sentences(account: SearchAccount | None) -> tuple[str, ...]:
    """The pipelines that were evaluated for others as well, with some of these by name."""
    alike = list(account.alike.items())[:MOST_SENTENCES] if account else []
    return tuple(f"{pipeline} stands for {listed_in_part(others, MOST_OTHERS)}." for pipeline, others in alike)


def dropped_sentences(account: SearchAccount | None) -> tuple[str, ...]:
    """The pipelines that were dropped on the way, and what for."""
    dropped = account.dropped if account else ()
    return tuple(
        f"{each.pipeline} was dropped after {count(each.questions, 'question')}: {each.by} costs no more and answers "
        "at least as well."
        for each in dropped[:MOST_SENTENCES]
    )


def _considered(account: SearchAccount) -> str:
    among = "" if account.whole_space else " that were drawn from the space"
    twins = account.candidates - account.classes
    sentence = f"{count(account.candidates, 'pipeline')}{among} were considered"
    return sentence + (
        f"; {twins:,} of them do the same work as another or answer alike, and are counted with it." if twins else "."
    )


def _asked(account: SearchAccount) -> str:
    why = "not worth the price of evaluating them further" if account.ending else "left when the search ended"
    parts = [
        (account.complete, f"evaluated on all {account.questions:,} questions"),
        (account.missing_sla, "foretold to miss a bound, and given no dear call"),
        (account.raced_out, "dropped on the way, as another was shown to be at least as good"),
        (account.failed, "given up after failures"),
        (account.open, why),
    ]
    told = [f"{number:,} {'was' if number == 1 else 'were'} {fate}" for number, fate in parts if number]
    return f"Of the {account.classes:,} that are left, {'; '.join(told)}." if told else ""
