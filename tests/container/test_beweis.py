"""The proof of the stack in real containers, where there is Podman and a base image is named (``BASE_IMAGE``)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from container import beweis


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("podman") is None, reason="needs podman")
@pytest.mark.skipif(not os.environ.get("BASE_IMAGE"), reason="needs BASE_IMAGE, such as python:3.11-slim-bookworm")
def test_the_stack_survives_what_the_proof_does_to_it(tmp_path: Path) -> None:
    options = ("--base", os.environ["BASE_IMAGE"], "--network", "host", "--report", str(tmp_path))
    done = subprocess.run([sys.executable, str(beweis.__file__), *options], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "alles bewiesen" in (tmp_path / "bericht.md").read_text(encoding="utf-8")
