"""Files that lie beside the package: the SQL and the expectations, in the repository and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
SQL = ROOT / "sql"
EXPECTATIONS = ROOT / "expectations"
DAGS = ROOT / "dags"
POOLS = ROOT / "etl" / "betrieb" / "airflow" / "pools.json"
