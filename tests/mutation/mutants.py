"""Which mistakes in ``sql/`` and the catalogues there could be: every small change of them, one at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    *sorted((ROOT / "sql" / "core").glob("*.sql")),
    *sorted((ROOT / "sql" / "figures").glob("*.sql")),
    ROOT / "etl" / "figures" / "katalog.yaml",
    ROOT / "etl" / "figures" / "kennzahlen.yaml",
)

# What is found, and what it becomes. Each stands for a slip: an edge moved by one, a condition lost, a side mixed up.
SLIPS = (
    (r"(?<=\s)<=(?=\s)", "<"),
    (r"(?<=\s)<(?=\s)", "<="),
    (r"(?<=\s)>=(?=\s)", ">"),
    (r"(?<=\s)>(?=\s)", ">="),
    (r"(?<=\s)<>(?=\s)", "="),
    (r"(?<=\s)\+ 1(?!\d)", "+ 2"),
    (r"(?<=\s)- 1(?!\d)", "- 2"),
    (r"INTERVAL 1 MONTH", "INTERVAL 2 MONTH"),
    (r"\bAND NOT\b", "AND"),
    (r"\bleast\(", "greatest("),
    (r"\bgreatest\(", "least("),
    (r"\bmin\(", "max("),
    (r"\bmax\(", "min("),
    (r"\barg_max\(", "arg_min("),
    (r"\barg_min\(", "arg_max("),
    (r"\bbool_or\(", "bool_and("),
    (r"\bLEFT JOIN\b", "INNER JOIN"),
    (r"\bANTI JOIN\b", "SEMI JOIN"),
    (r"\bSEMI JOIN\b", "ANTI JOIN"),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bDESC\b", "ASC"),
)
_CONJUNCT = re.compile(r"\bAND (?!NOT NULL)[^\n]*?(?=$| AND | OR |\)|\"$)", re.MULTILINE)
_BETWEEN = re.compile(r"BETWEEN \S+( - \S+)? $")
_CATALOGUE: tuple[tuple[str, Callable[[str], str]], ...] = (
    (r"(?<=erster_wert_nach: )\d+", lambda found: str(int(found) + 1)),
    (r"(?<=letzter_wert_vor: )\d+", lambda found: str(int(found) - 1)),
    (r"(?<=mass: )kosten_tatsaechlich", lambda _: "kosten_anerkannt"),
    (r"(?<=mass: )heizkosten_tatsaechlich", lambda _: "heizkosten_anerkannt"),
    (r"(?<=mass: )llu", lambda _: "luh"),
    (r"(?<=mass: )zahlung", lambda _: "minderung"),
    (r"(?<=art: )veraenderung", lambda _: "anteil"),
    (r"(?<=art: )summenquote", lambda _: "mittelquote"),
    (r"(?<=art: )mittelquote", lambda _: "summenquote"),
    (r"(?<=art: )anteil", lambda _: "veraenderung"),
    (r"(?<=art: )verhaeltnis", lambda _: "anteil"),
    (r"(?<=zaehler: \[)\w+", lambda found: "PERS" if found != "PERS" else "BG"),
    (r"(?<=nenner: \[)\w+", lambda found: "LB" if found != "LB" else "ELB"),
    (r"(?<=nenner_versatz: )\d", lambda found: str(int(found) + 1)),
    (r"(?<=endet_vor: )\d", lambda found: str(int(found) - 1)),
)
_COMPUTED = (
    *("bedingung", "mass", "erster_wert_nach", "letzter_wert_vor"),
    *("art", "zaehler", "nenner", "nenner_versatz", "endet_vor"),
)


_PRUNED = "leaves out early what adds nothing later"
_ALWAYS_THERE = "every row has its partner; the outer join only says that none may be lost"
HARMLESS = {
    ("06_elb_zeit.sql", "AND z.bis >= a.monat"): _PRUNED,
    ("06_elb_zeit.sql", "sum((ende_vorher IS NULL OR von > ende_vorher + 1)::INTEGER)"): (
        "runs that touch are joined again by the seven days of rule 4, and their days are added up either way"
    ),
    (
        "08_person_monat.sql",
        "ON g.kundennummer = z.kundennummer AND z.von <= g.stichtag AND z.bis > g.stichtag - g.lzb_fenster_tage",
    ): "a run that ends the day before the window has 0 days in it",
    ("08_person_monat.sql", "LEFT JOIN par_altersgruppe AS alt ON g.lebensalter BETWEEN alt.von AND alt.bis"): (
        "the age groups cover every age"
    ),
    ("09_bg_monat.sql", "coalesce(m.leistungsberechtigte > 0, false) AS zaehlt,"): (
        "only those who count have a row, and they count only beside somebody entitled"
    ),
    (
        "11_integration_suche.sql",
        "LEFT JOIN core_bg_monat AS b ON v.merkmal_monat = b.monat AND v.bg_nummer = b.bg_nummer;",
    ): (_ALWAYS_THERE),
    ("12_integration.sql", "bool_or(integration AND rechtzeitig AND oeffentlich) AS nur_gefoerdert,"): (
        "asked only where there is no integration, so that nothing else is left"
    ),
    ("12_integration.sql", "bool_or(integration AND NOT rechtzeitig AND NOT oeffentlich) AS zu_spaet_erfasst"): (
        "asked only where there is no integration, so that nothing else is left"
    ),
    (
        "13_teilnahme.sql",
        "INNER JOIN core_gefragt AS m ON t.erster_tag <= m.stichtag AND t.letzter_tag >= m.stichtag_vormonat",
    ): _PRUNED,
    ("bg.sql", "LEFT JOIN mitglieder AS m USING (monat, bg_nummer);"): "what has no members never counts",
    ("integration.sql", "LEFT JOIN core_bg_monat AS b ON s.merkmal_monat = b.monat AND s.bg_nummer = b.bg_nummer;"): (
        _ALWAYS_THERE
    ),
}
"""(file, line) whose change survives because it changes no figure, and why. It counts as survivor all the same."""


@dataclass(frozen=True)
class Mutant:
    """One change of one file."""

    datei: Path
    zeile: int
    vorher: str
    nachher: str
    text: str

    def __str__(self) -> str:
        return f"{self.datei.relative_to(ROOT)}:{self.zeile}: {self.vorher!r} → {self.nachher!r}"

    @property
    def harmless(self) -> str | None:
        """Why a change of this line need not change a figure; None where it must."""
        line = self.datei.read_text(encoding="utf-8").splitlines()[self.zeile - 1]
        return HARMLESS.get((self.datei.name, line.strip()))


def mutants() -> Iterator[Mutant]:
    """Yield every mutant of every file, in order."""
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        for start, end, new in sorted(set(_changes(path, text))):
            line = text.count("\n", 0, start) + 1
            if _is_prose(path, text, start):
                continue
            yield Mutant(path, line, text[start:end], new, text[:start] + new + text[end:])


def _changes(path: Path, text: str) -> Iterator[tuple[int, int, str]]:
    for pattern, new in SLIPS:
        for match in re.finditer(pattern, text):
            yield match.start(), match.end(), new
    for match in _CONJUNCT.finditer(text):
        if not _BETWEEN.search(text[: match.start()]):  # the AND of a BETWEEN joins no conditions
            yield match.start(), match.end(), ""
    if path.suffix == ".yaml":
        for pattern, change in _CATALOGUE:
            for match in re.finditer(pattern, text):
                yield match.start(), match.end(), change(match.group())


def _is_prose(path: Path, text: str, start: int) -> bool:
    """Comments count nothing; of the catalogue only the fields that are computed with."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if path.suffix == ".sql":
        return "--" in line
    return not re.match(rf"\s+({'|'.join(_COMPUTED)}):", line + "x")
