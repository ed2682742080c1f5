"""When requests arrived at real services: bundled traces, and one's own as files."""

from tradespace.data.traffic.counts import read_counts, trace_of_counts
from tradespace.data.traffic.finding import find_trace, trace_names
from tradespace.data.traffic.trace import ArrivalTrace
from tradespace.data.traffic.trace_file import read_trace

__all__ = ["ArrivalTrace", "find_trace", "read_counts", "read_trace", "trace_names", "trace_of_counts"]
