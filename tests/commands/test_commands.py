"""The commands do what their help says, and end with the right exit code."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tradespace.testing.completion_server import completion_server

COMMANDS = ["init", "check", "explore", "status", "show", "report", "ask", "questions", "data", "schema"]


def test_help_lists_every_command_and_the_exit_codes(run: Run) -> None:
    """A newcomer finds the way from `--help`."""
    ran = run("--help")
    assert ran.code == 0
    assert all(command in ran.out for command in COMMANDS)
    assert "3 nothing keeps the SLA and all limits" in " ".join(ran.out.replace("│", " ").split())


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(run: Run, command: str) -> None:
    """Every command says what it does."""
    assert run(command, "--help").code == 0


@pytest.mark.parametrize(
    ("command", "default"),
    [("explore", "studies/NAME"), ("ask", "the recommended one"), ("questions", "the recommended one")],
)
def test_help_says_what_is_taken_without_an_option(run: Run, command: str, default: str) -> None:
    """Where the default is no fixed value, it is described."""
    told = " ".join(run(command, "--help").out.replace("│", " ").split())
    assert f"[default: ({default})]" in told


def test_help_imports_no_heavy_library() -> None:
    """`--help` stays instant: no model, table, plotting or search library is loaded for it."""
    code = (
        "import sys; sys.argv = ['tradespace', '--help']\n"
        "from tradespace.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'faiss', 'pandas', 'numpy', 'plotly', 'optuna', 'sqlalchemy', 'scipy', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == "[]"


def test_shell_completion_is_offered(run: Run) -> None:
    """The script that completes commands in bash can be shown."""
    environment = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    command = [sys.executable, "-m", "tradespace", "--show-completion", "bash"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env={**environment})
    assert "complete" in ended.stdout


def test_explore_writes_a_report_and_says_the_answer(run: Run, space: Path, study: Path) -> None:
    """Started again on a finished study it makes no call and comes to the same end."""
    before = json.loads((study / "study.json").read_text())["provenance"]["calls_made"]
    ran = run("explore", space, "--study", study)
    assert ran.code == 0
    assert "Use this pipeline: MRR" in ran.out
    assert (study / "report.html").read_text().startswith("<!doctype html>")
    assert json.loads((study / "study.json").read_text())["provenance"]["calls_made"] == before


def test_check_says_how_large_the_space_is_and_what_it_takes(run: Run, space: Path) -> None:
    """Sizes and calls are counted, time is estimated."""
    ran = run("check", space)
    assert ran.code == 0
    assert "80 combinations, 80 pipelines allowed" in ran.out
    assert "asks for 2,400 evaluations" in ran.out
    assert "at most 2,400 calls, about 640 of them distinct and not yet in the ledger" in " ".join(ran.out.split())
    assert "Estimated for these calls" in ran.out


def test_check_knows_what_the_study_has_called_already(run: Run, space: Path, study: Path) -> None:
    """Calls in the ledger are not counted as missing: every call is one or the other."""
    ran = run("check", space, "--study", study)
    assert ran.code == 0
    counted = re.search(r"retrieve\s+([\d,]+)\s+and ([\d,]+) in the ledger", ran.out)
    assert counted is not None
    missing, stored = (int(number.replace(",", "")) for number in counted.groups())
    assert (missing, stored) == (0, 640)


def test_what_a_search_took_stands_beside_its_estimate(run: Run, study: Path) -> None:
    """Estimate against truth, kept in the study."""
    assert "The search was estimated to take about" in run("show", study).out


def test_status_says_how_far_a_study_has_come(run: Run, study: Path) -> None:
    """Counts of pipelines, questions and calls, and whether it is finished."""
    ran = run("status", study)
    assert ran.code == 0
    assert re.search(r"^state\s+finished", ran.out, re.MULTILINE)
    assert "60 of 80 explored" in ran.out


def test_show_prints_the_frontier(run: Run, study: Path) -> None:
    """The recommended pipeline is named and can be copied from the output."""
    ran = run("show", study)
    assert ran.code == 0
    assert "recommended" in ran.out
    assert "bm25(" in ran.out


def test_show_asks_for_another_sla_without_running_anything(run: Run, study: Path) -> None:
    """A bound that no pipeline keeps ends with code 3 and names the nearest."""
    ran = run("show", study, "--sla", "1 us")
    assert ran.code == 3
    assert "No pipeline keeps the SLA" in ran.out


def test_an_sla_without_a_unit_is_refused(run: Run, study: Path) -> None:
    """The message says what a duration looks like."""
    ran = run("show", study, "--sla", "80")
    assert ran.code == 2
    assert "100 ms" in ran.err


def test_show_asks_for_limits_and_a_utility_without_running_anything(run: Run, study: Path) -> None:
    """A limit that all keep changes nothing but the headline; a utility gives a column; one that none keeps ends with
    code 3, and says by how much it is missed."""
    kept = run("show", study, "--limit", "mrr >= 0.01", "--limit", "latency_p50 <= 60 s")
    assert kept.code == 0 and "keeping mrr >= 0.01 and latency_p50 <= 60000 ms." in kept.out
    weighed = run("show", study, "--utility", "mrr - 0.1 * latency_p95")
    assert weighed.code == 0 and "Its utility, mrr - 0.1 * latency_p95, is" in weighed.out
    missed = run("show", study, "--limit", "mrr >= 1")
    assert missed.code == 3 and "It misses mrr >= 1 by" in missed.out


@pytest.mark.parametrize(
    ("option", "text", "message"),
    [
        ("--limit", "answer_f1", "--limit: a limit must be a figure, <= or >=, and a number"),
        ("--limit", "answer_f2 >= 0.5", "--limit: no pipeline has a 'answer_f2'. Scores: "),
        ("--limit", "latency_p95 <= 50 ms", "--limit: latency_p95 <= 50 ms: that latency has the SLA"),
        (
            "--utility",
            "2 * answer_em",
            "--utility: the utility `2 * answer_em` names 'answer_em', which is no objective",
        ),
    ],
)
def test_wrong_preferences_are_refused(run: Run, study: Path, option: str, text: str, message: str) -> None:
    """The message says what one looks like, and what is known."""
    ran = run("show", study, "--sla", "1 s", option, text)
    assert ran.code == 2
    assert message in " ".join(ran.err.split())


def test_report_can_be_written_elsewhere(run: Run, study: Path, tmp_path: Path) -> None:
    """`--output` names the file."""
    ran = run("report", study, "--sla", "5 ms", "--output", tmp_path / "other.html")
    assert ran.code == 0
    assert str(tmp_path / "other.html") in ran.out
    assert (tmp_path / "other.html").stat().st_size > 100_000


def test_ask_answers_with_passages_and_spans(run: Run, study: Path) -> None:
    """The recommended pipeline answers; each stage's time is shown."""
    ran = run("ask", study, "amber birch cedar")
    assert ran.code == 0
    assert ".txt" in ran.out
    assert "Where the time went" in ran.out


def test_ask_takes_any_pipeline(run: Run, study: Path) -> None:
    """`--pipeline` names one in its notation; a wrong name is answered with the nearest."""
    assert run("ask", study, "amber", "--pipeline", "bm25(top_k=1)").code == 0
    ran = run("ask", study, "amber", "--pipeline", "bm52(top_k=1)")
    assert ran.code == 2
    assert "did you mean 'bm25'?" in ran.err


def test_ask_says_what_a_server_had_kept_of_an_earlier_question(run: Run, study: Path) -> None:
    """The second time is not what a first question takes."""
    with completion_server() as server:
        model = f"openai(model='tiny', base_url='{server.url}', format='tiny_reasoner', own=False)"
        again = "ask", study, "amber birch", "--pipeline", f"bm25(top_k=1) >> llm(model={model})", "--allow-server"
        first, second = run(*again), run(*again)
    assert (first.code, second.code) == (0, 0)
    assert "had kept" not in first.out
    assert "and did not read them again: a question that comes for the first time takes longer" in second.out


def test_code_named_by_a_study_is_not_imported_unasked(run: Run, study: Path) -> None:
    """A study may come from somebody else."""
    notation = "langchain_retriever(path='os.system', arguments={})"
    ran = run("ask", study, "amber", "--pipeline", notation)
    assert ran.code == 2
    assert "--allow-imports" in ran.err


def test_schema_is_a_json_schema(run: Run) -> None:
    """Editors complete and check the YAML with it."""
    schema = json.loads(run("schema").out)
    assert "pipeline" in schema["properties"]


def test_init_writes_a_file_that_checks(run: Run, tmp_path: Path) -> None:
    """The starting YAML is valid, and is not overwritten by accident."""
    file = tmp_path / "new" / "space.yaml"
    assert run("init", file).code == 0
    again = run("init", file)
    assert again.code == 2
    assert "--force" in again.err
    assert run("init", file, "--force").code == 0


def test_init_translates_a_configuration_of_autorag(run: Run, tmp_path: Path) -> None:
    """With the data that lies beside it, into a file that `check` has nothing against; faults have their lines."""
    pandas = pytest.importorskip("pandas")
    numbers = range(100)
    texts = [f"The keeper of lighthouse {number} is called Ada {number}." for number in numbers]
    documents = {"doc_id": [f"d{number}" for number in numbers], "contents": texts, "metadata": [{"a": 1}] * 100}
    questions = {
        "qid": [f"q{number}" for number in numbers],
        "query": [f"Who keeps lighthouse {number}?" for number in numbers],
        "retrieval_gt": [[[f"d{number}"]] for number in numbers],
        "generation_gt": [[f"Ada {number}"] for number in numbers],
    }
    (tmp_path / "data").mkdir()
    pandas.DataFrame(documents).to_parquet(tmp_path / "data/corpus.parquet")
    pandas.DataFrame(questions).to_parquet(tmp_path / "data/qa.parquet")
    config = tmp_path / "config.yaml"
    config.write_text(
        "node_lines:\n- nodes:\n  - node_type: retrieval\n    strategy: {metrics: [retrieval_recall]}\n"
        "    top_k: [1, 3]\n    modules: [{module_type: bm25}, {module_type: hybrid_dbsf}]\n"
    )
    made = run("init", tmp_path / "space.yaml", "--from", config)
    assert made.code == 0, made.err
    assert f"{config}:6: hybrid_dbsf: " in made.out
    checked = run("check", tmp_path / "space.yaml")
    assert checked.code == 0, checked.err
    assert "gold_recall@3 can score 28 of 28 explore and 72 of 72 confirm questions." in checked.out
    config.write_text("node_lines:\n- nodes: 5\n")
    refused = run("init", tmp_path / "space.yaml", "--force", "--from", config)
    assert (refused.code, "Traceback" in refused.err) == (2, False)
    assert f"{config}:2: `nodes` must be a list of mappings; given: 5" in refused.err


def test_init_for_own_data_names_both_paths(run: Run, space: Path, tmp_path: Path) -> None:
    """Questions without documents are of no use."""
    file = tmp_path / "space.yaml"
    folder = space.parent
    assert run("init", file, "--questions", folder / "questions.jsonl").code == 2
    questions, documents = folder / "questions.jsonl", folder / "documents"
    assert run("init", file, "--questions", questions, "--documents", documents).code == 0
    assert "questions.jsonl" in file.read_text()


def test_data_inspect_says_what_was_read(run: Run) -> None:
    """Counts, samples and what is wrong."""
    ran = run("data", "inspect", "wikipedia")
    assert ran.code == 0
    assert "2,840" in ran.out
    assert "Nothing is wrong." in ran.out


def test_data_that_must_be_put_right_is_listed_with_file_and_line(run: Run, tmp_path: Path) -> None:
    """A file cut short is named, with the line."""
    (tmp_path / "cut.json").write_text('{"data": [{"title": "A", "paragraphs": [{"context": "Text.", "qas": [')
    ran = run("data", "inspect", tmp_path / "cut.json")
    assert ran.code == 2
    assert "cut.json" in ran.err


def test_every_fault_of_a_space_is_reported_together(run: Run, tmp_path: Path) -> None:
    """With file, line and the nearest valid name; without a traceback."""
    file = tmp_path / "bad.yaml"
    file.write_text("name: x\ndata: {dataset: wikipedia}\npipeline:\n  retrieve: {bm52: {}}\n  rerenk: {none: {}}\n")
    ran = run("explore", file)
    assert ran.code == 2
    assert "did you mean 'bm25'?" in ran.err
    assert "bad.yaml:4" in ran.err
    assert "bad.yaml:5" in ran.err
    assert "Traceback" not in ran.err


def test_a_missing_file_is_a_message(run: Run, tmp_path: Path) -> None:
    """No traceback for a typing error."""
    ran = run("explore", tmp_path / "nowhere.yaml")
    assert ran.code == 2
    assert "nowhere.yaml" in ran.err


def test_a_study_of_another_version_is_refused(run: Run, study: Path, tmp_path: Path) -> None:
    """The message says what to do; the study is left alone."""
    other = tmp_path / "old"
    shutil.copytree(study, other)
    manifest = json.loads((other / "study.json").read_text())
    (other / "study.json").write_text(json.dumps({**manifest, "format": 0}))
    ran = run("show", other)
    assert ran.code == 1
    assert "format 0" in ran.err


def test_debug_shows_the_traceback(run: Run, tmp_path: Path) -> None:
    """For those who want to know; the message and the exit code are the same."""
    plain, debug = (run("explore", tmp_path / "nowhere.yaml", *more) for more in ([], ["--debug"]))
    assert debug.err.startswith("Traceback (most recent call last):")
    assert debug.err.endswith(plain.err)
    assert debug.code == plain.code == 2


def test_pipelines_that_failed_are_counted_with_the_most_frequent_reason(run: Run, space: Path, tmp_path: Path) -> None:
    """The exploration ends well all the same, with the pipelines that did not fail. Seconds are no goal here: of few
    pipelines that answer ten questions they may choose one that is no better than nothing."""
    file = space.parent / "failing.yaml"
    text = space.read_text().replace("{none: {}}", "{none: {}, sentence_transformers: {model: /nowhere}}")
    file.write_text(text.replace(", latency_p95: minimize", ""))
    ran = run("explore", file, "--study", tmp_path / "study")
    assert ran.code == 0
    assert "pipelines failed on some question while exploring; most often: rerank: sentence_transformers" in ran.out


def test_check_counts_what_each_objective_can_score(run: Run, space: Path) -> None:
    """Before a search is spent on it."""
    assert "can score 40 of 40 explore and 10 of 10 confirm questions." in run("check", space).out


def test_inspect_says_that_nothing_is_wrong_only_where_it_is_so(run: Run, tmp_path: Path) -> None:
    """Not above an error."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/a.md").write_text("Within 30 days.")
    (tmp_path / "questions.csv").write_text("question;answer\nHow long?;30 days\n")
    assert "Nothing is wrong." in run("data", "inspect", tmp_path).out
    (tmp_path / "questions.csv").write_text("question;answer\nHow long?\n")
    ended = run("data", "inspect", tmp_path)
    assert ended.code == 2
    assert "Nothing is wrong." not in ended.out
    assert "questions.csv:2: a row must have as many cells as the header" in ended.err


def test_text_that_no_terminal_can_write_ends_no_command(tmp_path: Path) -> None:
    """A field or file whose name is in no encoding is named all the same."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/\udcff.png").touch()
    (tmp_path / "documents/a.md").write_text("Within 30 days.")
    (tmp_path / "questions.jsonl").write_text('{"question": "How long?", "answer": "30 days", "\\ud83d": 1}')
    command = [sys.executable, "-m", "tradespace", "data", "inspect", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "udcff.png" in ended.stdout


@pytest.fixture
def recall_only(tmp_path: Path) -> Path:
    """A hundred questions with gold documents and no answers."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/a.md").write_text("Within 30 days.")
    (tmp_path / "questions.csv").write_text("question,gold\n" + "".join(f"How {n}?,a.md\n" for n in range(100)))
    return tmp_path


def test_init_chooses_by_the_data_and_says_why(run: Run, recall_only: Path) -> None:
    """`data inspect` says the same, and the file is one that `check` has nothing against."""
    file = recall_only / "own.yaml"
    given = ("--questions", recall_only / "questions.csv", "--documents", recall_only / "documents")
    wrote = run("init", file, *given).out
    reason = "the objective gold_recall@5, as 100 of 100 questions have gold documents that it can compare"
    assert reason in wrote
    assert f"#   {reason}" in file.read_text()
    assert reason in run("data", "inspect", recall_only).out
    checked = run("check", file)
    assert checked.code == 0
    assert "gold_recall@5 can score 28 of 28 explore and 72 of 72 confirm questions." in checked.out
    assert "warning" not in checked.out


def test_init_starts_from_a_folder_of_any_layout(run: Run, tmp_path: Path, recall_only: Path) -> None:
    """Columns that are called otherwise are guessed, written down and said; the file is one that `check` can use."""
    rows = [
        {"query": f"Who keeps lighthouse {n}?", "ground_truth": f"Ada {n}", "passage": f"It is Ada {n}."}
        for n in range(99)
    ]
    (tmp_path / "hub/data").mkdir(parents=True)
    pytest.importorskip("pandas").DataFrame(rows).to_parquet(tmp_path / "hub/data/test-00000-of-00001.parquet")
    made = run("init", tmp_path / "own" / "space.yaml", "--dataset", tmp_path / "hub")
    assert made.code == 0, made.err
    assert "Guessed" in made.out
    assert "  question: column query\n  answers: column ground_truth\n  text: column passage" in made.out
    columns = '{question: "query", answers: "ground_truth", text: "passage"}    # guessed: correct what is wrong'
    assert f'  dataset: "../hub"\n  columns: {columns}\n' in (tmp_path / "own" / "space.yaml").read_text()
    checked = run("check", tmp_path / "own" / "space.yaml")
    assert checked.code == 0, checked.err
    assert "can score 27 of 27 explore and 72 of 72 confirm questions." in checked.out
    inspected = run("data", "inspect", tmp_path / "hub").out
    assert (
        "(records)\nGuessed; `tradespace init FILE --dataset PATH` writes it down:\n  question: column query\n"
        in inspected
    )
    known = run("init", tmp_path / "known.yaml", "--dataset", recall_only)
    assert (known.code, "Guessed" in known.out) == (0, False)


def test_init_says_how_data_are_named(run: Run, tmp_path: Path, recall_only: Path) -> None:
    """A folder where the file should be, two sources at once, and data that nothing is known of."""
    refused = run("init", recall_only)
    assert (refused.code, f"tradespace init space.yaml --dataset {recall_only}" in refused.err) == (2, True)
    questions = recall_only / "questions.csv"
    refused = run("init", tmp_path / "a.yaml", "--dataset", recall_only, "--questions", questions)
    assert (refused.code, "either a --dataset, or --questions with --documents" in refused.err) == (2, True)
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n")
    refused = run("init", tmp_path / "a.yaml", "--dataset", tmp_path / "numbers.csv")
    assert (refused.code, "is not recognized. Valid: autorag" in refused.err) == (2, True)


@pytest.mark.parametrize(("measure", "needed"), [("latency_p95", 72), ("latency_p99", 368)])
def test_check_warns_of_a_latency_that_cannot_be_bounded(
    measure: str, needed: int, run: Run, recall_only: Path
) -> None:
    """Before the search, not by an infinite figure after it."""
    file = recall_only / "own.yaml"
    file.write_text(
        "name: own\ndata: {questions: questions.csv, documents: documents, explore: 40, confirm: 50}\n"
        f"pipeline: {{retrieve: {{bm25: {{}}}}}}\nobjectives: {{gold_recall@5: maximize, {measure}: minimize}}\n"
    )
    warned = run("check", file).out
    assert f"warning: {measure} needs {needed} questions for its interval" in warned
    assert "and 50 are confirmed: raise `confirm`" in warned
