"""Templates of the user's own: what they say, what is wrong with them, and what they cannot do."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tradespace.components.prompts.tasks import DIRECT, JUDGE, REWORD, THINK, Task
from tradespace.components.prompts.template import JinjaTemplate, template_problem
from tradespace.errors import ComponentError
from tradespace.types import Message, Passage

PASSAGES = (Passage("1", "zoo", "A cat."), Passage("2", "foreign#7", "A dog."))


def test_what_is_written_is_what_is_sent() -> None:
    """The text as the user's message, and the instruction of who asks as the system's."""
    prompt = JinjaTemplate(
        text="Notes:\n{% for passage in passages %}\n{{ passage.number }}. {{ passage.title }}: {{ passage.text }}\n"
        "{% endfor %}\n\n{{ question }}\n"
    )
    assert prompt.messages(Task(DIRECT, "Who sat?", PASSAGES)) == (
        Message("system", DIRECT.text),
        Message("user", "Notes:\n1. zoo: A cat.\n2. : A dog.\n\nWho sat?"),
    )


def test_an_empty_system_sends_no_message_of_it() -> None:
    """The strategy is then not heard where it asks for the answer."""
    assert JinjaTemplate(text="{{ question }}", system="").messages(Task(THINK, "Who sat?")) == (
        Message("user", "Who sat?"),
    )


def test_what_strategies_and_retrievers_need_is_added_where_it_lacks() -> None:
    """A judge that is not told to judge would answer; a search that is not told what to write would not search."""
    mute = JinjaTemplate(text="{{ question }}", system="")
    assert mute.messages(Task(REWORD, "Who sat?"))[0] == Message("system", REWORD.text)
    system, user = mute.messages(Task(JUDGE, "Who sat?", proposed="the cat"))
    assert (system.content, user.content) == (JUDGE.text, "Who sat?\n\nProposed answer: the cat")


def test_settings_in_words_are_part_of_the_instruction() -> None:
    """One's own instruction, length, citations and declining."""
    prompt = JinjaTemplate(text="{{ question }}", instruction="Name it.", max_words=3, decline=True)
    assert prompt.messages(Task(DIRECT, "Who sat?"))[0].content == prompt.told(DIRECT)
    assert prompt.told(DIRECT).startswith("Name it. Write the answer only, in at most 3 words.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ question }}\n{{ pasages }}", "line 2: 'pasages' is not known; did you mean 'passages'?"),
        ("{{ question }}\n\n{{ range(3) }}", "line 3: 'range' is not known"),
        ("{{ question", "line 1: unexpected end of template"),
        ("{{ question }}\n{% for passage in passages %}", "line 2: Unexpected end of template"),
        ("{{ question }}\n{% frobnicate %}", "line 2: Encountered unknown tag 'frobnicate'"),
        ("{{ question | shout }}", "line 1: No filter named 'shout'"),
        ("{{ question | random }}", "line 1: No filter named 'random'"),
        ("\n{% include 'other.j2' %}{{ question }}", "line 2: a template stands alone"),
        ("{% import '/etc/passwd' as users %}{{ question }}", "line 1: a template stands alone"),
        ("{% for p in passages %}\n{{ p.titel }}\n{% endfor %}{{ question }}", "line 2 fails: 'a passage' has no attr"),
        ("{{ question }}\n{{ passages[0].text }}", "line 2 fails where there are no passages: "),
        ("{{ question }} {{ 1 / 0 }}", "line 1 fails: division by zero"),
        ("{% macro more() %}{{ more() }}{% endmacro %}{{ more() }}{{ question }}", "line 1 fails: maximum recursion"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, expected: str) -> None:
    """Before any model is asked: syntax, names, attributes, and what would fail on the way."""
    assert (template_problem(text) or "").startswith(expected)
    with pytest.raises(ValidationError, match="line"):
        JinjaTemplate(text=text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ question.__class__.__mro__[1].__subclasses__() }}",
        "{{ question | attr('__class__') }}",
        "{{ '{0.__class__}'.format(question) }}",
        "{{ messages.__init__.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{% set _ = passages.__class__.__base__ %}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    ],
)
def test_a_template_runs_no_code(text: str) -> None:
    """The well-known ways out of a template are closed."""
    assert template_problem(f"{text}{{{{ question }}}}")


def test_a_question_must_be_asked() -> None:
    """Whether in the user's message or in the system's."""
    with pytest.raises(ValidationError, match=r"must hold \{\{ question \}\}"):
        JinjaTemplate(text="Who sat?")
    assert JinjaTemplate(text="Well?", system="{{ instruction }} {{ question }}")


def test_an_instruction_is_given_once() -> None:
    """Where the text has it, the system's message must not repeat it."""
    with pytest.raises(ValidationError, match='write `system: ""`'):
        JinjaTemplate(text="{{ instruction }} {{ question }}")


def test_what_fails_on_one_question_fails_it_alone() -> None:
    """With the reason: no check can foresee every question."""
    prompt = JinjaTemplate(text="{{ question }}{% if question == 'Who?' %}{{ 1 / 0 }}{% endif %}")
    assert prompt.messages(Task(DIRECT, "Who sat?"))
    with pytest.raises(ComponentError, match="template fails in line 1: division by zero"):
        prompt.messages(Task(DIRECT, "Who?"))
