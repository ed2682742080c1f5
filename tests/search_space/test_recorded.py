"""Spaces of grids that were measured elsewhere."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.data.tables.conftest import LONG
from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.data.tables import RecordedGrid
from tradespace.errors import InputError, SpaceError
from tradespace.search_space.constraints import Forbidden
from tradespace.search_space.goals import Objective
from tradespace.search_space.recorded import recorded_objectives, recorded_pipelines, recorded_yaml
from tradespace.search_space.space import OWN_RULE
from tradespace.search_space.specification import Specification, load_specification

GOALS = "objectives: {f1: maximize, latency_p95: minimize}\n"


def specification(folder: Path, rest: str = GOALS, table: str = LONG) -> Specification:
    """A space of the small grid, in which top_k=3 of `large` is missing."""
    (folder / "grid.csv").write_text(table)
    (folder / "space.yaml").write_text(f"name: s\ndata: {{table: grid.csv, explore: 1, confirm: 1}}\n{rest}")
    return load_specification(folder / "space.yaml")


def grid_of(space: Specification) -> RecordedGrid:
    assert space.grid
    return space.grid


def test_its_members_are_what_was_measured(tmp_path: Path) -> None:
    """In the order of the table: no combination that it lacks."""
    read = specification(tmp_path)
    assert read.space.size() == 3
    assert list(read.space.members()) == recorded_pipelines(grid_of(read))
    assert [str(pipeline) for pipeline in read.space.members()][2] == "recorded(model='large', top_k=1)"


def test_settings_are_choices(tmp_path: Path) -> None:
    """So that samplers can learn which matters; what was not measured is refused."""
    space = specification(tmp_path).space
    missing = parse("recorded(model='large', top_k=3)")
    choices = {path: value for path, (_, value) in (space.choices(next(space.members())) or {}).items()}
    assert choices == {"generate.recorded.model": "small", "generate.recorded.top_k": 1}
    assert not space.contains(missing)
    drawn = {space.draw(random.Random(seed)) for seed in range(50)}
    assert {pipeline for pipeline in drawn if isinstance(pipeline, Pipeline)} == set(space.members())
    assert {each.rule for each in drawn if isinstance(each, Forbidden)} == {OWN_RULE}


def test_every_member_is_walked_again_by_its_choices(tmp_path: Path) -> None:
    """Choices lead to the pipeline that they were read from."""
    space = specification(tmp_path).space
    for pipeline in space.members():
        choices = space.choices(pipeline) or {}
        assert space.walk(lambda path, _, known=choices: known[path][1]) == pipeline


def test_constraints_restrict_it(tmp_path: Path) -> None:
    """By the names of its settings."""
    space = specification(tmp_path, f"{GOALS}constraints: [generate.top_k < 3]\n").space
    assert len(list(space.members())) == 2
    with pytest.raises(SpaceError, match=r"names 'topk'.*did you mean 'top_k'"):
        specification(tmp_path, f"{GOALS}constraints: [generate.topk < 3]\n")


def test_a_pipeline_of_the_report_can_be_explored_alone(tmp_path: Path) -> None:
    """Its YAML is added to the file; what is missing, texts with quotes, and truth values are written as such."""
    table = 'model,warm,t,id,f1\n"o\'""x",true,0.5,1,1\nb,false,,1,0\nb,true,,1,0\n'
    goals = "objectives: {f1: maximize}\n"
    data = "columns: {settings: [model, warm, t], scores: [f1]}"

    def members(rest: str) -> list[Pipeline]:
        (tmp_path / "grid.csv").write_text(table)
        (tmp_path / "space.yaml").write_text(
            f"name: s\ndata: {{table: grid.csv, explore: 1, confirm: 0, {data}}}\n{goals}{rest}"
        )
        return list(load_specification(tmp_path / "space.yaml").space.members())

    for pipeline in members(""):
        assert members(recorded_yaml(pipeline)) == [pipeline]


def test_columns_and_ranges_can_be_said(tmp_path: Path) -> None:
    """In the words of the command line."""
    (tmp_path / "rated.csv").write_text("who,item,stars\na,1,5\na,2,1\nb,1,3\nb,2,3\n")
    (tmp_path / "space.yaml").write_text(
        "name: s\nobjectives: {stars: maximize}\ndata:\n  table: [rated.csv]\n  explore: 1\n  confirm: 1\n"
        "  columns: {settings: [who], question: item, scores: [stars], ranges: {stars: [1, 5]}}\n"
    )
    grid = grid_of(load_specification(tmp_path / "space.yaml"))
    assert grid.scores["stars"].tolist() == [[1.0, 0.0], [0.5, 0.5]]


def test_paths_can_start_elsewhere(tmp_path: Path) -> None:
    """As those of a study do, which holds a copy of the file."""
    specification(tmp_path)
    (tmp_path / "study").mkdir()
    (tmp_path / "space.yaml").rename(tmp_path / "study" / "space.yaml")
    read = load_specification(tmp_path / "study" / "space.yaml", folder=tmp_path)
    assert grid_of(read).questions == ("a", "b")
    assert read.folder == tmp_path


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        (f"{GOALS}pipeline: {{retrieve: bm25}}\n", r"space\.yaml:4: the pipelines are those of the table"),
        ("objectives: {ff1: maximize}\n", r"space\.yaml:3: grid\.csv has no figures of ff1.*did you mean 'f1'"),
        ("objectives: {joules_per_question: minimize}\n", r"grid\.csv has no figures of joules_per_question"),
        (f"{GOALS}limits: [mrr >= 0.5]\n", r"grid\.csv has no figures of mrr"),
    ],
)
def test_what_does_not_fit_the_table_is_said(tmp_path: Path, rest: str, message: str) -> None:
    """With file and line."""
    with pytest.raises(SpaceError, match=message):
        specification(tmp_path, rest)


def test_what_is_wrong_with_the_table_is_said(tmp_path: Path) -> None:
    """The line of the YAML, then the line and column of the table; and nothing that follows from it."""
    with pytest.raises(SpaceError, match=r"space\.yaml:2: .*grid\.csv:8: pipeline .* at .*grid\.csv:2 too") as raised:
        specification(tmp_path, table=f"{LONG}small,1,a,1,1,1\n")
    assert len(raised.value.faults) == 1


@pytest.mark.parametrize(
    "data", ["{table: grid.csv, dataset: wikipedia}", "{table: []}", "{dataset: w, columns: {scores: [f1]}}"]
)
def test_data_have_one_source(tmp_path: Path, data: str) -> None:
    """A table is one of three, and columns are those of a table."""
    (tmp_path / "space.yaml").write_text(f"name: s\ndata: {data}\npipeline: {{retrieve: bm25}}\n{GOALS}")
    with pytest.raises(SpaceError, match=r"needs either `dataset`|which is a column of a `table`, where there is none"):
        load_specification(tmp_path / "space.yaml")


def test_objectives_are_all_that_is_known_unless_named(tmp_path: Path) -> None:
    """Scores are maximized, the p95 and dollars minimized."""
    grid = grid_of(specification(tmp_path))
    assert [objective.measure for objective in recorded_objectives(grid)] == ["f1", "latency_p95", "usd_per_1k"]
    assert recorded_objectives(grid, minimize=["latency_p50"]) == (Objective("latency_p50", maximize=False),)


@pytest.mark.parametrize(
    ("maximize", "message"),
    [
        (["ff1"], r"no figures for the objective 'ff1'; did you mean 'f1'"),
        (["f1", "f1"], r"'f1' is given twice"),
    ],
)
def test_a_wrong_objective_is_said(tmp_path: Path, maximize: list[str], message: str) -> None:
    """With the nearest there is."""
    with pytest.raises(InputError, match=message):
        recorded_objectives(grid_of(specification(tmp_path)), maximize)


def test_a_score_is_not_called_as_what_is_measured(tmp_path: Path) -> None:
    """Its figures would be taken for seconds."""
    with pytest.raises(SpaceError, match=r"'latency_p95' is no score"):
        specification(tmp_path, table=LONG.replace("f1", "latency_p95"))
