"""Stages are timed on what they were given; calls that were timed as they were made are never made again."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import pytest

from tests.explorer.conftest import DOCUMENTS, MADE, QUESTIONS, Fragile, LastWord, Overlap, Shortest, Twin
from tradespace.components.base import Operator, Pipeline, Process
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.readers.llm import LLMReader
from tradespace.components.readers.sentence import SentenceReader
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.cot_at_k import ChainOfThoughtAtK
from tradespace.components.strategies.direct import Direct
from tradespace.explorer.planning.dry_run import DryRun
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.timing_keys import calls_key
from tradespace.explorer.timing.latency_model import ENOUGH
from tradespace.explorer.timing.quiet import Effort
from tradespace.explorer.timing.stage_seconds import PipelineSeconds
from tradespace.explorer.timing.stage_table import ASKED_AGAIN
from tradespace.explorer.timing.stage_timer import StageTimer, _Memory
from tradespace.types import Completion, Prompt, Question, Request, Timed

ASKED = [Question(f"q{n}", text) for n, text in enumerate(QUESTIONS)]
MANY = [Question(f"m{n}-{one.id}", f"what does the {one.id}{' really' * n} do") for n in range(8) for one in DOCUMENTS]

ONCE = Effort(rounds=1, seconds=20)


def read(prompt: Prompt) -> int:
    return sum(len(message.content.split()) for message in prompt.messages)


class Chatty(LanguageModel):
    """Writes a few words, on this machine; how many depends on the prompt and on the sample."""

    name: ClassVar[str] = "chatty"

    def open(self, corpus: Corpus) -> Operator:
        def operate(prompts: Sequence[Prompt]) -> list[Completion | Timed]:
            MADE[self.name] += len(prompts)
            return [self.answered(prompt) for prompt in prompts]

        return operate

    def answered(self, prompt: Prompt) -> Completion | Timed:
        words = 3 + len(prompt.messages[-1].content) % 5 + prompt.sample
        return Completion(f"answer: {' '.join(['word'] * words)}", read(prompt), words)


class Distant(Chatty):
    """The same far away: each call takes a tenth of a second, and a hundredth for each word that it writes."""

    name: ClassVar[str] = "distant"

    def answered(self, prompt: Prompt) -> Completion | Timed:
        completion = super().answered(prompt)
        assert isinstance(completion, Completion)
        return Timed(completion, 0.1 + 0.01 * completion.tokens_out, waited=0.5 * prompt.sample, host="afar")


class Forgetful(Distant):
    """The same, but of prompts of even length nobody wrote down how long they took."""

    name: ClassVar[str] = "forgetful"

    def answered(self, prompt: Prompt) -> Completion | Timed:
        timed = super().answered(prompt)
        assert isinstance(timed, Timed)
        return timed.outcome if read(prompt) % 2 == 0 else timed  # type: ignore[return-value]


class Slow(Shortest):
    """Takes its time for every passage."""

    name: ClassVar[str] = "slow"
    seconds: ClassVar[float] = 0.01

    def process(self, request: Request) -> Process:
        time.sleep(self.seconds * len(request.passages))
        return (yield from super().process(request))


def seconds_of(
    recorded_calls: RecordedCalls,
    pipelines: Sequence[Pipeline],
    questions: Sequence[Question] = ASKED,
    effort: Effort = ONCE,
    *,
    whole: bool = False,
) -> list[PipelineSeconds]:
    traces = run(recorded_calls, pipelines, [question.text for question in questions])
    times = StageTimer(recorded_calls, questions, "here", "latency_p95", effort, whole)
    found = times.of_stages(traces)
    return [found[pipeline] for pipeline in pipelines]


def test_every_online_stage_has_seconds_for_every_question(recorded_calls: RecordedCalls) -> None:
    """Measured here, under known conditions."""
    (found,) = seconds_of(recorded_calls, [Overlap() >> LastWord()])
    assert found.seconds.keys() == {"retrieve", "generate"}
    for row in found.seconds.values():
        assert len(row) == len(ASKED)
        assert all(one is not None and one > 0 for one in row)
    assert found.conditions.samples >= 2 * len(ASKED)
    assert found.conditions.predicted == ()
    assert found.end_to_end == ()


def test_a_stage_that_failed_has_no_seconds_and_those_before_it_have(recorded_calls: RecordedCalls) -> None:
    """None, which counts as infinitely slow."""
    (found,) = seconds_of(recorded_calls, [Overlap() >> Fragile()])
    mouse = next(place for place, text in enumerate(QUESTIONS) if "mouse" in text)
    assert [place for place, one in enumerate(found.seconds["generate"]) if one is None] == [mouse]
    assert None not in found.seconds["retrieve"]


def test_each_of_two_rerankers_has_seconds_of_its_own(recorded_calls: RecordedCalls) -> None:
    """The second one is given fewer passages than the first, and what one takes is not counted for the other."""
    pipeline = Overlap() >> Slow(keep=2) >> Slow(keep=1) >> LastWord()
    (found,) = seconds_of(recorded_calls, [pipeline], ASKED[:2])
    assert list(found.seconds) == ["retrieve", "rerank", "rerank_2", "generate"]
    first, second = found.seconds["rerank"], found.seconds["rerank_2"]
    assert all(one is not None and one >= 3 * Slow.seconds for one in first)
    assert all(one is not None and one >= 2 * Slow.seconds for one in second)
    assert first != second


def test_what_is_done_for_a_later_question_alone_is_timed_too(recorded_calls: RecordedCalls) -> None:
    """Nothing is found for the second: its reader has no calls to make, and none of the first tells what that takes."""
    pipeline = BM25(top_k=1) >> SentenceReader()
    questions = [ASKED[0], Question("unheard-of", "zzqx vvkw?")]
    traces = run(recorded_calls, [pipeline], [question.text for question in questions])
    found = StageTimer(recorded_calls, questions, "here", "latency_p95", ONCE, timed=1).of_stages(traces)[pipeline]
    first, second = found.seconds["generate"]
    assert first is not None and second is not None
    assert 0 < second < first


def test_equal_stages_are_timed_once(recorded_calls: RecordedCalls) -> None:
    """Two retrievers that find passages of the same length share the reader's seconds."""
    one, other = seconds_of(recorded_calls, [Overlap() >> LastWord(), Twin() >> LastWord()])
    assert one.seconds["generate"] == other.seconds["generate"]
    assert one.seconds["retrieve"] != other.seconds["retrieve"]


def test_whole_pipelines_are_run_end_to_end_where_asked(recorded_calls: RecordedCalls) -> None:
    """In turns with their stages."""
    (found,) = seconds_of(recorded_calls, [Overlap() >> LastWord()], whole=True)
    assert all(one is not None and one > 0 for one in found.end_to_end)


def test_calls_that_were_timed_as_they_were_made_are_not_made_again(recorded_calls: RecordedCalls) -> None:
    """Nor is the pipeline run end to end: that would be paid for, or take no time at all."""
    (found,) = seconds_of(recorded_calls, [Overlap() >> LLMReader(model=Distant(), strategy=Direct())], whole=True)
    assert MADE["distant"] == len(ASKED)
    assert found.end_to_end == ()
    assert all(one is not None and 0.13 <= one <= 0.17 + 1e-9 for one in found.seconds["generate"])


def test_parallel_samples_take_as_long_as_the_slowest_with_its_wait(recorded_calls: RecordedCalls) -> None:
    """Here the last sample waits longest and writes most."""
    reader = LLMReader(model=Distant(), strategy=Direct())
    at_k = reader.with_settings(strategy=ChainOfThoughtAtK(k=4))
    one, four = seconds_of(recorded_calls, [Overlap() >> reader, Overlap() >> at_k])
    for alone, together in zip(one.seconds["generate"], four.seconds["generate"], strict=True):
        assert alone is not None and together is not None
        assert together > 0.5 * 3 + 0.1
    assert "generate" not in four.conditions.predicted


def test_a_provider_that_is_asked_again_takes_what_its_samples_took(recorded_calls: RecordedCalls) -> None:
    """As long as the slowest of four, each drawn from the times of all four; one sample alone tells nothing of that."""
    reader = LLMReader(model=Distant(), strategy=Direct())
    at_k = reader.with_settings(strategy=ChainOfThoughtAtK(k=4))
    one, four = seconds_of(recorded_calls, [Overlap() >> reader, Overlap() >> at_k])
    assert one.repeats == {}
    for slowest, again in zip(four.seconds["generate"], four.repeats["generate"], strict=True):
        assert slowest is not None and again is not None
        times = [slowest - 0.51 * place for place in range(4)]
        assert len(again) == ASKED_AGAIN
        assert all(min(abs(seconds - time) for time in times) < 1e-6 for seconds in again)
    assert len({len(set(again or ())) for again in four.repeats["generate"]}) > 1


def test_a_call_that_was_timed_several_times_may_take_each_of_them_again(recorded_calls: RecordedCalls) -> None:
    """A stage takes their median, and asked again one of them."""
    explored = Overlap() >> LLMReader(model=Distant(), strategy=Direct())
    (before,) = seconds_of(recorded_calls, [explored])
    works = {sample.work for samples in recorded_calls.ledger.samples() for sample in samples}
    made = recorded_calls.ledger.timings(works, "afar")
    recorded_calls.ledger.record([replace(timing, seconds=3 * timing.seconds) for timing in made])
    (after,) = seconds_of(recorded_calls, [explored])
    for once, median, again in zip(
        before.seconds["generate"], after.seconds["generate"], after.repeats["generate"], strict=True
    ):
        assert once is not None and again is not None
        assert median == pytest.approx(2 * once)
        assert {round(seconds / once, 3) for seconds in again} <= {1.0, 3.0}
    assert any(len(set(again or ())) == 2 for again in after.repeats["generate"])


def test_calls_without_a_time_are_predicted_and_marked(recorded_calls: RecordedCalls) -> None:
    """From the calls of the same model that have one; here they follow the model exactly."""
    (found,) = seconds_of(recorded_calls, [Overlap() >> LLMReader(model=Forgetful(), strategy=Direct())], MANY)
    (true,) = seconds_of(recorded_calls, [Overlap() >> LLMReader(model=Distant(), strategy=Direct())], MANY)
    assert "generate" in found.conditions.predicted
    assert found.conditions.p95_error == pytest.approx(0, abs=1e-3)  # retrieval is foretold too, and takes no time
    assert found.seconds["generate"] == pytest.approx(true.seconds["generate"])


def test_calls_on_this_machine_are_shared_by_strategies(recorded_calls: RecordedCalls) -> None:
    """A router and a reader that make the same call of a model time it once."""
    readers = [LLMReader(model=Chatty(), strategy=ChainOfThought(), passages=count) for count in (3, 4)]
    one, other = seconds_of(recorded_calls, [Overlap(top_k=3) >> reader for reader in readers])
    assert one.seconds["generate"] == other.seconds["generate"]
    assert one.conditions.predicted == ()


def test_calls_that_there_is_no_time_for_are_predicted_and_marked(recorded_calls: RecordedCalls) -> None:
    """As many are measured as a model needs, the others follow from it."""
    pipeline = Overlap() >> LLMReader(model=Chatty(), strategy=Direct())
    (found,) = seconds_of(recorded_calls, [pipeline], MANY, Effort(rounds=3, seconds=0))
    assert "generate" in found.conditions.predicted
    assert None not in found.seconds["generate"]
    assert found.conditions.p95_error is not None
    assert MADE["chatty"] < 2 * len(MANY)
    assert MADE["chatty"] >= len(MANY) + ENOUGH


def test_a_dozen_questions_are_timed_and_all_have_seconds(recorded_calls: RecordedCalls) -> None:
    """The others follow from what their calls ask of the component; such a stage is marked."""
    (found,) = seconds_of(recorded_calls, [Overlap() >> LastWord()], MANY)
    assert found.conditions.predicted == ("retrieve", "generate")
    assert all(len(row) == len(MANY) and None not in row for row in found.seconds.values())
    timed = {timing.question for timing in recorded_calls.ledger.timings(_keys(recorded_calls)) if timing.question}
    assert len({name.split()[0] for name in timed}) == 12


def _keys(recorded_calls: RecordedCalls) -> set[str]:
    return {sample.work for batch in recorded_calls.ledger.samples() for sample in batch}


def test_pipelines_agree_on_what_they_share(recorded_calls: RecordedCalls) -> None:
    """Seconds that are foretold are the same wherever the calls are the same, and whenever they are asked for."""
    one, other = seconds_of(recorded_calls, [Overlap() >> LastWord(), Twin() >> LastWord()], MANY)
    assert one.seconds["generate"] == other.seconds["generate"]
    (again,) = seconds_of(recorded_calls, [Overlap() >> LastWord()], MANY)
    assert again.seconds == one.seconds


def test_settings_that_make_the_same_calls_are_timed_once(recorded_calls: RecordedCalls) -> None:
    """A reader that may read four passages of two reads the same two."""
    pipelines = [Overlap(top_k=2) >> LastWord(passages=count) for count in (2, 4)]
    seconds_of(recorded_calls, pipelines)
    timings = recorded_calls.ledger.timings([calls_key(LastWord(), corpus_of(recorded_calls))])
    assert len({timing.question for timing in timings}) == len(ASKED)


def corpus_of(recorded_calls: RecordedCalls) -> Corpus:
    return recorded_calls.corpus(Overlap() >> LastWord())


def test_what_pipelines_would_take_is_foretold_before_the_dear_stage_is_called(recorded_calls: RecordedCalls) -> None:
    """From the calls that it would make: no outcome is recorded, and the figure comes with its error."""
    pipeline = Overlap() >> LastWord()
    run(recorded_calls, [Pipeline((Overlap(),))], [question.text for question in MANY])
    rehearsal = DryRun(recorded_calls.opened_components, recorded_calls.ledger)
    traces = run(rehearsal, [pipeline], [question.text for question in MANY])
    before = len(recorded_calls.ledger)
    foretold = StageTimer(recorded_calls, MANY, "here", "latency_p95", ONCE).foretell(traces)[pipeline]
    seconds, spread = foretold.figure("latency_p95")
    assert 0 < seconds < math.inf
    assert 0 < spread < math.inf
    assert len(recorded_calls.ledger) == before


def test_what_is_remembered_is_what_is_worked_out_anew(recorded_calls: RecordedCalls) -> None:
    """Asked again with more calls made, and by a timer that remembers nothing; what stages compute themselves is not
    looked at again, which is a share of microseconds here."""
    pipelines = [Overlap() >> LastWord(), Twin() >> LLMReader(model=Distant(), strategy=Direct())]
    texts = [question.text for question in MANY]
    rehearsal = DryRun(recorded_calls.opened_components, recorded_calls.ledger)
    timer = StageTimer(recorded_calls, MANY, "here", "latency_p95", ONCE)
    timer.foretell(run(rehearsal, pipelines, texts))
    run(recorded_calls, pipelines, texts[:20])
    again = timer.foretell(run(rehearsal, pipelines, texts))
    anew = replace(timer, _memory=_Memory()).foretell(run(rehearsal, pipelines, texts))
    for pipeline in pipelines:
        assert again[pipeline].figure("latency_p95") == pytest.approx(anew[pipeline].figure("latency_p95"), rel=0.3)


def test_a_model_whose_completions_are_not_known_is_foretold_from_those_that_are(recorded_calls: RecordedCalls) -> None:
    """Without any nothing is known; with some, questions borrow from them, and the figure is less sure."""
    pipeline = Overlap() >> LLMReader(model=Distant(), strategy=Direct())
    rehearsal = DryRun(recorded_calls.opened_components, recorded_calls.ledger)
    timer = StageTimer(recorded_calls, MANY, "here", "latency_p95", ONCE)
    texts = [question.text for question in MANY]
    nothing, unsure = timer.foretell(run(rehearsal, [pipeline], texts))[pipeline].figure("latency_p95")
    assert math.isnan(nothing) and unsure == math.inf
    run(recorded_calls, [pipeline], texts[:20])
    some, less_sure = timer.foretell(run(rehearsal, [pipeline], texts))[pipeline].figure("latency_p95")
    run(recorded_calls, [pipeline], texts)
    known, sure = timer.foretell(run(rehearsal, [pipeline], texts))[pipeline].figure("latency_p95")
    assert some == pytest.approx(known, rel=0.1)
    assert sure < less_sure < math.inf


class Silent(Distant):
    """The same, but nobody wrote down how long anything took."""

    name: ClassVar[str] = "silent"
    remote: ClassVar[bool] = True

    def answered(self, prompt: Prompt) -> Completion | Timed:
        timed = super().answered(prompt)
        assert isinstance(timed, Timed)
        return timed.outcome  # type: ignore[return-value]


def test_what_another_machine_answered_untimed_has_no_seconds(recorded_calls: RecordedCalls) -> None:
    """How fast this machine looks a recorded call up says nothing about the model."""
    (found,) = seconds_of(recorded_calls, [Overlap() >> LLMReader(model=Silent(), strategy=Direct())])
    assert set(found.seconds["generate"]) == {None}
    assert None not in found.seconds["retrieve"]
