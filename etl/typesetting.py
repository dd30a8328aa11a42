"""PDF by Typst: one document from a template and its data, accessible, the same bytes for the same data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import typst

Standard = Literal["ua-1", "a-2a"]
"""PDF/UA-1 and PDF/A-2a, by Typst's names."""


def typeset(
    template: Path, data: Mapping[str, str], standards: Sequence[Standard], at: dt.datetime, fonts: Sequence[str] = ()
) -> bytes:
    """Return the PDF of a template, which reads ``data`` as ``sys.inputs``.

    ``at``: when it was made, as the file says. ``fonts``: folders of fonts beside those of Typst. Those of the machine
    are not used: they differ from one to the next.
    """
    try:
        compiler = typst.Compiler(str(template), font_paths=[*fonts], ignore_system_fonts=True, sys_inputs={**data})
        found = compiler.compile(format="pdf", pdf_standards=[*standards], timestamp=int(at.timestamp()))
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        # A panic of Rust is no Exception: nobody would explain it.
        raise RuntimeError(str(error)) from None
    if not isinstance(found, bytes):
        raise TypeError("one document, one PDF")
    return found
