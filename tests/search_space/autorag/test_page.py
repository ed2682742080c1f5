"""AutoRAG's configuration as a search space: what is taken over, what is told, and what breaks nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.search_space.autorag.configurations import CHUNKING, LATER, OLDER
from tests.soak import repetitions
from tradespace.errors import SpaceError
from tradespace.search_space.autorag.page import TranslatedSpace, translated
from tradespace.search_space.specification import load_text

HOSTILE = [None, "", "${HOME", "(1, 2", "{query", -1, 0.5, True, [], {}, [[1]], {"a": [None]}, "bm25", "\u2028", 10**40]


def translate(folder: Path, *texts: str) -> TranslatedSpace:
    """Translate configurations that are given as texts."""
    files = [folder / f"{number}.yaml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return translated(files, "moved", {"dataset": "wikipedia"})


def space_of(found: TranslatedSpace) -> Any:
    """The written space as plain data, once it was found to be one."""
    load_text(found.text)
    return yaml.safe_load(found.text)


def test_the_older_layout(tmp_path: Path) -> None:
    """One node retrieves, and its modules name embedders, constants and weights themselves."""
    found = translate(tmp_path, OLDER)
    plain = space_of(found)["pipeline"]["retrieve"]
    embedder = {"sentence_transformer": {"model": "sentence-transformers/all-mpnet-base-v2"}}
    assert plain["bm25"] == {"top_k": 8}
    assert plain["dense"] == {"embedder": embedder, "top_k": 8}
    assert plain["hybrid"]["fusion"] == {"rrf": {"k": [3, 60]}, "weighted": {"alpha": [0.75, 0.5]}}
    assert (plain["hybrid"]["depth"], plain["hybrid"]["dense"]) == (8, {"embedder": embedder})
    assert (plain["hyde"]["model"], plain["hyde"]["max_tokens"]) == ("openai:gpt-4o-mini", 64)
    assert set(plain["hyde"]["retriever"]) == {"bm25", "dense", "hybrid"}
    assert space_of(found)["objectives"] == {"gold_recall@8": "maximize", "latency_mean": "minimize"}
    assert space_of(found)["sla"] == {"latency_mean": "7 s"}


def test_the_later_layout(tmp_path: Path) -> None:
    """Lists are dimensions, databases are named, and chunking stands in a file of its own."""
    stages = space_of(translate(tmp_path, LATER, CHUNKING))["pipeline"]
    assert list(stages) == ["chunk", "retrieve", "rerank", "rerank_2", "rerank_3", "rerank_4", "generate"]
    assert stages["chunk"] == {"tokens": {"size": [512, 256], "overlap": 24}, "sentences": {"size": [512, 256]}}
    assert stages["retrieve"]["bm25"] == {"top_k": [5, 10], "stemmer": ["english", "none"]}
    assert [next(iter(one)) for one in stages["retrieve"]["dense"]["embedder"]] == [
        "openai_embeddings",
        "sentence_transformer",
    ]
    assert stages["retrieve"]["hybrid"]["fusion"] == {
        "rrf": {"k": {"from": 4, "to": 80}},
        "weighted": {"alpha": {"from": 0.2, "to": 0.8, "step": 0.2}},
    }
    assert stages["rerank"] == {"none": {}, "cross_encoder": {"keep": 3}, "maxsim": {"keep": 3}}
    assert stages["rerank_2"] == {"none": {}, "neighbours": {"before": [0, 1], "after": 1}}
    assert stages["rerank_3"] == {"summarize": {"model": "openai:small"}}
    assert stages["rerank_4"] == {"none": {}, "score_threshold": {"at_least": 0.8}}


def test_metrics_become_measures(tmp_path: Path) -> None:
    """The same where there is one, and one that stands in where there is none: that is told."""
    found = translate(tmp_path, LATER)
    assert {"rouge_l", "answer_f1"} >= space_of(found)["objectives"].keys() - {"latency_mean", "latency_p95"}
    assert "rouge_l" in space_of(found)["objectives"]
    assert not any("rouge" in str(remark) for remark in found.remarks)


def test_models_and_prompts(tmp_path: Path) -> None:
    """Each model by its server, each prompt word for word, and a key by its variable alone."""
    readers = space_of(translate(tmp_path, LATER))["pipeline"]["generate"]
    readers = readers if isinstance(readers, list) else [readers]
    models = [model for one in readers for model in _listed(one["llm"]["model"])]
    assert "openai:small" in models
    assert {"openai": {"base_url": "http://localhost:11434/v1", "several": False, "model": "small"}} in models
    own = {"base_url": "http://localhost:8012/v1", "key_variable": "OWN_KEY", "model": "qwen"}
    assert {"openai": own} in models
    prompts = _listed(readers[0]["llm"]["prompt"])
    texts = {one["template"]["text"] for one in prompts}
    assert "As {json}: {{ question }}" in texts
    assert {one["template"]["system"] for one in prompts} == {"", "Be brief."}


def test_what_has_no_counterpart_is_told_with_its_line(tmp_path: Path) -> None:
    """In the file and to the caller, in the order of lines."""
    found = translate(tmp_path, LATER)
    told = [str(remark) for remark in found.remarks]
    for words in ("upr: ", "ko_kiwi", "g_eval: ", "`temperature`", "normalize_method: tmm"):
        (remark,) = [remark for remark in told if words in remark]
        line = int(remark.removeprefix(f"{tmp_path}/0.yaml:").partition(":")[0].partition(",")[0])
        assert words.strip("`: ").partition(":")[0] in LATER.splitlines()[line - 1]
        assert f"#   {remark}" in found.text
    assert "PROJECT_DIR" not in found.text


def test_a_key_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one in the configuration, nor one in the environment; other variables are filled in."""
    monkeypatch.setenv("OWN_KEY", "sk-0123456789abcdef")
    monkeypatch.setenv("HOST_HERE", "http://localhost:8012")
    written = LATER.replace("http://localhost:8012", "${HOST_HERE}").replace("${OWN_KEY}", "sk-abcdef0123456789")
    found = translate(tmp_path, written)
    assert "sk-" not in found.text + "".join(map(str, found.remarks))
    assert "http://localhost:8012/v1" in found.text
    assert "export it" in found.text


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", ":1: must be AutoRAG's configuration"),
        ("a: [1", ":1: must be YAML"),
        ("node_lines: 5", ":1: `node_lines` must be a list"),
        ("node_lines:\n- nodes: [1]", ":2: must be a mapping, one of `nodes`"),
        ("node_lines:\n- nodes:\n  - modules: [{module_type: bm25}]", ":3: needs `node_type`"),
        ("node_lines:\n- nodes:\n  - node_type: retrieval\n    modules: [{a: 1}]", ":4: needs `module_type`"),
        ("node_lines:\n- nodes: [{node_type: mine, modules: [{module_type: own}]}]", "mine: no stage stands"),
        (CHUNKING, "needs a node that retrieves or generates"),
    ],
)
def test_what_is_no_configuration_is_refused(tmp_path: Path, text: str, where: str) -> None:
    """With the line that is wrong."""
    with pytest.raises(SpaceError) as refused:
        translate(tmp_path, text)
    assert where in str(refused.value)


@settings(max_examples=repetitions(40, soak=5000), deadline=None)
@given(st.data())
def test_a_broken_configuration_is_refused_or_still_gives_a_space(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever is put in the place of whatever value: never another error, and never a space that is none."""
    broken = yaml.safe_load(data.draw(st.sampled_from([OLDER, LATER])))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(list(_places(broken))))
        holder[key] = data.draw(st.sampled_from(HOSTILE))
    try:
        found = translate(tmp_path_factory.mktemp("broken"), yaml.safe_dump(broken))
    except SpaceError as refused:
        assert all(fault.where for fault in refused.faults)
    else:
        load_text(found.text)


def _places(data: Any) -> Any:
    """Every place of nested data, as what holds it and its key."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in list(items):
        yield data, key
        yield from _places(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
