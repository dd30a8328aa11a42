"""What the machine lacks is recognised from what really happens then, and said without a library's words."""

from __future__ import annotations

import errno
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from etl.errors import MachineError
from etl.extract.pseudonym import load_key
from etl.files import remove_abandoned, scratch
from etl.rechner import explained
from kanarie import kanarienlieferung


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A folder in which no file can grow beyond 1,000 bytes: the system refuses to write on, as on a full disk.

    Not /dev/full: libraries replace or remove what they could not write, and as root that would be the device.
    """
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    yield tmp_path
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def failure(work: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 (each library has its own)
        work()
    return caught.value


def told(work: Callable[[], object]) -> MachineError:
    said = explained(failure(work))
    assert said is not None
    assert said.exit_status == 12
    assert said.hint is not None
    assert "wiederholen" in said.hint
    return said


def bytes_written(folder: Path) -> None:
    (folder / "datei").write_bytes(bytes(10_000))


def a_table_of_arrow(folder: Path) -> None:
    pq.write_table(pa.table({"a": [f"KANARI{number}" for number in range(100_000)]}), folder / "tabelle.parquet")


def a_table_of_duckdb(folder: Path) -> None:
    duckdb.sql(f"COPY (SELECT 'KANARI' || range FROM range(100000)) TO '{folder / 'tabelle.parquet'}'")


def a_workbook(folder: Path) -> None:
    book = xlsxwriter.Workbook(folder / "mappe.xlsx")
    book.add_worksheet().write_column(0, 0, [f"KANARI{number}" for number in range(1000)])
    book.close()


def another_error_because_of_it(folder: Path) -> None:
    try:
        bytes_written(folder)
    except OSError as error:
        raise ValueError("KANARI") from error


@pytest.mark.parametrize(
    "work", [bytes_written, a_table_of_arrow, a_table_of_duckdb, a_workbook, another_error_because_of_it]
)
def test_a_full_disk(full: Path, work: Callable[[Path], None]) -> None:
    said = told(lambda: work(full))
    assert "ist voll" in said.message
    assert said.abschnitt == "platte-voll"
    assert "KANARI" not in f"{said.message}{said.hint}"


def a_sort_beyond_the_limit() -> None:
    with duckdb.connect(config={"memory_limit": "1MB", "temp_directory": ""}) as engine:
        engine.execute("SELECT count(*) FROM (SELECT DISTINCT 'KANARI' || range FROM range(1000000))").fetchall()


def a_table_that_python_cannot_hand_over() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"a": [bytearray(1 << 60)]})

    with duckdb.connect() as engine:
        engine.register("tabelle", pa.RecordBatchReader.from_batches(pa.schema({"a": pa.binary()}), batches()))
        engine.execute("SELECT * FROM tabelle").fetchall()


@pytest.mark.parametrize(
    "work", [a_sort_beyond_the_limit, a_table_that_python_cannot_hand_over, lambda: bytearray(1 << 60)]
)
def test_no_memory(work: Callable[[], object]) -> None:
    said = told(work)
    assert said.abschnitt == "speicher-knapp"
    assert "KANARI" not in f"{said.message}{said.hint}"


NO_THREAD = """
import resource, sys
from pathlib import Path
from etl.contract import TABLES
from etl.extract.files import open_folder
from etl.rechner import explained

delivered = open_folder(Path(sys.argv[1])).table(TABLES["person"])
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used, used))
try:
    list(delivered.batches)
except Exception as error:
    print(explained(error).abschnitt)
"""


@pytest.mark.slow  # a process of its own with all libraries
def test_a_delivery_is_not_to_blame_when_no_thread_can_be_started(tmp_path: Path) -> None:
    command = [sys.executable, "-c", NO_THREAD, str(kanarienlieferung(tmp_path / "lieferung"))]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.stdout.strip() == "speicher-knapp", child.stderr


PANIC = """
import datetime as dt, resource, sys
from pathlib import Path
from etl.rechner import explained
from etl.typesetting import typeset

template = Path(sys.argv[1])
template.write_text("#set document(title: [Titel])\\nText")
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 1_500_000, used + 1_500_000))
try:
    typeset(template, {}, ["ua-1"], dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
except Exception as error:
    print(explained(error).abschnitt)
"""


@pytest.mark.slow
def test_a_panic_of_rust_is_explained_too(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PANIC, str(tmp_path / "vorlage.typ")]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.stdout.strip() == "speicher-knapp", child.stderr


@pytest.mark.parametrize(
    ("number", "paragraph"),
    [
        (errno.EACCES, "rechte-fehlen"),
        (errno.EROFS, "rechte-fehlen"),
        (errno.EIO, "rechner"),
        (errno.EMFILE, "rechner"),
    ],
)
def test_what_the_system_says_leads_to_a_paragraph(number: int, paragraph: str) -> None:
    said = explained(OSError(number, "KANARI", "/srv/home/archiv"))
    assert said is not None
    assert said.abschnitt == paragraph
    assert "KANARI" not in said.message


@pytest.mark.parametrize(
    "work",
    [
        lambda: int("KANARI"),
        lambda: Path("/gibt/es/nicht").read_bytes(),
        lambda: duckdb.sql("SELECT kanari"),
        lambda: pd.DataFrame()["KANARI"],
    ],
)
def test_any_other_error_stays_unexpected(work: Callable[[], object]) -> None:
    assert explained(failure(work)) is None


CHILD = """
import os, signal, sys, tempfile
from pathlib import Path
from etl.extract.pseudonym import load_key
from etl.files import remove_abandoned, scratch

with scratch(Path(sys.argv[1])):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "auslagerung").write_text("KANARI")
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_wrote_for_a_while_is_removed_by_the_next(tmp_path: Path) -> None:
    child = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path)], check=False)
    assert child.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.rglob("auslagerung")] == ["auslagerung"]
    with scratch(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


KEY = """
import os, signal, sys
from pathlib import Path
from etl.extract.pseudonym import load_key

os.link = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
load_key(Path(sys.argv[1]), create=True)
"""


def test_a_key_that_was_just_being_made_leaves_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    child = subprocess.run([sys.executable, "-c", KEY, str(path)], check=False)
    assert child.returncode == -signal.SIGKILL
    key = load_key(path, create=True)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert load_key(path, create=False) == key


LOCK = """
import os, signal, sys
from pathlib import Path
from etl.files import write_atomically

Path.unlink = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
write_atomically(Path(sys.argv[1]) / "ergebnis", b"fertig")
"""


def test_who_finds_its_result_there_removes_what_a_killed_writer_left_beside_it(tmp_path: Path) -> None:
    child = subprocess.run([sys.executable, "-c", LOCK, str(tmp_path)], check=False)
    assert child.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    remove_abandoned(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["ergebnis"]


STARVED = """
import resource, sys
from etl.cli import explained

def used():
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[0]) * resource.getpagesize()

def starve():
    kept = []
    resource.setrlimit(resource.RLIMIT_AS, (used(), used()))
    while True:
        kept.append(bytearray(50_000))

with explained():
    starve()
"""


def test_without_any_memory_the_message_still_comes_and_no_stack_trace() -> None:
    child = subprocess.run([sys.executable, "-c", STARVED], capture_output=True, text=True, check=False)
    assert "Traceback" not in child.stderr
    assert child.stderr.startswith("Fehler: Der Arbeitsspeicher reicht nicht")
    assert child.returncode == 12
