"""Explorations whose answers are judged by models: recorded, served, and running here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.explorer.test_exploration import explore_text
from tradespace.components.llms import Replay
from tradespace.components.remote.circuit import RUN
from tradespace.errors import SpaceError
from tradespace.evals.measures.judged_correct import JudgedCorrect
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.files import read_data, read_specification, specification_of
from tradespace.explorer.results import Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.judging import judging_sentences
from tradespace.reports.recommendation import recommendation
from tradespace.testing.completion_server import CompletionServer, ServerFault, completion_server, scripted_reply
from tradespace.types import Prompt

HOMES = {
    "otter": "rivers", "eagle": "cliffs", "camel": "deserts", "seal": "coasts", "mole": "burrows", "heron": "marshes",
    "goat": "mountains", "squirrel": "forests", "penguin": "icefields", "crab": "reefs", "toad": "ponds",
    "bison": "prairies", "shark": "oceans", "bat": "caves",
}  # fmt: skip
UNREADABLE = "otter"
SPACE = """
name: judged
data: {{questions: questions.jsonl, documents: documents, explore: 8, confirm: {confirm}}}
pipeline:
  retrieve: {{bm25: {{top_k: [1, 3]}}}}
  generate: {{sentence: {{passages: [1, 2]}}}}
measures:
  right: {{judged_correct: {{model: {model}{more}}}}}
objectives: {{right: maximize, latency_p95: minimize}}
search: {search}
"""
FRONTIER = "{strategy: {frontier: {block: 3}}, batch: 2, seed: 1}"


def write_homes(place: Path) -> None:
    """Write documents of two sentences, a question about each, and a recording of how each sentence was judged as an
    answer to each question: by whether it has the accepted word, but for one, where the judge wrote prose."""
    (place / "documents").mkdir()
    sentences = {
        animal: (f"The {animal} lives in {home}.", f"The {animal} sleeps a lot.") for animal, home in HOMES.items()
    }
    for animal, both in sentences.items():
        (place / "documents" / f"{animal}.txt").write_text(" ".join(both))
    asked = {animal: f"In what does the {animal} live?" for animal in HOMES}
    rows = [
        {"id": name, "question": text, "answers": [HOMES[name]], "gold": [f"{name}.txt"]}
        for name, text in asked.items()
    ]
    (place / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)))
    answers = [sentence for both in sentences.values() for sentence in both]
    recorded = [_recorded(name, text, answer) for name, text in asked.items() for answer in answers]
    (place / "judge.jsonl").write_text("\n".join(map(json.dumps, recorded)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where they lie."""
    place = tmp_path_factory.mktemp("homes")
    write_homes(place)
    return place


def judged_space(folder: Path, search: str = FRONTIER, *, more: str = "", model: str = "", confirm: int = 6) -> str:
    """A space that is judged by the recording, or by another model."""
    recorded = f"{{replay: {{recording: {json.dumps(str(folder / 'judge.jsonl'))}}}}}"
    return SPACE.format(model=model or recorded, more=more, search=search, confirm=confirm)


def _recorded(animal: str, question: str, answer: str) -> dict[str, object]:
    judge = JudgedCorrect(model=Replay())
    shown = {"question": question, "references": (HOMES[animal],), "answer": answer}
    (call,) = judge.calls(judge.instruction, judge.prompt, shown)
    assert isinstance(call.request, Prompt)
    verdict = "It depends." if animal == UNREADABLE else f"verdict: {'yes' if HOMES[animal] in answer else 'no'}"
    completion = {"text": verdict, "tokens_in": 40, "tokens_out": 2, "usd": 0.001}
    return {"question": call.request.messages[-1].content, "completions": [completion]}


def explore(
    folder: Path, study: Path, search: str = FRONTIER, *, more: str = "", model: str = "", confirm: int = 6
) -> Results:
    """Explore with the recorded judge, or another."""
    return explore_text(folder, study, judged_space(folder, search, more=more, model=model, confirm=confirm))


def asked_animals(study: Path) -> list[str]:
    """What the explore questions of a study are about, in their order."""
    specification = specification_of(StudyFolder(study))
    data = specification.data
    splits = read_data(specification).dataset.split(data.explore, data.confirm, data.seed)
    return [question.id for question in splits.explore]


@pytest.mark.parametrize("strategy", ["{frontier: {block: 3}}", "grid", "tpe", "random"])
def test_every_search_finds_what_was_judged(folder: Path, tmp_path: Path, strategy: str) -> None:
    """The best pipelines answer what they are asked; on the question that the judge wrote prose about, no pipeline has
    a score, and it is no 0."""
    results = explore(folder, tmp_path, f"{{strategy: {strategy}, seed: 1}}")
    animals = asked_animals(tmp_path)
    for evaluation in results.explored:
        row, judging = evaluation.scores["right"], evaluation.judging["right"]
        missing = [animal for animal, score in zip(animals, row, strict=True) if score is None]
        assert missing == [animal for animal in animals if animal == UNREADABLE]
        assert (judging.judgements, judging.unread) == (8, len(missing))
        assert evaluation.failures == {}
    assert max(sum(score or 0.0 for score in one.scores["right"]) for one in results.explored) >= 5
    assert all(len(one.scores["right"]) == 6 for one in results.confirmed)
    assert 0 < results.provenance.judging_calls < results.provenance.calls_made


def test_judging_is_apart_from_what_pipelines_cost(folder: Path, tmp_path: Path) -> None:
    """No stage, second, token or dollar of a pipeline is the judge's; what it took is told."""
    results = explore(folder, tmp_path, "{strategy: grid}")
    for evaluation in results.explored:
        assert evaluation.usage == {} and "usd" not in evaluation.metered
        assert evaluation.seconds.keys() == {"retrieve", "generate"}
        used = evaluation.judging["right"].usage
        assert (used.tokens_in, used.usd) == (8 * 40, pytest.approx(8 * 0.001))
    calls = results.provenance.judging_calls
    assert results.provenance.judging_usd == pytest.approx(0.001 * calls)
    first, *others = judging_sentences(results)
    assert first.startswith(f"Judging answers took {calls} calls and $")
    assert any("could not be read" in sentence for sentence in others)


def test_the_same_command_judges_nothing_again(folder: Path, tmp_path: Path) -> None:
    """All verdicts are in the ledger, also those that cannot be read. Seconds are no goal here: a search that knows
    more of them by the second time may walk another way."""
    text = judged_space(folder).replace(", latency_p95: minimize", "")
    first, again = (explore_text(folder, tmp_path, text) for _ in range(2))
    assert again.provenance.calls_made == first.provenance.calls_made
    assert again.explored == first.explored


def test_other_words_for_the_judge_ask_it_alone_again(folder: Path, tmp_path: Path) -> None:
    """Scores by the words before hold no more; the answers are those of the ledger."""
    first = explore(folder, tmp_path, "{strategy: grid}")
    second = explore(folder, tmp_path, "{strategy: grid}", more=", instruction: Say whether it is right.")
    made = second.provenance.calls_made - first.provenance.calls_made
    assert made == second.provenance.judging_calls - first.provenance.judging_calls == first.provenance.judging_calls
    scores = [{one.pipeline: one.scores["right"] for one in results.explored} for results in (first, second)]
    assert scores[0] == scores[1]


def test_words_for_the_judge_may_lie_in_a_file(folder: Path) -> None:
    """A study holds them itself, so that it can be moved."""
    (folder / "judge.j2").write_text("{{ question }}\nIs it {{ answer }}?\n")
    (folder / "worded.yaml").write_text(judged_space(folder, more=", file: judge.j2"))
    specification = read_specification(folder / "worded.yaml")
    judge = specification.measures["right"]
    assert isinstance(judge, JudgedCorrect)
    assert judge.prompt == "{{ question }}\nIs it {{ answer }}?\n"
    assert "Is it {{ answer }}?" in specification.text
    (folder / "judge.j2").write_text("{{ question }}")
    with pytest.raises(SpaceError, match=r"prompt must hold \{\{ answer \}\}, or the judge never sees it"):
        read_specification(folder / "worded.yaml")


def test_a_budget_that_ends_while_judging_is_continued(folder: Path, tmp_path: Path) -> None:
    """However small the steps, it comes to the same, and judges nothing twice."""
    whole = explore(folder, tmp_path / "whole", "{strategy: grid, batch: 1}", confirm=0)
    needed = whole.provenance.calls_made
    for calls in (needed // 3, needed // 2, needed - 1):
        search = f"{{strategy: grid, batch: 1, budget: {{calls: {calls}}}}}"
        assert explore(folder, tmp_path / "steps", search, confirm=0).provenance.calls_made <= calls
    steps = explore(folder, tmp_path / "steps", "{strategy: grid, batch: 1}", confirm=0)
    assert steps.provenance.calls_made == needed
    assert steps.provenance.judging_calls == whole.provenance.judging_calls
    assert {one.pipeline: one.scores for one in steps.explored} == {one.pipeline: one.scores for one in whole.explored}


@pytest.fixture
def server() -> Iterator[CompletionServer]:
    """A server that replies what it is told to."""
    with completion_server() as running:
        yield running


def served(server: CompletionServer) -> str:
    """A judge behind it."""
    settings = "attempts: 1, concurrency: 1, stream: false, several: false, logprobs: false"
    return f'{{openai: {{model: judge, base_url: "{server.url}", {settings}}}}}'


def replies(server: CompletionServer, text: str, *before: ServerFault) -> None:
    """Let a server answer the two probes before a run, then so, and then always with a text."""
    server.faults.clear()
    server.faults.extend([ServerFault(answered=True)] * 2)
    server.faults.extend([*before, *[scripted_reply(text)] * 200])


def test_a_judge_that_writes_prose_is_told_of(folder: Path, tmp_path: Path, server: CompletionServer) -> None:
    """Nothing is recommended by scores that are not there; what was answered and judged is kept."""
    replies(server, "Well, that depends.")
    results = explore(folder, tmp_path, "{strategy: grid}", model=served(server))
    assert all(set(one.scores["right"]) == {None} for one in results.explored)
    assert all(one.judging["right"].unread == 8 for one in results.explored)
    answer = recommendation(conclude(results))
    assert "no question could be scored by right" in answer.headline
    assert "no verdict can be read in what the judge replied: 'Well, that depends.'" in answer.notes[0]
    asked = len(server.bodies)
    explore(folder, tmp_path, "{strategy: grid}", model=served(server))
    assert len(server.bodies) == asked


def test_a_judge_that_fails_is_asked_again_by_the_next_run(
    folder: Path, tmp_path: Path, server: CompletionServer
) -> None:
    """A score that is missing for it has the reason; the answers are not given again."""
    replies(server, "verdict: yes", scripted_reply("verdict: yes"), ServerFault(400, "too hot"))
    first = explore(folder, tmp_path, "{strategy: grid, batch: 1}", model=served(server), confirm=0)
    failed = [one.judging["right"].missing for one in first.explored if one.judging["right"].failed]
    assert failed and all("too hot" in reason for missing in failed for reason in missing.values())
    assert any("could not be scored by right" in sentence for sentence in judging_sentences(first))
    replies(server, "verdict: yes")
    second = explore(folder, tmp_path, "{strategy: grid, batch: 1}", model=served(server), confirm=0)
    assert all(set(one.scores["right"]) == {1.0} for one in second.explored)
    assert second.provenance.calls_made <= first.provenance.calls_made + 1


def test_a_judge_whose_server_is_down_ends_the_run(folder: Path, tmp_path: Path, server: CompletionServer) -> None:
    """With the reason; once it is back, the same command goes on."""
    replies(server, "verdict: yes", *[ServerFault(0)] * (3 * RUN))
    first = explore(folder, tmp_path, "{strategy: grid}", model=served(server), confirm=0)
    assert "does not answer" in first.provenance.stopped
    replies(server, "verdict: yes")
    second = explore(folder, tmp_path, "{strategy: grid}", model=served(server), confirm=0)
    assert second.provenance.stopped == ""
    assert all(set(one.scores["right"]) == {1.0} for one in second.explored)


@pytest.mark.slow
def test_a_model_that_runs_here_judges(folder: Path, tmp_path: Path) -> None:
    """Every answer has a verdict, or is counted among those that could not be read; whatever so small a model says."""
    search = "{strategy: grid, budget: {pipelines: 1}}"
    results = explore(folder, tmp_path, search, model="smollm2", more=", max_tokens: 48")
    (evaluation,) = results.explored
    judging, row = evaluation.judging["right"], evaluation.scores["right"]
    assert judging.judgements == 8
    assert judging.unread == sum(score is None for score in row)
    assert judging.usage.tokens_in > 8 * 50
    again = explore(folder, tmp_path, search, model="smollm2", more=", max_tokens: 48")
    assert again.provenance.calls_made == results.provenance.calls_made
