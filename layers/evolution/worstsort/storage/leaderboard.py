"""The table `Champions`: one item per finished run's champion, ranked within its family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.gosort.validation import VALUES
from worstsort.runs.records import ChampionRecord
from worstsort.runs.results.leaderboard import family_of, ranked
from worstsort.storage.items import from_item, to_item

if TYPE_CHECKING:
    from worstsort.storage.table import Table

_INDEX = "by_fitness"


class Leaderboard:
    """The champions of all finished runs."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, champion: ChampionRecord) -> bool:
        """Add a champion; return False if the same input is on the leaderboard already."""
        return self._table.put_new(to_item(champion), key="key")

    def champions(
        self, target: str | None = None, size: int | None = None, values: str | None = None
    ) -> list[ChampionRecord]:
        """Return champions family by family, the best of each family first.

        Args:
            target: Only champions for this target, if given.
            size: Only champions of this size, if given.
            values: Only champions of runs for any or for distinct values, if given.
        """
        kinds = VALUES if values is None else (values,)
        if target is None or size is None:
            # One item per finished run: reading them all is cheap, and no index spans the families.
            items = self._table.scan()
        else:
            families = (family_of(target, size, kind) for kind in kinds)
            items = [item for family in families for item in self._table.query_index(_INDEX, family=family)]
        return ranked((from_item(ChampionRecord, item) for item in items), target, size, values)
