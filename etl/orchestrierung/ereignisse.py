"""Assets: what other DAGs can wait for. Every event names the month (partition), the provider and the delivery."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Asset

LIEFERUNG = Asset(name="jobcenter_lieferung", uri="jobcenter://lieferung", group="jobcenter")
"""A delivery of a month is ready to be fetched. Who provides it says so; ``lieferungseingang`` starts the month."""
ARCHIV = Asset(name="jobcenter_archiv", uri="jobcenter://archiv", group="jobcenter")
"""A delivery is in the archive."""
ZAHLEN = Asset(name="jobcenter_zahlen", uri="jobcenter://zahlen", group="jobcenter")
"""The figures of a month are loaded."""
BERICHT = Asset(name="jobcenter_bericht", uri="jobcenter://bericht", group="jobcenter")
"""The report of a month is released."""


def tell(events: Any, asset: Asset, reference: str, month: str) -> None:
    """Say in the event of ``asset`` which delivery and month it is about."""
    traegernummer, _, lieferung_id = reference.partition("/")
    events[asset].add_partitions(month)
    events[asset].extra = {"traegernummer": traegernummer, "lieferung_id": lieferung_id, "berichtsmonat": month}
