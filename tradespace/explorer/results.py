"""What a study found, as plain values: everything that reports need, and nothing that needs a component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tradespace.evals.prediction_powered import LabelDesign
from tradespace.explorer.answer_texts import AnswerTexts
from tradespace.explorer.observed import ObservedSystem
from tradespace.search_space.goals import Goals


class QuestionSet(StrEnum):
    """Which questions a figure comes from: those that the search saw, or the held-out ones."""

    EXPLORE = "explore"
    CONFIRM = "confirm"


CallRounds = tuple[tuple[float, ...], ...]
"""Calls of servers of one's own: rounds one after the other, the calls of a round at once, each with the seconds that
it takes while the server does nothing else."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How an evaluation's stages were timed.

    Attributes:
        works: timed works that its seconds rest on: calls that are answered together, or a stage's own computing.
        samples: runs of these works.
        disturbed: those of them that were taken while something else kept the machine busy.
        unsettled: works of which all runs were disturbed.
        drift: how many times slower the machine was than when quiet, in the median; None where nothing was timed here.
        predicted: stages with seconds that come from a fitted latency model instead of a measurement.
        median_error, p95_error: how far such models were off on calls that they had not seen, as shares, each by the
            seconds that it foretells; None where nothing was predicted.
        as_made: stages with calls whose seconds are those that they took as the evaluation made them: a provider's, and
            those of servers that could not be asked again.
        concurrency: the most calls that were under way at one server meanwhile; None where that is not known, or there
            was none. All other seconds were taken alone: one at a time, with nothing else under way.
        served: timed runs that asked a server.
        cached: those of them in which its cache of prompts helped, or may have helped, for it does not say.
        streamed: calls of language models, or groups of calls that are answered together, whose text was streamed.
        first_token: seconds to the first piece of their texts, thoughts included, in the median; None where there is
            none. It is the time of a call, not of a pipeline: its other stages and earlier calls come before.
    """

    samples: int = 0
    disturbed: int = 0
    unsettled: int = 0
    drift: float | None = None
    predicted: tuple[str, ...] = ()
    median_error: float | None = None
    p95_error: float | None = None
    as_made: tuple[str, ...] = ()
    concurrency: int | None = None
    served: int = 0
    cached: int = 0
    works: int = 0
    streamed: int = 0
    first_token: float | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What the language models of one stage used for one question, as if every call were made.

    Attributes:
        tokens_in, tokens_out: tokens read and written; a prompt that several samples are drawn from is read once where
            its model can do that.
        usd: dollars of the calls; 0 where they are covered by the host's price, None where they have no price.
        estimated: whether some of the tokens, and so the dollars, were estimated here, as a server reported none.
    """

    tokens_in: int
    tokens_out: int
    usd: float | None
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        known = None if self.usd is None or other.usd is None else self.usd + other.usd
        return Usage(
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            known,
            self.estimated or other.estimated,
        )


NO_USAGE = Usage(0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Replies:
    """How language models replied to a pipeline, as if every call were made.

    Attributes:
        read: completions that were read; one that stages share counts for each.
        cut_off: those of them that were cut off at `max_tokens`.
        no_answer: questions that failed because a reply was none: empty, refused, or cut off while thinking.
    """

    read: int = 0
    cut_off: int = 0
    no_answer: int = 0

    def __add__(self, other: Replies) -> Replies:
        return Replies(self.read + other.read, self.cut_off + other.cut_off, self.no_answer + other.no_answer)


NO_REPLIES = Replies()


@dataclass(frozen=True, slots=True)
class Judging:
    """How a measure that makes calls came to its scores, as if each of its calls were made for one pipeline alone.

    Attributes:
        calls: how many it made.
        usage: what models used for them, which is no part of what the pipeline costs.
        judgements: replies that a model was asked for; 0 where none judges.
        unread: those of them that could not be read.
        compared, outvoted: judgements of which there are several about the same, and those of them that most of the
            others contradict.
        disagreement: the share of these that were outvoted, of each question of the split; None where nothing was
            judged by several replies.
        missing: why an answer has no score, by the position of the question.
        failed: those of these positions where a call failed; it is made again in the next run.
    """

    calls: int = 0
    usage: Usage = NO_USAGE
    judgements: int = 0
    unread: int = 0
    compared: int = 0
    outvoted: int = 0
    disagreement: tuple[float | None, ...] = ()
    missing: Mapping[int, str] = field(default_factory=dict)
    failed: tuple[int, ...] = ()

    def __add__(self, other: Judging) -> Judging:
        return Judging(
            self.calls + other.calls,
            self.usage + other.usage,
            self.judgements + other.judgements,
            self.unread + other.unread,
            self.compared + other.compared,
            self.outvoted + other.outvoted,
            self.disagreement + other.disagreement,
            {**self.missing, **other.missing},
            self.failed + other.failed,
        )


NO_JUDGING = Judging()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One pipeline on the questions of one split. None is a missing value, never zero.

    Attributes:
        pipeline: its notation.
        yaml: the same pipeline as a YAML fragment that can be explored again.
        stages: notation of the component in each stage, chunk included, in order.
        scores: per measure, one value for each question of the split, in the split's order. A question that failed
            scores 0, and None only where the measure does not apply to it.
        failures: what went wrong, by the position of the question in the split.
        metered: by quantity, what each question took of it, such as dollars (`usd`). A quantity that is not known, as
            dollars where nothing has a price, is left out.
        modelled: the quantities among these that are estimated from what a user states, all or in part.
        seconds: per online stage, the seconds that it takes alone for each question of the split: measured for some,
            foretold by a latency model for the others. They add up per question. None where it failed. In studies from
            before there were such models, of the first questions alone.
        end_to_end: seconds of the whole pipeline run for real, on the first questions; empty where it was not.
        conditions: how its stages were timed.
        usage: per online stage that asks language models, what they used for each question that has seconds.
        replies: how language models replied, over all questions of the split.
        address: content address of the pipeline as it was evaluated (`Pipeline.address`): the notation leaves defaults
            out, and names neither versions nor weights. Empty in studies from before evaluations had one.
        unmatched: how many of the passages that it found, over all questions, belong to no document that is known: no
            measure of rankings can see that they are right.
        answers: digest of what it answered to each question of the split, or of what it found where nothing answers.
            Empty in studies from before evaluations had one.
        server_calls: per online stage that asks servers of one's own, the calls that it makes of them for each
            question: with these it shares a server with others. None where it failed, or where that is not known; empty
            in studies from before evaluations had them.
        repeats: per online stage that asks a provider, the seconds that it may take for each question when it is asked
            again, as many for all: its calls take what they, or other samples of their prompts, took at other times.
            None where it failed, or where one time is known alone; empty in studies from before evaluations had them.
        scored_by: by name, the keys of those measures that have settings: scores hold for these settings alone.
        judging: how those measures came to their scores that make calls, by name.
        designs: by judged measure, the labels of people that its scores are corrected by: they are rectified scores
            then, whose mean alone means anything (`tradespace.evals.prediction_powered`). In conclusions only; never
            stored.
    """

    pipeline: str
    yaml: str
    question_set: QuestionSet
    stages: Mapping[str, str]
    scores: Mapping[str, tuple[float | None, ...]]
    failures: Mapping[int, str] = field(default_factory=dict)
    metered: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)
    seconds: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)
    end_to_end: tuple[float | None, ...] = ()
    conditions: Conditions = Conditions()
    usage: Mapping[str, tuple[Usage | None, ...]] = field(default_factory=dict)
    address: str = ""
    replies: Replies = NO_REPLIES
    unmatched: int = 0
    modelled: tuple[str, ...] = ()
    answers: str = ""
    server_calls: Mapping[str, tuple[CallRounds | None, ...]] = field(default_factory=dict)
    repeats: Mapping[str, tuple[tuple[float, ...] | None, ...]] = field(default_factory=dict)
    scored_by: Mapping[str, str] = field(default_factory=dict)
    judging: Mapping[str, Judging] = field(default_factory=dict)
    designs: Mapping[str, LabelDesign] = field(default_factory=dict)

    @property
    def failed_everywhere(self) -> bool:
        """Whether it failed on every question that there is a score for."""
        return 0 < max(map(len, self.scores.values()), default=0) <= len(self.failures)

    def holds(self, measure: str, scored_by: Mapping[str, str]) -> bool:
        """Whether it has scores by a measure with the settings that these keys stand for."""
        return measure in self.scores and self.scored_by.get(measure) == scored_by.get(measure)

    @property
    def has_failed_calls(self) -> bool:
        """Whether a call failed, of the pipeline or of a measure: it is made again in the next run."""
        return bool(self.failures) or any(judging.failed for judging in self.judging.values())


@dataclass(frozen=True, slots=True)
class Outlay:
    """What evaluating pipelines takes, or is estimated to take.

    Attributes:
        calls: distinct calls that are made.
        seconds: in those calls, building what they need included.
        usd: dollars for the machine that makes them, and for language models with prices of their own; None where
            nothing has a price.
    """

    pipelines: int
    calls: int
    seconds: float
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A pipeline that was not asked all questions, as another was shown to be at least as good.

    Attributes:
        pipeline, by: the notations of both.
        questions: how many both had answered by then.
    """

    pipeline: str
    by: str
    questions: int


@dataclass(frozen=True, slots=True)
class SearchAccount:
    """What became of the pipelines that a search considered.

    Attributes:
        candidates: pipelines that were considered.
        whole_space: whether these are all that the space has.
        classes: how many there are, those that make the same calls, or answered alike, counted once.
        missing_sla: classes that are foretold to miss the service level: no dear call was made for them.
        raced_out: classes that were dropped on the way.
        complete: classes that are known on all questions.
        failed: classes that could not be evaluated.
        open: classes that were left, as they are not worth their price or there was no time.
        dropped: some of those that were raced out.
        alike: by pipeline, the others of its class; of those that are complete.
        questions: how many there are to ask.
        ending: why the search ended by itself, as a sentence; empty where its budget ended it.
    """

    candidates: int
    whole_space: bool
    classes: int
    missing_sla: int
    raced_out: int
    complete: int
    failed: int
    open: int
    questions: int
    dropped: tuple[Dropped, ...] = ()
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ending: str = ""


GroupColumns = Mapping[str, tuple[str, ...]]
"""The groups of questions, by column: of each question in order, empty where it has none."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures come from.

    Attributes:
        space_size: pipelines that the space allows; None where there are infinitely many.
        space_size_exact: whether they were counted; an estimate otherwise.
        estimated: what the last search was estimated to take before it began; None where that was not possible.
        spent: what it took.
        usd_for_calls: dollars of the calls that were made, where their models have prices of their own.
        stopped: what ended it before its time, other than who explores: a model that does not answer; else empty.
        phases: seconds that each phase of the last run took.
        ended: why its search ended, where that was the budget.
        confirmed: how many confirm questions were asked, and why no more.
        search: what became of the pipelines that it considered; None where its strategy keeps no account.
        table: the table that all figures come from, where they were measured elsewhere; else empty.
        groups: of all questions of each split, the groups by column; empty where they have none.
        generated: how many of the questions were generated, and by what, as a clause; empty where none was.
        judging_calls, judging_usd: those of the calls that were made, and of their dollars, that measures made to score
            answers.
        question_keys: what tells the questions of each split apart, in order: digests of their ids and texts. Empty in
            studies from before there were any.
    """

    tradespace: str
    created: str
    host: str
    dataset: str
    data_key: str
    documents: int
    questions: Mapping[QuestionSet, int]
    seed: int
    space_size: int | None
    versions: Mapping[str, str]
    seconds_spent: float
    calls_made: int
    calls_asked: int
    interrupted: bool = False
    estimated: Outlay | None = None
    spent: Outlay | None = None
    usd_for_calls: float = 0.0
    phases: Mapping[str, float] = field(default_factory=dict)
    ended: str = ""
    confirmed: str = ""
    search: SearchAccount | None = None
    space_size_exact: bool = True
    stopped: str = ""
    table: str = ""
    groups: Mapping[QuestionSet, GroupColumns] = field(default_factory=dict)
    generated: str = ""
    judging_calls: int = 0
    judging_usd: float = 0.0
    question_keys: Mapping[QuestionSet, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JudgeLabels:
    """What people said of answers that a judge scored: of those to some confirm questions, which were drawn at random.

    Attributes:
        strata: by place of a confirm question, the stratum that it could be drawn from; `OUTSIDE` where the judge has
            nothing to judge.
        answers: by pipeline, the key of what it answered to each of these questions; empty where it failed.
        digests: by pipeline, its `Evaluation.answers` when these keys were taken.
        drawn: places of the questions that were drawn.
        labels: by key, what people said: from 0 (all say no) to 1.
        skipped: keys of answers that somebody chose to say nothing of.
        repeated: by key, what the judge says when it is asked once more.
        disputed: answers on which people said different things.
        policies: by which they labelled.
        without_policy: labels with which no policy was recorded.
        least_sensitivity, least_specificity: below which the judge is not believed.
    """

    strata: tuple[int, ...]
    answers: Mapping[str, tuple[str, ...]]
    digests: Mapping[str, str]
    drawn: tuple[int, ...]
    labels: Mapping[str, float]
    skipped: frozenset[str] = frozenset()
    repeated: Mapping[str, float] = field(default_factory=dict)
    disputed: int = 0
    policies: tuple[str, ...] = ()
    without_policy: int = 0
    least_sensitivity: float = 0.0
    least_specificity: float = 0.0


@dataclass(frozen=True, slots=True)
class Results:
    """A study's goals, evaluations and provenance.

    Attributes:
        confirmed: the finalists only.
        observed: what was recorded of a system that runs already; None where nothing was.
        judges: who judges, by measure: those measures alone whose scores a model gives.
        labels: what people said of the answers, by judged measure; none where they were not asked.
        words: what components say of themselves in plain words, by name (`Component.in_words`).
        texts: what some of the pipelines answered to questions that tell them apart; None where that was not kept.
    """

    name: str
    space_yaml: str
    goals: Goals
    explored: tuple[Evaluation, ...]
    confirmed: tuple[Evaluation, ...]
    provenance: Provenance
    observed: ObservedSystem | None = None
    judges: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, JudgeLabels] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    texts: AnswerTexts | None = None

    def under(self, goals: Goals) -> Results:
        """The same pipelines, to be judged by other goals."""
        return replace(self, goals=goals)

    def on_same_questions(self, evaluation: Evaluation) -> tuple[Evaluation, ...]:
        """All that were evaluated on the questions that one of them was."""
        return self.confirmed if evaluation.question_set is QuestionSet.CONFIRM else self.explored
