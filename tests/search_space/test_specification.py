"""A whole search-space file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from tests.search_space.small import Read
from tests.soak import repetitions
from tradespace.errors import SpaceError
from tradespace.registry import Registry
from tradespace.search_space.sections import BudgetLimits, Data, NamedSearch, SearchAlgorithmSettings, SearchPlan
from tradespace.search_space.specification import load_specification, load_text
from tradespace.search_space.starter import starter

MINIMAL = "name: n\ndata: {dataset: d}\npipeline: {retrieve: words}\nobjectives: {f1: }\n"

NAMES = st.sampled_from(["retrieve", "words", "k1", "from", "to", "vectors", "index", "both", "members"])
SECTIONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | NAMES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
)


class Climb(SearchAlgorithmSettings):
    name: ClassVar[str] = "climb"
    finite_only: ClassVar[bool] = True
    height: int = Field(default=3, gt=0)


CLIMBING: Registry[type[SearchAlgorithmSettings]] = Registry(
    "strategy", "no.group", lambda: (Climb,), lambda entry: None
)


def faults(text: str, **known: object) -> list[str]:
    """The faults that reading a text finds."""
    with pytest.raises(SpaceError) as caught:
        load_text(text, "f", **known)  # type: ignore[arg-type]
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.usefixtures("small_registry")
class TestWholeFiles:
    """Sections together."""

    def test_a_minimal_file_has_defaults(self) -> None:
        """Name, data, pipeline and objectives are enough."""
        specification = load_text(MINIMAL)
        assert specification.data == Data(dataset="d", explore=300, confirm=300, seed=0)
        assert specification.search == SearchPlan(NamedSearch("frontier"), BudgetLimits(), seed=0, batch=8)
        assert (specification.goals.sla, specification.space.constraints) == (None, ())
        assert specification.text == MINIMAL

    def test_paths_start_from_the_folder_of_the_file(self, tmp_path: Path) -> None:
        """A specification knows where it was read."""
        (tmp_path / "s.yaml").write_text(MINIMAL)
        assert load_specification(tmp_path / "s.yaml").folder == tmp_path
        assert load_text(MINIMAL).folder == Path()

    def test_missing_and_unknown_sections_are_faults(self) -> None:
        """The nearest valid section is named."""
        assert faults("nam: n\npipeline: {retrieve: words}\n") == [
            "f:1: no section is called 'nam'; did you mean 'name'? "
            "Valid: name, data, pipeline, measures, objectives, sla, limits, utility, recommend, prices, deployment, "
            "constraints, search, run, ledger, observed, power",
            "f:1: needs the section `name`",
            "f:1: needs the section `data`",
            "f:1: needs the section `objectives`",
        ]

    @pytest.mark.parametrize("text", ["", "# nothing\n", "5", "[1, 2]", "words"])
    def test_what_holds_no_sections_is_a_fault(self, text: str) -> None:
        """An empty file, a list and plain text are no search space."""
        assert "must hold the sections name, data, pipeline" in faults(text)[0]

    @pytest.mark.parametrize("name", ["5", "2024-01-01", "''", "[a]", ""])
    def test_a_name_is_text(self, name: str) -> None:
        """What YAML takes for a number or a date must be quoted."""
        assert "must be text" in faults(MINIMAL.replace("name: n", f"name: {name}"))[0]

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ("{}", "needs either `dataset`, or both `questions` and `documents`"),
            ("{dataset: d, questions: q, documents: d}", "needs either"),
            ("{questions: q}", "needs either"),
            ("{dataset: d, explore: 0}", "`explore` must be greater than 0; given: 0"),
            ("{dataset: d, explore: many}", "`explore` must be a valid integer; given: 'many'"),
            ("{dataset: d, exlpore: 5}", "'exlpore' is not valid here; did you mean 'explore'?"),
            ("wikipedia", "must be an object"),
        ],
    )
    def test_wrong_data_is_a_fault(self, data: str, message: str) -> None:
        """Data come from one source."""
        assert message in faults(MINIMAL.replace("{dataset: d}", data))[0]

    @pytest.mark.parametrize(
        ("search", "message"),
        [
            ("{strategy: clim}", "no strategy is called 'clim'; did you mean 'climb'? Valid: climb"),
            ("{strategy: {climb: {height: 0}}}", "`height` must be greater than 0; given: 0"),
            ("{strategy: {climb: {heigth: 1}}}", "'heigth' is not valid here; did you mean 'height'?"),
            ("{strategy: {climb: {}, other: {}}}", "must be one strategy; given: climb, other"),
            ("{budget: {minutes: 0}}", "`minutes` must be greater than 0; given: 0"),
            ("{budget: {hours: 2}}", "'hours' is not valid here; Valid: minutes, pipelines, calls, usd"),
            ("{budget: 5}", "`budget` must be an object"),
            ("{sed: 5}", "'sed' is not valid here; did you mean 'seed'?"),
        ],
    )
    def test_a_wrong_search_is_a_fault(self, search: str, message: str) -> None:
        """Strategies and their settings are checked like components."""
        assert message in faults(MINIMAL + f"search: {search}\n", strategies=CLIMBING)[0]

    def test_a_strategy_has_settings(self) -> None:
        """A strategy is a name, or a name with settings."""
        text = MINIMAL + "search: {strategy: {climb: {height: 2}}, budget: {usd: 0}, seed: 7, batch: 2}\n"
        plan = load_text(text, strategies=CLIMBING).search
        assert plan == SearchPlan(NamedSearch("climb", {"height": 2}), BudgetLimits(usd=0), seed=7, batch=2)

    def test_an_infinite_space_needs_an_end_and_a_fitting_strategy(self) -> None:
        """Without a budget such a search would never end, and some strategies need to list everything."""
        text = MINIMAL.replace("words", "{words: {k1: {from: 0, to: 1}}}")
        assert "needs a budget" in faults(text)[0]
        assert (
            "climb needs a finite space"
            in faults(text + "search: {strategy: climb, budget: {minutes: 1}}", strategies=CLIMBING)[0]
        )

    @given(st.text())
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        """Whatever a file holds, either it is a specification or its faults are told."""
        with pytest.raises(SpaceError):
            load_text(text)

    @given(SECTIONS)
    def test_any_pipeline_section_is_read_or_refused(self, section: object) -> None:
        """No plain data in place of the pipeline leads to anything but a specification or faults."""
        text = yaml.safe_dump({"name": "n", "data": {"dataset": "d"}, "objectives": {"f": None}, "pipeline": section})
        try:
            assert load_text(text + "search: {budget: {pipelines: 1}}").space.stages
        except SpaceError as error:
            assert error.faults


@pytest.mark.parametrize(
    ("constraints", "message"),
    [
        ("[rerank.kep < 5]", "names 'kep', which no component at 'rerank' has; did you mean 'keep'?"),
        ("[rerankk.keep < 5]", "names the stage 'rerankk', which the pipeline does not have; did you mean 'rerank'?"),
        ("[generate.passages < 5]", "names the stage 'generate', which the pipeline does not have"),
        ("[retrieve.index.eff < 5]", "names 'eff', which no component at 'retrieve' has; did you mean 'ef'?"),
        ("[rerank.keep <]", "cannot be read"),
        ("[5]", "a constraint must be text"),
        ("rerank.keep < 5", "must be a list such as"),
        ("[rerank.keep > 5, rerank.keep < 9]",
         "no pipeline meets the constraints. Of 6 looked at, `rerank.keep > 5` removes 6, for example: rerank.keep > 5 "
         "does not hold with rerank.keep = 1. Loosen one of them"),
        ("[rerank.keep != 1, rerank.keep != 3]", "`rerank.keep != 1` removes 3; `rerank.keep != 3` removes 3"),
        ("[rerank.keep < 'x']", "cannot be computed"),
    ],
)  # fmt: skip
def test_constraints_must_fit_the_space(read: Read, constraints: str, message: str) -> None:
    """They name settings that there are, and leave something; or the message says what removed how much."""
    stages = "retrieve: [words, {vectors: {index: [flat, graph]}}]\nrerank: {keep: {keep: [1, 3]}}"
    with pytest.raises(SpaceError) as caught:
        read(stages, constraints=constraints)
    (fault,) = caught.value.faults
    assert message in fault.message
    assert fault.where == "space.yaml:7"


def test_settings_at_their_defaults_can_be_named(read: Read) -> None:
    """A constraint may name what the file leaves out, also inside a component that stands by default."""
    space = read("retrieve: [vectors, words]", constraints="[retrieve.index == 'flat', retrieve.k1 < 1]").space
    assert len(list(space.members())) == 2


def test_constraints_on_large_and_infinite_spaces_are_tried_on_random_pipelines(read: Read) -> None:
    """What cannot be listed is drawn."""
    stages = "retrieve: {words: {k1: {from: 0.5, to: 1}, top_k: {from: 1, to: 900}}}"
    search = "{budget: {pipelines: 1}}"
    assert read(stages, constraints="[retrieve.k1 < 0.6]", search=search).space.constraints
    with pytest.raises(SpaceError, match=r"Of 5,000 looked at, `retrieve.k1 < 0.1` removes 5,000"):
        read(stages, constraints="[retrieve.k1 < 0.1]", search=search)


@pytest.mark.parametrize(
    ("stages", "constraint"),
    [
        ("retrieve: {foreign: {path: a.b, arguments: {size: [1, 2]}}}", "retrieve.arguments.size < 2"),
        ("retrieve: [both, {words: {k1: [0.5, 2]}}]", "retrieve.k1 < 1"),
        ("retrieve: [words, {vectors: {index: [flat, graph]}}]", "retrieve.index.ef > 99"),
        ("retrieve: [deep, words]", "retrieve.inner.index.ef > 99"),
    ],
)
def test_names_reach_into_components_and_mappings(read: Read, stages: str, constraint: str) -> None:
    """Names that lead through a mapping, through some alternatives only, or through a default, are known."""
    space = read(stages, constraints=f"[{constraint}]").space
    assert len(list(space.members())) == space.size() - 1


@pytest.mark.parametrize(
    ("price", "message"),
    [
        ("{usd_per_million_in: 1, usd_per_hour: 2}", "needs either `usd_per_million_in` and"),
        ("{}", "needs either `usd_per_million_in` and"),
        ("{usd_per_million_in: -1}", "`usd_per_million_in` must be greater than or equal to 0; given: -1"),
        ("{usd_per_millon_in: 1}", "'usd_per_millon_in' is not valid here; did you mean 'usd_per_million_in'?"),
    ],
)
def test_a_model_is_priced_by_tokens_or_by_the_hour(price: str, message: str) -> None:
    """Not both, not neither, and a misspelt price is found."""
    text = "name: n\ndata: {dataset: d}\npipeline: {retrieve: bm25}\nobjectives: {f1: maximize}\n"
    with pytest.raises(SpaceError, match=re.escape(message)):
        load_text(f"{text}prices: {{host_usd_per_hour: 0.2, models: {{a: {price}}}}}\n")


def test_a_model_elsewhere_needs_a_price_where_cost_is_an_objective() -> None:
    """Each that the list does not name is told; models on the host are covered by its own price."""
    text = """
name: n
data: {dataset: d}
pipeline:
  retrieve: bm25
  generate: {llm: {model: ["openai:a", "openai:b", tiny_reasoner, {chat_model: {model: ["x:c", "x:d"]}}]}}
objectives: {f1: maximize, usd_per_1k: minimize}
search: {strategy: grid}
prices: {host_usd_per_hour: 0.2, models: {b: {usd_per_hour: 1}, "x:d": {usd_per_hour: 1}}}
"""
    with pytest.raises(SpaceError) as caught:
        load_text(text)
    messages = [fault.message for fault in caught.value.faults]
    assert [message.split("'")[1] for message in messages] == ["a", "x:c"]
    assert all("needs a price, such as models:" in message for message in messages)
    assert load_text(text.replace("usd_per_1k: minimize", "latency_p95: minimize"))


ODD = [
    "!!int ''",
    "!!timestamp x",
    "0x" + "f" * 5000,
    "9" * 400,
    "010",
    "12:30",
    '"\\ud83d"',
    ".nan",
    "-.inf",
    "2001-01-01",
]
ODD += ["!!set {a}", "!!omap [a: 1]", "{<<: [1]}", "{<<: *b}", "&a [*a]", "[" * 60 + "]" * 60, "~", "!!str", "[]", "{}"]
ODD += [
    "{a: " * 60 + "1" + "}" * 60,
    "\x00",
    "\ud83d",
    "- -",
    "null",
    "1e999",
    "{from: .nan, to: .inf}",
    "{from: 1, to: 1}",
]


@settings(max_examples=repetitions(60, 20_000))
@given(st.data())
def test_any_change_of_a_file_is_read_or_refused_with_its_faults(data: st.DataObject) -> None:
    """A value, a line or an item replaced by something odd, or by any text, is never a traceback."""
    lines = starter("any").splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(lines) - 1))
        odd = data.draw(st.sampled_from(ODD) | st.text(max_size=6))
        name, colon, value = lines[number].partition(":")
        changed = [
            odd,
            f"{name}{colon} {odd}",
            lines[number].replace("[", f"[{odd}, ", 1),
            f"{name}{colon}{value}{odd}",
        ]
        lines[number] = data.draw(st.sampled_from(changed))
    try:
        load_text("\n".join(lines))
    except SpaceError as error:
        assert all(fault.where.startswith("space.yaml") for fault in error.faults)
