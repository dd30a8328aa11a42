"""The complete list of the rows that violate a rule: keys only, as pseudonyms, in a fixed order."""

from __future__ import annotations

import pyarrow as pa

from etl.extract.archive import Archive
from etl.validate import archiv_sql
from etl.validate.regelwerk import SQL_REGEL, Regelwerk, RegelwerkError


def findings(archive: Archive, regelwerk: Regelwerk, regel_id: str) -> pa.Table:
    """Return the keys of every row that violates ``regel_id``, sorted. For rules that are written in SQL.

    Raises ``RegelwerkError`` for a rule without SQL or one whose SQL cannot be run.
    """
    regel = regelwerk.regel(regel_id)
    if regel.typ != SQL_REGEL:
        raise RegelwerkError(f"Zur Regel {regel_id} gibt es keine Befundliste: sie prüft Spalten, keine Abfrage.")
    with archiv_sql.opened(archive, regelwerk.sichten_sql) as connection:
        try:
            return archiv_sql.rows(connection, regel.frage)
        except archiv_sql.RegelSqlError as error:
            raise RegelwerkError(f"Die Regel {regel_id} ist nicht prüfbar ({error}).") from None
