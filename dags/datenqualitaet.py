"""Every day: check the live source by the rules of validation, so that errors are corrected before the counting day."""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag

from etl.orchestrierung import formular, wiederkehrend

DOC = """
### Datenqualität

Prüft jeden Morgen, was heute in der Quelle eines jeden Trägers steht, nach denselben Prüfregeln wie der Monatsbericht.
So werden Fehler im Fachverfahren vor dem Zähltag berichtigt statt nach der Lieferung.

* Es entsteht ein Archiv nur für diese Prüfung; danach ist es gelöscht, auch wenn die Aufgabe abbricht (dann räumt die
  nächste auf). In das eigentliche Archiv und in die Zahlen kommt nichts.
* Korrekturlisten je Team mit den echten Schlüsseln: `vorpruefung/<traegernummer>/korrekturen`, nur die neuesten. Der
  Ordner ist nur dem Benutzer von jobcenter zugänglich; wie die Listen zu den Teams kommen, regelt das Haus.
* Verlauf in Anzahlen je Regel: `vorpruefung/<traegernummer>/verlauf.csv`; im Protokoll der Aufgabe und in XCom stehen
  nur Anzahlen.

In der Quellendatei steht `{monat}` bei dieser Prüfung für den Monat des Laufs. Ist noch nichts da, wird der Träger
übersprungen.
"""


@dag(
    dag_id="datenqualitaet",
    dag_display_name="Datenqualität",
    description="Tägliche Prüfung der Quelle vor dem Zähltag; geladen wird nichts",
    doc_md=DOC,
    schedule=CronTriggerTimetable("0 6 * * *", timezone="Europe/Berlin"),
    catchup=False,
    # Two checks at once would replace each other's lists.
    max_active_runs=1,
    is_paused_upon_creation=False,
    params={"lieferung": formular.delivery_param()},
    default_args=formular.DEFAULTS,
    tags=["sgb2", "taeglich"],
)
def datenqualitaet() -> None:
    """Check every provider on its own."""
    delivery = "{{ params.lieferung or '' }}"
    wiederkehrend.check.partial(day=wiederkehrend.DAY, delivery=delivery).expand(
        quelle=wiederkehrend.providers(delivery)
    )


datenqualitaet()
