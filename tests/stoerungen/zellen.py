"""The cells of the matrix: what each fault is, at which moments of a step it comes, and where it cannot exist."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from stoerungen import meldung, vergleich
from stoerungen.neustart import PARTS, airflow, every_step_killed
from stoerungen.ort import HANGS, MONAT, Ausgang, Ort, cut, fill
from stoerungen.schritt import SCHRITTE
from stoerungen.vergleich import Zaehler


@dataclass(frozen=True)
class Probe:
    """One fault at one moment, and what was found after it. No ``maengel``: nothing is wrong.

    ``status``: how the disturbed step ended; ``scheitert``: whether the fault reached it at all.
    """

    moment: str
    status: int
    text: str
    zaehler: Zaehler
    maengel: tuple[str, ...] = ()

    @property
    def scheitert(self) -> bool:
        return self.status != 0


@dataclass(frozen=True)
class Zelle:
    """One cell: its probes, or the reason why there are none.

    ``wirkt``: the fault must make the step fail at least once, else the cell proves nothing.
    """

    schritt: str
    stoerung: str
    proben: tuple[Probe, ...] = ()
    entfaellt: str = ""
    fehlt: str = ""
    wirkt: bool = True
    commit: str = ""

    @property
    def maengel(self) -> list[str]:
        found = [f"{probe.moment}: {problem}" for probe in self.proben for problem in probe.maengel]
        if self.proben and self.wirkt and not any(probe.scheitert for probe in self.proben):
            found.append("Die Störung traf den Schritt in keinem Moment: nichts bewiesen")
        return found


class Entfaellt(Exception):  # noqa: N818 (not an error: a cell that cannot exist)
    """The cell cannot exist; the argument says why."""


class Fehlt(Exception):  # noqa: N818 (not an error: a cell that was not run)
    """The machine lacks what the cell needs: it was not run, and nothing is proven."""


@dataclass(frozen=True)
class Stoerung:
    """A fault: its name, what it is, and its probes for one step."""

    name: str
    titel: str
    proben: Callable[[Ort, str], Iterator[Probe]] = field(repr=False)
    wirkt: bool = True


def cell(ort: Ort, schritt: str, stoerung: Stoerung) -> Zelle:
    """Run a cell."""
    try:
        probes = tuple(stoerung.proben(ort, schritt))
    except Entfaellt as reason:
        return Zelle(schritt, stoerung.name, entfaellt=str(reason))
    except Fehlt as reason:
        return Zelle(schritt, stoerung.name, fehlt=str(reason))
    except Exception as error:
        broken = f"Die Zelle brach ab: {type(error).__name__}: {error}"
        probes = (Probe("Zelle", HANGS, "", Zaehler(), (broken,)),)
    return Zelle(schritt, stoerung.name, probes, wirkt=stoerung.wirkt)


# --- moments ----------------------------------------------------------------------------------------------------------


def moments(ort: Ort, schritt: str, count: int, only: str = "") -> list[tuple[int, str]]:
    """Return some moments of a step, evenly spread over its effects: number and name.

    ``only``: beginnings of the names of the effects that count, such as ``SQL``. Without it these are what changes
    something, and for two more moments what is only read, because a step that computes changes nothing for long.
    """
    effects = list(enumerate(ort.effects[schritt], 1))
    if only:
        chosen = _spread([e for e in effects if e[1].startswith(tuple(only.split("|")))], count)
    else:
        changing = [e for e in effects if not e[1].startswith(("lesen", "schreiben: tmp"))]
        reading = [e for e in effects if e[1].startswith("lesen")]
        chosen = [*_spread(changing, count), reading[len(reading) // 3], reading[2 * len(reading) // 3]]
    return sorted(set(chosen))


def _spread(every: Sequence[tuple[int, str]], count: int) -> list[tuple[int, str]]:
    if len(every) <= count:
        return list(every)
    return [every[round(part * (len(every) - 1) / (count - 1))] for part in range(count)] if count > 1 else [every[0]]


def _named(ort: Ort, schritt: str, moment: tuple[int, str]) -> str:
    text = meldung.lesbar(ort, moment[1])
    return f"vor Wirkung {moment[0]} von {len(ort.effects[schritt])} ({text})"


# --- one probe --------------------------------------------------------------------------------------------------------


def judged(
    ort: Ort,
    schritt: str,
    moment: str,
    outcome: Ausgang,
    *,
    repair: Callable[[], object] = lambda: None,
    stumm: frozenset[int] = frozenset({-9}),
    davor: bool = False,
) -> Probe:
    """Judge what a fault left, take the fault away (``repair``), repeat the step, and compare with the undisturbed run.

    What a fault did itself, such as a changed byte, is repaired before anything is looked at.
    """
    repair()
    problems = meldung.maengel(ort, outcome, stumm=stumm, davor=davor)
    half = vergleich.halbe(ort, schritt)
    problems += [f"halb geschrieben: {name}" for name in half]
    again = ort.run(schritt)
    if again.status != 0:
        problems.append(f"Die Wiederholung endet mit {again.status}: {meldung.lesbar(ort, again.text)}")
    counts, different = vergleich.unterschiede(ort, schritt)
    problems += different + _left(ort)
    if ort.post and schritt == "deliver" and not ort.post.nachrichten and moment != _AGAIN:
        problems.append("keine E-Mail angekommen")
    zaehler = Zaehler(**{**vars(counts), "halbe_dateien": len(half)})
    return Probe(moment, outcome.status, meldung.lesbar(ort, outcome.text), zaehler, tuple(problems))


_AGAIN = "noch einmal nach dem Ende"
"""The moment in which everything was sent before: nothing may be sent again."""


def _left(ort: Ort) -> list[str]:
    """Name processes of the step that still live."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            line = process.cmdline()
            if "schritt.py" in " ".join(line) and process.pid != ort.steps.pid:
                found.append(f"Prozess lebt noch: {line[-1]}")
    return found


def interrupted(
    ort: Ort,
    schritt: str,
    moment: tuple[int, str],
    fault: Callable[[], object],
    repair: Callable[[], object],
    *,
    before: Sequence[str] = (),
    **environment: str,
) -> Probe:
    """Stop the step at a moment, bring about the fault, let it go on to its end, and judge."""
    ort.restore(SCHRITTE.index(schritt))
    run = ort.start(schritt, before=before, halt=f"{moment[0]}:STOP", **environment)
    if run.wait_until_stopped():
        fault()
        run.go_on()
    outcome = run.ended()
    return judged(ort, schritt, _named(ort, schritt, moment), outcome, repair=repair)


# --- the faults -------------------------------------------------------------------------------------------------------


def killed(ort: Ort, schritt: str) -> Iterator[Probe]:
    """kill -9 of the step at several moments."""
    for moment in moments(ort, schritt, 5):
        ort.restore(SCHRITTE.index(schritt))
        outcome = ort.run(schritt, halt=f"{moment[0]}:KILL")
        yield judged(ort, schritt, _named(ort, schritt, moment), outcome)


OHNE_WAREHOUSE = {"extract", "validate", "figures"}


def _needs_warehouse(schritt: str) -> None:
    if schritt in OHNE_WAREHOUSE:
        raise Entfaellt("Der Schritt spricht nicht mit dem Warehouse; er liest und schreibt nur Dateien.")


def server_killed(ort: Ort, schritt: str) -> Iterator[Probe]:
    """kill -9 of all processes of the PostgreSQL server, before the step and in its middle; then it comes back."""
    _needs_warehouse(schritt)
    ort.restore(SCHRITTE.index(schritt))
    ort.kill_server()
    outcome = ort.run(schritt)
    yield judged(ort, schritt, "Server fort vor dem Schritt", outcome, repair=ort.revive_server)
    for moment in moments(ort, schritt, 4, "SQL"):
        yield interrupted(ort, schritt, moment, ort.kill_server, ort.revive_server)


def connections_cut(ort: Ort, schritt: str) -> Iterator[Probe]:
    """The server ends all connections in the middle of the step; it lives on."""
    _needs_warehouse(schritt)

    def cut_all() -> None:
        ort.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'zelle'")

    for moment in moments(ort, schritt, 3, "SQL"):
        yield interrupted(ort, schritt, moment, cut_all, lambda: None)


def home_full(ort: Ort, schritt: str) -> Iterator[Probe]:
    """The file system of home and of temporary files is full, from the beginning and from some moment on."""
    _needs_mounts(ort)
    ballast = ort.wurzel / "zelle" / "ballast"
    ort.restore(SCHRITTE.index(schritt))
    fill(ballast.parent)
    outcome = ort.run(schritt)
    yield judged(ort, schritt, "voll vor dem Schritt", outcome, repair=ballast.unlink)
    for moment in moments(ort, schritt, 3):
        yield interrupted(ort, schritt, moment, lambda: fill(ballast.parent), lambda: ballast.unlink(missing_ok=True))


def database_full(ort: Ort, schritt: str) -> Iterator[Probe]:
    """The file system of the PostgreSQL server is full from some moment on."""
    _needs_warehouse(schritt)
    _needs_mounts(ort)
    ballast = ort.wurzel / "server" / "ballast"

    def freed() -> None:
        ballast.unlink(missing_ok=True)
        ort.revive_server()

    for moment in moments(ort, schritt, 4, "SQL"):
        yield interrupted(ort, schritt, moment, lambda: fill(ballast.parent), freed)


def target_full(ort: Ort, schritt: str) -> Iterator[Probe]:
    """The file system of the recipients is full."""
    if schritt != "deliver":
        raise Entfaellt("Nur die Zustellung schreibt außerhalb von home.")
    _needs_mounts(ort)
    ballast = ort.ziel / "ballast"
    ort.restore(SCHRITTE.index(schritt))
    fill(ballast.parent)
    outcome = ort.run(schritt)
    yield judged(ort, schritt, "voll vor dem Schritt", outcome, repair=ballast.unlink)
    moment = _first(ort, schritt, "Verbindung aufbauen")
    yield interrupted(ort, schritt, moment, lambda: fill(ballast.parent), lambda: ballast.unlink(missing_ok=True))


def _first(ort: Ort, schritt: str, name: str) -> tuple[int, str]:
    return next((number, what) for number, what in enumerate(ort.effects[schritt], 1) if what.startswith(name))


def _needs_mounts(ort: Ort) -> None:
    if not ort.mounted:
        raise Fehlt("Ohne root lässt sich kein eigenes Dateisystem einhängen, das voll werden kann.")


ZIMMER = {
    "extract": ("archiv", "schluessel"),
    "validate": ("pruefung", "befunde"),
    "figures": ("zahlen",),
    "load": ("nachweis",),
    "report": ("berichte", "nachweis"),
    "release": ("nachweis",),
    "deliver": ("ausgang", "nachweis"),
}
"""Where each step writes, below home."""

NICHT_ROOT = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
"""Runs a command without any right of root, as the owner of the files: rights of folders hold for it."""


def permission_denied(ort: Ort, schritt: str) -> Iterator[Probe]:
    """A process without root's rights meets a folder it must not write to, a read-only disk, an unreadable file."""
    user = NICHT_ROOT if os.geteuid() == 0 else ()
    if user and subprocess.run([*user, "true"], check=False).returncode:
        raise Fehlt("Diese Maschine erlaubt keine Benutzernamensräume: der Schritt liefe mit allen Rechten von root.")
    for place in [ort.home, *(ort.home / name for name in ZIMMER[schritt])]:
        ort.restore(SCHRITTE.index(schritt))
        if not place.exists():
            continue
        modes = _forbid([place, *(path for path in place.rglob("*") if path.is_dir())])
        outcome = ort.run(schritt, before=user)
        where = place.relative_to(ort.home.parent)
        yield judged(ort, schritt, f"Ordner {where} nur lesbar", outcome, repair=partial(_allow, modes))
    yield from _unreadable(ort, schritt, user)
    yield from _read_only_disk(ort, schritt)


def _unreadable(ort: Ort, schritt: str, user: Sequence[str]) -> Iterator[Probe]:
    ort.restore(SCHRITTE.index(schritt))
    path = ort.lieferung / "person.csv" if schritt == "extract" else _archived(ort) / "person.parquet"
    modes = {path: path.stat().st_mode}
    path.chmod(0)
    outcome = ort.run(schritt, before=user)
    yield judged(ort, schritt, f"Datei {path.name} nicht lesbar", outcome, repair=partial(_allow, modes))


def _read_only_disk(ort: Ort, schritt: str) -> Iterator[Probe]:
    if ort.mounted:
        ort.restore(SCHRITTE.index(schritt))
        disk = str(ort.wurzel / "zelle")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        outcome = ort.run(schritt)
        yield judged(
            ort, schritt, "Dateisystem nur lesbar", outcome,
            repair=lambda: subprocess.run(["mount", "-o", "remount,rw", disk], check=True),
        )  # fmt: skip


def _archived(ort: Ort) -> Path:
    return ort.home / "archiv" / ort.reference


def _forbid(folders: Sequence[Path]) -> dict[Path, int]:
    modes = {folder: folder.stat().st_mode for folder in folders}
    for folder in folders:
        folder.chmod(0o555)
    return modes


def _allow(modes: dict[Path, int]) -> None:
    for path, mode in modes.items():
        path.chmod(mode)


def clock_changed(ort: Ort, schritt: str) -> Iterator[Probe]:
    """The clock is a year behind or ahead, jumps a year back in the middle, or goes through a night of DST."""
    if not shutil.which("faketime"):
        raise Fehlt("faketime fehlt (apt-get install faketime).")
    options = {"FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    for name, clock, zone in (
        ("ein Jahr zurück", "-365d", "UTC"),
        ("ein Jahr vor", "+365d", "UTC"),
        ("Nacht auf Winterzeit", "@2026-10-25 02:59:58", "Europe/Berlin"),
        ("Nacht auf Sommerzeit", "@2026-03-29 01:59:58", "Europe/Berlin"),
    ):
        ort.restore(SCHRITTE.index(schritt))
        outcome = ort.run(schritt, before=("faketime", "-f", clock), TZ=zone, **options)
        yield judged(ort, schritt, name, outcome)
    stamp = ort.wurzel / "uhr"
    stamp.write_text("+0\n")
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    [moment] = moments(ort, schritt, 1, "schreiben|Ordner|SQL INSERT|SQL COPY")
    yield interrupted(
        ort, schritt, moment, lambda: stamp.write_text("-365d\n"), lambda: None,
        LD_PRELOAD=str(library), FAKETIME_TIMESTAMP_FILE=str(stamp), FAKETIME_NO_CACHE="1", **options,
    )  # fmt: skip


def triggered_twice(ort: Ort, schritt: str) -> Iterator[Probe]:
    """The step is done, and is done once more."""
    ort.restore(SCHRITTE.index(schritt) + 1)
    before = len(ort.post.nachrichten) if ort.post else 0
    outcome = ort.run(schritt)
    probe = judged(ort, schritt, _AGAIN, outcome)
    sent = len(ort.post.nachrichten) - before if ort.post else 0
    extra = (f"{sent} E-Mails noch einmal gesendet",) if sent else ()
    yield Probe(probe.moment, probe.status, probe.text, probe.zaehler, (*probe.maengel, *extra))


def two_at_once(ort: Ort, schritt: str) -> Iterator[Probe]:
    """A second process does the same step while the first is in its middle."""
    for moment in moments(ort, schritt, 2):
        ort.restore(SCHRITTE.index(schritt))
        first = ort.start(schritt, halt=f"{moment[0]}:STOP")
        first.wait_until_stopped()
        second = ort.start(schritt)
        second.wait(8)  # unless it waits for the first
        first.go_on()
        outcomes = [first.ended(), second.ended()]
        worst = next((outcome for outcome in outcomes if outcome.status != 0), outcomes[0])
        probe = judged(ort, schritt, _named(ort, schritt, moment), worst)
        extra = [f"einer von zweien endet mit {outcome.status}" for outcome in outcomes if outcome.status != 0]
        if ort.post and len(ort.post.nachrichten) > 1:
            extra.append(f"{len(ort.post.nachrichten)} E-Mails statt einer")
        yield Probe(probe.moment, probe.status, probe.text, probe.zaehler, (*probe.maengel, *extra))


# --- corrupted files --------------------------------------------------------------------------------------------------


def flipped(path: Path) -> None:
    """Turn one byte in the middle over."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    _replace(path, bytes(content))


def truncated(path: Path) -> None:
    """Keep the first half."""
    content = path.read_bytes()
    _replace(path, content[: len(content) // 2])


def emptied(path: Path) -> None:
    """Keep nothing: what some file systems leave of a file after a power cut."""
    _replace(path, b"")


def missing(path: Path) -> None:
    """Remove the file."""
    path.unlink()


def _replace(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode
    path.chmod(0o600)
    path.write_bytes(content)
    path.chmod(mode)


DAMAGES = {"ein Byte verändert": flipped, "abgeschnitten": truncated, "leer": emptied, "fehlt": missing}


def _victims(ort: Ort, schritt: str) -> list[Path]:
    """Return the files that a step reads and that may be damaged."""
    if schritt == "extract":
        return [ort.lieferung / "leistung.csv", ort.lieferung / "lieferung.json"]
    archive, month = _archived(ort), ort.home / "berichte" / ort.reference / "2026-08"
    files = [archive / "leistung.parquet", archive / "archiv.json"]
    kept = sorted((ort.home / "pruefung").rglob("*.json")) + sorted((ort.home / "befunde").rglob("*.parquet"))
    cells = sorted((ort.home / "zahlen").rglob("*.parquet"))
    chain = sorted((ort.home / "nachweis").glob("*.kette"))
    return {
        "validate": files,
        "figures": files,
        "load": [*files, *kept, *cells],
        "report": [*files, *kept, *chain],
        "release": [*sorted(month.rglob("*Landkreis.xlsx")), *sorted(month.rglob("figures.csv")), *chain],
        "deliver": [*sorted(month.rglob("*Landkreis.xlsx")), ort.empfaenger, *chain],
    }[schritt]


def corrupted(ort: Ort, schritt: str) -> Iterator[Probe]:
    """A file that the step reads has a changed byte, is cut off, empty or missing; or there is one too many."""
    ort.restore(SCHRITTE.index(schritt))
    for path in _victims(ort, schritt):
        # Where a hash or a checksum is, every damage is one.
        for name, damage in DAMAGES.items() if path.suffix != ".parquet" else [*DAMAGES.items()][::3]:
            ort.restore(SCHRITTE.index(schritt))
            saved = ort.wurzel / "unversehrt"
            shutil.copy2(path, saved)
            damage(path)
            outcome = ort.run(schritt)
            where = meldung.lesbar(ort, str(path)).removeprefix("…/zelle/").removeprefix("…/")
            yield judged(ort, schritt, f"{where}: {name}", outcome, repair=partial(_give_back, saved, path))
    ort.restore(SCHRITTE.index(schritt))
    folder = ort.lieferung if schritt == "extract" else _victims(ort, schritt)[0].parent
    stray = folder / "zuviel.csv"
    stray.write_text("KANARI0001;1973-10-17\n")
    outcome = ort.run(schritt)
    yield judged(ort, schritt, "eine Datei zu viel", outcome, repair=stray.unlink)


def _give_back(saved: Path, path: Path) -> None:
    """Put a file back from the backup, as the messages ask for."""
    path.unlink(missing_ok=True)
    shutil.copy2(saved, path)
    saved.unlink()


# --- network and memory -----------------------------------------------------------------------------------------------


def network_cut(ort: Ort, schritt: str) -> Iterator[Probe]:
    """The line to the warehouse, the SFTP or the SMTP server breaks after some bytes."""
    _needs_network(schritt)
    for after in (1_500, 6_000):
        ort.restore(SCHRITTE.index(schritt))
        port = int(ort.server.rsplit(":", 1)[1].partition("/")[0])
        line = cut(port, after=after)
        try:
            outcome = ort.run(schritt, JOBCENTER_WAREHOUSE=ort.warehouse().replace(f":{port}/", f":{line.port}/"))
        finally:
            line.close()
        yield judged(ort, schritt, f"Leitung zum Warehouse bricht nach {after} Bytes", outcome)
    if schritt == "deliver":
        yield from _counterparts_cut(ort)


def _needs_network(schritt: str) -> None:
    if schritt in OHNE_WAREHOUSE:
        raise Entfaellt("Der Schritt benutzt kein Netz: die Lieferung ist hier ein Ordner.")


def _counterparts_cut(ort: Ort) -> Iterator[Probe]:
    if not ort.sftp or not ort.post:
        raise Fehlt("sshd fehlt (apt-get install openssh-server).")
    for name, port in (("SFTP", ort.sftp.port), ("Mail", ort.post.port)):
        for after in (0, 3_000, 12_000):
            ort.restore(SCHRITTE.index("deliver"))
            line = cut(port, after=after)
            ort.write_recipients(**{f"{name.lower()}_port": line.port})
            try:
                outcome = ort.run("deliver")
            finally:
                line.close()
            moment = f"Leitung zum {name}-Server bricht nach {after} Bytes"
            yield judged(ort, "deliver", moment, outcome, repair=ort.write_recipients)


def no_memory(ort: Ort, schritt: str) -> Iterator[Probe]:
    """From some moment on the step gets no more memory: a limit of its address space, and the kernel's OOM killer."""
    for moment in moments(ort, schritt, 3):
        yield _address_space(ort, schritt, moment)
    group = _memory_group()
    if group is None:
        return
    try:
        middle = moments(ort, schritt, 3)
        yield _oom_killed(ort, schritt, middle[len(middle) // 2], group)
    finally:
        group.rmdir()


_SILENT = frozenset({-signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT, 127, HANGS})
"""How a step may end without a word when a library below Python gets no memory: nothing of ours can catch that.

The C library ends the process with 127 when it gets none for a thread's own data; Arrow waits for a thread that could
not be started: see chapter 10 of the handbook. The task's time limit ends it.
"""
_LIMIT_SECONDS = 180
"""After which a step without memory counts as hanging; with enough it takes some seconds."""


def _address_space(ort: Ort, schritt: str, moment: tuple[int, str]) -> Probe:
    ort.restore(SCHRITTE.index(schritt))
    run = ort.start(schritt, halt=f"{moment[0]}:STOP")
    if run.wait_until_stopped():
        process = psutil.Process(run.pid)
        used = process.memory_info().vms
        process.rlimit(psutil.RLIMIT_AS, (used, used))
        run.go_on()
    where = f"Adressraum begrenzt {_named(ort, schritt, moment)}"
    return judged(ort, schritt, where, run.ended(_LIMIT_SECONDS), stumm=_SILENT, davor=True)


def _memory_group() -> Path | None:
    """Make a memory group (cgroup v1) of our own; None where that is not possible."""
    group = Path("/sys/fs/cgroup/memory") / f"stoerungen-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text("-1")
    except OSError:
        return None
    return group


def _oom_killed(ort: Ort, schritt: str, moment: tuple[int, str], group: Path) -> Probe:
    ort.restore(SCHRITTE.index(schritt))
    run = ort.start(schritt, halt=f"{moment[0]}:STOP")
    (group / "cgroup.procs").write_text(str(run.pid))
    if run.wait_until_stopped():
        used = int((group / "memory.usage_in_bytes").read_text())
        (group / "memory.limit_in_bytes").write_text(str(used + (1 << 20)))
        run.go_on()
    outcome = run.ended()
    while (group / "cgroup.procs").read_text().strip():
        time.sleep(0.05)
    return judged(ort, schritt, f"OOM-Killer {_named(ort, schritt, moment)}", outcome)


def airflow_killed(ort: Ort, schritt: str) -> Iterator[Probe]:
    """kill -9 of Airflow's scheduler or api-server while the task of the step is at work; it is started again."""
    if not ort.airflow:
        _kill_airflow_everywhere(ort)
    outcome, counts, problems = ort.airflow[schritt]
    part = PARTS[SCHRITTE.index(schritt) % len(PARTS)]
    problems = [*problems, *meldung.maengel(ort, outcome, without_status=frozenset())]
    moment = f"kill -9 des {'Schedulers mit allen Aufgaben' if part == 'scheduler' else 'API-Servers'}, Neustart"
    yield Probe(moment, outcome.status, meldung.lesbar(ort, outcome.text), counts, tuple(problems))


def _kill_airflow_everywhere(ort: Ort) -> None:
    """Run the DAG once, and kill Airflow in each of its steps. What it leaves is judged at once, for every step."""
    ort.restore(0)
    with airflow(ort.home, **ort.environment()) as running:
        said = every_step_killed(running, ort.lieferung, str(MONAT))
    left = vergleich.nach_airflow(ort)
    ort.airflow = {schritt: (Ausgang(1, text), *left) for schritt, text in zip(SCHRITTE, said, strict=True)}


STOERUNGEN = (
    Stoerung("kill", "kill -9 des Schritts", killed),
    Stoerung("db-fort", "kill -9 des PostgreSQL-Servers", server_killed),
    Stoerung("db-getrennt", "Der Server beendet die Verbindungen", connections_cut),
    Stoerung("home-voll", "Dateisystem von home voll", home_full),
    Stoerung("db-voll", "Dateisystem des PostgreSQL-Servers voll", database_full, wirkt=False),
    Stoerung("ziel-voll", "Dateisystem der Empfänger voll", target_full),
    Stoerung("rechte", "Schreib- oder Leserecht fehlt", permission_denied),
    Stoerung("uhr", "Die Uhr geht falsch oder springt", clock_changed, wirkt=False),
    Stoerung("doppelt", "Derselbe Schritt noch einmal", triggered_twice, wirkt=False),
    Stoerung("gleichzeitig", "Zwei Prozesse im selben Schritt", two_at_once, wirkt=False),
    Stoerung("dateien", "Gelesene Datei beschädigt, fort oder zu viel", corrupted),
    Stoerung("netz", "Netz bricht ab", network_cut),
    Stoerung("speicher", "Kein Arbeitsspeicher mehr", no_memory),
    Stoerung("airflow", "kill -9 von Airflow, Neustart", airflow_killed),
)
