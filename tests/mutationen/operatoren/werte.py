"""Single values: of the wrong type or size, hostile texts, formulas – and changes that are legal."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mutationen.blatt import kuendige_an, lade, lies_manifest
from mutationen.operatoren.modell import GEHEIM, Ausfuehrung, Form, Mutation, operator

_VERTRAG: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "etl" / "contract" / "quellvertrag.json").read_text(encoding="utf-8")
)["resources"]
_KEYS = ("kundennummer", "bg_nummer", "aktenzeichen", "erwerb_id", "teilnahme_id", "minderung_id", "verfahren_id")
_CSV: tuple[Form, ...] = ("csv", "zip")
Wahl = Callable[[dict[str, Any]], bool]


def _stellen(ordner: Path, passt: Wahl) -> Iterator[tuple[str, str]]:
    gefuellt = {e["tabelle"] for e in lies_manifest(ordner)["dateien"] if e["zeilen"]}
    for tabelle in _VERTRAG:
        if tabelle["name"] in gefuellt:
            yield from ((tabelle["name"], s["name"]) for s in tabelle["schema"]["fields"] if passt(s))


def _gesetzt(werte: Sequence[object], passt: Wahl, *, genau: bool = True) -> Ausfuehrung:
    """Put one of ``werte`` into one row of one column that fits; ``genau``: a rejection must name row and column."""

    def ausfuehren(ordner: Path, zufall: random.Random) -> Mutation:
        tabelle, spalte = zufall.choice(list(_stellen(ordner, passt)))
        blatt = lade(ordner, tabelle)
        zeile, nummer = zufall.randrange(blatt.zeilen), zufall.randrange(len(werte))
        blatt.setze(spalte, zeile, werte[nummer])
        blatt.schreibe()
        kuendige_an(ordner, tabelle)
        # A key is named where it is missed, which may be another table.
        ort = None if spalte in _KEYS else (tabelle, zeile + 1, spalte) if genau else (tabelle, None, None)
        return Mutation(f"{tabelle}, Zeile {zeile + 1}, {spalte}: Wert {nummer + 1}", ort)

    return ausfuehren


def _typ(*typen: str) -> Wahl:
    return lambda spalte: spalte["type"] in typen


def _freitext(spalte: dict[str, Any]) -> bool:
    grenzen = spalte.get("constraints", {})
    return spalte["type"] == "string" and not {"enum", "pattern"} & set(grenzen) and spalte["name"] not in _KEYS


def _schluessel(spalte: dict[str, Any]) -> bool:
    return spalte["name"] in _KEYS


def _code(spalte: dict[str, Any]) -> bool:
    return bool({"enum", "pattern"} & set(spalte.get("constraints", {})))


def _pflicht(spalte: dict[str, Any]) -> bool:
    return bool(spalte.get("constraints", {}).get("required"))


_ZAHL = _typ("number", "integer")
_DATUM = _typ("date")
for _name, _passt, _werte in (
    ("Zahl mit 10.000 Stellen", _ZAHL, ("9" * 10_000, "0." + "0" * 10_000 + "1", "-" + "1" * 10_000)),
    ("Zahl außerhalb des Typs", _ZAHL, ("10000000000.00", "99999999999999", "2147483648", "-99999999999")),
    ("NaN und Infinity", _ZAHL, ("NaN", "Infinity", "-inf", "nan", "1e308", "1E5", "0x1F", "1_000")),
    (
        "Zahl als Text",
        _ZAHL,
        (GEHEIM, "12,50", "1.234,50", "12.505", " 12.50", "12.50 €", "١٢", "+5", ".5", "5.", "−3"),
    ),
    ("negative Zahl", _typ("number"), ("-0.01", "-500.00", "-9999999999.99")),
    ("rechtmäßig anderer Betrag", _typ("number"), ("1.00", "0.00", "1250.5", "007.10", "9999999.99")),
    ("Jahr 99999", _DATUM, ("99999-01-01", "10000-01-01", "+12026-01-01", "999999999-12-31")),
    ("Jahr null und Vorzeit", _DATUM, ("0000-01-01", "-0001-01-01", "-2026-01-01", "0001-01-01", "1582-10-10")),
    ("ferne Zukunft", _DATUM, ("9999-12-31", "9999-12-01", "2999-01-01", "2262-04-12")),
    ("Tag, den es nicht gibt", _DATUM, ("2026-02-30", "2026-13-01", "2026-00-10", "2025-02-29", "2026-06-31")),
    (
        "Datum in anderer Form",
        _DATUM,
        (GEHEIM, "1.2.2026", "2026-W05-1", "20260201", "2026-02-01T00:00:00", "02/01/2026", "2026-2-1"),
    ),
    ("rechtmäßig anderes Datum", _DATUM, ("2026-05-14", "2026-06-01", "2026-08-01", "1999-12-31")),
    ("Wahrheitswert in anderer Form", _typ("boolean"), ("True", "1", "ja", "TRUE", "t", "", " true", GEHEIM)),
    ("rechtmäßig anderer Wahrheitswert", _typ("boolean"), ("true", "false")),
    ("Pflichtwert leer", _pflicht, ("", None)),
    (
        "unbekannter Code",
        _code,
        (GEHEIM, "W ", "w\u200b", "ＭＷ", "m;w", "00", "999999999", "'; DROP TABLE person; --"),
    ),
):
    operator("Werte", _name)(_gesetzt(_werte, _passt))

# Texts. ``strenger``: what the contract's words allow, and the product refuses all the same.
_NAME = ("Der Name beginnt wie eine Formel",)
_STEUER = ("Steuerzeichen",)
_LANG = ("Zeichen lang",)
for _titel, _texte, _strenger in (
    ("Null-Zeichen", (f"a\0{GEHEIM}", "\0"), ("Null-Zeichen", *_STEUER)),
    ("Byte Order Mark im Text", (f"\ufeff{GEHEIM}", f"{GEHEIM}\ufeff"), _STEUER),
    ("ungültiges UTF-8", (f"{GEHEIM}\udcff\udcfe", "\udcc0\udc80", "\udced\udca0\udc80", "\udcf5x"), ()),
    ("umgekehrte Schreibrichtung", (f"Offen\u202e{GEHEIM}\u202c", f"\u2066{GEHEIM}\u2069", "\u200fאבג"), _STEUER),
    ("unsichtbare Zeichen", (f"La\u200bhr{GEHEIM}", "Lahr\u00ad", "\u2060Lahr", "Lahr\u00a0", "\u3164"), _STEUER),
    ("Steuerzeichen", (f"\x1b[31m{GEHEIM}\x07", "a\x08b", "\x7f", "\x85x", "a\x0bb\x0c"), _STEUER),
    ("Zeilenumbruch und Anführungszeichen", (f'{GEHEIM}\n"zwei"', 'a"b', "a,b;c\td", "a\r\nb", '"', "'"), ()),
    ("SQL", (f"'; DROP TABLE jobcenter.zelle; -- {GEHEIM}", "' OR 1=1 --", "$1", "%s %(x)s", "{0}", "a\\'b"), ()),
    ("Pfad", (f"../../../{GEHEIM}", "/etc/passwd", "..", "C:\\x", "a/b", "CON", ".", "~"), ()),
    ("Formel", (f"=cmd|' /C calc'!A0 {GEHEIM}", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "=1", "＝1+1"), ()),
    (
        "Auszeichnung",
        (f"<script>{GEHEIM}</script>", "{{7*7}}", "{% x %}", "[red]x[/]", '#import "x"', "$x$", "*b* _u_", "&amp;"),
        (),
    ),
    ("Sonderwörter", ("NULL", "NaN", "OHNE", "INSGESAMT", "None", "true", "0"), ()),
    (
        "Nicht-Zeichen",
        ("\ufffe", "\uffff", "\U0010ffff", "e\u0301\u0301\u0301" * 40, "\U0001f469\u200d\U0001f4bb"),
        _STEUER,
    ),
    ("langer Text", (GEHEIM + "x" * 3_000, "ä" * 40_000, "x" * 1_000_000), _LANG),
):
    operator("Texte", f"{_titel} im Freitext", strenger=(*_strenger, *_NAME))(_gesetzt(_texte, _freitext))
    operator("Texte", f"{_titel} im Schlüssel", strenger=_strenger)(_gesetzt(_texte, _schluessel))

_ZU_LANG = ("Zeichen lang", "länger als")
operator("Texte", "100 MB in einem Feld", selten=True, strenger=_ZU_LANG)(
    _gesetzt((GEHEIM + "x" * (100 * 2**20),), _freitext, genau=False)
)
operator("Werte", "100 MB statt einer Zahl", *_CSV, selten=True)(_gesetzt(("9" * (100 * 2**20),), _ZAHL, genau=False))


@operator("Werte", "Beginn nach dem Ende")
def verdreht(ordner: Path, zufall: random.Random) -> Mutation:
    """An episode ends before it begins: the contract calls it a finding, not a breach."""
    tabelle, von, bis = zufall.choice(
        (
            ("bg_mitglied", "von", "bis"),
            ("massnahme", "eintritt", "austritt"),
            ("erwerbstaetigkeit", "beginn", "ende"),
            ("bedarfsgemeinschaft", "gueltig_von", "gueltig_bis"),
        )
    )
    blatt = lade(ordner, tabelle)
    zeile = zufall.randrange(blatt.zeilen)
    blatt.setze(bis, zeile, "1990-01-01")
    blatt.schreibe()
    kuendige_an(ordner, tabelle)
    return Mutation(f"{tabelle}, Zeile {zeile + 1}: {von} nach {bis}")


@operator("Texte", "derselbe feindliche Text überall", strenger=_NAME)
def ueberall(ordner: Path, zufall: random.Random) -> Mutation:
    """Every office and team carries the text: it comes through to the figures, and must be a text there."""
    text = zufall.choice(
        ("=1+1", "@x", "'; DROP TABLE x; --", "../..", "<b>x</b>", 'a"b,c\nd', "[bold]x", "{{7*7}}", "😀")
    )
    blatt = lade(ordner, "bedarfsgemeinschaft")
    for zeile in range(blatt.zeilen):
        blatt.setze("geschaeftsstelle", zeile, text)
        blatt.setze("zustaendigkeit", zeile, text)
    blatt.schreibe()
    kuendige_an(ordner, "bedarfsgemeinschaft")
    return Mutation("bedarfsgemeinschaft: geschaeftsstelle und zustaendigkeit")
