"""Whether a cell left behind what an undisturbed run leaves: home, recipients and warehouse, compared completely."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from psycopg import sql

from stoerungen.ort import Ort
from stoerungen.schritt import SCHRITTE

Inhalt = Mapping[str, str]
"""Hash (folders: their mode) by path; files below ``nachweis`` hold moments of time and are judged by themselves."""

# What appears as a whole or not at all, by its depth below its room.
_EINHEITEN = {"zelle/home/archiv": 2, "zelle/home/berichte": 3, "ziel/ordner": 1, "ziel/sftp": 1}


@dataclass(frozen=True)
class Zaehler:
    """What is counted after the repeated step: deviations from the undisturbed run, all zero when nothing is wrong."""

    verlorene_zahlen: int = 0
    doppelte_zahlen: int = 0
    halbe_dateien: int = 0
    andere_dateien: int = 0
    reste: int = 0
    ladungen: int = 0
    freigaben: int = 0
    quittungen: int = 0


def inhalt(root: Path) -> dict[str, str]:
    """Return everything below the cell and the recipients, hidden names and empty folders too."""
    found = {}
    for room in ("zelle", "ziel"):
        for path in sorted((root / room).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_dir():
                found[f"{name}/"] = stat.filemode(path.stat().st_mode)
            elif "/nachweis/" in name and path.suffix == ".kette":
                found[name] = "Kette"
            else:
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def halbe(ort: Ort, schritt: str, also: Inhalt | None = None) -> list[str]:
    """Name what is visible and neither as before the step nor as after it: files, and folders that belong together."""
    number = SCHRITTE.index(schritt)
    before, after, now = (_visible(inhalt(root)) for root in (ort.stand(number), ort.stand(number + 1), ort.wurzel))
    allowed = {**dict.fromkeys(before.items()), **dict.fromkeys(after.items()), **dict.fromkeys((also or {}).items())}
    wrong = [name for name, content in now.items() if (name, content) not in allowed and "/ausgang/" not in name]
    for room, depth in _EINHEITEN.items():
        parts = [_units(content, room, depth) for content in (before, after, now, _visible(also or {}))]
        wrong += [
            f"{room}/{unit}: unvollständig"
            for unit, files in parts[2].items()
            if files not in (parts[0].get(unit), parts[1].get(unit), parts[3].get(unit))
        ]
    return sorted(set(wrong))


def _visible(content: Inhalt) -> dict[str, str]:
    return {
        name: value
        for name, value in content.items()
        if not name.endswith("/")
        and not any(part.startswith(".") for part in name.split("/"))
        and "zelle/tmp" not in name
    }


def _units(content: Inhalt, room: str, depth: int) -> dict[str, dict[str, str]]:
    units: dict[str, dict[str, str]] = {}
    for name, value in content.items():
        parts = name.removeprefix(f"{room}/").split("/")
        if name.startswith(f"{room}/") and len(parts) > depth:
            units.setdefault("/".join(parts[:depth]), {})["/".join(parts[depth:])] = value
    return units


def unterschiede(ort: Ort, schritt: str) -> tuple[Zaehler, list[str]]:
    """Compare home, recipients and warehouse with the undisturbed state after the step; count and name deviations."""
    number = SCHRITTE.index(schritt) + 1
    wanted, now = inhalt(ort.stand(number)), inhalt(ort.wurzel)
    reste = sorted(now.keys() - wanted.keys())
    other = sorted(name for name in wanted if now.get(name) != wanted[name])
    known, found = warehouse(ort, f"stand_{number}"), warehouse(ort, "zelle")
    tables = sorted(name for name in known if known[name] != found[name])
    lost, doubled = _cells(known["zelle"], found["zelle"])
    counts = {
        name: abs(len(known[table]) - len(found[table]))
        for name, table in (("ladungen", "ladung"), ("freigaben", "freigabeschritt"), ("quittungen", "zustellung"))
    }
    problems = [
        *(f"Rest: {name}" for name in reste),
        *(f"anders oder fehlt: {name}" for name in other),
        *(f"Warehouse, Tabelle {name}: anders ({len(found[name])} statt {len(known[name])} Zeilen)" for name in tables),
        *kette(ort),
    ]
    return Zaehler(lost, doubled, 0, len(other), len(reste), **counts), problems


def nach_airflow(ort: Ort) -> tuple[Zaehler, list[str]]:
    """Compare what a run of the DAG left with the undisturbed steps: the same but for accounts instead of names."""
    own = ("zelle/airflow-", "zelle/home/airflow/", "zelle/home/warehouse/", "zelle/tmp/")
    wanted, now = (
        {name: value for name, value in inhalt(root).items() if not name.startswith(own)}
        for root in (ort.stand(len(SCHRITTE)), ort.wurzel)
    )
    known, found = warehouse(ort, f"stand_{len(SCHRITTE)}"), warehouse(ort, "zelle")
    people = {"freigabeschritt", "zahlenpass"}
    reste, other = sorted(now.keys() - wanted.keys()), sorted(name for name in wanted if now.get(name) != wanted[name])
    problems = [
        *(f"Rest: {name}" for name in reste),
        *(f"anders oder fehlt: {name}" for name in other),
        *(f"Warehouse, Tabelle {name}: anders" for name in sorted(known.keys() - people) if known[name] != found[name]),
        *(f"Warehouse, Tabelle {n}: {len(found[n])} Zeilen" for n in sorted(people) if len(known[n]) != len(found[n])),
        *kette(ort),
    ]
    lost, doubled = _cells(known["zelle"], found["zelle"])
    return Zaehler(lost, doubled, 0, len(other), len(reste)), problems


def _cells(known: list[str], found: list[str]) -> tuple[int, int]:
    def rows(load: list[str]) -> dict[str, int]:
        every: dict[str, int] = {}
        for text in load:
            row = json.loads(text)
            every[row["sha256"]] = every.get(row["sha256"], 0) + int(row["zeilen"])
        return every

    wanted, now = rows(known), rows(found)
    lost = sum(max(0, count - now.get(key, 0)) for key, count in wanted.items())
    return lost, sum(max(0, count - wanted.get(key, 0)) for key, count in now.items())


def warehouse(ort: Ort, database: str) -> dict[str, list[str]]:
    """Return every table of the warehouse as sorted rows without the server's clock and without technical keys.

    Keys come from sequences, which a rolled back transaction does not give back: they are replaced by their rank. The
    cells of a load are one row with their number and hash.
    """
    with ort.connected(database) as connection:
        names = [
            str(name)
            for (name,) in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'jobcenter' "
                "AND tablename NOT IN ('zelle', 'migration')"
            )
        ]
        raw: dict[str, list[dict[str, Any]]] = {}
        for name in names:
            query = sql.SQL("SELECT to_jsonb(z) FROM {} AS z").format(sql.Identifier("jobcenter", name))
            raw[name] = [dict(cast("dict[str, Any]", row)) for (row,) in connection.execute(query)]
        raw["zelle"] = [
            {"ladung_id": load, "zeilen": count, "sha256": sha256}
            for load, count, sha256 in connection.execute(
                "SELECT ladung_id, count(*), encode(sha256(convert_to(string_agg(concat_ws('|', groesse, merkmal, "
                "auspraegung, wert, status), E'\\n' ORDER BY groesse, merkmal, auspraegung), 'UTF8')), 'hex') "
                "FROM jobcenter.zelle GROUP BY ladung_id"
            ).fetchall()
        ]
    return _comparable(raw)


_CLOCKS = re.compile(r"^(erfasst|geladen|geprueft|angenommen|zugestellt|angewendet|erstellt)_(am|um)$")


def _comparable(raw: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    ranks = {
        key: {number: rank for rank, number in enumerate(sorted(int(row[key]) for row in raw[table]), 1)}
        for key, table in (("ladung_id", "ladung"), ("pruefung_id", "pruefung"))
    }

    def plain(table: str, row: Mapping[str, Any]) -> str:
        kept = {}
        for name, value in row.items():
            if _CLOCKS.match(name) and not (name == "erstellt_am" and table == "lieferung"):
                continue
            kept[name] = ranks[name].get(value, value) if name in ranks else value
        if table == "zahlenpass":
            kept = {name: kept[name] for name in ("traegernummer", "art", "gegenstand", "inhalt_text")}
            if kept["art"] == "ladung":
                kept["gegenstand"] = ranks["ladung_id"][int(str(kept["gegenstand"]))]
            kept["inhalt_text"] = _passport(str(kept["inhalt_text"]), ranks["ladung_id"])
        return json.dumps(kept, sort_keys=True, ensure_ascii=False)

    return {table: sorted(plain(table, row) for row in rows) for table, rows in raw.items()}


def _passport(text: str, loads: Mapping[Any, int]) -> str:
    text = re.sub(r'"ladung_id":(\d+)', lambda found: f'"ladung_id":{loads.get(int(found[1]), 0)}', text)
    return re.sub(r'"(zahlenpass|erfasst_am|zugestellt_am)":"[^"]*"', r'"\1":"."', text)


def kette(ort: Ort) -> list[str]:
    """Judge the chain of passports: unbroken, every noted end is a link of it, and its end is noted."""
    with ort.connected() as connection:
        links = connection.execute(
            "SELECT traegernummer, pass_id, sha256 FROM jobcenter.zahlenpass ORDER BY traegernummer, pass_id"
        ).fetchall()
        broken = connection.execute(
            "SELECT count(*) FROM jobcenter.zahlenpass_kette WHERE urteil <> 'unversehrt'"
        ).fetchone()
    problems = ["Kette der Zahlenpässe gebrochen"] if broken != (0,) else []
    noted = [
        line.split(" ")
        for path in sorted((ort.home / "nachweis").glob("*.kette"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    known = {(str(number), str(sha256)) for _, number, sha256 in links}
    if any((number, sha256) not in known for number, sha256 in noted):
        problems.append("Ein vermerktes Ende der Kette gibt es nicht")
    if links and (not noted or noted[-1] != [str(links[-1][1]), str(links[-1][2])]):
        problems.append("Das Ende der Kette ist nicht vermerkt")
    return problems
