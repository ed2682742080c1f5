"""The sections of a search-space file that hold plain settings: `data`, `prices`, `ledger` and `search`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import UnionType
from typing import Any, ClassVar, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import ErrorDetails, to_json

from tradespace.components.dotted_path import Arguments, DottedPath
from tradespace.components.trust import Trust
from tradespace.data.readers.columns import DataColumns
from tradespace.data.readers.folders import Unreadable
from tradespace.data.tables import TableColumns
from tradespace.errors import nearest
from tradespace.registry import Registry
from tradespace.search_space.declared import explained
from tradespace.search_space.document import Route, YamlDocument
from tradespace.secrets import scrubbed

USUAL_HALF_WIDTH = 0.03
DATA_SOURCES = ("dataset", "questions", "documents", "langchain_loader", "table")
"""What the section `data` names its source by."""


class Section(BaseModel):
    """A section of plain settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SearchAlgorithmSettings(Section):
    """What a search-space file must know of a strategy: its name, its settings, and whether it needs a finite space."""

    name: ClassVar[str]
    finite_only: ClassVar[bool] = False
    needs_source: ClassVar[bool] = False


class Columns(Section):
    """What columns are called: those of a table (docs/tables.md), where what is not said is guessed; or those of
    questions and documents (docs/data.md), where it has its usual name.

    A column of questions or documents may be a path into a field, such as `answers.text`.
    """

    question: str | None = Field(default=None, description="which question a row is about; or the question itself")
    settings: tuple[str, ...] = Field(default=(), description="of a table: what tells pipelines apart")
    scores: tuple[str, ...] = Field(default=(), description="of a table: scores from 0 to 1")
    latency: str | None = Field(default=None, description="of a table: seconds, or milliseconds where it ends in ms")
    cost: str | None = Field(default=None, description="of a table: dollars")
    pipelines: tuple[str, ...] = Field(default=(), description="of a table: the scores of one pipeline each")
    ranges: dict[str, tuple[float, float]] = Field(
        default={}, description="of a table: least and most of scores that do not reach from 0 to 1"
    )
    id: str | None = Field(default=None, description="the id of a question")
    answers: str | None = Field(default=None, description="accepted answers")
    gold: str | None = Field(default=None, description="ids of the documents that hold the answer")
    evidence: str | None = Field(default=None, description="pieces of documents that hold the answer")
    groups: tuple[str, ...] = Field(
        default=(), description="columns of questions by which results may be told apart, such as a language"
    )
    document_id: str | None = Field(default=None, description="the id of a document")
    text: str | None = Field(default=None, description="the text of a document")
    title: str | None = Field(default=None, description="the title of a document")

    @model_validator(mode="after")
    def _ascending(self) -> Columns:
        for name, (low, high) in self.ranges.items():
            if not low < high:
                raise ValueError(
                    f"the range of {name!r} must be two numbers, the lower first; given: {low:g}, {high:g}"
                )
        return self

    @model_validator(mode="after")
    def _one_part_each(self) -> Columns:
        if problem := self.of_data.contradiction():
            raise ValueError(problem)
        return self

    @property
    def of_data(self) -> DataColumns:
        """Those of questions and documents."""
        return DataColumns(**{each.name: getattr(self, each.name) for each in fields(DataColumns)})

    @property
    def of_table(self) -> TableColumns:
        """Those of a table."""
        return TableColumns(**{each.name: getattr(self, each.name) for each in fields(TableColumns)})

    def strangers(self, known: type[DataColumns] | type[TableColumns]) -> list[str]:
        """The names that say nothing of data that have these columns."""
        valid = {each.name for each in fields(known)} | ({"ranges"} if known is TableColumns else set())
        return [name for name in type(self).model_fields if name in self.model_fields_set and name not in valid]


class LangChainLoader(Section):
    """Any LangChain `BaseLoader`, by its dotted path: what it loads are the documents."""

    path: DottedPath
    arguments: Arguments = {}

    def __hash__(self) -> int:
        return hash(repr(self))

    @property
    def needs(self) -> frozenset[Trust]:
        """It imports code, as components do that have a path."""
        return frozenset({Trust.IMPORTS})

    def parts(self) -> tuple[LangChainLoader]:
        """Nothing stands in its settings that needs trust of its own."""
        return (self,)


class Data(Section):
    """Where questions and documents come from, and how many questions each split has.

    `dataset` is the name of a bundled dataset or a path; or `questions` and `documents` are paths of one's own, where a
    `langchain_loader` may stand in the place of `documents`; or
    `table` is the path of a grid that was measured elsewhere, or of several of one pipeline each. Paths are relative to
    the folder of the file. `columns` says what their columns are called. No search decision sees the `confirm`
    questions. With `ignore_identical` a question that is a document too, as in ArguAna, does not find itself.
    """

    dataset: str | None = None
    questions: str | None = None
    documents: str | None = None
    langchain_loader: LangChainLoader | None = None
    unreadable: Unreadable = Field(
        default="refuse", description="what becomes of the data where a document cannot be read; skip: it is left out"
    )
    table: str | list[str] | None = None
    columns: Columns = Columns()
    format: str | None = None
    ignore_identical: bool = False
    explore: int = Field(default=300, gt=0)
    confirm: int = Field(default=300, ge=0)
    seed: int = 0

    @field_validator("columns", mode="after")
    @classmethod
    def _of_what_there_is(cls, columns: Columns, info: ValidationInfo) -> Columns:
        from_table = info.data.get("table") is not None
        strangers = columns.strangers(TableColumns if from_table else DataColumns)
        if strangers:
            kind = "questions and documents, where there is a table" if from_table else "a `table`, where there is none"
            raise ValueError(f"must not name `{strangers[0]}`, which is a column of {kind}")
        return columns

    @model_validator(mode="after")
    def _one_source(self) -> Data:
        documents = [self.documents, self.langchain_loader]
        if None not in documents:
            raise ValueError("needs either `documents` or `langchain_loader`, and not both")
        own = {self.questions is not None, documents != [None, None]}
        if len(own) == 2 or [self.dataset is not None, self.table not in (None, []), True in own].count(True) != 1:
            raise ValueError("needs either `dataset`, or both `questions` and `documents`, or `table`")
        return self

    @property
    def tables(self) -> list[str]:
        """The paths of a grid's files; none where pipelines are to be run."""
        return [self.table] if isinstance(self.table, str) else self.table or []


class BudgetLimits(Section):
    """When to stop: whichever comes first. What is not given does not end the search."""

    minutes: float | None = Field(default=None, gt=0)
    pipelines: int | None = Field(default=None, gt=0)
    calls: int | None = Field(default=None, gt=0)
    usd: float | None = Field(default=None, ge=0)

    @property
    def bounded(self) -> bool:
        """Whether the search must end even in an infinite space. Dollars alone are no such bound: calls may be free."""
        return any(bound is not None for bound in (self.minutes, self.pipelines, self.calls))


class ModelPrice(Section):
    """What a language model costs: for its tokens, or for as long as its machine is busy."""

    usd_per_million_in: float = Field(default=0.0, ge=0, description="dollars for a million tokens that it reads")
    usd_per_million_out: float = Field(default=0.0, ge=0, description="dollars for a million tokens that it writes")
    usd_per_hour: float | None = Field(
        default=None, ge=0, description="dollars for an hour of its machine, in the place of prices for tokens"
    )
    tokens_per_second: float | None = Field(
        default=None, gt=0, description="how fast it writes, one call at a time, for estimates of what a search takes"
    )

    @model_validator(mode="after")
    def _one_kind(self) -> ModelPrice:
        by_token = {"usd_per_million_in", "usd_per_million_out"} & self.model_fields_set
        if bool(by_token) == (self.usd_per_hour is not None):
            raise ValueError("needs either `usd_per_million_in` and `usd_per_million_out`, or `usd_per_hour`")
        return self


class Prices(Section):
    """What running costs. Without a price, costs are missing, not zero."""

    host_usd_per_hour: float = Field(ge=0, description="dollars for an hour of the machine that pipelines run on")
    models: dict[str, ModelPrice] = Field(
        default={}, description="what language models cost that run elsewhere, by the name that their servers know"
    )


LEDGER_VARIABLE = r"^TRADESPACE_[A-Z0-9_]+$"
"""Environment variables that may be named for a ledger: one that was set for something else is never read as one."""


class LedgerSection(Section):
    """Where calls are recorded, if not in the study's folder: on a server, which several people may share."""

    from_env: str = Field(
        description="the environment variable that holds the URL of the ledger; its name begins with TRADESPACE_"
    )

    @field_validator("from_env", mode="after")
    @classmethod
    def _of_ours(cls, name: str) -> str:
        if not re.match(LEDGER_VARIABLE, name):
            raise ValueError("must be an environment variable whose name begins with TRADESPACE_, in capitals")
        return name


class ProposalsSection(Section):
    """How a model proposes instructions before the search, to be tried beside those of the space."""

    model: Any = Field(description="the language model that proposes; it need not be one that answers")
    rounds: int = Field(default=3, ge=1, le=50, description="how often it is shown the scores so far, and asked again")
    candidates: int = Field(default=4, ge=1, le=64, description="replies that it is asked for in each round")
    tried_on: int = Field(
        default=20, ge=1, description="explore questions, from the first, on which each instruction is scored"
    )
    keep: int = Field(default=4, ge=1, le=64, description="how many of its instructions enter the space, at most")
    most_words: int = Field(default=60, ge=1, le=1000, description="words that an instruction may have")
    measure: str = Field(default="answer_f1", description="the measure of answers that instructions are scored by")
    temperature: float = Field(default=1.0, ge=0, le=2, description="how freely it writes; at 0 its replies are alike")
    max_tokens: int = Field(
        default=1024, ge=1, le=100_000, description="tokens after which a reply is cut off, thoughts included"
    )
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="where drawing starts")


class SearchSection(Section):
    """The `search` section as it is written."""

    strategy: str | dict[str, dict[str, Any] | None] = "frontier"
    budget: BudgetLimits = BudgetLimits()
    seed: int = 0
    batch: int = Field(default=8, gt=0)
    proposals: ProposalsSection | None = None
    half_width: float | None = Field(
        default=USUAL_HALF_WIDTH,
        gt=0,
        description="how precisely the finalists' first objective is to be known, where it is a score: half the width "
        "of their intervals. Confirming goes on until then; with null, until the best can be told from the others",
    )


@dataclass(frozen=True)
class NamedSearch:
    """A strategy by name, with its settings."""

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SearchPlan:
    """How the space is searched, `batch` pipelines at a time, and to which `half_width` its finalists are confirmed;
    where a model is to propose instructions before that, how."""

    strategy: NamedSearch
    budget: BudgetLimits
    seed: int
    batch: int
    half_width: float | None = USUAL_HALF_WIDTH
    proposals: ProposalsSection | None = None


Model = TypeVar("Model", bound=BaseModel)
Strategies = Registry[type[SearchAlgorithmSettings]]


def read_section(model: type[Model], section: Any, route: Route, document: YamlDocument) -> Model | None:
    """Read a section into its model; None, with the faults noted, if it does not fit."""
    try:
        return model.model_validate_json(to_json({} if section is None else section, fallback=str), strict=True)
    except ValidationError as error:
        for detail in error.errors():
            document.fault((*route, *detail["loc"]), scrubbed(_message(model, detail)))
        return None


def _message(model: type[BaseModel], detail: ErrorDetails) -> str:
    *above, name = map(str, detail["loc"] or ("",))
    if detail["type"] != "extra_forbidden":
        return f"`{name}` {explained(detail)}" if name else explained(detail)
    return f"{name!r} is not valid here; {nearest(name, _fields(model, above))}"


def read_search(section: Any, route: Route, document: YamlDocument, strategies: Strategies | None) -> SearchPlan | None:
    """Read the `search` section; the strategy is checked against the known ones, if they are given."""
    written = read_section(SearchSection, section, route, document)
    if written is None:
        return None
    strategy = _strategy(written.strategy, (*route, "strategy"), document)
    if strategy and strategies is not None:
        _check_strategy(strategy, (*route, "strategy"), document, strategies)
    if strategy is None:
        return None
    return SearchPlan(
        strategy, written.budget, written.seed, written.batch, written.half_width, proposals=written.proposals
    )


def _strategy(
    written: str | dict[str, dict[str, Any] | None], route: Route, document: YamlDocument
) -> NamedSearch | None:
    if isinstance(written, str):
        return NamedSearch(written)
    if len(written) != 1:
        document.fault(route, f"must be one strategy; given: {', '.join(written) or 'none'}")
        return None
    ((name, settings),) = written.items()
    return NamedSearch(name, settings or {})


def _check_strategy(strategy: NamedSearch, route: Route, document: YamlDocument, strategies: Strategies) -> None:
    if strategy.name not in strategies:
        document.fault(route, f"no strategy is called {strategy.name!r}; {strategies.instead(strategy.name)}")
    else:
        read_section(strategies[strategy.name], strategy.settings, (*route, strategy.name), document)


def _fields(model: type[BaseModel], above: Sequence[str]) -> list[str]:
    """The valid names at a place below a section."""
    steps = iter(above)
    for step in steps:
        annotation = model.model_fields[step].annotation
        if isinstance(annotation, UnionType):
            annotation = get_args(annotation)[0]
        if get_origin(annotation) is dict:
            annotation = get_args(annotation)[1]
            next(steps)
        assert isinstance(annotation, type)
        model = annotation
    return list(model.model_fields)
