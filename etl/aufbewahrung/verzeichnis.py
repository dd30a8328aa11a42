"""The record of processing activities (Verzeichnis von Verarbeitungstätigkeiten, Art. 30 Abs. 1 DSGVO) as one page.

Data, persons, purposes, periods and measures come from the catalogue; what only the house knows comes from the
settings, and what is not there is printed as not on record: nothing is invented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from etl.aufbewahrung.katalog import LOESCHUNG, SCHUTZ, klassen

FEHLT = "(nicht hinterlegt)"
HAUS: Mapping[str, str] = {
    "verantwortlicher": "Verantwortlicher",
    "anschrift": "Anschrift",
    "kontakt": "Kontakt",
    "vertreter": "Vertreter des Verantwortlichen",
    "gemeinsam_verantwortliche": "Gemeinsam mit ihm Verantwortliche",
    "datenschutzbeauftragte": "Datenschutzbeauftragte Person",
    "auftragsverarbeiter": "Auftragsverarbeiter",
    "drittland": "Übermittlung in ein Drittland oder an eine internationale Organisation",
    "massnahmen": "Maßnahmen des Hauses (Räume, Rechner, Sicherung, Berechtigungen)",
}
"""What only the house knows: keys of the setting, and how they are called on the page."""


def render(haus: Mapping[str, str], empfaenger: Sequence[tuple[str, str]]) -> str:
    """Return the page, with the periods as they are now decided.

    ``haus``: what the house has on record, by the keys of ``HAUS``. ``empfaenger``: names of the recipients of released
    reports, and the circle of readers that each belongs to.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("verzeichnis.html.j2").render(
        haus={key: (titel, haus.get(key, "").strip() or FEHLT) for key, titel in HAUS.items()},
        empfaenger=empfaenger,
        klassen=list(klassen(dt.date.max).values()),
        schutz=SCHUTZ,
        loeschung=LOESCHUNG,
        fehlt=FEHLT,
    )
