"""Where the figures come from, and how to reproduce them."""

from __future__ import annotations

from collections.abc import Iterator

from tradespace.explorer.results import Provenance
from tradespace.plurals import count
from tradespace.reports.section import Findings, Section, SectionListing, SectionRow, SectionTable
from tradespace.reports.table import Cell
from tradespace.reports.words import space_size


def provenance_section(findings: Findings) -> Section:
    """Facts by name, and the search space to explore again."""
    results, provenance = findings.results, findings.results.provenance
    facts = _table_facts(provenance) if provenance.table else _facts(provenance)
    rows = tuple(SectionRow((Cell(name, name), Cell(value, value))) for name, value in (*facts, *_origin(provenance)))
    return Section(
        "provenance",
        "Where do these figures come from?",
        (_again(provenance),),
        tables=(SectionTable("Provenance", ("what", "value"), rows),),
        listings=(SectionListing("The search space (YAML)", results.space_yaml),) if results.space_yaml else (),
    )


def _again(provenance: Provenance) -> str:
    """How to come to the same figures, as far as they can be the same."""
    if provenance.table:
        return (
            f"Every figure comes from the table {provenance.table}: the YAML below, explored again, gives the same "
            "ones, with the same seed."
        )
    return (
        "To reproduce these figures, save the YAML below as space.yaml and run `tradespace explore space.yaml` with "
        f"Tradespace {provenance.tradespace}. In the folder of this study it makes no call again; elsewhere, answers "
        "and scores are the same where models are, and times are those of the machine."
    )


def _facts(provenance: Provenance) -> Iterator[tuple[str, str]]:
    """The data, what was called, and what that took."""
    size = space_size(provenance.space_size, exact=provenance.space_size_exact)
    shared = provenance.calls_asked - provenance.calls_made
    yield "Data", f"{provenance.dataset}, {count(provenance.documents, 'document')}"
    yield "Data key", provenance.data_key
    yield "Questions", _questions(provenance)
    if provenance.generated:
        yield "Generated", provenance.generated
    if provenance.confirmed:
        yield "Confirming", provenance.confirmed
    yield "Search space", f"{size} pipelines"
    yield "Calls", f"{provenance.calls_asked:,} asked for, {provenance.calls_made:,} made, {shared:,} shared"
    if provenance.usd_for_calls:
        yield "Dollars for calls", f"${provenance.usd_for_calls:,.2f}"
    if provenance.judging_calls:
        yield "Calls to judge", f"{provenance.judging_calls:,} of those made"
    yield "Time", f"{provenance.seconds_spent:,.0f} s"
    yield "Host", provenance.host


def _table_facts(provenance: Provenance) -> Iterator[tuple[str, str]]:
    """The same of figures that were measured elsewhere: nothing was called here, and no time was taken."""
    yield "Table", provenance.table
    yield "Data key", provenance.data_key
    yield "Pipelines", f"{provenance.space_size:,}"
    if provenance.calls_made:
        yield "Looked up", f"{provenance.calls_made:,} pairs of pipeline and question"
    yield "Questions", _questions(provenance)


def _origin(provenance: Provenance) -> Iterator[tuple[str, str]]:
    yield "Seed", str(provenance.seed)
    yield "Created", provenance.created
    yield "Tradespace", provenance.tradespace
    yield from sorted(provenance.versions.items())


def _questions(provenance: Provenance) -> str:
    return ", ".join(f"{number:,} {split}" for split, number in provenance.questions.items())
