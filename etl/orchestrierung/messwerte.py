"""Metrics of our steps, beside Airflow's own: counts of a delivery, sent where ``[metrics]`` says (StatsD).

A metric is named ``jobcenter.<name>``; with a StatsD that takes tags it has ``traeger``. Nothing is sent by default.
"""

from __future__ import annotations

from airflow.sdk.observability import stats


def gauge(name: str, value: int, reference: str) -> None:
    """Tell a count of the delivery ``<traegernummer>/<lieferung_id>``: a number of rows, cells, files, recipients."""
    stats.gauge(f"jobcenter.{name}", value, tags={"traeger": reference.partition("/")[0]})
