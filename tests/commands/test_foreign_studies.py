"""Somebody else's study does nothing to the machine that the person who opens it did not allow on the command line."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run
from tradespace.cli import app
from tradespace.components.trust import Trust
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.storage.study import StudyFolder
from tradespace.testing.completion_server import CompletionServer, completion_server

PAGE = Path(__file__).parents[2] / "docs" / "foreign-studies.md"
QUESTION = "amber birch cedar"
EVIL_MODULE = """
from pathlib import Path
from langchain_core.language_models.fake_chat_models import FakeListChatModel
Path({mark!r}).touch()
class Evil(FakeListChatModel):
    responses: list[str] = ["answer: amber"]
"""
PROGRAM = "```python\nopen({mark!r}, 'w').write('harm')\nprint('amber')\n```"
READING = [
    *(["status"], ["show"], ["show", "--all", "--format", "json"], ["status", "--format", "csv"]),
    *(["report"], ["report", "--format", "md"], ["report", "--format", "json"], ["report", "--format", "csv"]),
    *(["ledger", "show"], ["ledger", "verify"]),
]


@dataclass(frozen=True)
class Sent:
    """A study as it is sent by an attacker. `mark` is a file that comes to be when it does harm."""

    folder: Path
    mark: Path

    def recommend(self, pipeline: str) -> None:
        """Put a pipeline in the place of the recommended one, as somebody with the study's files can."""
        study = StudyFolder(self.folder)
        results = study.results()
        best = conclude(results).recommended
        assert best
        honest = best.evaluation.pipeline
        evaluations = [
            evaluation for evaluation in (*results.explored, *results.confirmed) if evaluation.pipeline == honest
        ]
        study.evaluations.write(
            study.manifest().context,
            results.provenance.host,
            [replace(evaluation, pipeline=pipeline) for evaluation in evaluations],
        )
        with closing(sqlite3.connect(self.folder / "evaluations.sqlite")) as database:
            database.execute("delete from evaluations where pipeline = ?", (honest,))
            database.commit()


@pytest.fixture
def sent(study: Path, tmp_path: Path) -> Sent:
    """An honest study, not yet tampered with."""
    return Sent(Path(shutil.copytree(study, tmp_path / "sent")), tmp_path / "mark")


@pytest.fixture
def importing(sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    """Its recommended pipeline names a class whose import does harm, where no component is called LangChain."""
    (tmp_path / "evilmodule.py").write_text(EVIL_MODULE.format(mark=str(sent.mark)))
    monkeypatch.syspath_prepend(str(tmp_path))
    sent.recommend("bm25() >> llm(model=chat_model(model='evilmodule.Evil'))")
    yield sent
    sys.modules.pop("evilmodule", None)


@pytest.fixture
def unsandboxed(sent: Sent, tmp_path: Path) -> Sent:
    """Its recommended pipeline runs a program of the attacker's own recording, and asks for no sandbox."""
    completion = {"text": PROGRAM.format(mark=str(sent.mark)), "tokens_in": 1, "tokens_out": 1}
    recording = tmp_path / "recording.jsonl"
    recording.write_text(json.dumps({"question": QUESTION, "completions": [completion]}))
    strategy = "program_of_thought(k=1, temperature=0, isolated=False)"
    sent.recommend(f"bm25() >> llm(model=replay(recording={str(recording)!r}), strategy={strategy})")
    return sent


@pytest.fixture
def server() -> Iterator[CompletionServer]:
    """The attacker's server, which notes the keys that it is sent."""
    with completion_server() as running:
        yield running


def test_code_is_imported_only_on_request(run: Run, importing: Sent) -> None:
    """By no reading command, and by `ask` only when told; whatever the component is called that names it."""
    for command in READING:
        assert run(*command, importing.folder).code == 0
    assert run("show", importing.folder, "--compare", importing.folder).code == 0
    refused = run("ask", importing.folder, QUESTION)
    assert (refused.code, importing.mark.exists()) == (2, False)
    assert "chat_model(model='evilmodule.Evil') imports code" in refused.err
    assert "--allow-imports" in refused.err
    assert run("ask", importing.folder, QUESTION, "--allow-imports", "--allow-server").code == 0
    assert importing.mark.exists()


def test_questions_cuts_documents_by_foreign_code_only_on_request(
    run: Run, sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It makes no call, but shows passages as the pipeline cut them."""
    (tmp_path / "evilcutter.py").write_text(f"open({str(sent.mark)!r}, 'w')")
    monkeypatch.syspath_prepend(str(tmp_path))
    sent.recommend("langchain_splitter(path='evilcutter.Class') >> bm25()")
    refused = run("questions", sent.folder)
    assert (refused.code, sent.mark.exists()) == (2, False)
    assert "--allow-imports" in refused.err
    run("questions", sent.folder, "--allow-imports")
    assert sent.mark.exists()


def test_documents_are_loaded_by_foreign_code_only_on_request(
    run: Run, sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loader that the study names for its documents, and not for its pipeline."""
    (tmp_path / "evilloader.py").write_text(f"open({str(sent.mark)!r}, 'w')")
    monkeypatch.syspath_prepend(str(tmp_path))
    space = sent.folder / "space.yaml"
    loader = "langchain_loader: {path: evilloader.Class}"
    space.write_text(space.read_text().replace("documents: documents", loader))
    for command in READING:
        assert run(*command, sent.folder).code == 0
    for command, *arguments in (["ask", QUESTION], ["questions"], ["export"]):
        refused = run(command, sent.folder, *arguments)
        assert (refused.code, sent.mark.exists()) == (2, False)
        assert "LangChainLoader(path='evilloader.Class', arguments={}) imports code" in refused.err
        assert "--allow-imports" in refused.err
    run("ask", sent.folder, QUESTION, "--allow-imports")
    assert sent.mark.exists()


def test_programs_run_without_a_sandbox_only_on_request(run: Run, unsandboxed: Sent) -> None:
    """The study's own `isolated=False` is no permission."""
    for command in READING:
        assert run(*command, unsandboxed.folder).code == 0
    refused = run("ask", unsandboxed.folder, QUESTION, "--allow-imports", "--allow-server")
    assert (refused.code, unsandboxed.mark.exists()) == (2, False)
    assert "without a sandbox" in refused.err
    assert "--allow-unsandboxed" in refused.err
    allowed = run("ask", unsandboxed.folder, QUESTION, "--allow-unsandboxed")
    assert (allowed.code, unsandboxed.mark.exists()) == (0, True), allowed.err


def test_a_server_is_contacted_only_on_request(
    run: Run, sent: Sent, server: CompletionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be sent a key, and passages of whatever documents the study names."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    sent.recommend(f"bm25() >> llm(model=openai(model='tiny', base_url='{server.url}', format='tiny_reasoner'))")
    for command in READING:
        assert run(*command, sent.folder).code == 0
    refused = run("ask", sent.folder, QUESTION)
    assert (refused.code, server.bodies) == (2, [])
    assert server.url in refused.err
    assert "--allow-server" in refused.err
    assert run("ask", sent.folder, QUESTION, "--allow-server").code == 0
    assert set(server.keys) == {"Bearer secret"}


@dataclass
class Listener:
    """A server that somebody else's study names, which answers nobody and counts who came."""

    port: int
    came: int = 0

    def listen(self, listening: socket.socket) -> None:
        """Until it is closed."""
        with suppress(OSError):
            while True:
                listening.accept()[0].close()
                self.came += 1


@pytest.fixture
def listener() -> Iterator[Listener]:
    """One on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Listener(listening.getsockname()[1])
        thread = threading.Thread(target=made.listen, args=(listening,), daemon=True)
        thread.start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


NEED_CALLS = [["questions"], ["ledger", "show"], ["ledger", "verify"], ["ledger", "prune", "--dry-run"]]


def names_a_ledger(study: Path, **ledger: str) -> None:
    """Say in a study's file where its calls are kept."""
    manifest = json.loads((study / "study.json").read_text())
    (study / "study.json").write_text(json.dumps({**manifest, "ledger": ledger}))


def test_the_server_of_a_ledger_is_contacted_only_on_request(
    run: Run, sent: Sent, study: Path, space: Path, listener: Listener
) -> None:
    """By no command that reads what lies in the folder, by others only when told: it would be sent a password."""
    url = f"postgresql://me@127.0.0.1:{listener.port}/calls"
    names_a_ledger(sent.folder, url=url)
    for command in (["status"], ["show"], ["report"], ["ask", QUESTION]):
        ran = run(command[0], sent.folder, *command[1:])
        assert ran.code == 0, ran.err
    for command in (*NEED_CALLS, ["ledger", "merge", study]):
        refused = run(*command, sent.folder)
        assert (refused.code, listener.came) == (2, 0), command
        assert f"the ledger at {url}" in refused.err
        assert "--allow-server" in refused.err
    for command in ("check", "explore"):
        refused = run(command, space, "--study", sent.folder)
        assert (refused.code, listener.came) == (2, 0)
        assert f"--ledger {url}" in refused.err
    for command in NEED_CALLS:
        before = listener.came
        assert run(*command, sent.folder, "--allow-server").code == 1
        assert listener.came > before


def test_the_server_of_a_ledger_is_contacted_where_the_environment_names_it(
    run: Run, sent: Sent, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever set the variable chose the server. No study can name a variable that was set for something else."""
    url = f"postgresql://me@127.0.0.1:{listener.port}/calls"
    monkeypatch.setenv("DATABASE_URL", url)
    names_a_ledger(sent.folder, from_env="DATABASE_URL")
    refused = run("ledger", "show", sent.folder)
    assert (refused.code, listener.came) == (1, 0)
    assert "study.json is damaged: ledger.from_env" in refused.err
    names_a_ledger(sent.folder, from_env="TRADESPACE_LEDGER")
    monkeypatch.delenv("TRADESPACE_LEDGER", raising=False)
    assert run("ledger", "show", sent.folder).code == 2
    monkeypatch.setenv("TRADESPACE_LEDGER", url)
    assert run("ledger", "show", sent.folder).code == 1
    assert listener.came > 0


@pytest.mark.parametrize("url", ["sqlite:////etc/passwd", "memory://", "file.sqlite", ""])
def test_a_study_names_no_file_outside_itself_as_its_ledger(run: Run, sent: Sent, url: str) -> None:
    """Not even with a flag."""
    names_a_ledger(sent.folder, url=url)
    refused = run("ledger", "show", sent.folder, "--allow-server")
    assert refused.code == 1
    assert "`url` must be that of a database on a server" in refused.err


def test_texts_of_a_study_command_no_terminal(run: Run, sent: Sent) -> None:
    """Neither its name nor its pipelines nor an error that quotes it."""
    command = "\x1b]0;owned\x07"
    sent.recommend(f"bm25() {command}")
    manifest = json.loads((sent.folder / "study.json").read_text())
    (sent.folder / "study.json").write_text(json.dumps({**manifest, "name": f"study {command}"}))
    for words in (["status"], ["show"]):
        ran = run(*words, sent.folder)
        assert (ran.code, "owned" in ran.out, command[0] in ran.out) == (0, True, False)
    assert command[0] not in run("ask", sent.folder, QUESTION).err


def test_exploring_a_file_does_not_run_programs_unsandboxed_by_the_file_alone(
    run: Run, unsandboxed: Sent, space: Path, tmp_path: Path
) -> None:
    """Also one's own file: nobody knows what a model will write. `check` says so before anything runs."""
    recording = next(tmp_path.glob("recording.jsonl"))
    strategy = "{direct: {}, program_of_thought: {k: 1, temperature: 0, isolated: [true, false]}}"
    file = space.parent / f"{tmp_path.name}.yaml"
    stages = f"  generate: {{llm: {{model: {{replay: {{recording: {recording}}}}}, strategy: {strategy}}}}}"
    file.write_text(space.read_text().replace("  rerank: {none: {}}", stages))
    for command in ("check", "explore"):
        refused = run(command, file, "--study", tmp_path / "own")
        assert refused.code == 2
        assert "program_of_thought(k=1, temperature=0.0, isolated=False)" in refused.err
        assert "--allow-unsandboxed" in refused.err
    assert not unsandboxed.mark.exists()
    assert run("check", file, "--study", tmp_path / "own", "--allow-unsandboxed").code == 0


def test_the_page_knows_every_flag_and_every_command() -> None:
    """What docs/foreign-studies.md says is what `--help` says: each trust, and each command that takes a study."""
    from typer.main import get_command

    page = PAGE.read_text(encoding="utf-8")
    assert {line.split("`")[1] for line in page.splitlines() if line.startswith("| `--")} == {
        trust.flag for trust in Trust
    }
    (flags,) = [command.params for name, command in commands(get_command(app)) if name == "ask"]
    assert {option for flag in flags for option in flag.opts if "allow" in option} == {trust.flag for trust in Trust}
    commands_told = {word.split()[-1] for word in page.split("`")[1::2] if word.split()}
    studies = [name for name, command in commands(get_command(app)) if takes_a_study(command)]
    assert studies
    assert set(studies) <= commands_told


def test_only_commands_that_open_components_take_flags() -> None:
    """Or contact a server: a flag where nothing runs would say that something does."""
    from typer.main import get_command

    flags = {trust.flag for trust in Trust}
    flagged = {
        name
        for name, command in commands(get_command(app))
        if any(option in flags for parameter in command.params for option in parameter.opts)
    }
    of_ledgers = {"show", "verify", "merge", "prune"}
    assert flagged == {"ask", "check", "explore", "export", "judge", "questions", "serve"} | of_ledgers
    shown = [command for name, command in commands(get_command(app)) if name == "show"]
    assert [_takes(command, flags) for command in shown] == [set(), {Trust.SERVER.flag}]


def _takes(command: Any, options: set[str]) -> set[str]:
    """Those of some options that a command takes."""
    return options & {option for parameter in command.params for option in parameter.opts}


def commands(group: Any) -> Iterator[tuple[str, Any]]:
    """Every command with its name, those in groups too."""
    for name, command in group.commands.items():
        yield from commands(command) if hasattr(command, "commands") else [(name, command)]


def takes_a_study(command: Any) -> bool:
    """Whether one of its arguments is a study."""
    return any(parameter.name in {"study", "into", "source"} for parameter in command.params)
