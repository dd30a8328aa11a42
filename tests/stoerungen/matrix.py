"""The fault matrix, in one command: ``python tests/stoerungen/matrix.py [PATTERN …] [--to FOLDER]``.

Every step of the monthly report meets every fault; afterwards it is repeated without the fault, and what is there then
is compared with an undisturbed run. Writes ``bericht.md`` and ``bericht.json`` beside itself (or to another FOLDER). A
PATTERN such as ``load/*`` or ``*/kill`` runs and renews these cells only; the others stay with the commit they were run
with. Ends with 1 when something is wrong or a cell could not be run.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from fnmatch import fnmatch
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # this very checkout
sys.path.insert(0, str(Path(__file__).parents[1]))  # as pytest does
from stoerungen import bericht
from stoerungen.ort import NAMENSRAUM, ort
from stoerungen.schritt import SCHRITTE
from stoerungen.zellen import STOERUNGEN, Zelle, cell

HIER = Path(__file__).parent


def _in_a_namespace_of_its_own() -> None:
    """Start again in namespaces of our own: file systems that nobody else sees, processes that end with this one."""
    command = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.environ.get(NAMENSRAUM) or os.geteuid() != 0 or not shutil.which("unshare"):
        return
    if subprocess.run([*command, "true"], check=False).returncode == 0:
        os.environ[NAMENSRAUM] = "1"
        # The first process of a namespace inherits orphans and what they send to a parent; a shell bears that.
        os.execvp(command[0], [*command, "sh", "-c", '"$@"; exit $?', "sh", sys.executable, *sys.argv])  # noqa: S606


def run(patterns: list[str], folder: Path) -> list[Zelle]:
    """Run the cells whose ``step/fault`` matches a pattern, pattern by pattern; renew each in the report at once."""
    every = [(schritt, stoerung) for schritt in SCHRITTE for stoerung in STOERUNGEN]
    wanted = dict.fromkeys(
        (schritt, stoerung)
        for pattern in patterns
        for schritt, stoerung in every
        if fnmatch(f"{schritt}/{stoerung.name}", pattern)
    )
    cells = []
    with tempfile.TemporaryDirectory(prefix="stoerungen-") as temporary, ort(Path(temporary) / "ort") as place:
        for schritt, stoerung in wanted:
            start = time.monotonic()
            done = cell(place, schritt, stoerung)
            cells.append(done)
            bericht.renew([done], folder)
            sys.stderr.write(f"{bericht.zeile(done)} ({time.monotonic() - start:.0f} s)\n")
            sys.stderr.writelines(f"    ! {problem}\n" for problem in done.maengel)
    return cells


def main() -> int:
    """Run the command."""
    _in_a_namespace_of_its_own()
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd says with every login what it will give up
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the first process of a namespace has no default for it
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("patterns", nargs="*", metavar="PATTERN")
    parser.add_argument("--to", type=Path, metavar="FOLDER", default=HIER)
    given = parser.parse_args()
    cells = run(given.patterns or ["*"], given.to)
    return int(any(one.maengel or one.fehlt for one in cells))


if __name__ == "__main__":
    sys.exit(main())
