"""Bytes: flipped, cut off, gone, added – with the old hash in the manifest, and with a hash that fits again."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from mutationen.blatt import MANIFEST, kuendige_an, lies_manifest
from mutationen.operatoren.modell import Ausfuehrung, Mutation, operator

Eingriff = Callable[[bytes, random.Random], bytes]


def _kippe(inhalt: bytes, zufall: random.Random) -> bytes:
    neu = bytearray(inhalt)
    for _ in range(zufall.choice((1, 1, 3, 20))):
        neu[zufall.randrange(len(neu))] ^= 1 << zufall.randrange(8)
    return bytes(neu)


def _kippe_am_ende(inhalt: bytes, zufall: random.Random) -> bytes:
    """Where Parquet and zip keep their directories."""
    stelle = max(0, len(inhalt) - 600)
    return inhalt[:stelle] + _kippe(inhalt[stelle:], zufall)


def _schneide_ab(inhalt: bytes, zufall: random.Random) -> bytes:
    return inhalt[: zufall.randrange(1, len(inhalt))]


def _leere(_: bytes, __: random.Random) -> bytes:
    return b""


def _haenge_an(inhalt: bytes, zufall: random.Random) -> bytes:
    return inhalt + zufall.choice((zufall.randbytes(40), b"\0" * 4096, b"\n\n\n", b"PK\x05\x06"))


def _fuege_ein(inhalt: bytes, zufall: random.Random) -> bytes:
    stelle = zufall.randrange(len(inhalt))
    return inhalt[:stelle] + zufall.randbytes(zufall.randrange(1, 30)) + inhalt[stelle:]


def _vertausche_bloecke(inhalt: bytes, zufall: random.Random) -> bytes:
    groesse = max(1, len(inhalt) // 8)
    bloecke = [inhalt[stelle : stelle + groesse] for stelle in range(0, len(inhalt), groesse)]
    zufall.shuffle(bloecke)
    return b"".join(bloecke)


_EINGRIFFE: tuple[tuple[str, Eingriff], ...] = (
    ("Bits gekippt", _kippe),
    ("Bits am Ende gekippt", _kippe_am_ende),
    ("abgeschnitten", _schneide_ab),
    ("leer", _leere),
    ("etwas angehängt", _haenge_an),
    ("Bytes eingefügt", _fuege_ein),
    ("Blöcke vertauscht", _vertausche_bloecke),
)


def _an_datei(eingriff: Eingriff, *, angekuendigt: bool) -> Ausfuehrung:
    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        gewaehlt = zufall.choice([e for e in lies_manifest(ordner)["dateien"] if e["zeilen"]])
        pfad = ordner / gewaehlt["datei"]
        pfad.write_bytes(eingriff(pfad.read_bytes(), zufall))
        if angekuendigt:
            kuendige_an(ordner, gewaehlt["tabelle"])
        return Mutation(pfad.name, (gewaehlt["tabelle"], None, None))

    return ausfuehren


def _am_manifest(eingriff: Eingriff) -> Ausfuehrung:
    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        pfad = ordner / MANIFEST
        pfad.write_bytes(eingriff(pfad.read_bytes(), zufall))
        return Mutation(MANIFEST)

    return ausfuehren


def _an_zip(eingriff: Eingriff) -> Ausfuehrung:
    def ausfuehren(pfad: Path, zufall: random.Random) -> Mutation:
        pfad.write_bytes(eingriff(pfad.read_bytes(), zufall))
        return Mutation("Zip-Datei")

    return ausfuehren


for _name, _eingriff in _EINGRIFFE:
    operator("Bytes", f"Tabelle {_name}, Prüfsumme alt")(_an_datei(_eingriff, angekuendigt=False))
    operator("Bytes", f"CSV {_name}, Prüfsumme passt", "csv", "zip")(_an_datei(_eingriff, angekuendigt=True))
    operator("Bytes", f"Parquet {_name}, Prüfsumme passt", "parquet")(_an_datei(_eingriff, angekuendigt=True))
    operator("Bytes", f"Manifest {_name}", strenger=("keine Kennung", "2005 bis 2199"))(_am_manifest(_eingriff))
    operator("Bytes", f"Zip {_name}", gepackt=True, strenger=("Zip-Bombe",))(_an_zip(_eingriff))
