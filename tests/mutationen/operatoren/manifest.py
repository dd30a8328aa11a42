"""The manifest: false identities and moments, fields of another kind, JSON at its limits."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mutationen.blatt import MANIFEST, aendere_manifest, lies_manifest
from mutationen.operatoren.modell import GEHEIM, Ausfuehrung, Mutation, operator

_KENNUNGEN = (
    "../../x", "..", ".", "/etc/x", "a/b", "a\\b", "C:\\x", "~", "-rf", "--help", "=1+1", "@x", "%2E%2E", "a%00b",
    "x" * 100, "ä" * 100, "😀" * 100, "日本" * 50, "x" * 101, "", " ", " x ", "a\0b", "a\nb", "a\x1b[31mb",
    "a\u202eb", "a\u200bb", "\ud800", "[red]x[/]", "<b>x</b>", "'; DROP TABLE jobcenter.zelle; --", "*", "?[a]",
    ".staging-x", "archiv.json", "NUL", "$(id)", "{0}", "%s",
)  # fmt: skip
_ANDERE: tuple[object, ...] = (None, 7, 1.5, True, [], {}, ["x"], {"a": 1})
_MOMENTE = (
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00Z",
    "2999-01-01T06:00:00+01:00", "1970-01-01T00:00:00Z", "2026-02-10T06:00:00+01:00", "2026-08-31", "morgen", "",
    "2026-08-31T06:00:00", "2026-08-31T06:00:00+99:00", "2026-08-31T25:00:00Z", "2026-08-31T06:00:00+23:59:59.999999",
    "2026-W36-1T06:00Z", "20260831T060000Z", "2026-08-31T06:00:00.123456789+02:00", "1693461600",
)  # fmt: skip


def _feld(name: str, werte: Sequence[object]) -> Ausfuehrung:
    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        nummer = zufall.randrange(len(werte))
        aendere_manifest(ordner, lambda m: m.update({name: werte[nummer]}))
        return Mutation(f"{name}: Wert {nummer + 1}")

    return ausfuehren


_GRENZE = ("keine Kennung", "2005 bis 2199")
operator("Manifest", "lieferung_id feindlich", strenger=_GRENZE)(_feld("lieferung_id", _KENNUNGEN))
operator("Manifest", "traegernummer feindlich", strenger=_GRENZE)(_feld("traegernummer", _KENNUNGEN))
operator("Manifest", "erstellt_am gelogen", strenger=_GRENZE)(_feld("erstellt_am", _MOMENTE))
operator("Manifest", "vertrag anders")(_feld("vertrag", ("2.0", "1", 1.0, "1.0 ", GEHEIM, None)))
for _name in ("lieferung_id", "traegernummer", "erstellt_am", "vertrag", "dateien"):
    operator("Manifest", f"{_name} von anderer Art")(_feld(_name, _ANDERE))


@operator("Manifest", "ein Feld fehlt")
def fehlt(ordner: Path, zufall: random.Random) -> Mutation:
    name = zufall.choice(sorted(lies_manifest(ordner)))
    aendere_manifest(ordner, lambda m: m.pop(name))
    return Mutation(name)


@operator("Manifest", "ein Feld zu viel")
def zu_viel(ordner: Path, _: random.Random) -> Mutation:
    aendere_manifest(ordner, lambda m: m.update(bemerkung=GEHEIM))
    return Mutation("bemerkung")


def _eintraege(aenderung: Callable[[list[Any], random.Random], object]) -> Ausfuehrung:
    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        aendere_manifest(ordner, lambda m: aenderung(m["dateien"], zufall))
        return Mutation("dateien")

    return ausfuehren


operator("Manifest", "ein Eintrag doppelt")(_eintraege(lambda d, zufall: d.append(zufall.choice(d))))
operator("Manifest", "unbekannte Tabelle")(
    _eintraege(
        lambda d, zufall: d[zufall.randrange(len(d))].update(tabelle=zufall.choice((GEHEIM, "PERSON", "", 7, [])))
    )
)
operator("Manifest", "ein Eintrag ist keiner")(
    _eintraege(lambda d, zufall: d.insert(zufall.randrange(len(d)), zufall.choice((None, 7, "x", [], {}, [[]]))))
)
operator("Manifest", "Einträge umgestellt")(_eintraege(lambda d, zufall: zufall.shuffle(d)))
operator("Manifest", "hunderttausend Einträge")(_eintraege(lambda d, _: d.extend([{"tabelle": "x"}] * 20_000)))


def _roh(texte: Callable[[str], Sequence[bytes]]) -> Ausfuehrung:
    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        pfad = ordner / MANIFEST
        moeglich = texte(pfad.read_text(encoding="utf-8"))
        nummer = zufall.randrange(len(moeglich))
        pfad.write_bytes(moeglich[nummer])
        return Mutation(f"{MANIFEST}: Form {nummer + 1}")

    return ausfuehren


def _zweimal(text: str) -> list[bytes]:
    """A name twice: the readers of JSON do not agree which one counts."""
    rest = text.lstrip()[1:]
    return [
        ('{"lieferung_id": "andere",' + rest).encode(),
        (text.rstrip()[:-1] + ', "erstellt_am": "2026-07-31T06:00:00+02:00"}').encode(),
        (text.rstrip()[:-1] + ', "dateien": []}').encode(),
    ]


def _riesenzahlen(text: str) -> list[bytes]:
    ziffern = "9" * 10_000
    return [
        text.replace('"zeilen": ', f'"zeilen": {ziffern}', 1).encode(),
        (text.rstrip()[:-1] + f', "x": {ziffern}}}').encode(),
        text.replace('"zeilen": ', '"zeilen": NaN, "z": ', 1).encode(),
        text.replace('"zeilen": ', '"zeilen": Infinity, "z": ', 1).encode(),
        text.replace('"zeilen": ', '"zeilen": 1e400, "z": ', 1).encode(),
    ]


operator("Manifest", "tief verschachtelt")(
    _roh(
        lambda text: [
            b"[" * 200_000,
            b'{"a":' * 150_000,
            (text.rstrip()[:-1] + ', "x": ' + "[" * 90_000 + "]" * 90_000 + "}").encode(),
        ]
    )
)
operator("Manifest", "ein Name zweimal")(_roh(_zweimal))
operator("Manifest", "riesige Zahlen")(_roh(_riesenzahlen))
operator("Manifest", "kein JSON")(
    _roh(
        lambda text: [
            b"",
            b"null",
            b"[]",
            b"7",
            b'"x"',
            text.replace('"', "'").encode(),
            text.encode() + b"}",
            b"<xml/>",
            b"\xff\xfe",
        ]
    )
)
operator("Manifest", "andere Kodierung")(
    _roh(
        lambda text: [
            text.encode("utf-16"),
            text.encode("utf-32"),
            text.encode("utf-8-sig"),
            text.replace("DEMO", "DÉMO").encode("latin-1"),
        ]
    )
)
operator("Manifest", "zu groß", strenger=("größer als 1 MiB",))(
    _roh(lambda text: [text.encode() + b" " * 2**20, b" " * (40 * 2**20)])
)
operator("Manifest", "rechtmäßig anders geschrieben")(
    _roh(
        lambda text: [
            json.dumps(json.loads(text), indent=8).encode(),
            ("\n\t" + text + "\n").encode(),
            json.dumps(dict(reversed(json.loads(text).items()))).encode(),
        ]
    )
)
