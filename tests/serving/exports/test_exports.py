"""What is exported answers as the pipeline does."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.explorer.test_crash import write_space
from tradespace.cli import main
from tradespace.components.notation import parse
from tradespace.components.trust import Trust
from tradespace.data import Source
from tradespace.data.readers import columns_of
from tradespace.errors import InputError
from tradespace.explorer.files import read_data, read_specification, specification_of
from tradespace.explorer.running.one_question import AnsweredQuestion, answer_question
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.sections import Columns, Data
from tradespace.serving.exports import EXPORT_FORMATS, ExportedPipeline
from tradespace.serving.exports.langchain import as_runnable

NOTATION = "bm25(k1=0.9, top_k=4) >> word_overlap(keep=2) >> reader(passages=2, layers=3, precision='int8')"
QUESTION = "amber birch cedar"
OTHERS = ["dune ember fjord", "", "grove heath islet jade"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    """A small study of fifty documents, explored."""
    folder = tmp_path_factory.mktemp("exports")
    space = write_space(folder)
    space.write_text(space.read_text().replace("{pipelines: 60}", "{pipelines: 2}"))
    arguments, sys.argv = sys.argv, ["tradespace", "explore", str(space), "--study", str(folder / "study")]
    try:
        main()
    except SystemExit as end:
        assert not end.code
    finally:
        sys.argv = arguments
    return StudyFolder(folder / "study")


def exported(study: StudyFolder, form: str, notation: str = NOTATION) -> str:
    return EXPORT_FORMATS[form](ExportedPipeline(study, specification_of(study), parse(notation)))


def answered(study: StudyFolder, question: str, notation: str = NOTATION) -> AnsweredQuestion:
    documents = read_data(specification_of(study)).dataset.documents
    return answer_question(parse(notation), OpenedComponents(documents, study.artefacts), question)


def as_printed(asked: AnsweredQuestion) -> str:
    """What an exported file prints."""
    assert asked.answer is not None
    passages = [f"  {scored.passage.id} ({scored.score:.3f})" for scored in asked.passages]
    return "\n".join([asked.answer.text, *passages, ""])


@pytest.mark.parametrize("form", ["python", "langchain"])
def test_an_exported_file_answers_as_the_pipeline(study: StudyFolder, form: str, tmp_path: Path) -> None:
    """Run as it is, from any folder."""
    file = tmp_path / "pipeline.py"
    file.write_text(exported(study, form))
    ran = subprocess.run(
        [sys.executable, str(file), QUESTION], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == as_printed(answered(study, QUESTION))


@pytest.mark.parametrize("form", ["python", "langchain"])
@pytest.mark.parametrize(
    "notation",
    [
        NOTATION,
        "bm25()",
        "sentences(size=64, overlap=1) >> hybrid(fusion=weighted(alpha=0.3), top_k=5) >> maxsim(keep=3) "
        ">> maxsim(keep=2) >> llm(model=tiny_reasoner(), prompt=concise(instruction='Say \"yes\" or no, and why.'), "
        "strategy=cot_at_k(k=4))",
    ],
    ids=["short", "single", "long"],
)
def test_an_exported_file_is_formatted(study: StudyFolder, form: str, notation: str, tmp_path: Path) -> None:
    """As ruff has it, and short."""
    file = tmp_path / "pipeline.py"
    file.write_text(exported(study, form, notation))
    for check in (["format", "--diff"], ["check", "--select", "E,F,I,UP,W", "--ignore", "E501"]):
        ran = subprocess.run(
            [sys.executable, "-m", "ruff", *check, "--isolated", str(file)], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout
    assert len(file.read_text().splitlines()) <= 60


def test_a_python_file_has_the_very_pipeline(study: StudyFolder) -> None:
    """With every setting that was chosen, nested ones too."""
    notation = "hybrid(fusion=weighted(alpha=0.3), dense=dense(index=hnsw(ef_search=32)), top_k=5) >> sentence()"
    tree = ast.parse(exported(study, "python", notation))
    scope: dict[str, object] = {}
    wanted = [node for node in tree.body if isinstance(node, ast.ImportFrom) or "PIPELINE" in ast.unparse(node)][:-1]
    wanted = [node for node in wanted if not isinstance(node, ast.FunctionDef | ast.If)]
    exec(compile(ast.Module(wanted, []), "pipeline.py", "exec"), scope)
    assert scope["PIPELINE"] == parse(notation)


def test_yaml_is_a_space_of_the_one_pipeline(study: StudyFolder, tmp_path: Path) -> None:
    """With the same data, wherever it is, and the same goals."""
    file = tmp_path / "elsewhere.yaml"
    file.write_text(exported(study, "yaml"))
    again, before = read_specification(file), specification_of(study)
    assert [str(pipeline) for pipeline in again.space.members()] == [NOTATION]
    assert read_data(again).dataset.key == read_data(before).dataset.key
    assert again.goals.measures == before.goals.measures
    assert (again.data.explore, again.data.confirm) == (before.data.explore, before.data.confirm)


def test_a_trust_is_demanded_and_written_down(study: StudyFolder) -> None:
    """A Runnable of a pipeline that needs a trust is made only where it is given."""
    notation = "bm25() >> llm(model=openai(model='m', base_url='http://localhost:1/v1'))"
    with pytest.raises(InputError, match="--allow-server"):
        as_runnable(study.folder, notation)
    assert as_runnable(study.folder, notation, allowed=["server"])
    pipeline = ExportedPipeline(study, specification_of(study), parse(notation), (Trust.SERVER,))
    assert 'ALLOWED = ["server"]' in EXPORT_FORMATS["langchain"](pipeline)


def test_the_documented_python_runs(study: StudyFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """As it stands on the page, with another study."""
    page = Path(__file__).parents[3] / "docs" / "exporting.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code.replace("studies/wikipedia-100ms", str(study.folder)), "exporting.md", "exec"), {})
    answers = capsys.readouterr().out.splitlines()
    assert len(answers) == 5, "one answer, two of a batch, and two parts of a stream"


def test_what_columns_are_called_is_exported(study: StudyFolder) -> None:
    """As `Source` takes it, and a file of a search space."""
    said = Data(questions="q.csv", documents="d", columns=Columns(question="query", groups=("lang",)))
    data = ExportedPipeline(study, replace(specification_of(study), data=said), parse("bm25()")).data
    assert data["columns"] == {"question": "query", "groups": ["lang"]}
    assert columns_of(Source(**data).columns) == said.columns.of_data
