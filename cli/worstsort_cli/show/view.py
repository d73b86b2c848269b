"""How `run` and `watch` show a run under way: lines that move in a terminal, plain ones elsewhere."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol, Self

from rich.console import Group
from rich.live import Live

from worstsort.gosort.assessment import percent
from worstsort.runs.wording import counted
from worstsort_cli.output import print_line, print_wrapped, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console, RenderableType

    from worstsort.runs.records import EpochRecord
    from worstsort_cli.show.snapshot import Snapshot

QUIET_SECONDS = 10.0
"""The longest silence where there is no terminal."""

_FRAMES_PER_SECOND = 4
_MIN_BAR_COLUMNS = 5
_SPINNER, _PLAIN_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\"
_LEVELS, _PLAIN_LEVELS = "▁▂▃▄▅▆▇█", "_.:-=+*#"


class View(Protocol):
    """What shows a run; its methods may be called by any thread."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def doing(self, what: str) -> None:
        """Show what is being done before the run has a status."""

    def preparing(self, what: str) -> None:
        """Show what takes seconds, and only once on a machine, before the run begins."""

    def show(self, snapshot: Snapshot) -> None:
        """Show how far the run is."""

    def closed(self, epoch: EpochRecord, max_epochs: int) -> None:
        """Show that an epoch has closed, of so many at most."""

    def say(self, line: str) -> None:
        """Print a line that stays."""


class _Now:
    """What is known at the moment, and since when."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._began = clock, clock()
        self.what, self.taken = "setting up", self._began
        self.snapshot: Snapshot | None = None

    def show(self, snapshot: Snapshot | None, what: str) -> None:
        """Note what is being done, and how far the run is if it has begun."""
        self.what, self.snapshot, self.taken = what, snapshot, self._clock()

    @property
    def left_seconds(self) -> float | None:
        """The time that the run may still take, None if nobody knows."""
        if self.snapshot is None or self.snapshot.at_most_seconds is None:
            return None
        return max(0.0, self.snapshot.at_most_seconds - (self._clock() - self.taken))

    def times(self, elapsed_before: float) -> str:
        """Return the time that has passed and the time left."""
        left = self.left_seconds
        passed = clock_time(elapsed_before + self._clock() - self._began)
        return passed if left is None else f"{passed}, about {clock_time(left)} left"


class PlainView:
    """A line for each epoch, and one whenever ten seconds have passed without any."""

    def __init__(
        self, console: Console, elapsed_before: float = 0.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Print to a console, with the seconds that had passed before."""
        self._console, self._elapsed_before, self._clock = console, elapsed_before, clock
        self._now, self._printed, self._ended = _Now(clock), clock(), threading.Event()
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        threading.Thread(target=self._keep_alive, name="view", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def doing(self, what: str) -> None:
        """Note what is being done."""
        self._now.show(None, what)

    def preparing(self, what: str) -> None:
        """Print what is being done, and note it."""
        self._now.show(None, what)
        self.say(what)

    def show(self, snapshot: Snapshot) -> None:
        """Note how far the run is."""
        self._now.show(snapshot, snapshot.doing)
        self.tick()

    def closed(self, epoch: EpochRecord, max_epochs: int) -> None:
        """Print an epoch's best."""
        evaluations = counted(epoch.evaluations, "evaluation")
        self.say(f"epoch {epoch.epoch}/{max_epochs}: {describe_best(epoch)}, {evaluations}, {epoch.seconds:.1f} s")

    def say(self, line: str) -> None:
        """Print a line."""
        print_line(line, self._console)
        self._printed = self._clock()

    def tick(self) -> None:
        """Print what is being done if nothing has been printed for ten seconds."""
        with self._turn:
            if self._clock() - self._printed >= QUIET_SECONDS:
                best = best_in_words(self._now.snapshot)
                self.say("; ".join(filter(None, [self._now.what, best, self._now.times(self._elapsed_before)])))

    def _keep_alive(self) -> None:
        while not self._ended.wait(1.0):
            self.tick()


class LiveView:
    """Three lines that are drawn anew four times a second: what is being done, a bar with the time, the best."""

    def __init__(
        self, console: Console, elapsed_before: float = 0.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Draw on a terminal, with the seconds that had passed before."""
        self._console, self._elapsed_before, self._clock = console, elapsed_before, clock
        self._now = _Now(clock)
        self._live = Live(
            console=console, get_renderable=self.draw, refresh_per_second=_FRAMES_PER_SECOND, transient=True
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def doing(self, what: str) -> None:
        """Show what is being done before there is a run."""
        self._now.show(None, what)

    def preparing(self, what: str) -> None:
        """Show what is being done before there is a run."""
        self._now.show(None, what)

    def show(self, snapshot: Snapshot) -> None:
        """Show how far the run is from the next frame on."""
        self._now.show(snapshot, snapshot.doing)

    def closed(self, epoch: EpochRecord, max_epochs: int) -> None:
        """Show nothing: the next snapshot does."""

    def say(self, line: str) -> None:
        """Print a line above the moving ones."""
        print_wrapped(line, self._console)

    def draw(self) -> RenderableType:
        """Return the lines as they are at the moment, none wider than the terminal."""
        unicode = self._console.encoding.startswith("utf")
        frames = _SPINNER if unicode else _PLAIN_SPINNER
        frame = frames[int(self._clock() * _FRAMES_PER_SECOND) % len(frames)]
        first = text(f"{frame} {self._now.what}", "bold")
        first.truncate(self._console.width, overflow="ellipsis" if unicode else "crop")
        snapshot, times, width = self._now.snapshot, self._now.times(self._elapsed_before), self._console.width
        if snapshot is None:
            return Group(first, text(times))
        share = (snapshot.epoch + snapshot.share) / snapshot.max_epochs
        bar = bar_line(share, times, width, unicode=unicode)
        return Group(first, text(bar), text(best_line(snapshot, width, unicode=unicode)))


def view(console: Console, elapsed_before: float = 0.0) -> View:
    """Return the view that suits where the output goes."""
    kind: type[LiveView | PlainView] = LiveView if console.is_terminal else PlainView
    return kind(console, elapsed_before)


def describe_best(closed: EpochRecord) -> str:
    """Return the best count so far and where it was found."""
    return f"best {closed.best:,} (island {closed.best_island}, generation {closed.best_generation})"


def best_in_words(snapshot: Snapshot | None) -> str:
    """Return the best count so far with its share of the bound; empty before there is one."""
    best = (snapshot.leading or snapshot.best) if snapshot else None
    if snapshot is None or best is None:
        return ""
    if not snapshot.bound:
        return f"best {best:,}"
    if best == snapshot.bound:
        return f"best {best:,}, proven optimal"
    return f"best {best:,}, {percent(best, snapshot.bound)} of the bound"


def bar_line(share: float, times: str, width: int, *, unicode: bool = True) -> str:
    """Return a bar that is filled by a share, 0 to 1, and as long as the time beside it leaves room for."""
    filled, empty = ("━", "─") if unicode else ("#", "-")
    room = width - len(times) - 1
    if room < _MIN_BAR_COLUMNS:
        return times
    done = int(min(share, 1.0) * room)
    return f"{filled * done}{empty * (room - done)} {times}"


def best_line(snapshot: Snapshot, width: int, *, unicode: bool = True) -> str:
    """Return the best count with as much beside it as there is room for: the curve first, then the rate."""
    curve = sparkline([*snapshot.curve, *filter(None, [snapshot.leading])], snapshot.bound, unicode=unicode)
    rate = f"{snapshot.rate:,.0f} evaluations/s" if snapshot.rate else ""
    line = best_in_words(snapshot) or "no best yet"
    for part in filter(None, (curve, rate)):
        if len(line) + 2 + len(part) <= width:
            line = f"{line}  {part}"
    return line


def sparkline(curve: list[int], bound: int | None, *, unicode: bool = True) -> str:
    """Return a curve in one character per number, from the first to the bound, or else to the highest."""
    if len(curve) < 2:
        return ""
    levels = _LEVELS if unicode else _PLAIN_LEVELS
    low, high = curve[0], max([*curve, bound or 0])
    return "".join(levels[(best - low) * (len(levels) - 1) // max(1, high - low)] for best in curve)


def clock_time(seconds: float) -> str:
    """Return a duration as hours, minutes and seconds, e.g. `0:01:07`."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}"
