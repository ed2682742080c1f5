"""`tradespace load`, against a real server."""

from __future__ import annotations

import csv
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run
from tests.processes import without_coverage
from tests.serving.load_generator.conftest import application, served

FEW = ("--rate", "50 per s", "--requests", 12)


PAGE = Path(__file__).parents[2] / "docs" / "load-testing.md"


def documented(language: str, *, whole: bool = False) -> list[str]:
    """The blocks of the page in a language, or the commands in them."""
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return blocks if whole else [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


class Server:
    """Answers those who know the key, if there is one, and remembers what it was asked."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.key = ""
        self.status = 200

    async def __call__(self, asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        if self.key and headers.get("authorization") != f"Bearer {self.key}":
            return 401, {}
        self.heard.append(asked["question"])
        spans = [{"queue_seconds": 0.001, "service_seconds": 0.002}]
        return self.status, {"spans": spans} if self.status == 200 else {"error": {"code": "overloaded"}}


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def url(server: Server) -> Any:
    with served(application(server, "/v1/answers")) as address:
        yield address


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "mine.csv"
    file.write_text("id,question\na,Who was Ada?\nb,Who was Alan?\nc,Who was Grace?\n")
    return file


def test_a_load_is_sent_and_summed_up(run: Run, url: str, server: Server, questions: Path, tmp_path: Path) -> None:
    """How much was answered, how fast, how late the generator was; each request in the table."""
    table = tmp_path / "load.csv"
    ran = run("load", url, *FEW, "--questions", questions, "--sla", "10 min", "--output", table)
    assert ran.code == 0, ran.err
    assert "12 of 12 requests answered" in ran.out
    assert "Within 600000 ms: 100 %" in ran.out
    assert "By the server's own account, in the mean: 1.00 ms queued, 2.00 ms served" in ran.out
    assert "the generator itself was late" in ran.out.lower()
    assert len(server.heard) == 13, "one is asked before, to find the interface out"
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["status"] for row in rows] == ["200"] * 12
    assert sorted({row["question"] for row in rows}) == ["a", "b", "c"]


def test_the_questions_of_a_study_are_asked(run: Run, url: str, server: Server, study: Path) -> None:
    """In an order that the seed determines."""
    for seed in (1, 1, 2):
        assert run("load", url, *FEW, "--study", study, "--seed", seed).code == 0
    first, again, other = (sorted(server.heard[start : start + 13]) for start in (0, 13, 26))
    assert first == again
    assert first != other


def test_a_trace_is_followed(run: Run, url: str, server: Server, questions: Path, tmp_path: Path) -> None:
    """One's own, after a warm-up that doesn't count."""
    trace = tmp_path / "trace.csv"
    trace.write_text("arrived\n0.0\n0.1\n0.2\n0.3\n0.4\n")
    ran = run("load", url, "--trace", trace, "--questions", questions, "--warm-up", "150 ms", "--duration", "200 ms")
    assert ran.code == 0, ran.err
    assert "Sending 4 requests" in ran.out
    assert "2 of 2 requests answered" in ran.out


def test_a_key_comes_from_the_environment(
    run: Run, url: str, server: Server, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the variable of `tradespace serve`, or from another; it is never printed."""
    server.key = "sesame-sesame"
    assert "wants a key" in run("load", url, *FEW, "--questions", questions).err
    monkeypatch.setenv("TRADESPACE_SERVE_KEY", server.key)
    monkeypatch.setenv("OTHER_KEY", "open-up-please")
    ran = run("load", url, *FEW, "--questions", questions)
    wrong = run("load", url, *FEW, "--questions", questions, "--key-from", "OTHER_KEY")
    assert ran.code == 0, ran.err
    assert "wants another key" in wrong.err
    assert "open-up" not in wrong.err + wrong.out


def test_failures_are_told_by_kind(run: Run, url: str, server: Server, questions: Path) -> None:
    """Where nothing was answered, the command fails."""
    server.status = 503
    ran = run("load", url, *FEW, "--questions", questions)
    assert ran.code == 1
    assert "0 of 12 requests answered" in ran.out
    assert "12 failed: 503 overloaded" in ran.out


@pytest.fixture
def beside_questions(questions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder with a file of questions, as the page has it."""
    monkeypatch.chdir(questions.rename(questions.with_name("questions.csv")).parent)


@pytest.mark.usefixtures("beside_questions")
@pytest.mark.parametrize("words", documented("console"))
def test_a_documented_load_is_sent(run: Run, url: str, study: Path, words: str) -> None:
    """Each on the page about it, for a moment."""
    _, command, _, *options = shlex.split(words)
    filled = [str(study) if "studies/" in word else word for word in options]
    ran = run(command, url, *filled, "--duration", "500 ms", "--warm-up", "1 ms", "--rate", "50 per s")
    assert ran.code == 0, ran.err
    assert "answered" in ran.out


def test_the_documented_python_runs(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As it stands on the page, with another port."""
    (code,) = documented("python", whole=True)
    exec(compile(code.replace("http://127.0.0.1:8000", url), "load-testing.md", "exec"), {})
    assert "Estimate(value=" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "say which load"),
        (("--rate", "5"), "--rate must be above 0 per"),
        (("--rate", "0 per s"), "--rate must be above 0 per"),
        (("--rate", "5 per s", "--duration", "5"), "--duration must be a duration"),
        (("--rate", "5 per s", "--duration", "1500 min"), "at most 24 hours"),
        (("--rate", "1000000 per s"), "at most 1,000,000 requests"),
        (("--rate", "1 per day", "--duration", "1 s"), "nothing arrives in 1 s"),
        (("--trace", "azure_conv", "--burstiness", "2"), "leave one of the two out"),
        (("--trace", "azur_conv"), "Valid: azure_"),
        (("--rate", "5 per s", "--burstiness", "1000"), "from 0 to 50"),
        (("--rate", "5 per s"), "either --questions"),
        (("--rate", "5 per s", "--questions", "none.csv"), "none.csv"),
        (("--rate", "5 per s", "--questions", "mine.csv", "--output", "no/folder/load.csv"), "no folder"),
        (("--rate", "5 per s", "--questions", "mine.csv", "--api", "chats"), "answers, chat"),
        (("--rate", "5 per s", "--questions", "mine.csv"), "tradespace serve STUDY"),
    ],
)
def test_what_is_wrong_is_said(
    run: Run, questions: Path, options: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is sent: what must hold, and what to do."""
    monkeypatch.chdir(questions.parent)
    ran = run("load", "http://127.0.0.1:1", *options)
    assert ran.code == 2
    assert said in ran.err


def test_another_machine_must_be_named(run: Run, questions: Path) -> None:
    """It is not even asked."""
    ran = run("load", "http://192.0.2.1", *FEW, "--questions", questions)
    assert ran.code == 2
    assert "--allow-remote 192.0.2.1" in ran.err


def test_interrupted_it_says_what_is_known(url: str, server: Server, questions: Path) -> None:
    """Ctrl-C ends an hour's load with the figures of what was answered by then."""
    arguments = ["load", url, "--rate", "20 per s", "--duration", "60 min", "--questions", str(questions)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tradespace", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=without_coverage(),
    )
    try:
        assert process.stdout is not None
        assert "Ctrl-C ends it" in process.stdout.readline()
        while len(server.heard) < 5:
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert "requests answered" in out
    assert "not sent: the load ended early" in out
    assert "Traceback" not in err
