"""Values that cross the boundaries between rooms. All are immutable."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from tradespace.encoding import encodable
from tradespace.secrets import scrubbed


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document.

    Attributes:
        start: where it begins in the document's text, in characters.
        level: 1 for the highest.
        text: without marks such as `#`.
    """

    start: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a corpus, before chunking.

    Attributes:
        headings: where its sections begin, in order; empty where its structure is not known.
        pages: where its pages begin in its text, in characters, from the first on; empty where it has none.
        file: the path of the file that it was read from, for what reads that file in another way; empty where there is
            none. It is no part of what the document is.
    """

    id: str
    text: str
    title: str = ""
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    file: str = field(default="", compare=False)


FOREIGN_PREFIX = "foreign#"
"""What the ids of passages begin with that were found in no document of the corpus."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that a retriever can return. `id` is unique within one chunking of a corpus."""

    id: str
    document_id: str
    text: str

    @property
    def is_foreign(self) -> bool:
        """Whether it belongs to no document that is known: then no gold document can be it."""
        return self.document_id.startswith(FOREIGN_PREFIX)


Pair = tuple[str, Passage]
"""A question and a passage."""


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with the score of the component that ranked it last; higher is better."""

    passage: Passage
    score: float


Ranking = tuple[ScoredPassage, ...]
"""Passages, best first."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of a document that answers a question, or a part of it.

    Attributes:
        text: as it stands in the document.
        start: where it begins in the document's text, in characters; None where only its words are known.
        source: the document's whole text, where `start` is a place in it: a passage that was cut from another reading
            of the same file lies elsewhere. Empty where it is not at hand. It is no part of what the evidence is.
    """

    document_id: str
    text: str
    start: int | None = None
    source: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its accepted answers and the ids of the documents that hold the answer.

    `answers` or `gold` may be empty: measures that need them are then missing for this question.

    Attributes:
        itself: the id of the document that the question is, where it is one that must not find itself, else empty.
        gold_alternatives: where one of several documents is enough: for each of the documents that are needed together,
            those of which any will do. Empty where every document of `gold` is needed; `gold` names them all.
        evidence: for each of the pieces that are needed together, those of which any will do.
        groups: columns by which results may be told apart, such as ("language", "de").
        generated: whether it was written by a program or a model, and not by people.
        generated_by: what wrote it, where that is known: a model in its notation, or `rules`.
    """

    id: str
    text: str
    answers: tuple[str, ...] = ()
    gold: tuple[str, ...] = ()
    itself: str = ""
    gold_alternatives: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[tuple[Evidence, ...], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    generated: bool = False
    generated_by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader or language model answered.

    Attributes:
        score: higher is better; comparable over answers of the same component to the same question.
        passage_id: the passage that it stands in; None where it stands in none.
        confidence: calibrated probability that it is right; None where there is none.
        relevance: log-odds that the passage read holds the answer, where one pass of a network tells both.
    """

    text: str
    score: float
    passage_id: str | None = None
    confidence: float | None = None
    relevance: float | None = None


@dataclass(frozen=True, slots=True)
class ToolDeclaration:
    """A tool as a language model is told of it. Every tool takes one text.

    Attributes:
        name: what the model calls it.
        meaning: what it is good for, in words.
        parameter: what its text is called.
    """

    name: str
    meaning: str
    parameter: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A use of a tool that a language model asked for.

    Attributes:
        name: of the tool; the model may have made it up.
        arguments: as the model wrote them: a JSON object, if it kept to the rules.
    """

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Completion:
    """One text that a language model wrote.

    Attributes:
        text: what it wrote, without the stop string and without its thoughts.
        tokens_in, tokens_out: tokens of the prompt and of the completion, as the model counts them.
        finish_reason: "stop" at its own end or a stop string, "length" where it was cut off at `max_tokens`.
        log_probability: natural log-probability of the whole completion; None where the model does not tell.
        usd: dollars that a recorded call is known to have cost; None where a price list decides.
        thoughts: what it thought before it answered: kept, counted in `tokens_out`, and never read as an answer.
        tokens_estimated: whether the tokens, or some of them, were estimated here, as the model reported none.
        tool_calls: what it asks its tools for, where it was given any.
    """

    text: str
    tokens_in: int
    tokens_out: int
    finish_reason: Literal["stop", "length"] = "stop"
    log_probability: float | None = None
    usd: float | None = None
    thoughts: str = ""
    tokens_estimated: bool = False
    tool_calls: tuple[ToolCall, ...] = ()

    @property
    def mean_log_probability(self) -> float | None:
        """Log-probability per token; None where it is not known."""
        return None if self.log_probability is None else self.log_probability / max(1, self.tokens_out)


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """What a program printed, errors included; or why it did not run to its end, where it is not `finished`."""

    output: str
    finished: bool


@dataclass(frozen=True, slots=True)
class Embedding:
    """The vector of a question, from a model that counts tokens.

    Attributes:
        vector: 32-bit numbers, as the bytes that little-endian machines keep them in.
        tokens_in: tokens of the question, as the model counts them.
        tokens_estimated: whether they were estimated here, as the model reported none.

    Class attributes:
        tokens_out, usd: as of a `Completion`: nothing is written, and a price list decides.
    """

    tokens_out: ClassVar[int] = 0
    usd: ClassVar[None] = None

    vector: bytes
    tokens_in: int
    tokens_estimated: bool = False


Outcome = Ranking | Answer | Completion | ProgramRun | Embedding
"""What a call returns: passages of a retriever or reranker, a reader's answer, a model's text, a program's output, or
the vector of a question."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a component is given: the question's text and the passages ranked so far, best first.

    Scores are not handed on, on purpose: what a component answers depends on the passages alone, so that pipelines
    whose retrievers find the same passages share every call that follows.

    Attributes:
        vector: the question's, where a call of its own made it (`Embedding.vector`); empty elsewhere.

    >>> request = Request("Who sat?")
    >>> ranking = (ScoredPassage(Passage("cat", "cat", "The cat sat."), score=0.9),)
    >>> request.with_ranking(ranking)
    Request(question='Who sat?', passages=(Passage(id='cat', document_id='cat', text='The cat sat.'),), vector=b'')
    """

    question: str
    passages: tuple[Passage, ...] = ()
    vector: bytes = b""

    def with_ranking(self, ranking: Ranking) -> Request:
        """Return the same question with the passages of `ranking`."""
        return replace(self, passages=tuple(scored.passage for scored in ranking))

    def after(self, outcome: Outcome) -> Request:
        """What the stage behind one that returned `outcome` is given: its passages, where it ranked any."""
        return self.with_ranking(outcome) if isinstance(outcome, tuple) else self


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat.

    Attributes:
        role: who speaks. Behind a message with tool calls there is one of role "tool" for each of them, in their order.
        content: what is said; by a tool, what it found.
        tool_calls: what the assistant asked its tools for.
    """

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a language model is given for one completion.

    Attributes:
        messages: the chat to go on from.
        temperature: 0 is greedy.
        top_p: the smallest set of tokens with this probability is drawn from.
        max_tokens: tokens after which the completion is cut off.
        stop: strings that end a completion.
        seed: where drawing starts.
        sample: which of the completions that the model draws for the rest of this prompt: 0, 1, 2 … Each is a call of
            its own in the ledger, so that drawing 8 after 4 costs 4.
        may_be_empty: whether nothing is an answer too, as of one who takes notes; no part of a call's address.
        tools: what the model may ask for instead of answering.
        json_schema: the JSON Schema that the completion is held to, as JSON; empty where it is free.
    """

    messages: tuple[Message, ...]
    temperature: float = 0.0
    top_p: float = 1.0
    max_tokens: int = 256
    stop: tuple[str, ...] = ()
    seed: int = 0
    sample: int = 0
    may_be_empty: bool = False
    tools: tuple[ToolDeclaration, ...] = ()
    json_schema: str = ""

    def __post_init__(self) -> None:
        if self.max_tokens < 1 or self.temperature < 0 or not 0 < self.top_p <= 1 or self.sample < 0:
            raise ValueError(
                f"max_tokens must be at least 1 (given: {self.max_tokens}), temperature at least 0 (given: "
                f"{self.temperature}), sample at least 0 (given: {self.sample}), top_p in (0, 1] (given: {self.top_p})"
            )


@dataclass(frozen=True, slots=True)
class Program:
    """What is to be worked out: Python code and what it reads from its standard input, or a tool's own language."""

    code: str
    input: str = ""


Given = Request | Prompt | Program
"""What a call is given."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A component that raised for a request, in words. It is kept and shown: never a zero, never dropped.

    Its message carries no secret, and can be encoded.
    """

    message: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", scrubbed(encodable(self.message)))


@dataclass(frozen=True, slots=True)
class NoAnswer(Failure):
    """A language model replied, but with no answer: nothing, a refusal, or thoughts that were cut off.

    Attributes:
        reply: what came back, which was paid for.
    """

    reply: Completion


@dataclass(frozen=True, slots=True)
class Unavailable(Failure):
    """A server does not answer at all: every other call of it would fail too."""


@dataclass(frozen=True, slots=True)
class Timed:
    """An outcome whose call was timed when it was made: by a remote model, or when it was recorded.

    Attributes:
        outcome: what came back.
        seconds: from sending the request that succeeded to its last byte.
        waited: seconds before that: for a rate limit, and for attempts that failed with the pauses after them.
        host: where it was answered; timings of different hosts never mix.
        concurrency: the most calls that were under way there at once meanwhile, this one included; None where that is
            not known.
        cached: tokens of the prompt that the server had kept from earlier calls and did not read again; None where it
            does not say.
        first_token: seconds from sending the request to the first piece of its text, thoughts included; None where the
            reply came whole.
    """

    outcome: Outcome
    seconds: float
    waited: float = 0.0
    host: str = ""
    concurrency: int | None = None
    cached: int | None = None
    first_token: float | None = None
