"""Validation of an archived delivery by the rules in ``expectations/``, and the gate that follows from it.

``validate`` judges and keeps the outcome, ``gate`` decides, ``findings`` names the violating rows by pseudonym.
"""

from etl.validate.befunde import findings
from etl.validate.ergebnis import RuleResult, Validation
from etl.validate.gate import Gate, gate
from etl.validate.pruefung import kept, validate
from etl.validate.regelwerk import Regelwerk, RegelwerkError, load

__all__ = [
    "Gate",
    "Regelwerk",
    "RegelwerkError",
    "RuleResult",
    "Validation",
    "findings",
    "gate",
    "kept",
    "load",
    "validate",
]
