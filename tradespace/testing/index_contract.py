"""What holds for every vector index."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from tradespace.components import store
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.indexes.base import Index
from tradespace.testing.component_contract import ComponentContract


class IndexContract(ComponentContract):
    """Finds the nearest vectors: all of them if exact, nearly so if not."""

    def test_vectors_find_themselves(self, component: Index, corpus: Corpus) -> None:
        """Nearly every vector of the corpus is its own nearest neighbour."""
        vectors = np.array(Minilm().embed(corpus))[list(corpus.text_order)]
        _, places = component.load(corpus, Minilm()).search(vectors, 1)
        assert np.mean(places[:, 0] == np.arange(len(vectors))) >= 0.9

    def test_building_is_deterministic(self, component: Index, corpus: Corpus) -> None:
        """Two indexes built from the same vectors find the same."""
        vectors = np.array(Minilm().embed(corpus))
        neighbours = []
        for index in (component.build(vectors), component.build(vectors)):
            component.tune(index)
            neighbours.append(index.search(vectors[:10], 5))
        np.testing.assert_array_equal(neighbours[0][1], neighbours[1][1])

    def test_search_settings_share_one_build(
        self, component: Index, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Indexes that differ in nothing but how they are searched are built once."""
        component.load(corpus, Minilm())
        built: list[object] = []
        monkeypatch.setattr(store, "_build", lambda *arguments: built.append(arguments))
        for setting in component.search_settings:
            other = component.with_settings(**{setting: _other(component, setting)})
            assert np.shape(other.load(corpus, Minilm()).search(Minilm().embed(corpus)[:1], 1)[1]) == (1, 1)
        assert built == []


def _other(component: Index, setting: str) -> object:
    """Another value of a setting that is a number or one of several names."""
    value, choices = component.settings[setting], get_args(type(component).model_fields[setting].annotation)
    return value + 1 if isinstance(value, int) else next(choice for choice in choices if choice != value)
