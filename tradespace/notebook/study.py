"""A study as notebooks and scripts ask it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradespace.commands.preferences import Preferences
from tradespace.commands.questions import named_evaluation, recommended_or_nearest
from tradespace.commands.split import SplitWishes, results_to_split
from tradespace.commands.under_load import deployed_by_preferences, loads_of
from tradespace.components.trust import Trust
from tradespace.errors import InputError, TradespaceError, nearest
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.results import QuestionSet, Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.explorer.storage.upkeep import ledger_of
from tradespace.notebook.chosen import ChosenPipeline, chosen_pipeline
from tradespace.notebook.frames import frame_of
from tradespace.reports.columns import plain_pipelines
from tradespace.reports.section import Findings, Section, SectionFigure, findings_of
from tradespace.reports.split_columns import split_columns
from tradespace.reports.under_load import UnderLoadInfo

if TYPE_CHECKING:
    import pandas as pd

AS_EXPLORED = Preferences()
"""The goals that a study was explored with."""


@dataclass(frozen=True, init=False, repr=False)
class Study:
    """What was measured and concluded, read from a study's folder; nothing is run.

    It is read when it is first asked, and stays so: `Study(folder)` reads again. Frames have the columns of
    docs/notebook.md; a value that is missing is NaN or NA in them, and never 0.

    Attributes:
        folder: where it lies.
        host: whose timings count; those of the last exploration where it is None.
        preferences: what pipelines are judged by in the place of the study's own goals; see `under`.

    >>> Study("studies/never-explored").results()
    Traceback (most recent call last):
    tradespace.errors.StudyError: studies/never-explored holds no study (there is no study.json in it). Name the ...
    """

    folder: Path
    host: str | None
    preferences: Preferences

    def __init__(self, folder: Path | str, host: str | None = None, preferences: Preferences = AS_EXPLORED) -> None:
        object.__setattr__(self, "folder", Path(folder))
        object.__setattr__(self, "host", host)
        object.__setattr__(self, "preferences", preferences)

    def results(self, host: str | None = None) -> Results:
        """What was measured, timed on `host`, or on that of the last exploration.

        Raises:
            StudyError: there is no study in the folder, or another version wrote it.
            InputError: nothing was timed on that host, or a preference is none.
        """
        return self._results if host is None else replace(self, host=host)._results

    @property
    def conclusion(self) -> Conclusion:
        """What follows from the results."""
        return self._findings.conclusion

    def pipelines(self) -> pd.DataFrame:
        """Every pipeline that was tried, one in a row: recommended, finalists, frontier, the rest, each best first.

        Figures are of the confirm questions where there are any, else of the explore questions.
        """
        return frame_of(plain_pipelines(self.conclusion, self._findings.numbers))

    def frontier(self) -> pd.DataFrame:
        """The pipelines that no other beats in all objectives at once, on the explore questions; fastest first."""
        frame = self.pipelines()
        latency = f"{self.conclusion.latency}_explored"
        shown = frame[frame["on_frontier"]]
        return shown.sort_values(latency, ignore_index=True) if latency in shown else shown.reset_index(drop=True)

    def finalists(self) -> pd.DataFrame:
        """The pipelines that were judged, with intervals that hold for all of them at once, and how far each is behind
        the best."""
        from tradespace.notebook.tables import finalist_table

        return frame_of(finalist_table(self._findings))

    def stages(self) -> pd.DataFrame:
        """What each stage of each pipeline takes, one in a row."""
        from tradespace.notebook.tables import stage_table

        return frame_of(stage_table(self._findings))

    def questions(
        self,
        pipeline: ChosenPipeline | str | int | None = None,
        *,
        confirm: bool = False,
        allow: Collection[Trust] = (),
    ) -> pd.DataFrame:
        """What a pipeline answered to each question, and how that scores. Documents are cut again; no call is made.

        Args:
            pipeline: its notation or number; the recommended one, or else the nearest to that, where it is None.
            confirm: ask for the confirm questions, which finalists were asked, instead of the explore questions.
            allow: what reading the documents may need, such as `Trust.IMPORTS` for code that the study names.

        Raises:
            InputError: it was not asked these questions, or the data have changed since.
        """
        from tradespace.notebook.question_table import question_table

        name = str(pipeline or recommended_or_nearest(self.conclusion))
        asked = QuestionSet.CONFIRM if confirm else QuestionSet.EXPLORE
        return frame_of(question_table(self._study, named_evaluation(self._results, name, asked), allow))

    def calls(self, *, allow: Collection[Trust] = ()) -> pd.DataFrame:
        """Every call that the ledger has, one in a row: what came back, and the tokens it took.

        Args:
            allow: `Trust.SERVER` where the study names a server that keeps them.
        """
        from tradespace.notebook.ledger_tables import call_table

        return frame_of(call_table(ledger_of(self._study.allowing(allow))))

    def timings(self, *, allow: Collection[Trust] = ()) -> pd.DataFrame:
        """Every timing that the ledger has, one in a row, on every host; `allow` is that of `calls`."""
        from tradespace.notebook.ledger_tables import timing_table

        return frame_of(timing_table(ledger_of(self._study.allowing(allow))))

    def split(self, sla: str | None = None, groups: str | None = None) -> pd.DataFrame:
        """The best pipeline for each split of the latency bound between groups of stages.

        Args:
            sla: another bound, such as `80 ms` or `latency_p50 <= 80 ms`.
            groups: other groups, such as `retrieve + rerank, generate`.

        Raises:
            InputError: there is no bound to divide, or a group is none.
        """
        results = results_to_split(self._results, SplitWishes(sla=sla, groups=groups))
        return frame_of(split_columns(conclude(results)))

    @property
    def recommended(self) -> ChosenPipeline | None:
        """The pipeline to run; None where none can be recommended, and `print(study)` says why."""
        chosen = self.conclusion.recommended
        return chosen_pipeline(chosen, self._findings) if chosen else None

    def under(
        self,
        sla: str | None = None,
        *,
        limits: Sequence[str] | str = (),
        utility: str | None = None,
        best: str | None = None,
    ) -> Study:
        """The same study, judged otherwise; what is not said stays as it is.

        Args:
            sla: another bound on the latency, such as `50 ms`; or on another latency, such as `latency_p99 <= 50 ms`.
            limits: floors and ceilings, such as `answer_f1 >= 0.6` and `usd_per_1k <= 2`.
            utility: what pipelines are worth, such as `answer_f1 - 0.05 * usd_per_1k`.
            best: the figure that counts first, such as `usd_per_1k`, of which the least is best.

        Raises:
            InputError: as soon as it is asked, if one of them is none, or no pipeline has a figure for it.
        """
        own = self.preferences
        more = (limits,) if isinstance(limits, str) else tuple(limits)
        asked = replace(own, sla=sla or own.sla, limits=(*own.limits, *more))
        if utility or best:
            asked = replace(asked, utility=utility, best=best)
        return replace(self, preferences=asked)

    def cheapest(self, accuracy: float, by: str = "usd_per_1k") -> ChosenPipeline | None:
        """The pipeline that takes least, of those whose first objective reaches `accuracy` and that keep the bounds;
        of several that can't be told apart, the one that the other objectives prefer. None where there is none.

        Args:
            accuracy: what the first objective must reach.
            by: what is to be least: dollars, or a latency such as `latency_p95`.

        Raises:
            InputError: no pipeline has such a figure, as dollars without prices.
        """
        primary = self.conclusion.primary
        limit = f"{primary.measure} {'>=' if primary.maximize else '<='} {accuracy}"
        return self.under(limits=limit, best=by).recommended

    def best(self, **most: float | str) -> ChosenPipeline | None:
        """The pipeline to run of those that take at most so much: `best(usd_per_1k=2, latency_p50="40 ms")`. None where
        there is none.

        Raises:
            InputError: no pipeline has such a figure.
        """
        bounds = {name: f"{name} <= {amount}" for name, amount in most.items()}
        sla = bounds.pop(self.conclusion.sla.measure, None) if self.conclusion.sla else None
        return self.under(sla, limits=tuple(bounds.values())).recommended

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of the figures that its report has."""
        return tuple(self._figures)

    def figure(self, name: str) -> Any:
        """A figure of the report (`plotly.graph_objects.Figure`), by its name, such as `frontier`.

        Raises:
            InputError: the report has no such figure.
        """
        if name not in self._figures:
            raise InputError(f"the report of this study has no figure {name!r}; {nearest(name, self.figures)}")
        return self._figures[name].draw()

    def report(self, path: Path | str | None = None) -> Path:
        """Write the report, as one HTML file, and return its path: `report.html` in the study by default.

        Raises:
            OSError: the file cannot be written.
        """
        from tradespace.reports import write_report

        return write_report(self._results, path or self._study.report_path, self._loads)

    def __str__(self) -> str:
        """The answer in sentences."""
        from tradespace.notebook.shown import study_text

        return study_text(self._findings, self.folder)

    def __repr__(self) -> str:
        """How it is named and asked in Python."""
        named = [repr(str(self.folder)), *([f"host={self.host!r}"] if self.host else [])]
        asked = {each.name: getattr(self.preferences, each.name) for each in fields(Preferences)}
        said = ", ".join(f"{name}={value!r}" for name, value in asked.items() if value)
        return f"Study({', '.join(named)})" + (f".under({said})" if said else "")

    def _repr_html_(self) -> str:
        """The answer and the frontier, or why there is none, for notebooks."""
        from markupsafe import escape

        from tradespace.notebook.shown import study_html

        try:
            return study_html(self._findings, self.folder)
        except TradespaceError as error:
            return f"<p>{escape(error)}</p>"

    @cached_property
    def _study(self) -> StudyFolder:
        return StudyFolder(self.folder)

    @cached_property
    def _measured(self) -> Results:
        return self._study.results(self.host)

    @cached_property
    def _results(self) -> Results:
        """What was measured, to be judged by the preferences."""
        return self.preferences.applied(self._measured, self._study.deployments())

    @cached_property
    def _findings(self) -> Findings:
        return findings_of(self._results)

    @cached_property
    def _loads(self) -> tuple[UnderLoadInfo, ...]:
        deployed = deployed_by_preferences(self._study, self._measured, self.host, self.preferences)
        return loads_of(self._results, deployed)

    @cached_property
    def _figures(self) -> dict[str, SectionFigure]:
        from tradespace.reports.making import made_sections

        sections = made_sections(replace(self._findings, loads=self._loads))
        made = (section for section in sections if isinstance(section, Section))
        return {figure.name: figure for section in made for figure in section.figures}
