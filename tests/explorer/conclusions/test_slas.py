"""The best pipeline for every service level, and where its components change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.conclusions.test_split import F1, SLA, evaluation
from tradespace.explorer.conclusions.slas import answer_slas

FAST = evaluation("bm25() >> none() >> reader()", 8, 1, 9)
RERANKED = evaluation("bm25() >> maxsim(keep=1) >> reader()", 16, 1, 9, rerank=10)
WIDER = evaluation("bm25() >> maxsim(keep=5) >> reader()", 17, 1, 9, rerank=20)
SLOWER = evaluation("bm25() >> cross_encoder() >> reader()", 18, 1, 9, rerank=50)


def test_steps_are_the_best_from_their_own_latency_on() -> None:
    """Whoever is slower and no better has no step."""
    useless = evaluation("dense() >> none() >> reader()", 8, 5, 9)
    answer = answer_slas([WIDER, useless, FAST, RERANKED], F1, SLA)
    assert [step.pipeline for step in answer.steps] == [FAST.pipeline, RERANKED.pipeline, WIDER.pipeline]
    assert [step.seconds for step in answer.steps] == pytest.approx([0.010, 0.020, 0.030])
    assert answer.steps[1].shares == pytest.approx((0.55, 0.45))


def test_other_components_count_beyond_noise() -> None:
    """A reranker that answers eight more of twenty pays; one more of the same kind changes nothing, and another kind
    that answers one more can't be told apart."""
    (change,) = answer_slas([FAST, RERANKED, WIDER, SLOWER], F1, SLA).changes
    assert (change.step.pipeline, change.came, change.went) == (RERANKED.pipeline, ("maxsim",), ("none",))
    assert change.gain.value == pytest.approx(0.4)
    assert change.gain.low is not None and change.gain.low > 0


def test_what_cannot_be_told_apart_adds_up() -> None:
    """A change is held against the components that were told last, so that small steps are told once they are large."""
    slightly = evaluation("bm25() >> a() >> reader()", 9, 1, 9, rerank=5)
    (change,) = answer_slas([FAST, slightly, RERANKED], F1, SLA).changes
    assert (change.came, change.went) == (("maxsim",), ("none",))


def test_defaults_that_a_notation_leaves_out_are_components() -> None:
    """What has another strategy has the same model, whether or not its notation names it; that the strategy is made of
    other parts goes without saying."""
    fast, slow = (
        replace(
            evaluation(f"bm25() >> {notation}", right, 1, 9, rerank=milliseconds),
            yaml=f"pipeline: {{retrieve: {{bm25: {{}}}}, generate: {{llm: {spelt}}}}}",
            stages={"retrieve": "bm25()", "generate": notation},
        )
        for notation, spelt, right, milliseconds in (
            ("llm(model=small())", "{model: {small: {}}, strategy: {direct: {}}}", 8, 0),
            ("llm(strategy=cot())", "{model: {small: {}}, strategy: {cot: {votes: {majority: {}}}}}", 16, 10),
        )
    )
    (change,) = answer_slas([fast, slow], F1, SLA).changes
    assert (change.came, change.went) == (("cot",), ("direct",))
    assert change.step.components == ("bm25", "llm", "small", "cot", "majority")


def test_failing_and_untimed_pipelines_have_no_step() -> None:
    """Neither an endless latency nor an unknown one is a bound."""
    endless = replace(FAST, pipeline="endless", seconds={"retrieve": (None,) * 20})
    untimed = replace(FAST, pipeline="untimed", seconds={})
    assert answer_slas([endless], F1, SLA).steps == answer_slas([], F1, SLA).steps == ()
    assert [step.pipeline for step in answer_slas([endless, RERANKED], F1, SLA).steps] == [RERANKED.pipeline]
    assert [step.pipeline for step in answer_slas([untimed, RERANKED], F1, SLA).steps] == [RERANKED.pipeline]


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 50), st.integers(1, 50)), max_size=10), st.integers(0, 100)
)
def test_the_steps_are_the_best_within_any_bound(drawn: list[tuple[int, int, int]], bound: int) -> None:
    """By looking at all pipelines."""
    pipelines = [evaluation(str(number), *values) for number, values in enumerate(drawn)]
    steps = [step for step in answer_slas(pipelines, F1, SLA).steps if step.seconds * 1000 <= bound + 1e-6]
    within = [right for right, first, second in drawn if first + second <= bound]
    assert (steps[-1].accuracy.value if steps else None) == (pytest.approx(max(within) / 20) if within else None)
