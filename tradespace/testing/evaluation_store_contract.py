"""What holds for a store of evaluations in every database (see `tradespace.explorer.storage.base`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.explorer.results import Conditions, Evaluation, Judging, QuestionSet, Replies, Usage
from tradespace.explorer.storage.base import Database, EvaluationStore
from tradespace.testing.storage_contract import DRAWN_EXAMPLES, WRITERS, StorageContract, in_processes, in_threads

BATCHES = 10

_numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
_rows = st.lists(_numbers, max_size=4).map(tuple)
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_usages = st.builds(Usage, st.integers(0), st.integers(0), _numbers, st.booleans())
_calls = st.lists(st.floats(0, 1e6), min_size=1, max_size=3).map(tuple)
_rounds = st.lists(_calls, max_size=3).map(tuple)
_judgings = st.builds(
    Judging,
    st.integers(0, 99),
    _usages,
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 99),
    _rows,
    st.dictionaries(st.integers(0, 99), _texts, max_size=2),
    st.lists(st.integers(0, 99), max_size=2).map(tuple),
)
evaluations = st.builds(
    Evaluation,
    pipeline=_texts,
    yaml=_texts,
    question_set=st.sampled_from(QuestionSet),
    stages=st.dictionaries(_texts, _texts, max_size=3),
    scores=st.dictionaries(_texts, _rows, max_size=3),
    failures=st.dictionaries(st.integers(0, 99), _texts, max_size=3),
    metered=st.dictionaries(_texts, _rows, max_size=3),
    modelled=st.lists(_texts, max_size=2).map(tuple),
    seconds=st.dictionaries(_texts, _rows, max_size=3),
    end_to_end=_rows,
    conditions=st.builds(Conditions, samples=st.integers(0), drift=_numbers, predicted=st.just(("generate",))),
    usage=st.dictionaries(_texts, st.lists(st.none() | _usages, max_size=3).map(tuple), max_size=2),
    address=_texts,
    replies=st.builds(Replies, st.integers(0), st.integers(0), st.integers(0)),
    unmatched=st.integers(0, 99),
    answers=_texts,
    server_calls=st.dictionaries(_texts, st.lists(st.none() | _rounds, max_size=3).map(tuple), max_size=2),
    repeats=st.dictionaries(_texts, st.lists(st.none() | _calls, max_size=3).map(tuple), max_size=2),
    scored_by=st.dictionaries(_texts, _texts, max_size=2),
    judging=st.dictionaries(_texts, _judgings, max_size=2),
)
"""Evaluations of all shapes, for hypothesis."""
BM25_EVALUATION = Evaluation(
    "bm25()", "retrieve: bm25", QuestionSet.EXPLORE, {"retrieve": "bm25()"}, {"answer_f1": (0.5, None)}
)
DENSE_EVALUATION = replace(BM25_EVALUATION, pipeline="dense()", yaml="retrieve: dense")
EXPLORE, CONFIRM = QuestionSet.EXPLORE, QuestionSet.CONFIRM


def evaluations_of(number: int, writer: int) -> list[Evaluation]:
    """Evaluations that are written together."""
    return [replace(BM25_EVALUATION, pipeline=f"bm25(top_k={number * 10 + n})", unmatched=writer) for n in range(10)]


def write_evaluations(store: EvaluationStore, writer: int) -> None:
    """Write what others write too, and something of one's own."""
    for number in range(BATCHES):
        store.write("here", "host", evaluations_of(number, writer))
        store.write("here", f"host {writer}", evaluations_of(number, writer))


class EvaluationStoreContract(StorageContract):
    """Inherit it; parametrize `database`."""

    @pytest.fixture
    def url_of_store(self, database: Database, tmp_path: Path) -> str:
        """Where the evaluations of a test are kept."""
        return self.url(database, tmp_path)

    @pytest.fixture
    def store(self, database: Database, url_of_store: str) -> Iterator[EvaluationStore]:
        """A store that holds nothing yet."""
        with closing(database.evaluations(url_of_store)) as store:
            yield store

    @settings(max_examples=DRAWN_EXAMPLES)
    @given(written=st.lists(evaluations, max_size=3, unique_by=lambda one: one.pipeline))
    def test_evaluations_come_back_as_they_were_written(self, database: Database, written: list[Evaluation]) -> None:
        """None stays None, floats stay exact, positions stay integers."""
        with self.fresh_url(database) as url, closing(database.evaluations(url)) as store:
            store.write("here", "host", written)
            read = [one for question_set in QuestionSet for one in store.read("here", "host", question_set).values()]
            assert sorted(read, key=lambda one: one.pipeline) == sorted(written, key=lambda one: one.pipeline)

    @pytest.mark.parametrize("bad", [float("nan"), float("inf")])
    def test_numbers_that_were_never_measured_are_refused(self, store: EvaluationStore, bad: float) -> None:
        """A NaN would come back as a missing value. Nothing of what was to be written with it is stored."""
        with pytest.raises(ValueError, match="finite"):
            store.write("here", "host", [BM25_EVALUATION, replace(DENSE_EVALUATION, scores={"answer_f1": (bad,)})])
        assert store.read("here", "host", EXPLORE) == {}

    def test_evaluations_are_kept_by_context_and_question_set(self, store: EvaluationStore) -> None:
        """Those of another space or of other questions are not mixed in."""
        confirmed = replace(BM25_EVALUATION, question_set=CONFIRM)
        store.write("here", "host", [BM25_EVALUATION, confirmed])
        store.write("there", "host", [replace(BM25_EVALUATION, yaml="other")])
        store.write("here", "host", [])
        assert store.read("here", "host", EXPLORE) == {"bm25()": BM25_EVALUATION}
        assert store.read("here", "host", CONFIRM) == {"bm25()": confirmed}
        assert store.read("nowhere", "host", EXPLORE) == {}

    def test_a_second_evaluation_of_a_pipeline_replaces_the_first(self, store: EvaluationStore) -> None:
        """It stands where the first stood."""
        better = replace(BM25_EVALUATION, scores={"answer_f1": (1.0, 1.0)})
        store.write("here", "host", [BM25_EVALUATION, DENSE_EVALUATION])
        store.write("here", "host", [better])
        assert list(store.read("here", "host", EXPLORE).values()) == [better, DENSE_EVALUATION]

    def test_evaluations_of_different_hosts_never_mix(self, store: EvaluationStore) -> None:
        """Each host has its own; which pipelines there are is known over all of them."""
        timed = replace(BM25_EVALUATION, conditions=Conditions(3, 1, 0, 1.02, ("generate",)))
        store.write("here", "two", [DENSE_EVALUATION, BM25_EVALUATION])
        store.write("here", "one", [timed])
        assert store.read("here", "one", EXPLORE) == {"bm25()": timed}
        assert store.read("here", "two", EXPLORE) == {"dense()": DENSE_EVALUATION, "bm25()": BM25_EVALUATION}
        assert (store.hosts("here"), store.hosts("nowhere")) == (["one", "two"], [])
        assert store.pipelines("here", EXPLORE) == ["dense()", "bm25()"]
        assert store.pipelines("here", CONFIRM) == []

    def test_pipelines_are_forgotten_on_every_host(self, store: EvaluationStore) -> None:
        """In every question set, of one context only."""
        for context, host in (("here", "one"), ("here", "two"), ("there", "one")):
            store.write(
                context, host, [BM25_EVALUATION, replace(BM25_EVALUATION, question_set=CONFIRM), DENSE_EVALUATION]
            )
        store.forget("here", ["bm25()", "unknown()"])
        assert store.pipelines("here", EXPLORE) == ["dense()"]
        assert store.pipelines("here", CONFIRM) == []
        assert store.pipelines("there", CONFIRM) == ["bm25()"]

    def test_places_are_counted_and_forgotten(self, store: EvaluationStore) -> None:
        """A context and a host together; the others stay."""
        assert store.counts() == {}
        for context, host in (("here", "one"), ("here", "two"), ("there", "one")):
            store.write(
                context, host, [BM25_EVALUATION, replace(BM25_EVALUATION, question_set=CONFIRM), DENSE_EVALUATION]
            )
        assert store.counts() == {("here", "one"): 3, ("here", "two"): 3, ("there", "one"): 3}
        assert store.forget_places([("here", "one"), ("there", "one"), ("there", "two")]) == 6
        assert store.forget_places([]) == 0
        assert store.counts() == {("here", "two"): 3}

    def test_a_store_that_nothing_happened_to_has_no_faults(self, store: EvaluationStore) -> None:
        """Compacting it or closing it loses nothing: it opens again when it is used."""
        store.write("here", "host", [BM25_EVALUATION])
        store.compact()
        store.close()
        assert store.faults() == []
        assert store.read("here", "host", EXPLORE) == {"bm25()": BM25_EVALUATION}

    def test_it_is_opened_again_where_it_was_kept(
        self, database: Database, url_of_store: str, store: EvaluationStore
    ) -> None:
        """What was written counts at once for others; a database that is not persistent opens an empty one."""
        store.write("here", "host", [BM25_EVALUATION])
        with closing(database.evaluations(url_of_store)) as again:
            assert again.read("here", "host", EXPLORE) == ({"bm25()": BM25_EVALUATION} if database.persistent else {})

    def test_threads_that_write_at_once_lose_nothing(self, store: EvaluationStore) -> None:
        """They share the store; of each pipeline there is one evaluation."""
        in_threads(lambda writer: write_evaluations(store, writer))
        self._require_all(store)

    def test_processes_that_write_at_once_lose_nothing(self, database: Database, url_of_store: str) -> None:
        """They open a store that is not there yet at the same moment."""
        if not database.persistent:
            pytest.skip("other processes cannot open it")

        def work(writer: int) -> None:
            with closing(database.evaluations(url_of_store)) as store:
                write_evaluations(store, writer)

        in_processes(work)
        with closing(database.evaluations(url_of_store)) as store:
            self._require_all(store)

    def _require_all(self, store: EvaluationStore) -> None:
        assert store.counts() == {("here", host): 10 * BATCHES for host in store.hosts("here")}
        assert store.hosts("here") == ["host", *[f"host {writer}" for writer in range(WRITERS)]]
        shared = store.read("here", "host", EXPLORE)
        for number in range(BATCHES):
            writers = {shared[one.pipeline].unmatched for one in evaluations_of(number, 0)}
            assert len(writers) == 1, "a batch is stored whole: all of it came last"
        assert store.faults() == []
