"""How many threads a process computes in: said in its environment, before it loads any library that reads it."""

from __future__ import annotations

from collections.abc import Mapping

THREAD_LIMITS = (
    "OMP_NUM_THREADS",  # torch, FAISS, and `tradespace.components.threads`
    "OPENBLAS_NUM_THREADS",  # numpy and SciPy
    "MKL_NUM_THREADS",  # torch on x86
    "VECLIB_MAXIMUM_THREADS",  # numpy on macOS
    "RAYON_NUM_THREADS",  # tokenizers
)


def limited_threads(environment: Mapping[str, str], threads: int) -> dict[str, str]:
    """An environment in which numerical libraries use so many threads.

    >>> limited_threads({"HOME": "/root", "OMP_NUM_THREADS": "8"}, 2)["OMP_NUM_THREADS"]
    '2'
    """
    return {**environment, **dict.fromkeys(THREAD_LIMITS, str(threads))}
