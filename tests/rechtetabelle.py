"""Writes the tables of rights anew into the operator's handbook: ``uv run python tests/rechtetabelle.py``."""

from __future__ import annotations

import re

from etl.betriebshandbuch import FOLDER
from etl.files import write_atomically
from integration.rechte import ROLLEN, Recht, gelesen, rechte

KAPITEL = FOLDER / "09-sicherheit.md"
NOTHING = "-"


def rendered(text: str) -> str:
    """Return the chapter with the tables that follow from ``tests/data/rechte.yaml``."""
    for anchor, table in (("sicherheit-rechte-tabelle", _rights()), ("sicherheit-rechte-alle", _everybody())):
        heading = re.search(rf"^### .*\{{#{anchor}\}}\n", text, re.MULTILINE)
        if heading is None:
            raise ValueError(f"{KAPITEL.name}: the heading with the anchor {anchor} is missing")
        rest = re.search(r"^##", text[heading.end() :], re.MULTILINE)
        after = text[heading.end() + rest.start() :] if rest else ""
        text = f"{text[: heading.end()]}\n{table}\n{after}"
    return text


def _rights() -> str:
    document = gelesen()
    lines = [
        "Wer ergänzt, füllt nicht jede Spalte: Schlüssel, Zeitpunkte und Hashes kommen von der Datenbank (welche, "
        "steht in `tests/data/rechte.yaml`). Alles andere ist abgewiesen: ändern, löschen, anlegen, weitergeben.",
        "",
        f"| Objekt | {' | '.join(f'`{role}`' for role in ROLLEN)} |",
        f"|---|{'---|' * len(ROLLEN)}",
    ]
    every = rechte(document)
    for kind in ("tabellen", "sichten", "funktionen"):
        for name in document[kind]:
            cells = [_may(every[name], role) for role in ROLLEN]
            if kind != "funktionen" or any(cell != NOTHING for cell in cells):
                lines.append(f"| `{name}` | {' | '.join(cells)} |")
    hidden = sum(not every[name].fuehrt_aus for name in document["funktionen"])
    return "\n".join([*lines, "", f"Weitere {hidden} Funktionen ruft nur die Datenbank selbst auf.", ""])


def _may(recht: Recht, role: str) -> str:
    words = [
        word
        for word, holds in (
            ("liest", role in recht.liest),
            ("ergänzt", role in (recht.ergaenzt or {})),
            ("führt aus", role in recht.fuehrt_aus),
        )
        if holds
    ]
    return ", ".join(words) or NOTHING


def _everybody() -> str:
    lines = [
        "Auch eine ohne Rolle, sobald sie sich überhaupt verbinden darf.",
        "",
        "| Anweisung | Warum das unschädlich ist |",
    ]
    lines.append("|---|---|")
    lines += [f"| `{entry['anweisung']}` | {entry['warum']} |" for entry in gelesen()["jedem_erlaubt"]]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    write_atomically(KAPITEL, rendered(KAPITEL.read_text(encoding="utf-8")).encode())
    print(KAPITEL)
