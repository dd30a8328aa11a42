"""The shape of a table: columns, rows, and how a CSV file is written."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mutationen.blatt import Blatt, aendere_manifest, eintrag, kuendige_an, lade, lies_manifest
from mutationen.operatoren.modell import Ausfuehrung, Form, Mutation, operator

Eingriff = Callable[[Blatt, random.Random], str]
_CSV: tuple[Form, ...] = ("csv", "zip")


def _gefuellte(ordner: Path, zufall: random.Random, mindestens: int = 2) -> Blatt:
    namen = [e["tabelle"] for e in lies_manifest(ordner)["dateien"] if e["zeilen"] >= mindestens]
    return lade(ordner, zufall.choice(namen))


def _spalten(eingriff: Eingriff) -> Ausfuehrung:
    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        blatt = _gefuellte(ordner, zufall)
        was = eingriff(blatt, zufall)
        blatt.schreibe()
        kuendige_an(ordner, blatt.name)
        return Mutation(f"{blatt.name}: {was}", (blatt.name, None, None))

    return ausfuehren


def _eine(blatt: Blatt, zufall: random.Random) -> int:
    return zufall.randrange(len(blatt.kopf))


def _fehlt(blatt: Blatt, zufall: random.Random) -> str:
    weg = _eine(blatt, zufall)
    name = blatt.kopf[weg]
    blatt.nimm_spalten([stelle for stelle in range(len(blatt.kopf)) if stelle != weg])
    return name


def _umbenannt(blatt: Blatt, zufall: random.Random) -> str:
    stelle = _eine(blatt, zufall)
    name = blatt.kopf[stelle]
    neu = zufall.choice((name.upper(), f" {name}", f"{name} ", f"x_{name}", "GEHEIM4711", "", f"{name}\u200b"))
    blatt.kopf[stelle] = neu
    return f"{name} umbenannt"


def _namen_vertauscht(blatt: Blatt, zufall: random.Random) -> str:
    eine, andere = zufall.sample(range(len(blatt.kopf)), 2)
    namen = blatt.kopf[eine], blatt.kopf[andere]
    blatt.kopf[andere], blatt.kopf[eine] = namen
    return f"{namen[0]} ↔ {namen[1]}"


def _verdoppelt(blatt: Blatt, zufall: random.Random) -> str:
    stelle = _eine(blatt, zufall)
    blatt.nimm_spalten([*range(len(blatt.kopf)), stelle])
    return blatt.kopf[stelle]


def _fremd(blatt: Blatt, zufall: random.Random) -> str:
    blatt.kopf.insert(zufall.randrange(len(blatt.kopf) + 1), "nachname")
    blatt.spalten.insert(blatt.kopf.index("nachname"), ["GEHEIM4711"] * blatt.zeilen)
    return "nachname"


def _eigene(blatt: Blatt, zufall: random.Random) -> str:
    """A column of the house's own is allowed, whatever it holds."""
    stelle = zufall.randrange(len(blatt.kopf) + 1)
    blatt.kopf.insert(stelle, "x_notiz")
    blatt.spalten.insert(
        stelle, [zufall.choice(("", "=1+1", 'a "b", c', "\u202eGEHEIM4711")) for _ in range(blatt.zeilen)]
    )
    return "x_notiz"


def _anders_geordnet(blatt: Blatt, zufall: random.Random) -> str:
    blatt.nimm_spalten(zufall.sample(range(len(blatt.kopf)), len(blatt.kopf)))
    return "Reihenfolge der Spalten"


for _name, _eingriff in (
    ("eine Spalte fehlt", _fehlt),
    ("eine Spalte umbenannt", _umbenannt),
    ("zwei Spaltennamen vertauscht", _namen_vertauscht),
    ("eine Spalte verdoppelt", _verdoppelt),
    ("eine fremde Spalte", _fremd),
    ("eine eigene Spalte x_…", _eigene),
    ("Spalten in anderer Reihenfolge", _anders_geordnet),
):
    operator("Spalten", _name)(_spalten(_eingriff))


def _zeilen(waehle: Callable[[int, random.Random], list[int]]) -> Ausfuehrung:
    """Take other rows; the manifest tells the truth, or still the old number of rows, or the old hash too."""

    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        blatt = _gefuellte(ordner, zufall)
        blatt.nimm(waehle(blatt.zeilen, zufall))
        blatt.schreibe()
        wahrheit = zufall.choice(("stimmt", "stimmt", "stimmt", "alte Zeilenzahl", "alte Prüfsumme"))
        if wahrheit != "alte Prüfsumme":
            kuendige_an(ordner, blatt.name, blatt.zeilen if wahrheit == "stimmt" else None)
        return Mutation(f"{blatt.name}, Manifest: {wahrheit}")

    return ausfuehren


def _gestrichen(zeilen: int, zufall: random.Random) -> list[int]:
    weg = set(zufall.sample(range(zeilen), zufall.randrange(1, min(zeilen, 4))))
    return [zeile for zeile in range(zeilen) if zeile not in weg]


def _doppelt(zeilen: int, zufall: random.Random) -> list[int]:
    return [*range(zeilen), *(zufall.randrange(zeilen) for _ in range(zufall.randrange(1, 4)))]


operator("Zeilen", "gestrichen")(_zeilen(_gestrichen))
operator("Zeilen", "verdoppelt")(_zeilen(_doppelt))
operator("Zeilen", "halbiert")(_zeilen(lambda zeilen, _: list(range(zeilen // 2))))
operator("Zeilen", "alle gestrichen")(_zeilen(lambda *_: []))
operator("Zeilen", "umgestellt")(_zeilen(lambda zeilen, zufall: zufall.sample(range(zeilen), zeilen)))


@operator("Zeilen", "ein Monat fehlt")
def ein_monat_fehlt(ordner: Path, zufall: random.Random) -> Mutation:
    """The benefits of one month are gone: of the newest, the oldest or one in between."""
    blatt = lade(ordner, "leistung")
    monate = blatt.spalten[blatt.kopf.index("monat")]
    weg = zufall.choice(sorted({str(monat) for monat in monate}))
    blatt.nimm([zeile for zeile, monat in enumerate(monate) if str(monat) != weg])
    blatt.schreibe()
    kuendige_an(ordner, "leistung", blatt.zeilen)
    return Mutation(f"leistung ohne {weg[:7]}")


Umschrift = Callable[[str, random.Random], bytes]


def _als_text(umschrift: Umschrift, *, zeile: bool = False) -> Ausfuehrung:
    """Write the text of a CSV file otherwise; ``zeile``: the change is in one row that a rejection may name."""

    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        blatt = _gefuellte(ordner, zufall)
        blatt.pfad.write_bytes(umschrift(blatt.pfad.read_text(encoding="utf-8"), zufall))
        kuendige_an(ordner, blatt.name)
        return Mutation(blatt.pfad.name, None if zeile else (blatt.name, None, None))

    return ausfuehren


def _ersetzt(alt: str, neu: str) -> Umschrift:
    return lambda text, _: text.replace(alt, neu).encode()


def _umlaute(kodierung: str) -> Umschrift:
    """In another encoding, with letters that differ in it (the first text column is a key: it gets them)."""
    return lambda text, _: text.replace("DEMO", "DÉMÖ", 3).encode(kodierung)


def _eine_zeile(aenderung: Callable[[str], str]) -> Umschrift:
    def umschrift(text: str, zufall: random.Random) -> bytes:
        zeilen = text.split("\n")
        stelle = zufall.randrange(1, len(zeilen) - 1)
        zeilen[stelle] = aenderung(zeilen[stelle])
        return "\n".join(zeilen).encode()

    return umschrift


for _titel, _umschrift in (
    ("Semikolon als Trennzeichen", _ersetzt(",", ";")),
    ("Tabulator als Trennzeichen", _ersetzt(",", "\t")),
    ("Zeilenende CR LF", _ersetzt("\n", "\r\n")),
    ("Zeilenende CR", _ersetzt("\n", "\r")),
    ("Zeilenenden gemischt", lambda text, _: text.replace("\n", "\r\n", len(text) % 50).encode()),
    ("Leerzeile am Ende", lambda text, _: (text + "\n\n").encode()),
    ("ohne letztes Zeilenende", lambda text, _: text.rstrip("\n").encode()),
    ("ohne Kopfzeile", lambda text, _: text.split("\n", 1)[1].encode()),
    ("Kopfzeile zweimal", lambda text, _: (text.split("\n", 1)[0] + "\n" + text).encode()),
    ("mit Byte Order Mark", lambda text, _: text.encode("utf-8-sig")),
    ("UTF-16", lambda text, _: text.encode("utf-16")),
    ("UTF-32", lambda text, _: text.encode("utf-32-le")),
    ("Latin-1 mit Umlauten", _umlaute("latin-1")),
    ("Codepage 1252 mit Umlauten", _umlaute("cp1252")),
    ("EBCDIC", lambda text, _: text.encode("cp500")),
    ("Leerzeichen nach dem Komma", _ersetzt(",", ", ")),
    ("eine Zeile zu kurz", _eine_zeile(lambda zeile: zeile.rsplit(",", 1)[0])),
    ("eine Zeile zu lang", _eine_zeile(lambda zeile: zeile + ",GEHEIM4711")),
    ("ein offenes Anführungszeichen", _eine_zeile(lambda zeile: '"' + zeile)),
    ("ein Anführungszeichen im Feld", _eine_zeile(lambda zeile: zeile.replace(",", 'x"y,', 1))),
    ("eine Leerzeile dazwischen", _eine_zeile(lambda zeile: zeile + "\n")),
    ("ein Komma zu viel in jeder Zeile", lambda text, _: text.replace("\n", ",\n").encode()),
    ("eine Kommentarzeile", lambda text, _: ("# GEHEIM4711\n" + text).encode()),
):
    operator("CSV-Form", _titel, *_CSV)(_als_text(_umschrift, zeile=_titel.startswith("ein")))


@operator("CSV-Form", "jedes Feld in Anführungszeichen", *_CSV)
def alles_in_anfuehrung(ordner: Path, zufall: random.Random) -> Mutation:
    blatt = _gefuellte(ordner, zufall)
    blatt.schreibe(quoting=csv.QUOTE_ALL)
    kuendige_an(ordner, blatt.name)
    return Mutation(blatt.pfad.name)


@operator("CSV-Form", "Dezimalkomma und deutsches Datum", *_CSV)
def deutsch(ordner: Path, zufall: random.Random) -> Mutation:
    blatt = _gefuellte(ordner, zufall)
    kandidaten = [
        (spalte, name) for spalte, name in zip(blatt.spalten, blatt.kopf, strict=True) if any(map(_deutsch, spalte))
    ]
    for spalte, _ in kandidaten:
        spalte[:] = [_deutsch(wert) or wert for wert in spalte]
    blatt.schreibe()
    kuendige_an(ordner, blatt.name)
    return Mutation(f"{blatt.pfad.name}: {', '.join(name for _, name in kandidaten)}", (blatt.name, None, None))


def _deutsch(wert: Any) -> str | None:
    text = str(wert)
    if len(text) == 10 and text[4] == text[7] == "-":
        return ".".join(reversed(text.split("-")))
    ganz, punkt, rest = text.partition(".")
    return f"{ganz},{rest}" if punkt and (ganz + rest).lstrip("-").isdigit() else None


def _luege(aenderung: Callable[[dict[str, Any], random.Random], object], *formen: Form) -> Ausfuehrung:
    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        blatt = _gefuellte(ordner, zufall)
        aendere_manifest(ordner, lambda m: aenderung(eintrag(m, blatt.name), zufall))
        return Mutation(blatt.name, (blatt.name, None, None))

    return ausfuehren


operator("Manifest", "falsche Zeilenzahl")(
    _luege(lambda e, zufall: e.update(zeilen=zufall.choice((0, e["zeilen"] + 1, e["zeilen"] - 1, -1, 10**18, 10**400))))
)
operator("Manifest", "Zeilenzahl ist keine Zahl")(
    _luege(lambda e, zufall: e.update(zeilen=zufall.choice((str(e["zeilen"]), None, True, [], e["zeilen"] + 0.5))))
)
operator("Manifest", "falsche Prüfsumme")(
    _luege(lambda e, zufall: e.update(sha256=zufall.choice(("0" * 64, "", "GEHEIM4711", e["sha256"][:-1], 7, None))))
)
operator("Manifest", "Prüfsumme in Großbuchstaben")(_luege(lambda e, _: e.update(sha256=e["sha256"].upper())))
operator("Manifest", "Pfad statt Dateiname")(
    _luege(
        lambda e, zufall: e.update(
            datei=zufall.choice(
                (
                    f"../{e['datei']}",
                    "/etc/passwd",
                    f"./{e['datei']}",
                    f"{e['datei']}\0.csv",
                    f"..\\{e['datei']}",
                    f"file:///{e['datei']}",
                    ["GEHEIM4711"],
                    None,
                )
            )
        )
    )
)
