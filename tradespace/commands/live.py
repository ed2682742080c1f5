"""`tradespace explore --live`: what an exploration does and has found so far, as a page that is served meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Thread

from tradespace.commands.progress_display import Display, status_lines
from tradespace.explorer.progress import Progress, Status
from tradespace.explorer.storage.study import StudyFolder
from tradespace.interrupts import interrupt_program
from tradespace.secrets import scrubbed
from tradespace.serving.live import LiveBoard, LiveServer

REPORTING_SHARE = 0.05
"""How much of the time of an exploration may go into reports of its results so far, after the first."""


@dataclass
class TimeShare:
    """Rations what is done again and again to a share of the time that goes by, as long as it takes what it took last.

    >>> share = TimeShare(0.5, clock=iter([0.0, 0.0, 0.0, 6.0, 10.0, 24.0]).__next__)
    >>> share.is_due
    True
    >>> with share.spending():
    ...     pass  # six seconds go by
    >>> share.is_due, share.is_due
    (False, True)
    """

    share: float
    clock: Callable[[], float] = time.monotonic
    spent: float = field(default=0.0, init=False)
    last: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.begun = self.clock()

    @property
    def is_due(self) -> bool:
        """Whether there is time for it: always for the first."""
        return self.spent + self.last <= self.share * (self.clock() - self.begun)

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Count what the block takes."""
        start = self.clock()
        try:
            yield
        finally:
            self.last = self.clock() - start
            self.spent += self.last

    @property
    def taken(self) -> float:
        """What it took of the time that went by, as a share."""
        gone_by = self.clock() - self.begun
        return self.spent / gone_by if gone_by else 0.0


@dataclass
class LiveProgress:
    """A display, and beside it the board of a page, for which the report is made anew now and then.

    That happens where the exploration says how far it has come, in its own thread: never while it measures. There it is
    also stopped, if nothing interrupted it before: a program that runs in the background may ignore interrupts.
    """

    display: Display
    board: LiveBoard
    render: Callable[[], str | None]
    share: TimeShare = field(default_factory=lambda: TimeShare(REPORTING_SHARE))
    _outdated: bool = field(default=False, init=False)

    def phase(self, title: str) -> None:
        """A new phase begins."""
        self.display.phase(title)
        self.board.phase, self.board.doing = title, ""
        self._renew()

    def working(self, doing: str) -> None:
        """What is being done, reported repeatedly while it goes on."""
        self.display.working(doing)
        self.board.doing = doing

    def searching(self, status: Status) -> None:
        """Another batch of pipelines was evaluated.

        Raises:
            KeyboardInterrupt: the exploration is to stop.
        """
        self.display.searching(status)
        self.board.lines, self._outdated = tuple(status_lines(status)), True
        if self.board.stopping:
            raise KeyboardInterrupt
        self._renew()

    def warn(self, messages: Sequence[str]) -> None:
        """Something is amiss: each message once."""
        self.display.warn(messages)
        self.board.warnings = tuple(dict.fromkeys((*self.board.warnings, *map(scrubbed, messages))))

    def _renew(self) -> None:
        """Make the report anew if it is outdated, and there is time for it."""
        if self._outdated and self.share.is_due:
            with self.share.spending():
                self._report()
            self._outdated = False

    def _report(self) -> None:
        """Make the report of the results so far. Whatever goes wrong, the exploration goes on."""
        try:
            html = self.render()
        except Exception as error:  # noqa: BLE001 - the page says so
            self.board.problem = scrubbed(f"The report of the results so far could not be made: {error}")
            return
        if html:
            self.board.problem = ""
            self.board.publish(html.encode())


@contextmanager
def live_page(display: Display, study: StudyFolder, name: str, port: int | None) -> Iterator[Progress]:
    """What listens to an exploration: the display, and where a port is given (0 for any), a page beside it.

    Raises:
        InputError: the port is taken.
    """
    if port is None:
        yield display
        return
    board, last = LiveBoard(name, str(study.report_path)), b""
    with LiveServer(board, interrupt_program, port) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            display.console.print(f"Live page: {server.url}", soft_wrap=True)
            live = LiveProgress(display, board, lambda: _results_so_far(study))
            yield live
            last = study.report_path.read_bytes() if study.report_path.exists() else b""
            display.console.print(f"Reports for the live page took {live.share.taken:.1%} of the time.")
        finally:
            if html := last or board.report.html:
                board.publish(html)
            board.ended = True
            server.wait_for_reader()
            server.shutdown()


def _results_so_far(study: StudyFolder) -> str | None:
    """The report of what is stored, without what is said under load: that takes simulations, and stands in the last."""
    from tradespace.reports.page import render_report

    results = study.results()
    going_on = replace(results, provenance=replace(results.provenance, interrupted=False))
    return render_report(going_on, study=study.folder) if results.explored else None
