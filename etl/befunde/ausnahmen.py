"""Waivers (Ausnahmen): a reviewed finding stays closed as long as its values are what was reviewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Ausnahme:
    """One waiver. ``gueltig_bis`` is the last Datenstand it holds for; two different persons stand for it."""

    ausnahme_id: int
    regel_id: str
    befund_id: str
    werte_sha256: str
    grund: str
    beantragt_von: str
    bewilligt_von: str
    gueltig_bis: dt.date


def ausgenommen(befunde: pa.Table, ausnahmen: Iterable[Ausnahme], datenstand: dt.date) -> pa.Array:
    """Return for every finding the number of the waiver that closes it, or null.

    A waiver closes a finding of the values it was given for, in deliveries up to its last day; never one that is gone.
    """
    valid = {(a.befund_id, a.werte_sha256): a.ausnahme_id for a in ausnahmen if datenstand <= a.gueltig_bis}
    columns = (befunde.column(name).to_pylist() for name in ("befund_id", "werte_sha256", "zustand"))
    closed = [
        None if zustand == "behoben" else valid.get((befund, werte))
        for befund, werte, zustand in zip(*columns, strict=True)
    ]
    return pa.array(closed, pa.int64())
