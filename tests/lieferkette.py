"""The supply chain: what is installed, from where, under which licence, and what is known against it.

    uv run python tests/lieferkette.py lock            every package a wheel of the index, pinned by hash, not yanked
    uv run python tests/lieferkette.py lizenzen        licences of what is installed, against tests/data/lizenzen.yaml
    uv run python tests/lieferkette.py schwachstellen  known vulnerabilities (uv audit; JOBCENTER_OSV: another service)
    uv run python tests/lieferkette.py sbom DATEI [--debian LISTE]   bill of materials, CycloneDX 1.5

Exit status: 0 nothing wrong, 1 something is (it is listed), 2 the check itself failed, 3 not checked: the service
cannot be reached. Nobody may take a 3 for a 0; .ci/run says it aloud and goes on: without internet it must build, too.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "uv.lock"
LIZENZEN = ROOT / "tests" / "data" / "lizenzen.yaml"
INDEX, FILES = "https://pypi.org/simple", "https://files.pythonhosted.org/"
SERVER = ("--no-default-groups", "--group", "server")
"""What a server installation has: the bill of materials lists this, no tests and no embedded server."""
FINDINGS, FAILED, NOT_CHECKED = 1, 2, 3

_NAMESPACE = uuid.UUID("0e9b1c1e-6d0f-5f0c-9d0a-6a6f62636e74")  # any: the number of a bill follows from its content
_UNREACHABLE = re.compile(r"error sending request|Failed to fetch|dns error|Connect(ion)?\b.*(refused|reset|timed out)")


# --- the lock file --------------------------------------------------------------------------------------------------


def unpinned(lock: Mapping[str, Any]) -> Iterator[str]:
    """Yield what could be exchanged on its way here, or would run code of others while it is installed."""
    for package in lock["package"]:
        if package["source"] == {"editable": "."}:
            continue
        name = f"{package['name']} {package.get('version', '')}"
        if package["source"] != {"registry": INDEX}:
            yield f"{name}: not from the index but from {package['source']}"
        files = [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())]
        if not package.get("wheels"):
            yield f"{name}: no wheel; installing it would run its build"
        for file in files:
            if not re.fullmatch(r"sha256:[0-9a-f]{64}", file.get("hash", "")):
                yield f"{name}: {file.get('url')} without a SHA-256"
            if not str(file.get("url", "")).startswith(FILES):
                yield f"{name}: {file.get('url')} does not lie where the index keeps its files"


def yanked(requirements: str) -> list[str] | None:
    """Return what the index says was withdrawn; None when it cannot be reached. Nothing is installed."""
    with tempfile.TemporaryDirectory() as folder:
        target = ("--target", folder, "--no-deps", "--refresh")
        done = _uv("pip", "install", "--dry-run", *target, "-r", "-", stdin=requirements)
    if done.returncode and _UNREACHABLE.search(done.stderr):
        return None
    if done.returncode:
        _broken(done.stderr)
    return re.findall(r"warning: (.* is yanked.*)", done.stderr)


def check_lock() -> int:
    """Check the lock file, and ask the index what it has withdrawn since."""
    wrong = list(unpinned(tomllib.loads(LOCK.read_text(encoding="utf-8"))))
    withdrawn = yanked(_uv_text("export", "--locked", "--all-groups", "--no-emit-project", "--no-hashes"))
    for line in [*wrong, *(withdrawn or ())]:
        print(line)
    if withdrawn is None:
        print("NOT CHECKED: the index cannot be reached, so nobody knows what it has withdrawn.")
    return FINDINGS if wrong or withdrawn else NOT_CHECKED if withdrawn is None else 0


# --- licences -------------------------------------------------------------------------------------------------------


def unlicensed(allowed: Mapping[str, Any], found: Mapping[str, str]) -> Iterator[str]:
    """Yield the packages whose licence is neither allowed nor explained, and explanations that nobody needs."""
    known = {name.casefold() for name in allowed["erlaubt"]}
    licensing = get_spdx_licensing()
    for name, licence in sorted(found.items()):
        if name in allowed["einzeln"]:
            if allowed["einzeln"][name]["lizenz"] != licence:
                yield f"{name}: licence is „{licence}“ and no longer „{allowed['einzeln'][name]['lizenz']}“"
        elif not _allowed(licensing, licence, known):
            yield f"{name}: licence „{licence}“ is not in {LIZENZEN.relative_to(ROOT)}"


def _allowed(licensing: Any, licence: str, known: set[str]) -> bool:
    """Whether a licence is: an SPDX expression by its ANDs and ORs, a package's own words all of them."""
    if all(words.casefold() in known for words in licence.split(" OR ")):
        return True
    try:
        tree = licensing.parse(licence, validate=True)
    except Exception:
        return False
    return _holds(tree, known)


def _holds(tree: Any, known: set[str]) -> bool:
    match type(tree).__name__:
        case "AND":
            return all(_holds(part, known) for part in tree.args)
        case "OR":
            return any(_holds(part, known) for part in tree.args)
        case _:
            return str(tree).casefold() in known


def installed_licences() -> dict[str, str]:
    """Return the licence of each installed package, as it says itself: expression, else classifiers, else text."""
    found = {}
    for package in importlib.metadata.distributions():
        said: dict[str, Any] = package.metadata.json
        classifiers = {text.split(" :: ")[-1] for text in said.get("classifier", ()) if text.startswith("License")}
        words = str(said.get("license", "")).strip().partition("\n")[0]
        named = " OR ".join(sorted(classifiers - {"OSI Approved"}))
        name = re.sub(r"[-_.]+", "-", said["name"]).lower()
        found[name] = said.get("license_expression") or named or words or "-"
    return found


def check_licences() -> int:
    """Check the licences of this environment."""
    wrong = list(unlicensed(yaml.safe_load(LIZENZEN.read_text(encoding="utf-8")), installed_licences()))
    print("\n".join(wrong) if wrong else "Every licence is allowed or explained.")
    return FINDINGS if wrong else 0


# --- vulnerabilities ------------------------------------------------------------------------------------------------


def check_vulnerabilities() -> int:
    """Ask the vulnerability service about every locked package, those of the tests included."""
    service = os.environ.get("JOBCENTER_OSV")
    asked = ("--service-url", service) if service else ()
    done = _uv("audit", "--preview-features", "audit-command", "--locked", *asked)
    if done.returncode and _UNREACHABLE.search(done.stderr):
        print("NOT CHECKED: no vulnerability service reachable. Nothing is known for or against the packages.")
        return NOT_CHECKED
    if done.returncode not in (0, FINDINGS):
        _broken(done.stderr)
    print(done.stdout + done.stderr)
    return done.returncode


# --- bill of materials ----------------------------------------------------------------------------------------------


def bill(debian: Sequence[str]) -> str:
    """Return the bill of materials: same lock file and same list of Debian's packages, same bytes.

    ``debian``: lines of ``dpkg-query -W -f '${Package} ${Version} ${Architecture}\\n'`` in the image.
    """
    document = json.loads(
        _uv_text("export", "--locked", "--preview-features", "sbom-export", "--format", "cyclonedx1.5", *SERVER)
    )
    document["metadata"].pop("timestamp")  # a clock; when it was made is known to whoever keeps it
    document["metadata"]["component"] |= {"type": "application", "licenses": [{"license": {"id": "EUPL-1.2"}}]}
    document["components"] += [_debian(*line.split()) for line in sorted(debian) if line.strip()]
    document.pop("serialNumber")
    content = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(_NAMESPACE, content)}"
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if wrong := JsonStrictValidator(SchemaVersion.V1_5).validate_str(text):
        _broken(f"The bill of materials is no valid CycloneDX 1.5: {str(wrong).splitlines()[0]}")
    return text


def _debian(name: str, version: str, architecture: str) -> dict[str, str]:
    purl = f"pkg:deb/debian/{name}@{version.replace(':', '%3A').replace('+', '%2B')}?arch={architecture}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


# --- the command ----------------------------------------------------------------------------------------------------


def uv() -> str | None:
    """Return the path of uv: the one that runs this, the one of the README, or of the search path."""
    return os.environ.get("UV") or shutil.which(ROOT / ".uv" / "bin" / "uv") or shutil.which("uv")


def _uv(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    program = uv()
    if program is None:
        _broken("No uv: see the README for how to install it.")
    return subprocess.run(
        [program, *arguments], cwd=ROOT, input=stdin, capture_output=True, text=True, check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )  # fmt: skip


def _uv_text(*arguments: str) -> str:
    done = _uv(*arguments)
    if done.returncode:
        _broken(done.stderr)
    return done.stdout


def _broken(text: str) -> NoReturn:
    print(text, file=sys.stderr)
    raise SystemExit(FAILED)


def main() -> int:
    """Do what the command line asks; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = parser.add_subparsers(dest="was", required=True)
    for name in ("lock", "lizenzen", "schwachstellen"):
        tasks.add_parser(name)
    sbom = tasks.add_parser("sbom")
    sbom.add_argument("datei", type=Path)
    sbom.add_argument("--debian", type=Path)
    given = parser.parse_args()
    match given.was:
        case "lock":
            return check_lock()
        case "lizenzen":
            return check_licences()
        case "schwachstellen":
            return check_vulnerabilities()
    debian = given.debian.read_text(encoding="utf-8").splitlines() if given.debian else []
    given.datei.write_text(bill(debian), encoding="utf-8")
    print(given.datei)
    return 0


if __name__ == "__main__":
    sys.exit(main())
