"""A real vLLM, served and in this process: it keeps the contract, draws what our engine draws, and may die."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.vllm.conftest import SMALL, Served
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.openai import OpenAI
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.llms.vllm import VLLM, engine_of
from tradespace.components.prompts.tasks import DIRECT, THINK, Task
from tradespace.components.store import ArtefactStore
from tradespace.data.load import load_dataset
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.files import read_data, read_specification
from tradespace.explorer.progress import Status
from tradespace.explorer.storage.study import StudyFolder
from tradespace.testing.language_model_contract import PROMPT, LanguageModelContract, complete, samples
from tradespace.testing.paragraphs import documents
from tradespace.types import Passage, Prompt, Timed

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.skipif(find_spec("vllm") is None, reason="vLLM has an environment of its own: make test-vllm"),
]
ARGUMENTS = {"dtype": "float32", "max_model_len": 1024, "enforce_eager": True}
SPACE = """
name: served
data: {{dataset: microworld, explore: 12, confirm: 0}}
pipeline:
  retrieve: {{bm25: {{top_k: 4}}}}
  generate:
    llm:
      model: {{openai: {{model: tiny, base_url: "{url}", format: tiny_reasoner, attempts: 2}}}}
      strategy: [direct, cot]
      passages: [1, 2, 3, 4]
objectives: {{answer_em: maximize, latency_p95: minimize}}
search: {{strategy: grid, batch: 2}}
"""
"""Nothing is confirmed: which pipelines are finalists depends on latency, and with them the number of calls."""


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Anything: language models do not search it."""
    return Corpus(whole_documents(documents()), ArtefactStore(tmp_path_factory.mktemp("artefacts")))


@pytest.fixture(scope="session", params=["served", "in process"])
def component(request: pytest.FixtureRequest) -> LanguageModel:
    """vLLM in both ways."""
    if request.param == "in process":
        return VLLM(model=SMALL, arguments=ARGUMENTS, format="tiny_reasoner")
    return OpenAI(model="tiny", base_url=request.getfixturevalue("served").url, format="tiny_reasoner")


class TestLanguageModels(LanguageModelContract):
    """The contract."""


def exam() -> list[Prompt]:
    """A hundred prompts of the kind that the tiny reasoners were trained on."""
    dataset = load_dataset("microworld")
    texts = {document.id: document.text for document in dataset.documents}
    model = TinyReasoner(size="small")
    tasks = [
        Task(instruction, question.text, tuple(Passage(name, name, texts[name]) for name in question.gold))
        for question in dataset.questions[:50]
        for instruction in (DIRECT, THINK)
    ]
    return [Prompt(model.messages(task), max_tokens=160) for task in tasks]


def test_greedy_completions_are_those_of_our_own_engine(component: LanguageModel, corpus: Corpus) -> None:
    """Up to the rounding of near ties: at least 95 of 100 are the same, and as likely."""
    prompts = exam()
    ours = complete(TinyReasoner(size="small"), corpus, prompts)
    theirs = complete(component, corpus, prompts)
    same = [one.text.split() == other.text.split() for one, other in zip(ours, theirs, strict=True)]
    print(f"\n{component.name}: {sum(same)} of {len(same)} greedy completions are those of the embedded engine")
    assert sum(same) >= 0.95 * len(same)
    for one, other, equal in zip(ours, theirs, same, strict=True):
        if equal:
            assert (one.tokens_in, one.tokens_out) == (other.tokens_in, other.tokens_out)
            assert one.log_probability == pytest.approx(other.log_probability, abs=2e-2)


def test_many_samples_are_drawn_from_one_request(served: Served, corpus: Corpus) -> None:
    """They come back together, in the time of the one request that drew them all."""
    model = OpenAI(model="tiny", base_url=served.url)
    drawn = model.open(corpus)(samples(*range(16)))
    timed = [one for one in drawn if isinstance(one, Timed)]
    assert len(timed) == 16
    assert len({(one.seconds, one.waited) for one in timed}) == 1


def test_the_first_token_comes_before_the_last(served: Served, corpus: Corpus) -> None:
    """A streamed reply brings token after token: the time to the first is the prefill's, the rest is decoding."""
    (timed,) = OpenAI(model="tiny", base_url=served.url).open(corpus)([PROMPT])
    assert isinstance(timed, Timed)
    print(f"\nthe first token after {timed.first_token} s, the last after {timed.seconds} s")
    assert timed.first_token is not None
    assert 0 < timed.first_token < timed.seconds


class Listener:
    """Kills the server once the first batch of pipelines is done."""

    def __init__(self, served: Served | None) -> None:
        self.served = served

    def phase(self, title: str) -> None:
        """Nothing to do."""

    def working(self, doing: str) -> None:
        pass

    def searching(self, status: Status) -> None:
        if self.served:
            self.served.kill()
            self.served = None

    def warn(self, messages: Sequence[str]) -> None:
        """Nothing to do."""


def test_a_server_may_die_in_the_middle_and_come_back(served: Served, tmp_path: Path) -> None:
    """The run ends with the reason; what was answered stays, and the next run makes the other calls, and no other."""
    file = tmp_path / "space.yaml"
    file.write_text(SPACE.format(url=served.url))
    specification = read_specification(file)
    dataset = read_data(specification).dataset

    def explore(study: Path, killed: Served | None = None) -> tuple[dict[str, int], str, int, int]:
        exploration = Exploration(specification, StudyFolder(study), dataset, Listener(killed), "here")
        results = exploration.run()
        failures = {evaluation.pipeline: len(evaluation.failures) for evaluation in results.explored}
        where = results.provenance
        return failures, where.stopped, where.calls_made, len(StudyFolder(study).ledger)

    failures, stopped, _, before = explore(tmp_path / "study", killed=served)
    assert list(failures.values()) == [0] * 2
    assert "does not answer" in stopped
    served.start()
    served.wait()
    failures, stopped, _, after = explore(tmp_path / "study")
    assert (set(failures.values()), stopped) == ({0}, "")
    whole, _, made, entries = explore(tmp_path / "undisturbed")
    assert set(whole) == set(failures)
    assert before < after == entries == made


def test_a_server_that_is_told_to_end_ends(served: Served) -> None:
    """Within half a minute, and all that it started with it."""
    import psutil

    assert served.process
    started = psutil.Process(served.process.pid).children(recursive=True)
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(timeout=30)
    alive = psutil.wait_procs(started, timeout=30)[1]
    assert alive == []


def test_a_closed_engine_leaves_no_process() -> None:
    """The engine in this process has processes of its own, which end with it."""
    import psutil

    engine = engine_of(SMALL, repr(VLLM(model=SMALL, arguments=ARGUMENTS).arguments))
    assert any("EngineCore" in " ".join(one.cmdline()) for one in psutil.Process().children(recursive=True))
    engine.close()
    left = psutil.wait_procs(psutil.Process().children(recursive=True), timeout=30)[1]
    assert not [one for one in left if "EngineCore" in " ".join(one.cmdline())]
