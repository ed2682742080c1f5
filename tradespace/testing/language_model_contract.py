"""What holds for every language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tradespace.components.base import completion_of
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.prompts.tasks import THINK, Task
from tradespace.testing.component_contract import ComponentContract
from tradespace.types import Completion, Failure, Message, Passage, Prompt, Timed

PROMPT = Prompt(
    (
        Message("system", "think"),
        Message("user", "* marina is 47 years old . * elton is 23 years old . question: how old is marina ?"),
    ),
    max_tokens=40,
)
"""A prompt that a tiny reasoner was trained on; any other model completes it somehow."""
SAMPLED = replace(PROMPT, temperature=1.2)


def samples(*numbers: int) -> list[Prompt]:
    """The prompts for these samples."""
    return [replace(SAMPLED, sample=number) for number in numbers]


def complete(model: LanguageModel, corpus: Corpus, prompts: Sequence[Prompt]) -> list[Completion]:
    """Open a model and complete prompts, none of which may fail."""
    drawn = model.open(corpus)(prompts)
    assert not [outcome for outcome in drawn if isinstance(outcome, Failure)]
    return [
        completion_of(outcome.outcome if isinstance(outcome, Timed) else outcome)
        for outcome in drawn
        if not isinstance(outcome, Failure)
    ]


class LanguageModelContract(ComponentContract):
    """Completing prompts: each its own, in order, repeatably. Inherit it and give it `component`."""

    def test_no_prompts_have_no_completions(self, component: LanguageModel, corpus: Corpus) -> None:
        """An empty batch is answered by an empty one."""
        assert list(component.open(corpus)([])) == []

    def test_every_prompt_is_completed_in_its_place(self, component: LanguageModel, corpus: Corpus) -> None:
        """Prompts of other lengths have their own completions, wherever they stand and however often."""
        short = replace(PROMPT, max_tokens=2)
        first, second, third = complete(component, corpus, [short, PROMPT, short])
        assert first == third
        assert first.tokens_out <= 2 < second.tokens_out
        assert second.text.strip().startswith(first.text.strip())

    def test_greedy_completions_are_repeatable(self, component: LanguageModel, corpus: Corpus) -> None:
        """At temperature 0 the same prompt has the same completion, whichever sample is asked for."""
        drawn = complete(component, corpus, [PROMPT, replace(PROMPT, sample=3)])
        assert {completion.text for completion in drawn} == {
            completion.text for completion in complete(component, corpus, [PROMPT])
        }

    def test_samples_differ(self, component: LanguageModel, corpus: Corpus) -> None:
        """Samples of one prompt are drawn, not copied."""
        assert len({completion.text for completion in complete(component, corpus, samples(*range(12)))}) > 1

    def test_a_sample_is_the_same_alone(self, component: LanguageModel, corpus: Corpus) -> None:
        """Sample number i is the same drawn together with others or later: drawing 8 after 4 costs 4."""
        together = complete(component, corpus, samples(*range(6)))
        assert [completion.text for completion in complete(component, corpus, samples(5, 2))] == [
            together[5].text,
            together[2].text,
        ]

    def test_another_seed_draws_others(self, component: LanguageModel, corpus: Corpus) -> None:
        """Seeds are streams of their own."""
        other = [replace(prompt, seed=1) for prompt in samples(*range(12))]
        drawn = complete(component, corpus, samples(*range(12)))
        assert [completion.text for completion in complete(component, corpus, other)] != [
            completion.text for completion in drawn
        ]

    def test_max_tokens_cuts_a_completion_off(self, component: LanguageModel, corpus: Corpus) -> None:
        """It says so by its finish reason."""
        (cut,) = complete(component, corpus, [replace(PROMPT, max_tokens=3)])
        assert (cut.tokens_out, cut.finish_reason) == (3, "length")

    def test_a_stop_string_ends_a_completion(self, component: LanguageModel, corpus: Corpus) -> None:
        """The text ends before it."""
        (whole,) = complete(component, corpus, [PROMPT])
        word = whole.text.split()[2]
        (stopped,) = complete(component, corpus, [replace(PROMPT, stop=(word,))])
        assert stopped.text.strip() == whole.text[: whole.text.index(word)].strip()
        assert stopped.finish_reason == "stop"

    def test_tokens_are_counted(self, component: LanguageModel, corpus: Corpus) -> None:
        """A longer prompt has more tokens in; every sample of a prompt has as many."""
        longer = replace(PROMPT, messages=(*PROMPT.messages[:1], Message("user", PROMPT.messages[1].content * 2)))
        short, long, *drawn = complete(component, corpus, [PROMPT, longer, *samples(0, 1)])
        assert 0 < short.tokens_in < long.tokens_in
        assert {completion.tokens_in for completion in drawn} == {short.tokens_in}

    def test_log_probabilities_are_not_positive(self, component: LanguageModel, corpus: Corpus) -> None:
        """Where the model tells them; a greedy text is then likelier than its tokens are long."""
        for completion in complete(component, corpus, [PROMPT, *samples(0, 1, 2)]):
            assert completion.log_probability is None or completion.log_probability <= 1e-6

    def test_top_p_keeps_likely_tokens(self, component: LanguageModel, corpus: Corpus) -> None:
        """With nearly nothing left to draw from, every sample is the greedy completion."""
        (greedy,) = complete(component, corpus, [PROMPT])
        narrow = [replace(prompt, top_p=1e-6) for prompt in samples(0, 1, 2)]
        assert {completion.text for completion in complete(component, corpus, narrow)} == {greedy.text}

    @pytest.mark.parametrize("passages", [(), (Passage("1", "marina", "marina is 47 years old ."),)])
    def test_a_task_is_written_with_its_question(self, component: LanguageModel, passages: tuple[Passage, ...]) -> None:
        """The messages hold the question and every passage."""
        messages = component.messages(Task(THINK, "how old is marina ?", passages))
        written = " ".join(message.content for message in messages)
        assert all(text in written for text in ("how old is marina ?", *(passage.text for passage in passages)))
