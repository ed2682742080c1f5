"""A space that is written in Python: the same as the YAML that it writes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from itertools import islice, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.search_space.small import Answer, Both, Cut, Deep, Flat, Foreign, Graph, Keep, Same, Vectors, Words
from tests.soak import repetitions
from tradespace import Space, between, parts
from tradespace.components.base import Component
from tradespace.components.llms import OpenAI
from tradespace.components.rerankers.maxsim import MaxSim
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.hybrid import Hybrid
from tradespace.data import Dataset
from tradespace.errors import SpaceError
from tradespace.explorer.files import read_specification
from tradespace.explorer.provenance import context
from tradespace.parts import VariedComponent
from tradespace.search_space.specification import FILE_SECTIONS, load_text

PAGE = (Path(__file__).parents[2] / "docs" / "space.md").read_text(encoding="utf-8")
NO_DATA = Dataset("none", (), ())


def space(pipeline: dict[str, Any], **sections: Any) -> Space:
    """A space with little beside its pipeline."""
    usual = {"name": "s", "data": {"dataset": "d"}, "objectives": {"answer_f1": "maximize"}}
    return Space(**{**usual, "pipeline": pipeline, **sections})


def faults(pipeline: dict[str, Any], **sections: Any) -> list[str]:
    """What is wrong with a space."""
    with pytest.raises(SpaceError) as caught:
        space(pipeline, **sections)
    return [str(fault) for fault in caught.value.faults]


def varied(kind: type[Component], **domains: st.SearchStrategy[Any]) -> st.SearchStrategy[VariedComponent]:
    """A component with some of its settings, which may vary."""
    return st.fixed_dictionaries({}, optional=domains).map(lambda chosen: VariedComponent(kind, chosen))


def alternatives(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One value, or several to choose from."""
    return values | st.lists(values, min_size=1, max_size=3, unique=True)


STEPPED = st.builds(between, st.integers(1, 5), st.integers(6, 20), st.none() | st.integers(1, 3))
COUNTS = alternatives(st.integers(1, 30)) | STEPPED
TENTHS = st.just(between(0.1, 0.9, 0.2))
SHARES = alternatives(st.floats(0, 1)) | TENTHS
LANGUAGES = alternatives(st.sampled_from(["english", "german"]))
FLAT_OR_GRAPH = varied(Flat) | varied(Graph, ef=COUNTS)
INDEX = FLAT_OR_GRAPH | st.tuples(varied(Flat), varied(Graph, ef=COUNTS)).map(list) | st.sampled_from(["flat", Graph()])
WORDS = varied(Words, k1=SHARES, b=SHARES, language=LANGUAGES, top_k=COUNTS)
VECTORS = varied(Vectors, index=INDEX, top_k=COUNTS)
ONE_KIND_TWICE = [VariedComponent(Words, {"language": each, "b": [0.1, 0.9]}) for each in ("english", "german")]
FINITE = WORDS | VECTORS | st.tuples(WORDS, VECTORS).map(list) | st.just(ONE_KIND_TWICE) | st.builds(Words)
ANY_FLOAT = varied(Words, k1=st.builds(between, st.just(0.5), st.floats(1, 2), log=st.booleans()))
RETRIEVERS = FINITE | ANY_FLOAT
ROW = st.lists(RETRIEVERS, min_size=1, max_size=2)
BOTH = varied(
    Both,
    members=ROW | st.lists(ROW, min_size=1, max_size=2),
    weights=st.lists(st.floats(0, 1), min_size=1, max_size=2).map(tuple),
    limit=st.none() | st.integers(1, 9),
)
FOREIGN = st.fixed_dictionaries(
    {
        "path": st.text(min_size=1, max_size=5),
        "arguments": st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=5) | COUNTS, max_size=2),
    }
).map(lambda chosen: VariedComponent(Foreign, chosen))
PIPELINES = st.fixed_dictionaries(
    {"retrieve": RETRIEVERS | BOTH | FOREIGN | varied(Deep, inner=VECTORS)},
    optional={
        "chunk": varied(Cut, size=COUNTS),
        "rerank": varied(Keep, keep=COUNTS) | st.tuples(varied(Same), varied(Keep, keep=COUNTS)).map(list),
        "generate": varied(Answer, passages=COUNTS, shuffled=alternatives(st.booleans())) | st.just("answer"),
    },
)
OTHER_SECTIONS = st.fixed_dictionaries(
    {"search": st.just({"budget": {"pipelines": 9}})},
    optional={
        "sla": st.sampled_from(["100 ms", {"latency_p99": "1 s"}]),
        "limits": st.just(["answer_f1 >= 0.5"]),
        "recommend": st.booleans(),
        "prices": st.just({"host_usd_per_hour": 0.2}),
        "deployment": st.just({"load": {"rate": ["2 per s", "5 per s"]}}),
        "constraints": st.just(["retrieve != 'nothing'"]),
        "run": st.just({"on": "ray", "workers": 2}),
        "ledger": st.just({"from_env": "TRADESPACE_LEDGER"}),
        "power": st.just({"host_watts": 65}),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=repetitions(40, 5000))
@given(PIPELINES, OTHER_SECTIONS)
def test_what_is_written_is_the_same_space(
    small_registry: None, pipeline: dict[str, Any], sections: dict[str, Any]
) -> None:
    """Python to YAML and back: as many pipelines, drawn alike, and a study of the one continues that of the other."""
    written = space(pipeline, **sections)
    again = Space.from_yaml(written.to_yaml())
    assert (again, again.to_yaml()) == (written, written.to_yaml())
    assert eval(repr(written), {"Space": Space}) == written
    assert again.pipelines.size() == written.pipelines.size()
    assert drawn(again) == drawn(written)
    from_text = load_text(written.to_yaml())
    assert context(read_specification(written), NO_DATA) == context(from_text, NO_DATA)
    assert from_text.goals == written.specification().goals


def drawn(of: Space) -> list[Any]:
    """Some of a space's pipelines, drawn at random."""
    generator = random.Random(0)
    return [of.pipelines.draw(generator) for _ in range(5)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=repetitions(40, 2000))
@given(FINITE)
def test_its_members_are_all_combinations(small_registry: None, retrieve: Any) -> None:
    """In the order in which they are written, the last varying fastest: as loops over what is written give them."""
    members = (str(pipeline) for pipeline in space({"retrieve": retrieve}).pipelines.members())
    assert list(islice(members, 200)) == list(islice(map(str, combinations(retrieve)), 200))


def combinations(written: Any) -> Iterator[Any]:
    """The naive reference: loops over lists and ranges, and a component for each combination of settings."""
    if isinstance(written, VariedComponent):
        domains = [list(combinations(value)) for value in written.settings.values()]
        for values in product(*domains):
            yield written.kind(**dict(zip(written.settings, values, strict=True)))
    elif isinstance(written, list):
        for alternative in written:
            yield from combinations(alternative)
    elif isinstance(written, dict):
        low, high, step = (Decimal(str(written.get(name, 1))) for name in ("from", "to", "step"))
        values = (low + step * place for place in range(int((high - low) / step) + 1))
        yield from map(type(written["from"]), values)
    else:
        yield {"flat": Flat()}.get(written, written) if isinstance(written, str) else written


class TestComponents:
    """How components are written."""

    def test_as_people_write_them(self) -> None:
        """By name where nothing is said of them, several in one mapping, in rows where they stand in a row."""
        written = space(
            {
                "retrieve": parts.hybrid(
                    bm25=parts.bm25(k1=[0.9, 1.2]), dense=parts.dense(index=[parts.flat(), parts.hnsw(ef_search=16)])
                ),
                "rerank": [
                    parts.none(),
                    parts.chain(steps=[parts.maxsim(keep=5), [parts.none(), parts.cross_encoder(keep=3)]]),
                ],
                "generate": [parts.sentence(), parts.reader()],
            }
        )
        assert written.pipeline == {
            "retrieve": {
                "hybrid": {"bm25": {"k1": [0.9, 1.2]}, "dense": {"index": {"flat": {}, "hnsw": {"ef_search": 16}}}}
            },
            "rerank": {
                "none": {},
                "chain": {"steps": [{"maxsim": {"keep": 5}}, {"none": {}, "cross_encoder": {"keep": 3}}]},
            },
            "generate": ["sentence", "reader"],
        }

    def test_one_kind_with_two_lots_of_settings_is_a_list(self) -> None:
        """Which ties these settings together."""
        tied = [parts.bm25(k1=0.9, b=0.4), parts.bm25(k1=1.2, b=0.75)]
        assert space({"retrieve": tied}).pipeline == {
            "retrieve": [{"bm25": {"k1": 0.9, "b": 0.4}}, {"bm25": {"k1": 1.2, "b": 0.75}}]
        }

    def test_fixed_components_stand_in_it_too(self) -> None:
        """As `parse` and the classes give them, in settings also; only what is not usual of them is written."""
        fixed = space({"retrieve": [Hybrid(bm25=BM25(k1=0.9)), BM25(top_k=3)], "rerank": MaxSim()})
        assert fixed.pipeline == {
            "retrieve": {"hybrid": {"bm25": {"k1": 0.9}}, "bm25": {"top_k": 3}},
            "rerank": "maxsim",
        }
        nested = parts.chain(steps=[MaxSim(keep=5), "none"])
        assert space({"retrieve": "bm25", "rerank": nested}).pipeline["rerank"] == {
            "chain": {"steps": [{"maxsim": {"keep": 5}}, "none"]}
        }

    def test_numbers_may_come_from_anywhere(self) -> None:
        """NumPy's arrays and numbers, and ranges, are lists and numbers."""
        written = space({"retrieve": parts.bm25(top_k=range(1, 4), k1=np.arange(0.5, 1.5, 0.5), b=np.float64(0.5))})
        assert written.pipeline == {"retrieve": {"bm25": {"top_k": [1, 2, 3], "k1": [0.5, 1.0], "b": 0.5}}}

    def test_they_stand_wherever_yaml_has_them(self) -> None:
        """As models and prompts, in measures, as fallbacks of a deployment, and as who proposes instructions."""
        prompt = [parts.standard(instruction=["Answer.", "Think."]), parts.titled(max_words=5)]
        model = parts.openai(model="m", base_url="http://localhost:1")
        written = space(
            {"retrieve": parts.bm25(), "generate": parts.llm(model=model, prompt=prompt)},
            measures={
                "right": parts.judged_correct(model=model),
                "rouge_l": parts.rouge_l(),
                "close": parts.semantic_similarity(embedder=parts.minilm()),
            },
            objectives={"right": "maximize", "rouge_l": "maximize", "close": "maximize"},
            deployment={"load": {"rate": "2 per s"}, "stages": {"generate": {"fallback": parts.sentence(passages=1)}}},
            search={"proposals": {"model": model, "keep": 2}},
        )
        assert Space.from_yaml(written.to_yaml()) == written
        specification = written.specification()
        assert specification.proposals
        assert specification.proposals.model == OpenAI(model="m", base_url="http://localhost:1")
        assert set(specification.measures) == {"right", "rouge_l", "close"}
        assert specification.deployment
        assert specification.deployment.fallbacks == ("sentence(passages=1)",)
        assert written.pipelines.size() == 3


class TestFaults:
    """What is wrong is told as of a file, by its place instead of its line."""

    def test_all_are_told_together(self, small_registry: None) -> None:
        """Unknown names with the nearest, wrong types, impossible values and sections."""
        wrong = [VariedComponent(Words, {"topk": 5, "k1": "much", "b": between(0.1, 2)}), "vectrs"]
        told = faults({"retrieve": wrong, "rank": "same"}, sla="soon", objectives={"answer_f2": "maximize"})
        assert [text.partition("; ")[0] for text in told] == [
            "pipeline.rank: no stage is called 'rank'",
            "pipeline.retrieve.words.topk: words has no setting 'topk'",
            "pipeline.retrieve.words.k1: the setting `k1` of words must be a valid number",
            "pipeline.retrieve.words.b.to: the setting `b` of words must be less than or equal to 1",
            "pipeline.retrieve.vectrs: the stage `retrieve` cannot be filled by 'vectrs'",
            "sla: must be a duration above 0 with its unit (us, µs, ms, s, min), such as 100 ms",
            "objectives.answer_f2: no measure is called 'answer_f2'",
        ]
        assert "did you mean 'top_k'?" in told[1]
        assert "did you mean 'vectors'?" in told[4]

    def test_a_place_in_a_list_has_its_number(self) -> None:
        """Counted from 0, as Python does."""
        same = [parts.bm25(k1=0.9), parts.bm25(k1=0.9)]
        assert faults({"retrieve": same}) == [
            "pipeline.retrieve[1].bm25: bm25 is listed twice with the same settings; keep one"
        ]
        assert faults({"retrieve": "bm25"}, constraints=["rerank.keep <= 5"])[0].startswith("constraints[0]: the ")

    def test_what_no_yaml_can_hold_is_a_fault(self) -> None:
        """Told once, beside all others."""
        told = faults({"retrieve": [parts.bm25(top_k=[1, object], k1={1}), parts.dense(topk=1)]})
        assert [text.partition("; ")[0] for text in told] == [
            "pipeline.retrieve.bm25.top_k[1]: must be a component, text, a number, true, false or None, or a list or "
            "mapping of these",
            "pipeline.retrieve.bm25.k1: must be a component, text, a number, true, false or None, or a list or mapping "
            "of these",
            "pipeline.retrieve.dense.topk: dense has no setting 'topk'",
        ]

    def test_a_strategy_is_checked_by_who_explores(self) -> None:
        """Strategies are the explorer's: a space alone does not know them."""
        written = space({"retrieve": "bm25"}, search={"strategy": "frontir"})
        with pytest.raises(SpaceError, match=r"^search\.strategy: no strategy is called 'frontir'; did you mean"):
            read_specification(written)

    def test_a_section_that_is_needed_is_told(self) -> None:
        """A pipeline, where there is no table."""
        with pytest.raises(SpaceError, match="needs the section `pipeline`"):
            Space(name="s", data={"dataset": "d"}, objectives={"answer_f1": "maximize"})


class TestYaml:
    """Reading and writing files."""

    def test_every_section_is_an_argument(self) -> None:
        """In the order of a file, and nothing else is but the folder."""
        assert [each.name for each in fields(Space) if each.name not in ("folder", "pipelines")] == list(FILE_SECTIONS)

    def test_faults_of_a_file_have_their_lines(self, tmp_path: Path) -> None:
        """As everywhere."""
        file = tmp_path / "f.yaml"
        file.write_text("name: n\ndata: {dataset: d}\npipeline: {retrieve: bm52}\nobjectives: {mrr: }\nslo: 1\n")
        with pytest.raises(SpaceError) as caught:
            Space.from_yaml(file)
        assert [fault.where for fault in caught.value.faults] == [f"{file}:3", f"{file}:5"]

    def test_paths_start_from_the_folder_of_the_file(self, tmp_path: Path) -> None:
        """Or from the one that is said; texts of files are read, and their paths are what is written."""
        (tmp_path / "notes.j2").write_text("{{ passages }}{{ question }}")
        file = tmp_path / "f.yaml"
        prompt = "{template: {file: notes.j2}}"
        file.write_text(
            f"name: n\ndata: {{dataset: d}}\npipeline: {{retrieve: bm25, generate: {{llm: {{prompt: {prompt}}}}}}}\n"
            "objectives: {mrr: }\n"
        )
        read = Space.from_yaml(str(file))
        assert (read.folder, read.specification().folder) == (tmp_path, tmp_path)
        assert "file: notes.j2" in read.to_yaml()
        assert "{{ question }}" in read.specification().text
        assert Space.from_yaml(read.to_yaml(), tmp_path) == read
        with pytest.raises(SpaceError, match=r"notes\.j2"):
            Space.from_yaml(read.to_yaml())

    def test_two_spaces_are_equal_where_they_say_the_same(self) -> None:
        """However it was written."""
        assert space({"retrieve": parts.bm25(top_k=(1, 5))}) == space({"retrieve": {"bm25": {"top_k": [1, 5]}}})
        assert space({"retrieve": parts.bm25()}) != space({"retrieve": parts.dense()})

    def test_the_example_in_the_documentation_is_a_space(self) -> None:
        """It says in YAML what it says in Python."""
        (code,) = re.findall(r"```python\n(from tradespace import Space.*?)```", PAGE, re.DOTALL)
        names: dict[str, Any] = {}
        exec(code, names)
        assert Space.from_yaml(names["space"].to_yaml()) == names["space"]

    def test_the_faults_in_the_documentation_are_told(self) -> None:
        """Word for word."""
        for told in faults({"retrieve": parts.bm25(topk=[1, 5])}, sla="100"):
            assert f"\n{told}\n" in PAGE

    def test_where_its_data_are_can_be_left_open(self) -> None:
        """Its pipelines are known all the same; what is wrong otherwise is told, and so is that when it is read to be
        explored as it is."""
        open_space = space({"retrieve": parts.bm25(top_k=[1, 5])}, data={"explore": 5, "confirm": 5})
        assert open_space.pipelines.size() == 2
        assert open_space.to_yaml().splitlines()[1] == "data: {explore: 5, confirm: 5}"
        with pytest.raises(SpaceError, match="needs either `dataset`"):
            read_specification(open_space)
        with pytest.raises(SpaceError, match="topk"):
            space({"retrieve": parts.bm25(topk=1)}, data={"explore": 5})
