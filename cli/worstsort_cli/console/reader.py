"""What the console knows: the runs of a cloud and those of a folder, side by side."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worstsort.runs.run_id import check_run_id
from worstsort.runs.status import Status
from worstsort_cli.console.readings import champions, overview
from worstsort_cli.console.readings.bounds import Bounds
from worstsort_cli.console.readings.convergence import AllBaselines
from worstsort_cli.console.readings.overview import CLOUD, FOLDER, Placed, Query
from worstsort_cli.console.sources.cloud import CloudGone
from worstsort_cli.console.sources.cloud_executions import CloudExecutions
from worstsort_cli.console.sources.cloud_runs import CloudRuns
from worstsort_cli.console.sources.folder_jobs import FolderJobs
from worstsort_cli.console.sources.folder_runs import FolderRuns
from worstsort_cli.console.sources.place import NothingThere, NotYet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from worstsort.runs.records import RunRecord
    from worstsort_cli.clouds.deployment import Deployment
    from worstsort_cli.console.sources.carried import Carried
    from worstsort_cli.console.sources.cloud import Cloud
    from worstsort_cli.console.sources.place import Place


class Reader:
    """All that the pages show.

    Args:
        cloud: The cloud that is read.
        folder: The folder of this machine's runs, or None.

    Attributes:
        executions: How the cloud's runs are carried out.
    """

    def __init__(self, cloud: Cloud, folder: Path | None) -> None:
        self.cloud, self.folder = cloud, folder
        self._cloud_runs = CloudRuns(cloud)
        self.executions = CloudExecutions(cloud, self._cloud_runs)
        self._places: dict[str, Place] = {CLOUD: self._cloud_runs}
        self._carried: dict[str, Carried] = {CLOUD: self.executions}
        if folder is not None:
            folder_runs = FolderRuns(folder)
            self._places[FOLDER] = folder_runs
            self._carried[FOLDER] = FolderJobs(folder, folder_runs)
        self._bounds, self._baselines = Bounds(), AllBaselines()

    def runs(self, query: Query) -> dict[str, Any]:
        """Return the part of the list that is asked for, and what is wrong with the rest."""
        found, problem = self._everywhere(lambda place: place.runs())
        chosen, total = overview.select((Placed(place, run) for place, run in found), query)
        now, given = datetime.now(UTC), overview.given_by(self._known_deployment())
        rows = [overview.row(placed, self._bounds, given, now) for placed in chosen]
        return {"runs": rows, "total": total, "unread": self._cloud_runs.unread(), "problem": problem}

    def leaderboard(self) -> dict[str, Any]:
        """Return the champions of all runs, family by family."""
        found, problem = self._everywhere(lambda place: place.champions())
        return {"champions": champions.rows(found, self._bounds), "problem": problem}

    def run(self, place: str, run_id: str) -> dict[str, Any]:
        """Return what is known of a run; raises NothingThere or CloudGone."""
        record = self._place(place).record(self._checked(run_id))
        names = self.executions.names(run_id) if place == CLOUD else []
        if record is None:
            return {"run": None, "executions": names, "execution": self._cloud_runs.unrecorded(run_id)}
        given = overview.given_by(self._known_deployment())
        ended_early = record.status not in {Status.RUNNING, Status.SUCCEEDED}
        return {
            "run": overview.row(Placed(place, record), self._bounds, given, datetime.now(UTC)),
            "config": record.config.model_dump(mode="json"),
            "code_version": record.code_version,
            "executions": names,
            "can_stop": place == CLOUD and record.status == Status.RUNNING,
            "can_resume": place == CLOUD and ended_early,
            "files": self._place(place).file_names(record),
        }

    def carried(self, place: str) -> Carried:
        """Return how the runs of a place are carried out; raises NothingThere."""
        self._place(place)
        return self._carried[place]

    def convergence(self, place: str, run_id: str) -> dict[str, Any]:
        """Return a run's curves, with baselines and bound."""
        run = self._recorded(place, run_id)
        config, curves = run.config, self._place(place).curves(run)
        judged = self._bounds.judge(run.best, config.target, config.size, config.values)
        baselines = self._baselines.of(config)
        settled = judged.settled and None not in baselines.values()
        return {"curves": curves, "bound": judged.bound, "best": run.best, "settled": settled} | baselines

    def picture(self, place: str, run_id: str) -> str:
        """Return the best input of a run as SVG."""
        drawn = self._place(place).picture(self._recorded(place, run_id))
        if drawn is None:
            raise NotYet(f"run {run_id} has no best input yet")
        return drawn

    def report(self, place: str, run_id: str) -> bytes:
        """Return the report of a run."""
        return self._place(place).report(self._recorded(place, run_id))

    def file(self, place: str, run_id: str, name: str) -> bytes:
        """Return a file that a run has left for its user."""
        return self._place(place).file(self._recorded(place, run_id), name)

    def changed(self, run_id: str) -> None:
        """Read a run anew: something was done to it."""
        self._cloud_runs.changed(run_id)

    def _everywhere(self, ask: Callable[[Place], list[Any]]) -> tuple[list[tuple[str, Any]], str]:
        """Return what all places have, each with the place's name, and why one has nothing to say."""
        found, problem = list[tuple[str, Any]](), ""
        for name, place in self._places.items():
            try:
                found += [(name, one) for one in ask(place)]
            except CloudGone as gone:
                problem = str(gone)
        return found, problem

    def _place(self, name: str) -> Place:
        if name not in self._places:
            raise NothingThere(f"runs are in {' or in '.join(self._places)}")
        return self._places[name]

    def _recorded(self, place: str, run_id: str) -> RunRecord:
        found = self._place(place).record(self._checked(run_id))
        if found is None:
            raise NotYet(f"run {run_id} is not recorded yet")
        return found

    def _known_deployment(self) -> Deployment | None:
        try:
            return self.cloud.deployment()
        except CloudGone:
            return None

    @staticmethod
    def _checked(run_id: str) -> str:
        check_run_id(run_id, "run")
        return run_id
