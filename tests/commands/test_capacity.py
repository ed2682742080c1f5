"""A study that explores deployments: what its commands say of pipelines under load."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from tests.commands.conftest import Run, explored
from tests.explorer.test_crash import write_space
from tradespace.commands.served_deployment import capacity_sentence, recommended_deployment
from tradespace.components.notation import parse
from tradespace.explorer.profiling import study_profiling
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.deployment import Deployment, Host, StageGroup

SPACE = """
name: deployed
data: {questions: questions.jsonl, documents: documents, explore: 20, confirm: 20}
pipeline:
  retrieve: {bm25: {top_k: [1, 5]}}
objectives: {mrr: maximize, latency_p95: minimize, usd_per_hour: minimize}
sla: {latency_p95: 500 ms}
search: {strategy: grid}
deployment:
  load: {rate: [2 per s, 1000000 per s]}
  stages:
    retrieve: {replicas: [1, 2], batch: [1, 2]}
  hosts: {cpu: {usd_per_hour: 0.2, cores: 2}}
"""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Explored, its finalists measured in replicas for a moment."""
    folder = tmp_path_factory.mktemp("deployed")
    write_space(folder)
    (folder / "deployed.yaml").write_text(SPACE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study_profiling, "SECONDS_EACH", 0.2)
        patch.setattr(study_profiling, "FEWEST_SECONDS", 0.0)
        return explored(folder / "deployed.yaml", folder / "study")


def test_the_deployments_of_a_study_are_read_back_with_what_was_measured(deployed: Path) -> None:
    """Loads, alternatives, goals as written, and the profiles of this host."""
    read = StudyFolder(deployed).deployments()
    assert read is not None
    assert [load.rate for load in read.space.loads] == [2.0, 1_000_000.0]
    assert read.space.size == 4
    assert "usd_per_hour" in read.space.goals.measures
    assert {each.profile.threads for each in read.profiles.stages} <= {1, 2}
    assert all(each.profile.sizes[-1] == 2 for each in read.profiles.stages)


def test_show_says_what_is_deployed_and_which_load_is_too_much(deployed: Path, run: Run) -> None:
    """The frontier under each load, or why there is none; each latency with its load."""
    shown = run("show", deployed)
    assert shown.code == 0
    assert "Under 2 requests per s: " in shown.out
    assert "It holds the SLA to " in shown.out
    assert "p95 latency under load" in shown.out
    assert "alike" in shown.out and "recommended" in shown.out
    below = shown.out[shown.out.index("Under 2 requests per s: ") : shown.out.index("Under 1,000,000")].splitlines()
    named = [line for line in below if line.lstrip().startswith("#")]
    assert named and len(set(named)) == len(named)
    assert "Under 1,000,000 requests per s: no pipeline keeps the SLA of 500 ms in any of the deployments." in shown.out


def test_the_report_has_a_section_for_each_load(deployed: Path) -> None:
    """With the curve of the recommended deployment, and the frontier."""
    page = (deployed / "report.html").read_text()
    assert "Under load: 2 requests per s" in page
    assert '"figure-load-0"' in page and '"figure-load-1"' not in page
    assert 'id="load-0-table"' in page


def test_capacity_says_how_much_is_held_and_what_is_foretold(deployed: Path, run: Run) -> None:
    """For the recommended pipeline in its deployment."""
    told = run("capacity", deployed, "--rate", "2 per s")
    assert told.code == 0
    assert "holds latency_p95 <= 500 ms to " in told.out
    assert "2 requests per s" in told.out and "latency_p99" in told.out


def test_capacity_of_replicas_and_batches_that_are_named(deployed: Path, run: Run) -> None:
    """They take the place of the study's own deployments; of any evaluated pipeline."""
    told = run("capacity", deployed, "--replicas", 3, "--batch", 4, "--pipeline", "bm25(top_k=1)", "--sla", "50 ms")
    assert "retrieve: 3 replicas, batches of up to 4" in told.out
    assert "holds latency_p95 <= 50 ms to " in told.out


def test_capacity_of_a_deployment_in_a_file(deployed: Path, run: Run, tmp_path: Path) -> None:
    """Its faults are told with their line."""
    file = tmp_path / "other.yaml"
    stages = "  stages:\n    retrieve: {replicas: 4}\n"
    text = f"deployment:\n  load: {{rate: 3 per s}}\n{stages}  hosts: {{big: {{usd_per_hour: 1}}}}\n"
    file.write_text(text)
    assert "retrieve: 4 replicas" in run("capacity", deployed, "--deployment", file).out
    file.write_text(text.replace("retrieve:", "read:"))
    faulty = run("capacity", deployed, "--deployment", file)
    assert faulty.code == 2 and "other.yaml:4" in faulty.err and "no pipeline of this space has a stage" in faulty.err


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        (["--pipeline", "bm25(top_k=2)", "--replicas", "1"], "was not evaluated"),
        (["--rate", "0 per s"], "--rate must be above 0 per s"),
        (["--trace", "nowhere"], "no trace is called 'nowhere'"),
        (["--sla", "fast"], "--sla must be a duration"),
        (["--host", "elsewhere"], "--host must be one that"),
    ],
)
def test_what_cannot_be_asked_is_said(deployed: Path, run: Run, wishes: list[str], message: str) -> None:
    """What must hold, what was given, what is valid."""
    refused = run("capacity", deployed, *wishes)
    assert refused.code == 2
    assert message in " ".join(refused.err.split())


def test_the_server_takes_what_is_recommended_under_the_first_load(deployed: Path, run: Run) -> None:
    """Said before anything is opened; not where the command line names a pipeline."""
    found = recommended_deployment(StudyFolder(deployed))
    assert found is not None and found[0].rate == 2.0 and found[1] is not None
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert "the study recommends under 2 requests per s." in run("serve", deployed, "--port", port).out
        assert "recommends" not in run("serve", deployed, "--port", port, "--pipeline", "bm25(top_k=1)").out


def test_what_is_served_is_said_to_hold_so_many_requests(deployed: Path, study: Path) -> None:
    """Where the study has an SLA, and timed the pipeline."""
    group = StageGroup(("retrieve",), host="cpu")
    deployment = Deployment((group,), (Host("cpu", cores=2),))
    said = capacity_sentence(StudyFolder(deployed), parse("bm25(top_k=1)"), deployment)
    number = r"[\d,.]+"
    reach = rf"({number} ± {number} requests per s|{number} requests per s( \({number}–{number}\))?)"
    assert re.fullmatch(rf"It holds latency_p95 <= 500 ms to {reach}, predicted\.", said)
    assert capacity_sentence(StudyFolder(deployed), parse("bm25(top_k=2)"), deployment) == ""
    assert capacity_sentence(StudyFolder(study), parse("bm25(top_k=1)"), deployment) == ""


def test_limits_on_what_only_deployments_have(deployed: Path, study: Path, run: Run) -> None:
    """They are kept under load, and say nothing of pipelines by themselves; a utility may weigh them, too."""
    kept = run("show", deployed, "--limit", "usd_per_hour <= 1")
    assert kept.code == 0 and "Use this pipeline" in kept.out and "$0.2 per hour" in kept.out
    missed = run("show", deployed, "--limit", "usd_per_hour <= 0.1")
    assert "no pipeline keeps the SLA of 500 ms and usd_per_hour <= 0.1" in missed.out
    weighed = run("show", deployed, "--utility", "mrr - 0.1 * usd_per_hour")
    assert weighed.code == 0 and "Under 2 requests per s: MRR" in weighed.out
    assert run("report", deployed, "--limit", "usd_per_hour <= 1").code == 0
    refused = run("show", study, "--limit", "usd_per_hour <= 1")
    assert refused.code == 2 and "only a deployment has usd_per_hour" in " ".join(refused.err.split())


def test_a_study_without_an_sla_must_be_given_one(study: Path, run: Run) -> None:
    """And one without deployments is asked about its recommended pipeline in one process."""
    assert "a capacity needs a latency that must be kept" in " ".join(run("capacity", study).err.split())
    assert "1 replica" in run("capacity", study, "--sla", "300 ms").out


def test_a_study_without_deployments_says_nothing_of_loads(study: Path, run: Run) -> None:
    """Neither on the console nor in the report."""
    assert "Under " not in run("show", study).out
    assert "Under load" not in (study / "report.html").read_text()
