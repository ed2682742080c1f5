"""Several people explore with one ledger on a real server; whoever may only read reports, and nothing that was paid for
is lost when the server is."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.commands.conftest import Run, explored
from tests.commands.test_explore_on_ray import explore as explore_apart
from tests.explorer.test_crash import write_space
from tests.postgresql_server import WITH_PASSWORD, PostgreSQLServer, fragile_server, shared_server
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Entry
from tradespace.explorer.storage.postgresql import connections as waiting
from tradespace.explorer.storage.postgresql.ledger import PostgreSQLLedger
from tradespace.explorer.storage.study import StudyFolder

pytestmark = pytest.mark.postgresql
VARIABLE = "TRADESPACE_LEDGER"
PASSWORD = "sesame-9f8e7d6c5b"


@dataclass(frozen=True)
class OnServer:
    """A study, and the URL of its ledger. Tests that change one of them have their own."""

    folder: Path
    url: str

    def copy(self, folder: Path, **ledger: str) -> Path:
        """The study in another folder; where something is said of its ledger, with that in its study.json."""
        shutil.copytree(self.folder, folder)
        if ledger:
            (folder / "study.json").write_text(json.dumps(manifest(self.folder) | {"ledger": ledger}))
        return folder


@pytest.fixture(scope="module")
def server() -> PostgreSQLServer:
    """The one that all tests share."""
    return shared_server()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A space of a few pipelines, searched by their scores alone: each run makes the same calls."""
    space = write_space(tmp_path_factory.mktemp("shared"))
    changes = {
        ", latency_p95: minimize": "",
        "{tpe: {}}": "random",
        "explore: 40, confirm: 10": "explore: 20, confirm: 30",
        "k1: [0.6, 0.9, 1.2, 1.5], b: [0.1, 0.4, 0.7, 0.9], top_k: [1, 2, 3, 5, 8]": "k1: [0.6, 1.2], top_k: [5, 8]",
    }
    text = space.read_text()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    space.write_text(text)
    return space


@pytest.fixture(scope="module")
def on_server(small: Path, server: PostgreSQLServer, tmp_path_factory: pytest.TempPathFactory) -> OnServer:
    """That space, explored with an empty ledger on the server."""
    url = server.fresh_url()
    return OnServer(explored(small, tmp_path_factory.mktemp("studies") / "on-server", "--ledger", url), url)


def naming_a_variable(space: Path) -> Path:
    """The same space with a section that says where its calls are recorded."""
    file = space.with_name("with-ledger.yaml")
    file.write_text(f"{space.read_text()}\nledger: {{from_env: {VARIABLE}}}\n")
    return file


def manifest(study: Path) -> dict[str, object]:
    return dict(json.loads((study / "study.json").read_text()))


def calls_made(study: Path) -> int:
    return int(json.loads((study / "study.json").read_text())["provenance"]["calls_made"])


def outcomes(url: str) -> dict[bytes, bytes]:
    with closing(open_ledger(url)) as ledger:
        return {entry.key: entry.value for entries in ledger.entries() for entry in entries}


def test_what_one_paid_for_no_one_pays_for_again(run: Run, small: Path, on_server: OnServer, tmp_path: Path) -> None:
    """A study of somebody else makes no call, and comes to the same scores; `check` says so before."""
    of_ada, url = tmp_path / "of-ada", on_server.url
    assert calls_made(on_server.folder) == len(outcomes(url)) > 0
    assert not (on_server.folder / "ledger.sqlite").exists()
    assert "100 % of these calls are known" in run("check", small, "--study", of_ada, "--ledger", url).out
    assert run("explore", small, "--study", of_ada, "--ledger", url).code == 0
    assert calls_made(of_ada) == 0
    first, second = (StudyFolder(folder).results().explored for folder in (on_server.folder, of_ada))
    assert [dict(each.scores) for each in first] == [dict(each.scores) for each in second]


@pytest.mark.ray
def test_what_workers_of_a_cluster_made_is_shared_too(
    small: Path, on_server: OnServer, server: PostgreSQLServer, tmp_path: Path
) -> None:
    """They store what a run does that makes its calls itself; whoever explores after them pays for nothing."""
    url = server.fresh_url()
    with TemporaryDirectory(dir="/tmp", prefix="ts") as temporary:
        options = ("--on", "ray", "--workers", "2", "--ledger", url)
        process = explore_apart(small, tmp_path / "on-workers", Path(temporary), *options)
        out = process.communicate(timeout=300)[0]
        assert process.returncode == 0, out
    assert outcomes(url) == outcomes(on_server.url)
    assert calls_made(explored(small, tmp_path / "here", "--ledger", url)) == 0


def test_a_study_is_shown_without_its_server(run: Run, on_server: OnServer, tmp_path: Path) -> None:
    """What was concluded lies in its folder; what needs the calls says where they are."""
    url = "postgresql://me@127.0.0.1:1/calls"
    study = on_server.copy(tmp_path / "study", url=url)
    for command in ("status", "show", "report"):
        assert run(command, study).code == 0
    assert f"ledger      {url}" in run("status", study).out
    gone = run("questions", study, "--allow-server")
    assert gone.code == 1
    assert "Check that the server runs and can be reached" in gone.err


def test_a_file_names_a_variable(
    run: Run, small: Path, server: PostgreSQLServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later commands find the ledger by it, wherever it then is; without it they say what to set."""
    space, study, url = naming_a_variable(small), tmp_path / "study", server.fresh_url()
    monkeypatch.delenv(VARIABLE, raising=False)
    unset = run("explore", space, "--study", study)
    assert (unset.code, study.exists()) == (2, False)
    assert f"{VARIABLE} must hold the URL of a ledger" in unset.err
    monkeypatch.setenv(VARIABLE, url)
    assert run("explore", space, "--study", study).code == 0
    assert manifest(study)["ledger"] == {"url": None, "from_env": VARIABLE}
    for command in (["questions"], ["ledger", "show"], ["ledger", "verify"], ["ledger", "prune", "--dry-run"]):
        ran = run(*command, study)
        assert ran.code == 0, ran.err
    monkeypatch.delenv(VARIABLE)
    assert f"{VARIABLE} must hold the URL of a ledger" in run("questions", study).err
    assert run("show", study).code == 0
    assert f"the URL in {VARIABLE}" in run("status", study).out


@pytest.mark.parametrize("value", ["sqlite:///calls.sqlite", "calls.sqlite", "memory://"])
def test_only_a_server_can_be_named(
    run: Run, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Neither a variable nor the command line names another study's file."""
    monkeypatch.setenv(VARIABLE, value)
    for words in ([naming_a_variable(small)], [small, "--ledger", value]):
        refused = run("explore", *words, "--study", tmp_path / "study")
        assert refused.code == 2
        assert "must be the URL of a database on a server, such as postgresql://me@host/calls" in refused.err


def test_a_study_remembers_its_server_and_has_it_named_again(
    run: Run, small: Path, on_server: OnServer, tmp_path: Path
) -> None:
    """Its file is no permission: `explore` says what to type. The file of the study itself can be named, too."""
    url, study = on_server.url, on_server.copy(tmp_path / "study")
    for command in ("check", "explore"):
        refused = run(command, small, "--study", study)
        assert refused.code == 2
        assert f"name it again, with --ledger {url}" in refused.err
    own = study / "ledger.sqlite"
    assert run("ledger", "merge", f"sqlite:///{own}", url).code == 0
    before = calls_made(study)
    assert run("explore", small, "--study", study, "--ledger", own).code == 0
    assert (manifest(study)["ledger"], calls_made(study)) == (None, before)
    assert "100 % of these calls are known" in run("check", small, "--study", study).out


def test_the_calls_of_a_study_move_to_the_server_with_it(
    run: Run, small: Path, on_server: OnServer, server: PostgreSQLServer, tmp_path: Path
) -> None:
    """Explored with a ledger on a server from now on, a study calls nothing again."""
    study, url = on_server.copy(tmp_path / "study"), server.fresh_url()
    (study / "study.json").write_text(json.dumps(manifest(study) | {"ledger": None}))
    assert run("ledger", "merge", f"sqlite:///{study / 'ledger.sqlite'}", on_server.url).code == 0
    made, stored = calls_made(study), outcomes(str(study / "ledger.sqlite"))
    moved = run("explore", small, "--study", study, "--ledger", url)
    assert (moved.code, calls_made(study)) == (0, made)
    assert f"{len(stored):,} outcomes" in moved.out
    assert outcomes(url) == stored


def test_calls_are_merged_in_both_directions(
    run: Run, on_server: OnServer, server: PostgreSQLServer, tmp_path: Path
) -> None:
    """From a server to a file, and from there to another: nothing is lost, changed or added twice."""
    url, back = server.fresh_url(), f"sqlite:///{tmp_path / 'back.sqlite'}"
    stored = outcomes(on_server.url)
    for into, source in ((back, on_server.url), (url, back)):
        merged = run("ledger", "merge", into, source)
        assert f"{len(stored):,} outcomes" in merged.out, merged.err
        assert "0 outcomes and 0 timings" in run("ledger", "merge", into, source).out
    assert outcomes(url) == outcomes(back) == stored
    shown = run("ledger", "show", url)
    assert f"outcomes  {len(stored):,}" in shown.out
    assert f"Sound: {len(stored):,} outcomes" in run("ledger", "verify", url).out


def test_an_outcome_that_was_changed_on_the_server_is_found(
    run: Run, on_server: OnServer, server: PostgreSQLServer, tmp_path: Path
) -> None:
    """By `verify`, with what to do; it is merged into no other ledger."""
    url = server.fresh_url()
    assert run("ledger", "merge", url, on_server.url).code == 0
    with closing(open_ledger(url)) as ledger:
        key = next(ledger.entries())[0].key
        ledger.forget([key])
        ledger.add([Entry(key, b"jchanged", "bm25", 0)])
    verified = run("ledger", "verify", url)
    assert verified.code == 1
    assert "Restore the database from a backup" in verified.err
    assert "is damaged" in run("ledger", "merge", f"sqlite:///{tmp_path / 'other.sqlite'}", url).err


def test_pruning_removes_for_all_only_what_is_named(
    run: Run, on_server: OnServer, server: PostgreSQLServer, tmp_path: Path
) -> None:
    """Evaluations are the study's own; outcomes are everybody's, and that is said."""
    url = server.fresh_url()
    assert run("ledger", "merge", url, on_server.url).code == 0
    study, stored = on_server.copy(tmp_path / "study", url=url), len(outcomes(url))
    assert "0 outcomes and 0 timings." in run("ledger", "prune", study, "--allow-server").out
    assert len(outcomes(url)) == stored
    pruned = run("ledger", "prune", study, "--component", "bm25", "--allow-server")
    assert f"{stored:,} outcomes" in pruned.out
    assert "for all who use it" in pruned.out
    assert outcomes(url) == {}
    refused = run("ledger", "repair", study)
    assert refused.code == 1
    assert "which Tradespace cannot repair: restore that database from a backup" in refused.err


def test_whoever_may_only_read_reports_and_makes_no_call(
    run: Run, small: Path, on_server: OnServer, server: PostgreSQLServer, tmp_path: Path
) -> None:
    """An exploration is refused before anything is called: what it would call could not be kept."""
    schema = on_server.url.rpartition("%3D")[2]
    server.role("onlooker")
    server.execute(
        f"GRANT USAGE ON SCHEMA {schema} TO onlooker", f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO onlooker"
    )
    reading = on_server.url.replace("tradespace@", "onlooker@")
    sent = on_server.copy(tmp_path / "sent", url=reading)
    for command in (["show"], ["report"], ["questions", "--allow-server"], ["ledger", "verify", "--allow-server"]):
        ran = run(*command, sent)
        assert ran.code == 0, ran.err
    assert "100 % of these calls are known" in run("check", small, "--study", sent, "--ledger", reading).out
    refused = run("explore", small, "--study", tmp_path / "own", "--ledger", reading)
    assert refused.code == 1
    assert "can be read here, and not written: what is called now would be lost" in refused.err
    assert not (tmp_path / "own" / "study.json").exists()


def test_a_password_is_written_nowhere(
    run: Run, small: Path, server: PostgreSQLServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither into a study nor on the terminal, with `--debug`, and where a command line is wrong or refused."""
    caplog.set_level("DEBUG")
    server.role(WITH_PASSWORD, PASSWORD)
    url = server.fresh_url(f"{WITH_PASSWORD}:{PASSWORD}")
    server.execute(f"GRANT ALL ON SCHEMA {url.rpartition('%3D')[2]} TO {WITH_PASSWORD}")
    study, wrong = tmp_path / "study", url.replace(str(server.port), "1")
    file = small.with_name("password.yaml")
    file.write_text(f"{small.read_text()}\nledger: {{from_env: {url!r}}}\n")
    ran = [
        run("explore", small, "--study", study, "--ledger", url, "--debug"),
        run("ledger", "show", url),
        run("ledger", "merge", study, url, "--allow-server"),
        run("explore", small, url),
        run("ledger", "show", wrong, "--debug"),
        run("explore", small, "--study", study, "--debug"),
        run("show", url),
        run("check", file),
        run("check", small, "--ledger", url.replace("postgresql", "postgre")),
    ]
    assert [each.code for each in ran] == [0, 0, 1, 2, 1, 2, 1, 2, 2]
    printed = "".join(each.out + each.err for each in ran) + caplog.text
    files = b"".join(each.read_bytes() for each in study.rglob("*") if each.is_file())
    assert PASSWORD not in printed
    assert PASSWORD.encode() not in files
    assert manifest(study)["ledger"] == {"url": url.replace(f":{PASSWORD}", ""), "from_env": None}


Interrupted = Callable[[Callable[[], None]], None]


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Interrupted:
    """Sets what happens when the third batch of outcomes is about to be stored."""
    monkeypatch.setattr(waiting, "RETRY_SECONDS", 0.05)
    batches = iter(range(1_000_000))
    add = PostgreSQLLedger.add

    def begin(event: Callable[[], None]) -> None:
        def add_after_event(self: PostgreSQLLedger, entries: Sequence[Entry]) -> int:
            if next(batches) == 2:
                event()
            return add(self, entries)

        monkeypatch.setattr(PostgreSQLLedger, "add", add_after_event)

    return begin


def test_a_run_goes_on_when_its_server_comes_back(
    run: Run, small: Path, tmp_path: Path, interrupted: Interrupted
) -> None:
    """It waits for it, and ends as any other run."""
    server = fragile_server()
    url, later = server.fresh_url(), threading.Timer(0.3, server.start)

    def away_for_a_while() -> None:
        server.stop()
        later.start()

    interrupted(away_for_a_while)
    ran = run("explore", small, "--study", tmp_path / "study", "--ledger", url)
    later.join()
    assert ran.code == 0, ran.err
    assert calls_made(tmp_path / "study") == len(outcomes(url))


def test_what_a_server_could_not_take_is_kept_and_sent_by_the_next_run(
    run: Run, small: Path, tmp_path: Path, interrupted: Interrupted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run ends with a message; the same command continues it, and no call is made twice."""
    monkeypatch.setattr(waiting, "SERVER_WAIT_SECONDS", 1)
    study, server = tmp_path / "study", fragile_server()
    url = server.fresh_url()
    interrupted(server.stop)
    ended = run("explore", small, "--study", study, "--ledger", url)
    assert ended.code == 1
    assert "Check that the server runs and can be reached" in ended.err
    assert f"What it could not take is kept in {study / 'unsent.sqlite'}: the next run sends it" in ended.err
    kept = outcomes(str(study / "unsent.sqlite"))
    assert kept
    server.start()
    assert run("explore", small, "--study", study, "--ledger", url).code == 0
    assert kept.items() <= outcomes(url).items()
    assert not list(study.glob("unsent.sqlite*"))
    assert run("explore", small, "--study", tmp_path / "undisturbed").code == 0
    assert outcomes(url) == outcomes(str(tmp_path / "undisturbed" / "ledger.sqlite"))
