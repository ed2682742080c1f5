"""Every retriever keeps its contract; BM25 and cosines are compared with naive references."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, get_args

import bm25s
import numpy as np
import pytest
import Stemmer
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pydantic import ValidationError

from tradespace.components.base import Call, Retriever, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.langchain import LangChainEmbeddings
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.fusions.rrf import RRF
from tradespace.components.fusions.weighted import Weighted
from tradespace.components.indexes.hnsw import HNSW
from tradespace.components.indexes.ivf import IVF
from tradespace.components.retrievers import RETRIEVERS
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.retrievers.base import best_places, shared_depth
from tradespace.components.retrievers.bm25 import BM25, Language
from tradespace.components.retrievers.dense import Dense
from tradespace.components.retrievers.hybrid import Hybrid
from tradespace.components.retrievers.langchain import LangChainRetriever
from tradespace.components.retrievers.langchain_vector_store import LangChainVectorStore
from tradespace.components.store import ArtefactStore
from tradespace.errors import ComponentError
from tradespace.testing.paragraphs import questions
from tradespace.testing.retriever_contract import RetrieverContract
from tradespace.testing.running import assert_same, run_one
from tradespace.types import Passage, Request

WORDS = "tradespace.testing.langchain_classes.WordRetriever"
TRIGRAMS = LangChainEmbeddings(path="tradespace.testing.langchain_classes.TrigramEmbeddings")
IN_MEMORY = "langchain_core.vectorstores.InMemoryVectorStore"
MEMBERS = (BM25(k1=0), Dense(embedder=TRIGRAMS), LangChainRetriever(path=WORDS, arguments={"k": 4}))
VARIANTS: tuple[Retriever, ...] = (
    BM25(),
    BM25(k1=0.9, b=0.4, stopwords="none", top_k=3),
    BM25(stemmer="english"),
    Dense(),
    Dense(index=HNSW(ef_search=8)),
    Dense(index=IVF(nlist=8)),
    Dense(embedder=TRIGRAMS),
    Hybrid(),
    Hybrid(fusion=Weighted(alpha=0.3), depth=5, top_k=3),
    Hybrid(retrievers=MEMBERS, fusion=Weighted(weights=(1, 0.5, 2)), top_k=5),
    LangChainRetriever(path=WORDS, arguments={"k": 4}),
    LangChainVectorStore(path=IN_MEMORY),
)


def corpus_of(texts: Sequence[str], root: Path) -> Corpus:
    """A corpus of texts; its passages are named by their places."""
    return Corpus(tuple(Passage(f"{n}", f"{n}", text) for n, text in enumerate(texts)), ArtefactStore(root))


@pytest.mark.parametrize("component", VARIANTS, ids=str)
class TestRetrievers(RetrieverContract):
    """The contract."""


def test_every_retriever_is_under_contract() -> None:
    """No retriever is listed without being tested: here, or beside those that ask a model."""
    asking = {retriever for retriever in RETRIEVERS if issubclass(retriever, ModelGuidedRetriever)}
    assert {type(variant) for variant in VARIANTS} | asking == set(RETRIEVERS)


@given(
    scores=arrays.arrays(np.float32, st.integers(0, 30), elements=st.sampled_from([0, 1, 2, 3])),
    count=st.integers(1, 40),
)
def test_best_places_are_a_stable_sort(scores: np.ndarray, count: int) -> None:
    """The fast choice of the best equals sorting everything, ties by place."""
    naive = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:count]
    assert best_places(scores, count).tolist() == naive


@pytest.mark.parametrize(
    ("k1", "b", "stemmer"), [(1.2, 0.75, "none"), (0.0, 0.0, "none"), (2.0, 1.0, "none"), (1.2, 0.75, "english")]
)
def test_bm25_by_the_formula(k1: float, b: float, stemmer: Literal["none", "english"], corpus: Corpus) -> None:
    """Scores are Lucene's formula, in loops; passages that share no term with the question are not found.

    Terms are those of bm25s, which stems with the same library where it is told to.
    """
    tokenize = partial(
        bm25s.tokenize,
        stemmer=Stemmer.Stemmer("english") if stemmer == "english" else None,
        return_ids=False,
        show_progress=False,
    )
    bags = [Counter(terms) for terms in tokenize(corpus.texts)]
    mean_length = sum(bag.total() for bag in bags) / len(bags)
    question = questions()[5].text
    (terms,) = tokenize([question])
    expected = {}
    for passage, bag in zip(corpus.passages, bags, strict=True):
        expected[passage.id] = 0.0
        for term in terms:
            holders = sum(term in other for other in bags)
            rarity = math.log(1 + (len(bags) - holders + 0.5) / (holders + 0.5))
            norm = k1 * (1 - b + b * bag.total() / mean_length)
            expected[passage.id] += rarity * bag[term] / (bag[term] + norm) if bag[term] else 0.0
    ranking = ranking_of(run_one(BM25(k1=k1, b=b, stemmer=stemmer, top_k=48), corpus, Request(question)))
    found = {name: score for name, score in expected.items() if score}
    assert 0 < len(found) < len(corpus.passages)
    assert {scored.passage.id: scored.score for scored in ranking} == pytest.approx(found, abs=1e-4)


def test_every_language_has_a_stemmer() -> None:
    """What can be named can be opened."""
    assert set(get_args(Language)) <= set(Stemmer.algorithms())


def test_inflected_words_are_found_with_a_stemmer(tmp_path: Path) -> None:
    """Without one they are other words."""
    corpus = corpus_of(["Two bridges crossed the river.", "A harbour."], tmp_path)
    question = Request("Which river is crossed by a bridge or is it bridging?")
    plain, stemmed = (ranking_of(run_one(BM25(stemmer=stemmer), corpus, question)) for stemmer in ("none", "english"))
    assert [scored.passage.text for scored in stemmed] == ["Two bridges crossed the river."]
    assert stemmed[0].score > plain[0].score
    question = Request("bridge")
    assert run_one(BM25(), corpus, question) == ()
    assert len(ranking_of(run_one(BM25(stemmer="english"), corpus, question))) == 1


def test_stemming_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch, corpus: Corpus) -> None:
    """Where it is asked for; BM25 without a stemmer needs nothing."""
    monkeypatch.setitem(sys.modules, "Stemmer", None)
    BM25().open(corpus)
    with pytest.raises(ComponentError, match=r"^bm25 needs Stemmer, .* pip install 'tradespace\[stemming\]'$"):
        BM25(stemmer="english").open(corpus)


@pytest.mark.parametrize("retriever", [BM25(), BM25(k1=0, top_k=1)], ids=str)
@pytest.mark.parametrize("question", ["xylophone", "", "the of and", "日本"])
def test_what_matches_nothing_is_not_found(retriever: Retriever, question: str, corpus: Corpus) -> None:
    """A question that shares no term with any passage finds none, however many are asked for."""
    assert run_one(retriever, corpus, Request(question)) == ()


def test_hybrid_ranks_nothing_that_its_lexical_member_did_not_match(tmp_path: Path) -> None:
    """What neither shares a term nor is near comes last: no place in the files lends it a lexical rank."""
    texts = ["zebra crossing", "the quay", "zebra zebra stripes", "the harbour"]
    for fusion in (RRF(k=0), Weighted(alpha=0.01)):
        hybrid = Hybrid(fusion=fusion, dense=Dense(embedder=TRIGRAMS))
        found = ranking_of(run_one(hybrid, corpus_of(texts, tmp_path), Request("zebra")))
        assert {scored.passage.text for scored in found[:2]} == {texts[0], texts[2]}
        assert found[1].score > found[2].score


def test_the_only_match_counts_in_a_weighted_fusion(tmp_path: Path) -> None:
    """One lexical match among many passages has the whole lexical weight: the others have a score of 0 there."""
    texts = ["a zebra", "horses", "donkeys", "mules"]
    hybrid = Hybrid(fusion=Weighted(alpha=0), dense=Dense(embedder=TRIGRAMS))
    found = ranking_of(run_one(hybrid, corpus_of(texts, tmp_path), Request("zebra")))
    assert [scored.score for scored in found] == [1, 0, 0, 0]
    assert found[0].passage.text == "a zebra"


SAME_IN_ANY_ORDER: tuple[Retriever, ...] = (
    BM25(top_k=3),
    Dense(embedder=TRIGRAMS, top_k=3),
    Dense(embedder=TRIGRAMS, index=HNSW(), top_k=3),
    Dense(embedder=TRIGRAMS, index=IVF(nlist=2, nprobe=1), top_k=3),
    Hybrid(dense=Dense(embedder=TRIGRAMS), top_k=3, depth=3),
    Hybrid(dense=Dense(embedder=TRIGRAMS), fusion=Weighted(), top_k=3, depth=3),
    LangChainRetriever(path=WORDS, arguments={"k": 3}),
)


@pytest.mark.parametrize("retriever", SAME_IN_ANY_ORDER, ids=str)
@given(
    texts=st.permutations(["red hat", "red cap", "red", "blue hat", "hat red", "red shoe", "red", "cap red", "blue"])
)
@settings(max_examples=10, deadline=None)
def test_names_and_order_of_documents_decide_nothing(retriever: Retriever, texts: list[str]) -> None:
    """Documents named and ordered otherwise: the same texts are found, in the same order, ties and all."""
    with TemporaryDirectory() as folder:
        rankings = [
            ranking_of(run_one(retriever, corpus_of(order, Path(folder)), Request("red hats in red")))
            for order in (texts, sorted(texts))
        ]
    found, expected = ([(scored.passage.text, scored.score) for scored in ranking] for ranking in rankings)
    assert found == expected
    assert len(found) == 3


@pytest.mark.parametrize(
    ("question", "answering"),
    [
        ("北京的人口是多少？", "北京市的人口约为两千一百万。"),
        ("たこ焼きの名物", "大阪ではたこ焼きが名物である。"),
        ("ประชากรของกรุงเทพ", "กรุงเทพมหานครมีประชากรสิบล้านคน"),
        ("सेब का रंग", "सेब लाल होता है।"),
        ("ＴＯＫＹＯ　ﾀﾜｰ", "東京タワー (tokyo) は赤い。"),
        ("서울의 인구", "서울은 대한민국의 수도이다."),
    ],
)
def test_bm25_searches_every_script(question: str, answering: str, tmp_path: Path) -> None:
    """Without spaces between words, with marks in them, in wide letters: the passage with the words is found."""
    others = [
        "上海是一座城市。",
        "名古屋は味噌カツである。",
        "เชียงใหม่อยู่ทางเหนือ",
        "केला पीला है",
        "An English sentence.",
        "부산",
    ]
    found = ranking_of(run_one(BM25(), corpus_of([*others, answering], tmp_path), Request(question)))
    assert found[0].passage.text == answering


def test_passages_without_terms_are_indexed(tmp_path: Path) -> None:
    """A corpus that holds no word at all is searched, and nothing found."""
    assert run_one(BM25(), corpus_of(["。", "!?"], tmp_path), Request("Who?")) == ()


def test_dense_ranks_by_cosine(corpus: Corpus) -> None:
    """The exact dense retriever ranks by the cosine of vectors, and gives it as the score."""
    question = questions()[3].text
    encoder = Minilm().load()
    cosines = encoder.encode(corpus.texts) @ encoder.encode([question])[0]
    ranking = ranking_of(run_one(Dense(top_k=5), corpus, Request(question)))
    places = np.argsort(-cosines)[:5]
    assert [scored.passage for scored in ranking] == [corpus.passages[place] for place in places]
    assert [scored.score for scored in ranking] == pytest.approx(cosines[places].tolist(), abs=1e-4)


@pytest.mark.parametrize("retriever", [Dense(), Hybrid()], ids=str)
def test_all_passages_come_if_more_are_wanted(retriever: Retriever, corpus: Corpus) -> None:
    """A top_k beyond the corpus returns every passage that has a vector."""
    settings = {"depth": 1000} if isinstance(retriever, Hybrid) else {}
    ranking = ranking_of(run_one(retriever.with_settings(top_k=1000, **settings), corpus, Request(questions()[0].text)))
    assert {scored.passage for scored in ranking} == set(corpus.passages)


@pytest.mark.parametrize("retriever", [BM25(), Dense(), Dense(index=IVF(nlist=8))], ids=str)
def test_one_search_serves_every_top_k(retriever: Retriever, corpus: Corpus) -> None:
    """The rankings for 1, 3 and 20 are one call, cut; and equal to what an operator opened for each finds."""
    request = Request(questions()[2].text)
    variants = [retriever.with_settings(top_k=top_k) for top_k in (1, 3, 20)]
    assert len({tuple(next(variant.process(request))) for variant in variants}) == 1
    for variant in variants:
        assert_same(run_one(variant, corpus, request), variant.open(corpus)([request])[0])


def test_hnsw_is_searched_for_each_top_k() -> None:
    """HNSW walks wider when more is asked for, so its searches are not shared."""
    request = Request("Who?")
    calls = {next(Dense(index=HNSW(), top_k=top_k).process(request))[0] for top_k in (1, 3)}
    assert len(calls) == 2


def test_hybrid_makes_its_members_calls(corpus: Corpus) -> None:
    """A hybrid retriever asks nothing that its members, used alone, would not ask."""
    request = Request(questions()[0].text)
    calls: list[Call] = [*next(BM25().process(request)), *next(Dense().process(request))]
    assert list(next(Hybrid().process(request))) == calls


def test_any_retrievers_are_fused_each_as_deep_as_it_may_be(corpus: Corpus) -> None:
    """Lexical, dense and foreign ones: the fusion is given what each finds by itself."""
    request = Request(questions()[0].text)
    rankings = [
        ranking_of(run_one(member, corpus, request))
        for member in (BM25(k1=0, top_k=7), Dense(embedder=TRIGRAMS, top_k=7), MEMBERS[2])
    ]
    hybrid = Hybrid(retrievers=MEMBERS, depth=7, top_k=9)
    assert run_one(hybrid, corpus, request) == RRF().fuse(*rankings)[:9]


def test_a_hybrid_of_the_usual_two_is_the_hybrid_without_retrievers(corpus: Corpus) -> None:
    """Named one by one they find the same, with the same calls."""
    request = Request(questions()[1].text)
    named = Hybrid(retrievers=(BM25(), Dense()))
    assert run_one(named, corpus, request) == run_one(Hybrid(), corpus, request)
    assert next(named.process(request)) == next(Hybrid().process(request))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"retrievers": (BM25(),)}, "two or more; given: bm25"),
        ({"retrievers": (BM25(), Dense()), "bm25": BM25(b=0)}, "in place of bm25 and dense: leave out bm25"),
        (
            {"fusion": Weighted(weights=(1, 2, 3))},
            "one weight for each of 2 retrievers; given: weighted.weights=.1.0, 2.0, 3.0",
        ),
    ],
)
def test_members_that_do_not_fit_are_refused(settings: dict[str, Any], message: str) -> None:
    """With what must hold, what was given, and what to do."""
    with pytest.raises(ValidationError, match=message):
        Hybrid(**settings)


@given(top_k=st.integers(1, 1000))
def test_shared_depth_is_deep_enough(top_k: int) -> None:
    """The shared search is never shallower than what was asked for."""
    assert shared_depth(top_k) >= top_k


def test_langchain_documents_from_elsewhere_become_passages(corpus: Corpus) -> None:
    """A retriever over its own documents returns passages named by their content."""
    path = "tradespace.testing.langchain_classes.FixedRetriever"
    texts = ["Not in the corpus.", corpus.passages[4].text]
    ranking = ranking_of(run_one(LangChainRetriever(path=path, arguments={"texts": texts}), corpus, Request("Who?")))
    assert [scored.passage.text for scored in ranking] == texts
    assert ranking[0].passage.id.startswith("foreign#")
    assert ranking[1].passage == corpus.passages[4]


@pytest.mark.parametrize(
    ("path", "arguments", "message"),
    [
        ("no_such_package.Retriever", {}, "no_such_package"),
        ("tradespace.testing.langchain_classes.NoSuchClass", {}, "has no 'NoSuchClass'"),
        ("tradespace.testing.langchain_classes.TrigramEmbeddings", {}, "must be a subclass of .*BaseRetriever"),
        (WORDS, {"k": "many"}, "could not be made with arguments {'k': 'many'}"),
    ],
)
def test_wrong_paths_and_arguments_are_explained(
    path: str, arguments: dict[str, str], message: str, corpus: Corpus
) -> None:
    """A path is not imported until the component is opened; then the error says what was given and what is expected."""
    component = LangChainRetriever(path=path, arguments=arguments)
    with pytest.raises(ComponentError, match=message):
        component.open(corpus)
