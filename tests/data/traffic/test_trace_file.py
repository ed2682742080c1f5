"""Traces from files."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.data.traffic import read_trace
from tradespace.errors import DataError, InputError

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file, and say where it is."""

    def write(text: str, name: str = "trace.csv") -> Path:
        path = tmp_path / name
        opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
        with opener(path, "wt", encoding="utf-8") as file:
            file.write(text)
        return path

    return write


@pytest.mark.parametrize(
    "text",
    [
        "10\n11.5\n13\n",
        "time\n10\n11.5\n13\n",
        "id,Timestamp\na,10\nb,11.5\nc,13\n",
        "anything\n10\n11.5\n13\n",
        "arrival;user\n10;x\n11.5;y\n13;z\n",
        "\n10\n\n11.5\n13",
        "timestamp\n2023-11-16 18:17:03.5\n2023-11-16 18:17:05\n2023-11-16T18:17:06.5000000\n",
        "arrived_at\n2023-11-16T18:17:03.5Z\n2023-11-16T19:17:05+01:00\n2023-11-16T18:17:06.5+00:00\n",
    ],
)
def test_times_are_seconds_or_timestamps(write: Write, text: str) -> None:
    """In a column that is called as times are, or the only one; they count from the first."""
    trace = read_trace(write(text))
    assert trace.arrivals.tolist() == [0.0, 1.5, 3.0]
    assert (trace.name, trace.tokens_in, trace.seconds) == ("trace.csv", None, 4.5)


@pytest.mark.parametrize("name", ["trace.csv.gz", "trace.csv.xz"])
def test_a_file_may_be_compressed(write: Write, name: str) -> None:
    """By gzip or xz."""
    assert read_trace(write("time\n1\n2\n", name)).arrivals.tolist() == [0.0, 1.0]


def test_another_column_can_be_named(write: Write) -> None:
    """Where none is called as times usually are, or another one than that is meant."""
    path = write("time,sent\n1,5\n2,7\n")
    assert read_trace(path, column="sent").arrivals.tolist() == [0.0, 2.0]
    with pytest.raises(DataError, match=r"trace\.csv:1: no column is called 'snt'; given: time, sent"):
        read_trace(path, column="snt")


def test_tokens_are_read_where_there_are_any(write: Write) -> None:
    """By the names that Azure's files give them, or OpenAI's interface."""
    azure = read_trace(
        write(
            "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.68,374,44\n2023-11-16 18:15:50.99,396,109\n"
        )
    )
    assert azure.tokens_in is not None and azure.tokens_in.tolist() == [374, 396]
    assert azure.tokens_out is not None and azure.tokens_out.tolist() == [44, 109]
    own = read_trace(write("time,prompt_tokens\n1,7\n2,8\n"))
    assert own.tokens_in is not None and own.tokens_in.tolist() == [7, 8]
    assert own.tokens_out is None


def test_times_that_do_not_ascend_can_be_sorted(write: Write) -> None:
    """If that is asked for; tokens move with them."""
    trace = read_trace(write("time,tokens_in\n3,30\n1,10\n2,20\n"), sort=True)
    assert trace.arrivals.tolist() == [0.0, 1.0, 2.0]
    assert trace.tokens_in is not None and trace.tokens_in.tolist() == [10, 20, 30]
    with pytest.raises(DataError, match=r"csv:3: a time must be at least 0"):
        read_trace(write("time\n3\n-1\n2\n"), sort=True)


def test_counts_of_each_second_become_arrivals(write: Write) -> None:
    """Within their second, and the same whenever it is read."""
    path = write("second,count\n0,2\n1,0\n2,3\n")
    trace = read_trace(path)
    assert np.floor(trace.arrivals).tolist() == [0, 0, 2, 2, 2]
    assert trace.seconds == 3.0
    assert np.array_equal(trace.arrivals, read_trace(path).arrivals)


def test_windows_of_servegen_become_arrivals(write: Write) -> None:
    """As many as each client sent in each window, of all clients together, the same whenever it is read."""
    path = write(
        "client,start_s,rate_per_s,cv,pattern,parameter_1,parameter_2\n"
        "0,0,0,0,,0,0\n0,600,0.5,1,Gamma,1,2\n1,600,0.1,3,Weibull,0.4,1\n1,1200,1,0.5,Gamma,4,0.25\n"
    )
    trace = read_trace(path)
    assert np.bincount((trace.arrivals // 600).astype(int)).tolist() == [0, 360, 600]
    assert np.all(np.diff(trace.arrivals) >= 0)
    assert trace.seconds == 1800.0
    assert np.array_equal(trace.arrivals, read_trace(path).arrivals)


WINDOWS = "client,start_s,rate_per_s,pattern,parameter_1\n"
FAULTS = [
    ("", "a trace must have arrivals; the file is empty"),
    ("time\n", "a trace has from 2 to 5,000,000 arrivals; given: 0"),
    ("time\n5\n", "a trace has from 2 to 5,000,000 arrivals; given: 1"),
    ("time\n5\n5\n", "a trace must span some time"),
    ("time\n1\n3\n2\n", r"csv:4: times must ascend; this one lies before the last one. Sort the file by time"),
    ("3\n1\n2\n", r"csv:2: times must ascend"),
    ("time\n-1\n2\n", r"csv:2: a time must be at least 0; given: -1"),
    ("time\n1\nsoon\n", r"csv:3: must be a number of seconds, or a timestamp such as .*; given: 'soon'"),
    ('time,user\n1,a\n"",b\n', r"csv:3: must be a number of seconds, .*; given: ''"),
    ("time\n1\nnan\n", r"csv:3: must be a number of seconds"),
    ("time\n1\ninf\n", r"csv:3: must be a number of seconds"),
    ("user,when\na,1\nb,2\n", r"csv:1: needs a column of times, called time, .*; given: user, when"),
    ("time,tokens_in\n1,5\n2,-5\n", r"csv:3: must be a whole number of at least 0; given: '-5'"),
    ("time,tokens_in\n1,5\n2,99999999999999999999\n", r"csv:3: must be a whole number"),
    (
        "time,count\n0,5\n1,5\n",
        r"csv:1: has times in 'time' and counts in 'count'; a row is either a request, or a second",
    ),
    ("count\n5\n1.5\n", r"csv:3: must be a whole number of at least 0; given: '1.5'"),
    ("count\n0\n0\n", "from 2 to 5,000,000 arrivals; given: 0"),
    ("count\n9999999999\n", "from 2 to 5,000,000 arrivals; given: 9,999,999,999"),
    (
        WINDOWS + "0,0,1,Pareto,2\n",
        r"csv:2: must be a window of a start, a rate, the pattern Gamma or Weibull",
    ),
    (WINDOWS + "0,0,many,Gamma,2\n", r"csv:2: must be a window of a start, a rate"),
    (WINDOWS + "0,0,-1,Gamma,2\n", r"csv:2: must be a window of a start, a rate"),
    (WINDOWS + "0,0,1,Gamma,0\n", r"csv:2: must be a window of a start, a rate"),
    (WINDOWS + "0,0,1", "must be a window"),
    (WINDOWS + "0,0,1e9,Gamma,1\n", "5,000,000 arrivals"),
    (WINDOWS + "0,0,0,,0\n", "5,000,000 arrivals; given: 0"),
]


@pytest.mark.parametrize(("text", "message"), FAULTS)
def test_what_is_no_trace_is_refused(write: Write, text: str, message: str) -> None:
    """With the line, what must hold, and what was given."""
    with pytest.raises(DataError, match=message):
        read_trace(write(text))


def test_bad_rows_are_reported_together(write: Write) -> None:
    """The first ten of them."""
    with pytest.raises(DataError) as raised:
        read_trace(write("time\n" + "soon\n" * 20))
    assert [fault.where.rpartition(":")[2] for fault in raised.value.faults] == [str(line) for line in range(2, 12)]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, or nothing."""
    with pytest.raises(InputError, match="must be a regular file; it is a folder"):
        read_trace(tmp_path)
    with pytest.raises(InputError, match="the file cannot be read"):
        read_trace(tmp_path / "missing.csv")


@given(text=st.text(max_size=60))
def test_any_text_is_a_trace_or_a_fault(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Never another error."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(text, encoding="utf-8", newline="", errors="replace")
    try:
        trace = read_trace(path)
    except InputError:
        return
    assert len(trace) >= 2
