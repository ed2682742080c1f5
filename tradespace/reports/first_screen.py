"""The first screen of a report: what was asked, which pipeline to run and why, and what to do next.

Everything on it is about the same pipeline, which the split is told of, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from tradespace.reports.recommendation import Verdict


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of a pipeline, to be read at a glance.

    Attributes:
        measure: its name, such as `answer_f1`.
        name: what it is called, such as `answer F1`.
        value: with its unit.
        interval: its 95 % confidence interval with its unit; empty where it is not known.
        basis: the questions that it rests on and how it became known: `confirmed on 300 questions`, `explored …,
            predicted`.
    """

    measure: str
    name: str
    value: str
    interval: str
    basis: str


@dataclass(frozen=True, slots=True)
class NamedPipeline:
    """A pipeline by its number, its notation, and in words; these are empty where no words are known for it."""

    number: int
    notation: str
    words: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another pipeline, and in a sentence what it gives and what it takes beside the one that is recommended."""

    pipeline: NamedPipeline
    sentence: str


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """All that is told before anybody scrolls; what a study has nothing to say to is empty.

    Attributes:
        question: what the study asks.
        verdict: what the answer rests on.
        headline: the answer, in a sentence.
        pipeline: the one that is recommended, or else the one that the headline speaks of.
        tiles: its figures, those of the objectives first.
        ties: sentences: what can't be told apart from it, and what is one with it; pipelines by number.
        faster: the next pipeline that is faster than the recommended, with what that costs.
        better: the next pipeline that is more accurate, with what that costs.
        split: how the recommended pipeline splits the bound.
        observed: where a running system stands.
        notices: what the reader must know before all else: that the exploration was stopped or interrupted.
        notes: what a careful reader should know besides.
        commands: lines to copy, that serve and export the recommended pipeline.
    """

    question: str
    verdict: Verdict
    headline: str
    pipeline: NamedPipeline | None = None
    tiles: tuple[Tile, ...] = ()
    ties: tuple[str, ...] = ()
    faster: Alternative | None = None
    better: Alternative | None = None
    split: str = ""
    observed: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
