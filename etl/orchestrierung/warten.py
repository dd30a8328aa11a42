"""Waiting for a delivery without taking a place from those that work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from airflow.sdk import BaseSensorOperator, Context

from etl.orchestrierung import quellen
from etl.orchestrierung.fehler import explained
from etl.settings import Settings

DAYS = 21
"""How long a scheduled month waits for its delivery; the deadlines of the month are told apart from it."""
EVERY = timedelta(minutes=15)


class LieferungDa(BaseSensorOperator):
    """Wait until the delivery of a provider is there. One that the form names must be there already."""

    template_fields: ClassVar[Sequence[str]] = ("quelle", "month", "delivery")  # type: ignore[misc]

    def __init__(self, *, quelle: str, month: str, delivery: str, **rest: Any) -> None:
        """Keep the source, the month and the delivery of the form; the rest is that of the sensor."""
        waiting = {"mode": "reschedule", "poke_interval": EVERY, "timeout": timedelta(days=DAYS)}
        super().__init__(**{"map_index_template": "{{ task.quelle }}", **waiting, **rest})
        self.quelle, self.month, self.delivery = quelle, month, delivery

    def poke(self, context: Context) -> bool:
        """Look once."""
        with explained():
            from etl.quellen import datei  # noqa: PLC0415 (the contract behind it is not light)

            if self.quelle == quellen.FORM:
                return True
            return datei.arrived(quellen.place(Settings(), self.quelle, self.month, self.delivery))
