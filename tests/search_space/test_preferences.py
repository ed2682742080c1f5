"""What a user prefers: floors, ceilings, a utility, or no recommendation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search_space.small import Read
from tradespace.errors import InputError, SpaceError
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals_yaml import goals_sections
from tradespace.search_space.preferences import parse_limit, parse_utility
from tradespace.search_space.specification import any_measure, load_text
from tradespace.search_space.utility import Utility

STAGES = "retrieve: words\nrerank: keep\ngenerate: answer"
COSTS = {"objectives": "{answer_f1: maximize, usd_per_1k: minimize}", "prices": "{host_usd_per_hour: 1}"}


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("answer_f1 >= 0.6", Bound("answer_f1", 0.6, floor=True)),
        ("usd_per_1k<=2", Bound("usd_per_1k", 2.0, floor=False)),
        (" latency_p50  <=  50 ms ", Bound("latency_p50", 0.05, floor=False)),
        ("ndcg@10 >= .5", Bound("ndcg@10", 0.5, floor=True)),
        ("P(rel=2)@5>=0.5", Bound("P(rel=2)@5", 0.5, floor=True)),
        ("joules_per_question <= 1.5e2", Bound("joules_per_question", 150.0, floor=False)),
        ("answer_f1 >= 0.5 for each language", Bound("answer_f1", 0.5, floor=True, column="language")),
        ("ndcg@5>=.5  for  each product line", Bound("ndcg@5", 0.5, floor=True, column="product line")),
    ],
)
def test_a_limit_is_a_figure_a_sign_and_a_number(text: str, bound: Bound) -> None:
    """Latencies have their unit; a score has a floor, what is to be small a ceiling. It is read back as it is shown."""
    assert parse_limit(text, any_measure) == bound == parse_limit(str(bound), any_measure)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("answer_f1", "must be a figure, <= or >=, and a number, such as answer_f1 >= 0.6; given: 'answer_f1'"),
        ("answer_f1 > 0.6", "must be a figure, <= or >="),
        ("0.6 <= answer_f1 <= 0.9", "must be a figure, <= or >="),
        ("answer_f1 >= much", "answer_f1 must be compared with a number; given: 'much'"),
        ("answer_f1 >= nan", "answer_f1 must be compared with a number; given: 'nan'"),
        ("latency_p50 <= 50", "latency_p50 must be a duration above 0 with its unit"),
        ("latency_p50 >= 50 ms", "less of latency_p50 is better; try `latency_p50 <= 50 ms`"),
        ("answer_f1 <= 0.6", "more of answer_f1 is better; try `answer_f1 >= 0.6`"),
        ("answer_f1 >= 60", "answer_f1 is always from 0 to 1; given: 'answer_f1 >= 60'"),
        ("answer_f1 <= 0.6 for each type", "more of answer_f1 is better; try `answer_f1 >= 0.6 for each type`"),
        ("answer_f1 >= 0.6 for every type", "answer_f1 must be compared with a number; given: '0.6 for every type'"),
        ("latency_p50 <= 50 ms for each type", "only what questions score is known for each type, and latency_p50 is"),
        (
            "f1[language=de] >= 0.5 for each type",
            "f1[language=de] is that of one group already: leave `for each type` out",
        ),
    ],
)
def test_any_other_limit_is_refused(text: str, message: str) -> None:
    """The message says what a limit looks like, or why this one is surely a slip."""
    with pytest.raises(InputError) as caught:
        parse_limit(text, any_measure)
    assert message in str(caught.value)


def test_an_objective_says_itself_what_is_better(read: Read) -> None:
    """A score that is to be small can have a ceiling, and only that."""
    small = read(STAGES, objectives="{f1: maximize, rude: minimize}", limits="['rude <= 0.1']")
    assert small.goals.limits == (Bound("rude", 0.1, floor=False),)


def test_limits_and_the_sla_are_bounds_alike(read: Read) -> None:
    """The SLA comes first; whoever asks which figures must be known hears of all of them."""
    goals = read(STAGES, sla="{latency_p95: 100 ms}", limits="[f1 >= 0.6, mrr >= 0.2, latency_p50 <= 50 ms]").goals
    assert [str(bound) for bound in goals.bounds] == [
        "latency_p95 <= 100 ms",
        "f1 >= 0.6",
        "mrr >= 0.2",
        "latency_p50 <= 50 ms",
    ]
    assert (goals.needed, goals.scores) == (("f1", "latency_p95", "mrr", "latency_p50"), ("f1", "mrr"))


def test_a_bound_knows_how_far_it_is_missed() -> None:
    """In the figure's unit, and as a share of the limit; what is not known is not kept."""
    floor, ceiling = Bound("answer_f1", 0.5, floor=True), Bound("latency_p95", 0.1, floor=False)
    assert (floor.excess(0.4), floor.share_missed(0.4)) == (pytest.approx(0.1), pytest.approx(0.2))
    assert (ceiling.excess(0.08), ceiling.share_missed(0.15)) == (pytest.approx(-0.02), pytest.approx(0.5))
    assert [ceiling.kept_by(value) for value in (0.1, 0.11, None, float("nan"))] == [True, False, False, False]


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"limits": "answer_f1 >= 0.6"}, "must be a list of limits such as [answer_f1 >= 0.6]"),
        ({"limits": "[5]"}, "must be a list of limits"),
        ({"limits": "[f1 >= 0.6, f1 >= 0.7]"}, "f1 has a bound already, `f1 >= 0.6`; leave one"),
        ({"limits": "[f1 >= 0.6 for each a, f1 >= 0.7 for each a]"}, "a bound already, `f1 >= 0.6 for each a`"),
        ({"limits": "[latency_p95 <= 1 s]", "sla": "{latency_p95: 2 s}"}, "a bound already, `latency_p95 <= 2000 ms`"),
        ({"limits": "[usd_per_1k <= 2]"}, "a cost needs a section `prices`"),
        ({"constraints": "[f1 >= 0.6]"}, "a floor or ceiling of a figure belongs in the section `limits`"),
        ({"utility": "5"}, "must be text such as 'answer_f1 - 0.05 * usd_per_1k'; given: 5"),
        ({"recommend": "never"}, "must be true, or false where the frontier alone is wanted"),
        ({"observed": "5"}, "must be the path of a file that `tradespace import` wrote; given: 5"),
    ],
)
def test_wrong_preferences_are_faults(read: Read, sections: dict[str, str], message: str) -> None:
    """Each is found with its line, as all faults are."""
    with pytest.raises(SpaceError) as caught:
        read(STAGES, **sections)
    assert message in str(caught.value)


def test_faults_of_limits_have_their_lines() -> None:
    """Of a list the line of the one that is wrong."""
    rest = "name: n\ndata: {dataset: d}\npipeline: {retrieve: bm25}\nobjectives: {mrr: }\n"
    with pytest.raises(SpaceError) as caught:
        load_text(f"{rest}limits:\n- mrr >= 0.5\n- mrr < 1\n", "space.yaml")
    assert [fault.where for fault in caught.value.faults] == ["space.yaml:7"]


def test_a_utility_weighs_objectives(read: Read) -> None:
    """It is computed for one pipeline or for many at once; without one, nothing is weighed."""
    utility = read(STAGES, **COSTS, utility="answer_f1 - 0.05 * usd_per_1k").goals.utility
    assert utility == Utility("answer_f1 - 0.05 * usd_per_1k")
    assert utility.of({"answer_f1": [0.5, 0.8], "usd_per_1k": [1.0, 4.0]}).tolist() == pytest.approx([0.45, 0.6])
    assert read(STAGES).goals.utility is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5", "names no objective; a utility is made of objectives, numbers"),
        ("f1 -", "cannot be read"),
        ("f1 ** 2", "'f1 ** 2' is not allowed"),
        ("open('f1')", "is not allowed"),
        ("f1 - retrieve.top_k", "is not allowed"),
        ("f1 > 0.5", "is not allowed"),
        ("f1 + True", "'True' is not allowed"),
        ("f2", "names 'f2', which is no objective; Valid: f1, usd_per_1k"),
        ("f1 + usd_per_1k", "falls as usd_per_1k gets better, which is to be minimized"),
        ("0 - f1", "falls as f1 gets better, which is to be maximized"),
        ("-" * 300 + "f1", "nested deeper than 50 levels"),
    ],
)
def test_any_other_utility_is_refused(read: Read, text: str, message: str) -> None:
    """Nothing but arithmetic on objectives, and none that prefers what the objectives avoid."""
    objectives = read(STAGES, objectives="{f1: maximize, usd_per_1k: minimize}", prices="{host_usd_per_hour: 1}").goals
    with pytest.raises(InputError) as caught:
        parse_utility(text, objectives.objectives)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["f1 / usd_per_1k", "f1 * (0.2 - usd_per_1k)", "2 * f1", "f1"])
def test_a_utility_need_not_be_linear_nor_name_every_objective(read: Read, text: str) -> None:
    """It is refused only where it would prefer the worse whatever the figures are."""
    goals = read(STAGES, objectives="{f1: maximize, usd_per_1k: minimize}", prices="{host_usd_per_hour: 1}").goals
    assert parse_utility(text, goals.objectives).text == text


def test_a_measure_with_a_depth_is_one_name(read: Read) -> None:
    """`ndcg@10` is a measure as any other, beside a factor too."""
    goals = read(STAGES, objectives="{ndcg@10: maximize, mrr: maximize}", utility="mrr + 0.5 * ndcg@10 * 2").goals
    assert goals.utility is not None and goals.utility.measures == ("mrr", "ndcg@10")
    assert float(goals.utility.of({"mrr": 0.25, "ndcg@10": 0.5})) == 0.75


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(0, 1), st.floats(0, 10))
def test_a_utility_computes_as_python_does(a: float, b: float, f1: float, usd: float) -> None:
    """The usual precedence, unary minus and parentheses."""
    utility = Utility(f"{a!r} * f1 - (usd + {b!r}) * 2 - -f1")
    assert float(utility.of({"f1": f1, "usd": usd})) == pytest.approx(a * f1 - (usd + b) * 2 - -f1)


def test_a_recommendation_is_wanted_unless_it_is_not(read: Read) -> None:
    """The frontier alone is the answer then."""
    assert [read(STAGES).goals.recommend, read(STAGES, recommend="false").goals.recommend] == [True, False]


def test_a_figure_may_have_a_limit_for_all_questions_and_one_for_each_group(read: Read) -> None:
    """Until the questions are known, the latter is a bound on nothing; then on what each group scores. Both are read
    back as they are written."""
    texts = ["f1 >= 0.6", "f1 >= 0.5 for each language", "f1 >= 0.4 for each type"]
    goals = read(STAGES, limits=str(texts)).goals
    assert goals_sections(goals)["limits"] == texts
    assert [str(bound) for bound in goals.bounds] == ["f1 >= 0.6"]
    known = replace(goals, limits=(goals.limits[0], replace(goals.limits[1], groups=("de", "en"))))
    assert [str(bound) for bound in known.bounds] == [
        "f1 >= 0.6",
        "f1[language=de] >= 0.5",
        "f1[language=en] >= 0.5",
    ]
    assert known.scores == ("f1", "f1[language=de]", "f1[language=en]")
    assert known.of_groups == {"f1[language=de]", "f1[language=en]"}
