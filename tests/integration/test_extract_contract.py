"""Every breach of the contract is one located error, and nothing enters the archive."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from etl.errors import ContractBreachError
from etl.extract import extract
from integration.lieferungen import KANARIE, KANARIE_GEBURT, geaendert, gezippt, gueltig, manifest_geaendert

Manifest = dict[str, Any]


@dataclass(frozen=True)
class Bruch:
    """A broken delivery and the place and words of its error."""

    build: Callable[[Path], Path]
    says: str
    table: str | None = None
    row: int | None = None
    column: str | None = None


def csv(table: str, pattern: str, replacement: str, *, count: int = 1) -> Callable[[Path], Path]:
    """Change the text of one CSV file by a regular expression that must match."""

    def change(text: str) -> str:
        changed, hits = re.subn(pattern, replacement, text, count=count)
        assert hits, f"{pattern} does not occur in {table}.csv"
        return changed

    return lambda folder: geaendert(folder, table, change)


def as_parquet(table: str, change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], Path]:
    """Deliver one table as Parquet instead of CSV, changed."""

    def build(folder: Path) -> Path:
        gueltig(folder)
        old = folder / f"{table}.csv"
        content = change(pa_csv.read_csv(old, convert_options=pa_csv.ConvertOptions(strings_can_be_null=True)))
        old.unlink()
        pq.write_table(content, folder / f"{table}.parquet")
        return _announce(folder, table)

    return build


def _announce(folder: Path, table: str) -> Path:
    import hashlib
    import json

    path = folder / "lieferung.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for entry in manifest["dateien"]:
        if entry["tabelle"] == table:
            entry["datei"] = f"{table}.parquet"
            entry["sha256"] = hashlib.sha256((folder / entry["datei"]).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def manifest(change: Callable[[Manifest], object]) -> Callable[[Path], Path]:
    return lambda folder: manifest_geaendert(folder, change)


def entry(table: str, **fields: object) -> Callable[[Path], Path]:
    """Change fields of one table's entry in the manifest."""

    def change(content: Manifest) -> None:
        next(e for e in content["dateien"] if e["tabelle"] == table).update(fields)

    return manifest(change)


def without(table: str) -> Callable[[Path], Path]:
    def change(content: Manifest) -> None:
        content["dateien"] = [e for e in content["dateien"] if e["tabelle"] != table]

    return manifest(change)


def with_file(name: str, content: bytes = b"x") -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        gueltig(folder)
        (folder / name).write_bytes(content)
        return folder

    return build


def without_file(name: str) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        (gueltig(folder) / name).unlink()
        return folder

    return build


def torn_parquet(folder: Path) -> Path:
    (gueltig(folder) / "person.csv").unlink()
    (folder / "person.parquet").write_bytes(b"PAR1")
    return _announce(folder, "person")


def misnamed_parquet(folder: Path) -> Path:
    as_parquet("person", lambda t: t)(folder)
    path = folder / "person.parquet"
    path.write_bytes(path.read_bytes().replace(b"kundennummer", b"\xff" * 12))
    return _announce(folder, "person")


def link(folder: Path) -> Path:
    gueltig(folder)
    target = folder.parent / "anderswo.csv"
    (folder / "person.csv").rename(target)
    (folder / "person.csv").symlink_to(target)
    return folder


BRUECHE = {
    # columns
    "missing column": Bruch(
        csv("person", ",familienstand", ",x_familienstand"), "fehlt", "person", None, "familienstand"
    ),
    "extra column": Bruch(csv("person", "schulabschluss", "name", count=1), "fehlt", "person", None, "schulabschluss"),
    "unknown column": Bruch(
        csv("verfahren", r"(?m)^(.*)$", r"\1,nachname", count=0), "kennt der Vertrag nicht", "verfahren"
    ),
    "doubled column": Bruch(csv("stichtag", "monat,stichtag", "monat,monat"), "mehrfach", "stichtag", None, "monat"),
    "no header": Bruch(csv("verfahren", r"(?s).*", "", count=1), "Kopfzeile fehlt", "verfahren"),
    # types
    "text for a date": Bruch(csv("person", "1987-06-05", "5.6.1987"), "Datum", "person", 1, "geburtsdatum"),
    "date that does not exist": Bruch(csv("person", "1990-02-28", "1990-02-30"), "Datum", "person", 2, "geburtsdatum"),
    "year zero": Bruch(csv("person", "1990-02-28", "0000-02-28"), "Datum|Jahr", "person", 2, "geburtsdatum"),
    "decimal comma": Bruch(csv("leistung", "412.50", '"412,50"'), "Dezimalpunkt", "leistung", 2, "bedarf"),
    "three decimals": Bruch(csv("leistung", "412.50", "412.505"), "Nachkommastellen", "leistung", 2, "bedarf"),
    "exponent": Bruch(csv("massnahme", "900.00", "9e2"), "Zahl", "massnahme", 1, "kosten"),
    "amount too large": Bruch(csv("massnahme", "900.00", "99999999999.00"), "Stellen", "massnahme", 1, "kosten"),
    "not a number": Bruch(csv("massnahme", "900.00", "NaN"), "Zahl", "massnahme", 1, "kosten"),
    "capital boolean": Bruch(csv("person", "false", "False"), "true", "person", 1, "schwerbehindert"),
    "half a person": Bruch(csv("unterkunft", r",1\n", ",1.5\n"), "ganze Zahl", "unterkunft", 1, "personen_haushalt"),
    "month not its first day": Bruch(
        csv("einkommen", "2024-01-01", "2024-01-15"), "erster Tag", "einkommen", 1, "monat"
    ),
    "null character": Bruch(
        csv("verfahren", "Unterkunft", "Unter\0kunft"), "Steuerzeichen", "verfahren", 1, "sachgebiet"
    ),
    "control character": Bruch(
        csv("verfahren", "Unterkunft", "Unter\x1b[31mkunft"), "Steuerzeichen", "verfahren", 1, "sachgebiet"
    ),
    "turned direction of reading": Bruch(
        csv("bedarfsgemeinschaft", "Lahr", "Lahr\u202e"), "Steuerzeichen", "bedarfsgemeinschaft", 2, "geschaeftsstelle"
    ),
    "text too long": Bruch(csv("verfahren", "Unterkunft", "x" * 501), "über 500 Zeichen", "verfahren", 1, "sachgebiet"),
    "required value missing": Bruch(csv("verfahren", "Unterkunft", ""), "Pflichtwert", "verfahren", 1, "sachgebiet"),
    "empty quoted value is missing": Bruch(
        csv("verfahren", "Unterkunft", '""'), "Pflichtwert", "verfahren", 1, "sachgebiet"
    ),
    # codes and forms
    "bad code": Bruch(csv("person", ",m,", ",M,"), "Code", "person", 2, "geschlecht"),
    "code with a space": Bruch(csv("verfahren", ",W,", ",W ,"), "Code", "verfahren", 1, "art"),
    "seven digits": Bruch(
        csv("bedarfsgemeinschaft", "08317065", "8317065"), "8 Ziffern", "bedarfsgemeinschaft", 2, "gemeinde_ags"
    ),
    "digits of another script": Bruch(
        csv("person", ",000,", ",٠٠٠,"), "3 Ziffern", "person", 1, "staatsangehoerigkeit"
    ),
    # keys
    "doubled key": Bruch(csv("person", "0002,1990-02-28", f"{KANARIE},1990-02-28"), "doppelt", "person", 2),
    "dangling person": Bruch(
        csv("einkommen", "0002", "0003"), "kommt in der Tabelle person nicht vor", "einkommen", 1, "kundennummer"
    ),
    "leading zero lost": Bruch(csv("einkommen", "0002", "2"), "nicht vor", "einkommen", 1, "kundennummer"),
    "dangling bg": Bruch(csv("unterkunft", "001", "009"), "nicht vor", "unterkunft", 1, "bg_nummer"),
    "dangling bg of a membership": Bruch(csv("bg_mitglied", "Ä02", "A02"), "nicht vor", "bg_mitglied", 2, "bg_nummer"),
    # form of the file
    "row too short": Bruch(csv("verfahren", ",2024-01-03,", ","), "Felder", "verfahren", 1),
    "row too long": Bruch(csv("leistung", r"(412.50)(\r?\n)$", r"\1,x\2"), "Felder", "leistung", 12),
    # Arrow cannot show such a row, and says so with a stack trace where it is asked to.
    "row too short and not in UTF-8": Bruch(
        lambda folder: geaendert(folder, "verfahren", lambda t: t.replace(",2024-01-03,", ",é"), encoding="latin-1"),
        "Felder",
        "verfahren",
        1,
    ),
    "row without an end": Bruch(csv("verfahren", "Unterkunft", "x" * (34 * 2**20)), "16 MiB", "verfahren"),
    "wrong encoding": Bruch(
        lambda folder: geaendert(folder, "bg_mitglied", str, encoding="latin-1"), "UTF-8", "bg_mitglied", 2, "bg_nummer"
    ),
    "utf-16": Bruch(lambda folder: geaendert(folder, "person", str, encoding="utf-16"), "UTF-8", "person"),
    "semicolons": Bruch(csv("stichtag", ",", ";", count=0), "fehlt", "stichtag", None, "monat"),
    # hash and rows
    "hash off": Bruch(entry("person", sha256="0" * 64), "Prüfsumme", "person"),
    "rows off": Bruch(entry("person", zeilen=3), "2 Zeilen, das Manifest nennt 3", "person"),
    "file missing": Bruch(without_file("person.csv"), "fehlt", "person"),
    "table missing": Bruch(without("person"), "fehlt", "person"),
    "file not announced": Bruch(without("stichtag"), "nicht nennt", "stichtag"),
    "unknown file": Bruch(with_file("namen.csv"), "nicht nennt"),
    # manifest
    "no manifest": Bruch(without_file("lieferung.json"), "Manifest"),
    "not json": Bruch(with_file("lieferung.json", b"{"), "JSON"),
    "deep json": Bruch(with_file("lieferung.json", b"[" * 200_000), "JSON"),
    "number without end": Bruch(with_file("lieferung.json", b'{"zeilen": ' + b"9" * 5_000 + b"}"), "JSON"),
    "name twice": Bruch(with_file("lieferung.json", b'{"vertrag": "1.0", "vertrag": "1.0"}'), "zweimal"),
    "id of the Träger that is a formula": Bruch(manifest(lambda m: m.update(traegernummer="=1+1")), "keine Kennung"),
    "far future": Bruch(manifest(lambda m: m.update(erstellt_am="9999-12-31T23:00:00-05:00")), "2005 bis 2199"),
    "other contract": Bruch(manifest(lambda m: m.update(vertrag="2.0")), "vertrag"),
    "no zone": Bruch(manifest(lambda m: m.update(erstellt_am="2024-03-28T06:00:00")), "erstellt_am"),
    "number as id": Bruch(manifest(lambda m: m.update(lieferung_id=7)), "lieferung_id"),
    "table twice": Bruch(
        manifest(lambda m: m.update(dateien=[*m["dateien"], m["dateien"][0]])), "2-mal", "bedarfsgemeinschaft"
    ),
    "unknown table": Bruch(entry("verfahren", tabelle="namen"), "nicht kennt"),
    "rows as text": Bruch(entry("person", zeilen="2"), "keine Anzahl", "person"),
    # paths
    "path upwards": Bruch(entry("person", datei="../person.csv"), "ohne Pfad", "person"),
    "absolute path": Bruch(entry("person", datei="/etc/passwd"), "ohne Pfad", "person"),
    "symbolic link": Bruch(link, "keine gewöhnliche Datei", "person"),
    # Parquet
    "parquet key as number": Bruch(
        as_parquet("verfahren", lambda t: t.set_column(0, "verfahren_id", pa.array([7]))),
        "Falscher Typ",
        "verfahren",
        1,
        "verfahren_id",
    ),
    "parquet amount with a third decimal": Bruch(
        as_parquet("massnahme", lambda t: t.set_column(5, "kosten", pa.array([900.001]))),
        "Falscher Typ",
        "massnahme",
        1,
        "kosten",
    ),
    "parquet day with a time": Bruch(
        as_parquet("verfahren", lambda t: t.set_column(3, "eingang", pa.array([45_000], pa.timestamp("s")))),
        "ohne Verlust",
        "verfahren",
        1,
        "eingang",
    ),
    "parquet amount in too few digits": Bruch(
        as_parquet("massnahme", lambda t: t.set_column(5, "kosten", pa.array([1.3], pa.float32()).cast("float16"))),
        "Falscher Typ",
        "massnahme",
        1,
        "kosten",
    ),
    "parquet text that is none": Bruch(
        as_parquet("verfahren", lambda t: t.set_column(2, "sachgebiet", pa.array([b"\xff"]).view(pa.string()))),
        "UTF-8",
        "verfahren",
        1,
        "sachgebiet",
    ),
    "parquet column whose name is none": Bruch(
        misnamed_parquet,
        "nicht lesbar",
        "person",
    ),
    "parquet that is none": Bruch(
        torn_parquet,
        "nicht lesbar",
        "person",
    ),
}


@pytest.mark.parametrize("name", BRUECHE)
def test_breach(name: str, tmp_path: Path) -> None:
    bruch = BRUECHE[name]
    delivery = bruch.build(tmp_path / "lieferung")
    with pytest.raises(ContractBreachError, match=bruch.says) as caught:
        extract(delivery, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")
    error = caught.value
    assert (error.table, error.row) == (bruch.table, bruch.row)
    assert bruch.column is None or error.column == bruch.column
    assert error.exit_status == 3
    assert KANARIE not in str(error)
    assert str(KANARIE_GEBURT) not in str(error)
    assert not list((tmp_path / "archiv").iterdir()), "a rejected delivery leaves nothing behind"


@pytest.mark.parametrize("keep", [10, 500, -30])
def test_truncated_zip(keep: int, tmp_path: Path) -> None:
    path = gezippt(gueltig(tmp_path / "lieferung"), tmp_path / "lieferung.zip")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ContractBreachError, match=r"beschädigt|abgeschnitten"):
        extract(path, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")


def test_flipped_byte_in_zip(tmp_path: Path) -> None:
    path = gezippt(gueltig(tmp_path / "lieferung"), tmp_path / "lieferung.zip")
    content = bytearray(path.read_bytes())
    content[200] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ContractBreachError, match=r"beschädigt|Prüfsumme"):
        extract(path, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")


@pytest.mark.parametrize("method", [8, 12, 14], ids=["deflate", "bzip2", "lzma"])
def test_broken_member_of_a_zip(method: int, tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "lieferung.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for file in sorted(gueltig(tmp_path / "lieferung").iterdir()):
            archive.write(file, file.name)
    content = path.read_bytes()
    path.write_bytes(content[:60] + b"\xff" * 40 + content[100:])
    with pytest.raises(ContractBreachError, match="beschädigt"):
        extract(path, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")
    assert not list((tmp_path / "archiv").iterdir())


def test_zip_whose_directory_points_before_its_begin(tmp_path: Path) -> None:
    path = gezippt(gueltig(tmp_path / "lieferung"), tmp_path / "lieferung.zip")
    content = path.read_bytes()
    # The directory's size grows, so that everything seems to lie before the begin of the file.
    end = content.rindex(b"PK\x05\x06") + 12
    path.write_bytes(content[:end] + (len(content)).to_bytes(4, "little") + content[end + 4 :])
    with pytest.raises(ContractBreachError, match="beschädigt"):
        extract(path, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")


def test_zip_with_a_name_no_file_can_have(tmp_path: Path) -> None:
    path = _zip(tmp_path / "lang.zip", {"lieferung.json": b"{}", "ä" * 150: b"x"})
    with pytest.raises(ContractBreachError, match="zu lang"):
        extract(path, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")


def _zip(path: Path, entries: dict[str, bytes]) -> Path:
    import zipfile

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "name", ["../lieferung.json", "/lieferung.json", "a/lieferung.json", "c:person.csv", "a\\b.csv"]
)
def test_zip_with_paths(name: str, tmp_path: Path) -> None:
    path = _zip(tmp_path / "boese.zip", {"lieferung.json": b"{}", name: b"x"})
    with pytest.raises(ContractBreachError, match="Pfad"):
        extract(path, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["archiv", "boese.zip", "key"]


def test_zip_with_a_link(tmp_path: Path) -> None:
    import stat
    import zipfile

    path = tmp_path / "boese.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("person.csv")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(ContractBreachError, match="Verknüpfung"):
        extract(path, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")


def test_zip_bomb(tmp_path: Path) -> None:
    path = _zip(tmp_path / "bombe.zip", {"lieferung.json": b"{}", "person.csv": bytes(400 * 2**20)})
    with pytest.raises(ContractBreachError, match="Zip-Bombe"):
        extract(path, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")


def test_zip_that_lies_about_its_size(tmp_path: Path) -> None:
    path = _zip(tmp_path / "luege.zip", {"lieferung.json": b"{}" + b" " * 5000, "person.csv": b"x" * 5000})
    content = path.read_bytes()
    path.write_bytes(content.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(ContractBreachError, match="Zip"):
        extract(path, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")


def test_encrypted_zip(tmp_path: Path) -> None:
    path = _zip(tmp_path / "geheim.zip", {"lieferung.json": b"{}"})
    content = path.read_bytes()
    # set the encryption bit in the local and the central header
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + offset
        content = content[:at] + b"\x01" + content[at + 1 :]
    path.write_bytes(content)
    with pytest.raises(ContractBreachError, match="verschlüsselt"):
        extract(path, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")


def test_wrong_path(tmp_path: Path) -> None:
    from etl.errors import UsageError

    with pytest.raises(UsageError, match="gibt es nicht"):
        extract(tmp_path / "nirgends", archive_root=tmp_path / "archiv", key_file=tmp_path / "key")
    (tmp_path / "datei.txt").write_text("x")
    with pytest.raises(UsageError, match="weder ein Ordner noch eine Zip-Datei"):
        extract(tmp_path / "datei.txt", archive_root=tmp_path / "archiv", key_file=tmp_path / "key")


def test_special_file_as_table(tmp_path: Path) -> None:
    folder = gueltig(tmp_path / "lieferung")
    (folder / "person.csv").unlink()
    os.mkfifo(folder / "person.csv")
    with pytest.raises(ContractBreachError, match="keine gewöhnliche Datei"):
        extract(folder, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")
