"""The operators of mutation, by what they spoil. Importing a room enters its operators into the list."""

from mutationen.operatoren import dateien, gepackt, manifest, parquet, rohe_bytes, tabelle, werte
from mutationen.operatoren.modell import FORMEN, GEHEIM, OPERATOREN, Form, Mutation, Operator, Ort

__all__ = [
    "FORMEN", "GEHEIM", "OPERATOREN", "Form", "Mutation", "Operator", "Ort",
    "dateien", "gepackt", "manifest", "parquet", "rohe_bytes", "tabelle", "werte",
]  # fmt: skip
