"""Where figures come from beside the data: the program, its definitions, the installed packages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import distributions, version
from pathlib import Path

from etl import parameter
from etl.extract.archive import sha256_of
from etl.figures import definition_files, definition_fingerprint
from etl.resources import ROOT
from etl.warehouse import Herkunft

_REF = "ref: "


def herkunft(ausnahmen: Sequence[Mapping[str, object]] = ()) -> Herkunft:
    """Return what a passport says of this program, and of the waivers that hold (plain JSON, in a fixed order)."""
    return Herkunft(programm=_program(), pakete=_packages(), ausnahmen=tuple(ausnahmen))


def definitionen() -> dict[str, str]:
    """Return the SHA-256 of every file that defines figures, by folder and name."""
    return {name: sha256_of(path) for name, path in definition_files().items()}


def commit(root: Path = ROOT) -> str | None:
    """Return the commit that the checkout at ``root`` stands on; None where there is none (an installed wheel).

    It is not known whether files were changed after it: that shows in the hash of the source.
    """
    git = root / ".git"
    try:
        if git.is_file():  # a worktree of another checkout
            git = root / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith(_REF):
            return head
        shared = git / "commondir"
        common = git / shared.read_text(encoding="utf-8").strip() if shared.is_file() else git
        return _ref(common, head.removeprefix(_REF))
    except OSError:
        return None


def _ref(git: Path, name: str) -> str | None:
    if (git / name).is_file():
        return (git / name).read_text(encoding="utf-8").strip()
    packed = (git / "packed-refs").read_text(encoding="utf-8").splitlines()
    return next((line.split(" ")[0] for line in packed if line.endswith(f" {name}")), None)


def _program() -> dict[str, object]:
    sources = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "etl").rglob("*.py")}
    return {
        "version": version("jobcenter"),
        "commit": commit(),
        "quelltext_sha256": _sha256_of_lines(f"{name} {sha256_of(path)}" for name, path in sources.items()),
        "parameter_sha256": parameter.fingerprint(),
        "definition_sha256": definition_fingerprint(),
        "definitionen": definitionen(),
    }


def _packages() -> dict[str, object]:
    """Hash what is installed, not what was locked: the lock file is named beside it where there is one."""
    installed = {f"{found.name}=={found.version}" for found in distributions()}
    lock = ROOT / "uv.lock"
    return {
        "installiert": len(installed),
        "installiert_sha256": _sha256_of_lines(installed),
        "uv_lock_sha256": sha256_of(lock) if lock.is_file() else None,
    }


def _sha256_of_lines(lines: Iterable[str]) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in sorted(lines)).encode()).hexdigest()
