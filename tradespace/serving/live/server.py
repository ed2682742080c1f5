"""Serves the page of an exploration under way, from a thread of its process.

While the exploration measures, nothing is answered but the wish to stop: answers would cost time that is then measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from threading import Event
from typing import ClassVar

from tradespace.serving.live.board import LiveBoard
from tradespace.serving.loopback import LoopbackRequest, LoopbackServer
from tradespace.undisturbed import wait_for_measurements

REPORT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""A report holds its scripts and styles, loads nothing, and stands in a frame of the page."""
WATCHED_SECONDS = 10.0
"""A page that asked within so many seconds is taken to be open still; it asks every three."""


class LiveServer(LoopbackServer):
    """The server of the page.

    Args:
        board: what is shown.
        stop: called when the reader wants the exploration to end; in a thread of the server.
        port: 0 for any that is free.

    Raises:
        InputError: the port is taken.
    """

    def __init__(self, board: LiveBoard, stop: Callable[[], None], port: int = 0) -> None:
        super().__init__(_LiveRequest, port, "--live-port")
        self.board, self.stop = board, stop
        self.asked = -WATCHED_SECONDS
        self.seen_out = Event()

    def wait_for_reader(self) -> None:
        """Once the exploration is over: wait until a page that is open shows its last report, a few seconds at most."""
        if time.monotonic() - self.asked < WATCHED_SECONDS:
            self.seen_out.wait(WATCHED_SECONDS)


class _LiveRequest(LoopbackRequest):
    folder: ClassVar[Path] = Path(__file__).parent
    server: LiveServer

    def gets(self) -> Mapping[str, Callable[[], None]]:
        return {"progress": self._progress, "report": self._report}

    def posts(self) -> Mapping[str, Callable[[bytes], None]]:
        return {"stop": self._stop}

    def _progress(self) -> None:
        self.server.asked = time.monotonic()
        wait_for_measurements()
        board = self.server.board
        is_last = board.ended and not board.report.number
        self.send_json(board.shown())
        if is_last:
            self.server.seen_out.set()

    def _report(self) -> None:
        wait_for_measurements()
        is_last, report = self.server.board.ended, self.server.board.report
        if not report.number:
            self.refuse(HTTPStatus.NOT_FOUND)
            return
        self.send_content(report.html, "text/html; charset=utf-8", policy=REPORT_POLICY)
        if is_last:
            self.server.seen_out.set()

    def _stop(self, body: bytes) -> None:
        board = self.server.board
        if not (board.stopping or board.ended):
            board.stopping = True
            self.server.stop()
        self.send_json({})
