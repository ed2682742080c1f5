"""Bundled traces, and finding one by its name or path."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.published import published_data
from tradespace.data.traffic import find_trace, read_trace, trace_names
from tradespace.data.traffic.bundled import BUNDLED_TRACES
from tradespace.errors import DataError, FileError

FOLDER = Path(__file__).parents[3] / "tradespace" / "data" / "traffic" / "bundled"
DATA = Path(__file__).parents[3] / "docs" / "data.md"
PUBLISHED = published_data()


@pytest.mark.parametrize("name", trace_names())
def test_a_bundled_trace_is_found_by_its_name(name: str) -> None:
    """It ascends from its start, and says who recorded it; it is read once."""
    trace = find_trace(name)
    assert trace.name == name and trace.source
    assert trace.arrivals[0] >= 0 and np.all(np.diff(trace.arrivals) >= 0) and trace.arrivals[-1] < trace.seconds
    assert find_trace(name) is trace


@pytest.mark.parametrize("name", trace_names())
def test_the_documentation_has_the_figures_of_each(name: str) -> None:
    """How long it was recorded, and how many requests there were."""
    trace = find_trace(name)
    (row,) = [line for line in DATA.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{name}`")]
    assert row.endswith(f"| {trace.seconds:,.0f} | {len(trace):,} |")


def test_every_bundled_file_is_attributed() -> None:
    """With its licence, in the folder that it lies in; together they are small."""
    attribution = (FOLDER / "LICENSE.md").read_text(encoding="utf-8")
    files = sorted(FOLDER.glob("*.xz"))
    assert {file.name for file in files} == {bundled.file for bundled in BUNDLED_TRACES.values()}
    assert [file.name for file in files if f"`{file.name}`" not in attribution] == []
    assert sum(file.stat().st_size for file in files) < 150_000


def test_azure_traces_have_tokens() -> None:
    """Of each request, in and out."""
    trace = find_trace("azure_conv")
    assert trace.tokens_in is not None and trace.tokens_out is not None
    assert len(trace.tokens_in) == len(trace.tokens_out) == len(trace)
    assert trace.tokens_in.min() > 0


@pytest.mark.skipif(not (PUBLISHED / "azure_traces").is_dir(), reason="the published files are not here")
@pytest.mark.parametrize("service", ["conv", "code"])
def test_a_bundled_azure_trace_is_the_beginning_of_the_published_one(service: str) -> None:
    """To the millisecond."""
    bundled = find_trace(f"azure_{service}")
    published = read_trace(PUBLISHED / "azure_traces" / f"AzureLLMInferenceTrace_{service}.csv.gz")
    assert np.allclose(bundled.arrivals, published.arrivals[: len(bundled)], atol=6e-4)
    assert bundled.tokens_out is not None and published.tokens_out is not None
    assert np.array_equal(bundled.tokens_out, published.tokens_out[: len(bundled)])


@pytest.mark.skipif(not (PUBLISHED / "servegen").is_dir(), reason="the published files are not here")
def test_the_bundled_windows_hold_as_many_requests_as_the_published_ones() -> None:
    """Leaving out the silent ones, and digits, changes none."""
    bundled, published = find_trace("deepseek_r1"), read_trace(PUBLISHED / "servegen" / "deepseek_r1_arrivals.csv.gz")
    windows = [np.bincount((trace.arrivals // 600).astype(int)) for trace in (bundled, published)]
    assert np.array_equal(*windows)


def test_a_name_that_is_none_is_answered_with_the_nearest() -> None:
    """And with all that there are."""
    with pytest.raises(DataError, match=r"no trace is called 'deepseek', .*did you mean 'deepseek_r1'"):
        find_trace("deepseek")


def test_a_path_starts_at_the_folder_of_what_names_it(tmp_path: Path) -> None:
    """And the trace is called as it was asked for."""
    (tmp_path / "mine.csv").write_text("1\n2\n")
    assert find_trace("mine.csv", tmp_path).name == "mine.csv"
    with pytest.raises(FileError, match=r"other\.csv: the file cannot be read"):
        find_trace("other.csv", tmp_path)
