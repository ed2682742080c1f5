"""Contract suites for components, to be inherited, and the small real corpus that they run on. Needs pytest.

A component joins a suite by one parameter:

    @pytest.mark.parametrize("component", [MyRetriever(), MyRetriever(top_k=1)], ids=str)
    class TestMyRetriever(RetrieverContract): ...

The suites take the fixture `corpus`, a `Corpus` of the passages in `tradespace.testing.paragraphs`.
"""
