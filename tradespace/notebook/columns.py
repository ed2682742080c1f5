"""The columns of a study's frames: a contract, from which the tables of docs/notebook.md are written.

Those of pipelines and of splits stand in `tradespace.reports`, as files of CSV have them too.

    python -m tradespace.notebook.columns     # prints the tables of the page
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tradespace.evals.figures import LATENCIES
from tradespace.reports.columns import PIPELINE_COLUMNS, UTILITY, Column, ColumnKind, figure_columns, interval_columns

DTYPES: Mapping[ColumnKind, str] = {
    ColumnKind.TEXT: "str",
    ColumnKind.COUNT: "Int64",
    ColumnKind.NUMBER: "float64",
    ColumnKind.FLAG: "boolean",
}
"""How pandas keeps what is in a column. In each a value can be missing: NaN, or `pandas.NA`."""
PIPELINE_NUMBER = Column("number", ColumnKind.COUNT, "the number that the pipeline goes by in its study")
NOTATION = Column("pipeline", ColumnKind.TEXT, "its notation")
JUDGED_COLUMNS = (
    Column(
        "missed", ColumnKind.TEXT, "the bounds that its figures miss, with `; ` between; missing where it keeps all"
    ),
    Column("verdict", ColumnKind.TEXT, "whether all questions, asked or not, keep the SLA: kept, missed, undecided"),
    Column("tied", ColumnKind.FLAG, "whether it is the best, or can't be told apart from it"),
    *interval_columns("behind", "what it is worth less than the best, over the same questions; missing for the best"),
    *(
        Column(f"{each.name}_{known}", ColumnKind.NUMBER, meaning, each.unit.name)
        for each in LATENCIES
        for known, meaning in (
            ("predicted", f"{each.wording.name}, composed of stages that were timed alone"),
            ("measured", f"{each.wording.name} of the same questions, run end to end"),
        )
    ),
)
"""What is known of finalists alone, behind the columns of all pipelines."""
STAGE_COLUMNS = (
    PIPELINE_NUMBER,
    NOTATION,
    Column("question_set", ColumnKind.TEXT, "the questions: `explore`, or `confirm`"),
    Column("stage", ColumnKind.TEXT, "its place in the pipeline, such as `retrieve`"),
    Column("component", ColumnKind.TEXT, "what fills it, in its notation"),
    *(
        Column(
            f"seconds_{name}", ColumnKind.NUMBER, f"{words} over the questions, failed ones infinitely slow", "seconds"
        )
        for name, words in (("mean", "mean"), ("p50", "median"), ("p95", "95th percentile"))
    ),
    Column("modelled", ColumnKind.FLAG, "whether some of these seconds are foretold by a latency model"),
    Column("tokens_in", ColumnKind.NUMBER, "tokens that language models read for a question, in the mean", "tokens"),
    Column("tokens_out", ColumnKind.NUMBER, "tokens that they wrote, in the mean", "tokens"),
)
"""One row for each online stage of each pipeline."""
QUESTION_COLUMNS = (
    Column("question_id", ColumnKind.TEXT, "the id of the question"),
    Column("question", ColumnKind.TEXT, "what is asked"),
    Column("references", ColumnKind.TEXT, "accepted answers, with ` | ` between"),
    Column("gold", ColumnKind.TEXT, "ids of the documents that hold the answer, with ` | ` between"),
    Column("answer", ColumnKind.TEXT, "what the pipeline answered; missing where it only retrieves, or failed"),
    Column("source", ColumnKind.TEXT, "the passage that the answer stands in"),
    Column("passages", ColumnKind.TEXT, "ids of the passages that it was given, best first, with ` | ` between"),
    Column("seconds", ColumnKind.NUMBER, "what the pipeline takes for it, alone; missing where it failed", "seconds"),
    Column("usd", ColumnKind.NUMBER, "what it costs; missing where nothing has a price", "dollars"),
    Column("failure", ColumnKind.TEXT, "why it failed; missing where it did not"),
    Column("lacking", ColumnKind.TEXT, "why its answer can't be read back; missing where it can"),
)
"""One row for each question; a column for each measure follows, and one for each column of groups."""
CALL_COLUMNS = (
    Column("key", ColumnKind.TEXT, "the content address of the call"),
    Column("component", ColumnKind.TEXT, "the kind of component that answered it; missing where that is not known"),
    Column("kind", ColumnKind.TEXT, "what came back: ranking, embedding, answer (of a program, too) or completion"),
    Column("text", ColumnKind.TEXT, "the answer, or what a model wrote"),
    Column("passages", ColumnKind.COUNT, "passages of a ranking"),
    Column("tokens_in", ColumnKind.COUNT, "tokens that a model read", "tokens"),
    Column("tokens_out", ColumnKind.COUNT, "tokens that it wrote", "tokens"),
    Column("usd", ColumnKind.NUMBER, "what a recorded call cost; missing where a price list decides", "dollars"),
    Column("bytes", ColumnKind.COUNT, "what its outcome takes in the ledger", "bytes"),
)
"""One row for each call that the ledger has; its outcome is stored once, however many pipelines share it."""
TIMING_COLUMNS = (
    Column("host", ColumnKind.TEXT, "the machine"),
    Column("work", ColumnKind.TEXT, "the content address of what was timed: calls of a stage, or a whole pipeline"),
    Column("question", ColumnKind.TEXT, "the question that it was done for"),
    Column("seconds", ColumnKind.NUMBER, "what it took", "seconds"),
    Column("conditions", ColumnKind.TEXT, "how it was timed, as JSON: batch, concurrency, calibration …"),
    Column("recorded", ColumnKind.NUMBER, "when, since 1970 in UTC", "seconds"),
)
"""One row for each timing that the ledger has: samples, of which there may be several of the same work."""
FRAMES: Mapping[str, Iterable[Column]] = {
    "pipelines": (*PIPELINE_COLUMNS, *figure_columns("latency_p95"), UTILITY),
    "finalists": JUDGED_COLUMNS,
    "stages": STAGE_COLUMNS,
    "questions": QUESTION_COLUMNS,
    "calls": CALL_COLUMNS,
    "timings": TIMING_COLUMNS,
}
"""The tables of the page, by the method that gives the frame."""


def columns_in_markdown(columns: Iterable[Column]) -> str:
    """Columns as a table of Markdown: name, dtype, unit and meaning."""
    rows = (f"| `{each.name}` | {DTYPES[each.kind]} | {each.unit} | {each.meaning} |" for each in columns)
    return "\n".join(["| column | dtype | unit | meaning |", "|---|---|---|---|", *rows])


if __name__ == "__main__":
    for method, table in FRAMES.items():
        print(f"### {method}\n\n{columns_in_markdown(table)}\n")
