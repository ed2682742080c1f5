"""For all tests: a busy machine is no failure, nothing is looked up on a model hub, and Ctrl-C can be pressed.

Hypothesis draws the same examples on every run, so that a change is judged by what it changed; `make soak` draws new
ones. Only there it also draws the constants of our modules: which of these are loaded depends on the tests before.
"""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from tests.soak import VARIABLE
from tradespace import secrets

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None)
if os.environ.get(VARIABLE):
    settings.load_profile("soak")
else:
    settings.load_profile("repeatable")
    providers.is_local_module_file = lambda path: False
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is started with Ctrl-C ignored
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # and one that outlives its terminal with that ignored


@pytest.fixture(autouse=True)
def no_secrets_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test's components were given as a key is not hidden from another's messages."""
    monkeypatch.setattr(secrets, "_held", {})
