"""Mutation run: change ``sql/`` and the catalogues in every small way, and see whether the tests would notice.

    uv run python tests/mutants.py [--every N] [--only TEXT] [-o FILE]

A mutant is killed when any cell of any delivery of the corpus, or any indicator of its random series, differs from
the independent reference, or a record that nearly counts is explained otherwise. The corpus are the deliveries of the
manual (``tests/spec``), joined where they cover the same months, and random nasty ones
(``tests/reference/strategies.py``). Survivors are listed; the exit status is 1 below 95 % killed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import warnings
from pathlib import Path

from mutation.corpus import nearly, prepare, series
from mutation.kill import Corpus
from mutation.mutants import Mutant, mutants

KILLED = 95
_CORPUS: list[Corpus] = []
"""Filled before the processes fork, so that each has the corpus without computing it."""


def main() -> int:
    """Run, print survivors and the share killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="only every N-th mutant")
    parser.add_argument("--only", action="append", help="only mutants whose line in the list contains this text")
    parser.add_argument("-o", type=Path, help="write the list of survivors here")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        probes = prepare(Path(folder))
        print(f"{len(probes)} deliveries, {sum(len(probe.expected) for probe in probes)} cells", flush=True)
        corpus = Corpus(probes, nearly(Path(folder) / "knapp"), series())
        if differing := corpus.differing():
            print(f"{differing} differ without any mutant")
            return 1
        _CORPUS.append(corpus)
        chosen = [mutant for mutant in mutants() if _is_wanted(mutant, arguments.only)][:: arguments.every]
        survivors = _survivors(chosen)
    share = 100 * (len(chosen) - len(survivors)) / len(chosen)
    lines = [*sorted(survivors), f"{len(chosen)} mutants, {len(survivors)} survive, {share:.1f} % killed"]
    print("\n".join(lines))
    if arguments.o:
        arguments.o.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if share >= KILLED else 1


def _is_wanted(mutant: Mutant, texts: list[str] | None) -> bool:
    return texts is None or any(text in str(mutant) for text in texts)


def _survivors(chosen: list[Mutant]) -> list[str]:
    survivors = []
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for number, (name, dead) in enumerate(pool.imap_unordered(_one, chosen), start=1):
            if not dead:
                survivors.append(name)
            print(f"{number}/{len(chosen)} {'killed  ' if dead else 'SURVIVES'} {name}", flush=True)
    return survivors


def _one(mutant: Mutant) -> tuple[str, bool]:
    with tempfile.TemporaryDirectory() as folder:
        return _named(mutant), _CORPUS[0].kills(mutant, Path(folder))


def _named(mutant: Mutant) -> str:
    return f"{mutant} ({mutant.harmless})" if mutant.harmless else str(mutant)


if __name__ == "__main__":
    raise SystemExit(main())
