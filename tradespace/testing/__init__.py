"""Contract suites for components, measures, search algorithms and databases, to be inherited, and what they run on.

They need pytest; those for databases need hypothesis too, and a system that can fork.

A component joins a suite by one parameter:

    @pytest.mark.parametrize("component", [MyRetriever(), MyRetriever(top_k=1)], ids=str)
    class TestMyRetriever(RetrieverContract): ...

The suites for components take the fixture `corpus`, a `Corpus` of the passages in `tradespace.testing.paragraphs`.
Measures join `MeasureContract` by the parameter `measure`, search algorithms `SearchContract` by `algorithm`, and
databases `LedgerContract` and `EvaluationStoreContract` by `database`.
"""
