"""Findings: every record that violates a rule, what it moves, who can correct it, and what people decided about it."""

from etl.befunde.ausnahmen import Ausnahme, ausgenommen
from etl.befunde.liste import COLUMNS, counts, find, read, violations, write

__all__ = ["COLUMNS", "Ausnahme", "ausgenommen", "counts", "find", "read", "violations", "write"]
