"""The owner of the database, who can switch every guard off, change something, and switch the guards on again."""

from __future__ import annotations

from sqlalchemy import NullPool, create_engine


def als_besitzer(url: str, table: str, *statements: str, wieder_an: bool = True) -> None:
    """Run ``statements`` with the triggers of ``jobcenter.<table>`` off; leave them as they were, or off."""
    with create_engine(url, poolclass=NullPool).connect() as owner, owner.begin():
        guards = owner.exec_driver_sql(
            f"SELECT tgname FROM pg_trigger WHERE tgrelid = 'jobcenter.{table}'::regclass AND tgenabled = 'A'"
        ).all()
        assert guards
        owner.exec_driver_sql(f"ALTER TABLE jobcenter.{table} DISABLE TRIGGER ALL")
        for statement in statements:
            owner.exec_driver_sql(statement)
        if wieder_an:
            owner.exec_driver_sql(f"ALTER TABLE jobcenter.{table} ENABLE TRIGGER ALL")
            for (guard,) in guards:
                owner.exec_driver_sql(f"ALTER TABLE jobcenter.{table} ENABLE ALWAYS TRIGGER {guard}")
