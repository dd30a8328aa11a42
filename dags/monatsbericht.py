"""The monthly report as a DAG: the steps of ``jobcenter run`` in their order, for every provider on its own.

The reporting month is the partition of the run or given in the form, never read from the clock. XCom carries
identifiers and counts only.
"""

from __future__ import annotations

from typing import Any, cast

from airflow.sdk import CronPartitionTimetable, chain, dag, task_group

from etl.geheimnisse import ADDRESS, REFERENCE
from etl.orchestrierung import formular, fragen, fristen, schritte
from etl.orchestrierung.warten import DAYS, LieferungDa

DOC = f"""
### Monatsbericht

Erstellt die Zahlen und Berichte **eines Berichtsmonats**, mit denselben Schritten wie `jobcenter run`, für jeden Träger
der Quellendatei (`JOBCENTER_QUELLEN`) oder für **eine Lieferung**, die das Formular nennt. Scheitert ein Träger, laufen
die anderen weiter.

1. **Auf die Lieferung warten**: bis der Ordner mit `lieferung.json` oder die Zip-Datei da ist, höchstens {DAYS} Tage.
2. **Lieferung einlesen**: prüft den Quellvertrag, pseudonymisiert die Schlüssel, legt die Lieferung im Archiv ab.
3. **Lieferung prüfen**: wendet die Prüfregeln an und entscheidet, ob geladen werden darf.
4. **Zahlen berechnen**: zählt nach den Zählregeln des Quellvertrags.
5. **Sprünge prüfen**: bewegt die Lieferung wichtige Zahlen stärker als die Anhaltegrenzen, wartet der Lauf auf einen
   Menschen (**Entscheiden**, unter „Required Actions“); sonst geht es ohne Halt weiter.
6. **Zahlen laden**: schreibt die Zahlen in einer Transaktion in das Warehouse; frühere Stände bleiben erhalten.
7. **Berichte schreiben**: legt die Dateien als Entwurf ab; die Pfade stehen im Protokoll der Aufgabe.
8. **Prüfen und freigeben**: eine Person, die den Lauf nicht gestartet hat, sieht die Dateien an und gibt sie frei oder
   lehnt sie ab (unter „Required Actions“). Was schon freigegeben ist und gleich geblieben ist, wird nicht noch einmal
   gefragt. Andere Monate laufen unterdessen weiter. Nach {fragen.RESPONSE_DAYS} Tagen ohne Antwort scheitert die
   Aufgabe; der Entwurf bleibt, und mit Clear oder am Terminal geht es weiter (`jobcenter approve` und `release`).
9. **Zustellen**: gibt die Dateien jedem Empfänger, der sie noch nicht hat (Empfängerdatei `JOBCENTER_EMPFAENGER`; ohne
   sie wird der Schritt übersprungen). Wer nicht erreichbar ist, wird später noch einmal versucht.

**Wann er läuft.** Am Ersten jedes Monats für den Monat davor; der Partitionsschlüssel des Laufs ist der Berichtsmonat.
Von Hand: „Trigger“ wählen und im Formular den Berichtsmonat angeben. Nach einer Meldung, dass eine Lieferung da ist
(Asset `jobcenter_lieferung`), startet ihn der DAG `lieferungseingang`. Frühere Monate:
`airflow backfill create --dag-id monatsbericht --from-date 2026-01-01 --to-date 2026-06-30 --max-active-runs 1`, in der
Reihenfolge der Monate, damit nicht der Zufall entscheidet, welche Lieferung einen alten Monat erzählt. Jeder Schritt
darf wiederholt werden, auch zweimal zugleich: gleiche Eingabe ergibt gleiche Zahlen und Dateien, und es gibt sie nur
einmal.

**Lieferung aus einer Datenbank.** Ein Kennwort gehört nicht in das Formular, denn dessen Inhalt wird gespeichert
und angezeigt. Die Adresse steht in einer Umgebungsvariablen oder Geheimnisdatei, deren Name mit `{ADDRESS}`
beginnt, und das Formular nennt nur sie: `{REFERENCE}{ADDRESS}`.

**Wenn ein Schritt scheitert.** Ist das Warehouse, das Quellsystem oder ein Empfänger nicht erreichbar, versucht es die
Aufgabe dreimal wieder, nach 30 Sekunden und dann in wachsendem Abstand. Verletzt die Lieferung den Quellvertrag oder
sperrt die Prüfung, scheitert sie sofort, und es wird nichts geladen. Was zu tun ist, steht im Protokoll der Aufgabe; wo
dort von `--accept-findings` die Rede ist, ist das Feld „Befunde akzeptieren“ gemeint. Ins Protokoll kommen keine
Falldaten.
"""


@task_group(group_id="traeger", prefix_group_id=True)
def traeger(quelle: str) -> None:
    """Order the steps of one provider, as a chain: see ``Frage``. Templates are plain text arguments of the steps."""
    month, delivery = formular.MONTH, "{{ params.lieferung or '' }}"
    begruendung = "{{ params.befunde_akzeptieren or '' }}"
    waited = LieferungDa(
        task_id="arrived", task_display_name="Auf die Lieferung warten", quelle=quelle, month=month, delivery=delivery
    )
    extracted = schritte.extract(quelle, month, delivery)
    # At parse time a task returns the promise of its result; Airflow's types cannot say so.
    reference = cast("str", extracted)
    decide, approve = fragen.decision(), fragen.approval()
    drafted = schritte.draft(reference, month)
    shown = cast("dict[str, Any]", drafted)
    chain(
        waited,
        extracted,
        schritte.validate(reference, begruendung),
        schritte.figures(reference, month),
        schritte.undecided(reference, month),
        decide,
        schritte.resume(reference, cast("dict[str, Any]", decide.output)),
        schritte.load(reference, month, begruendung),
        schritte.report(reference, month, formular.STARTED_BY),
        drafted,
        approve,
        schritte.release(reference, month, formular.STARTED_BY, shown, cast("dict[str, Any]", approve.output)),
        schritte.deliver(reference, month, formular.STARTED_BY),
    )


@dag(
    dag_id="monatsbericht",
    dag_display_name="Monatsbericht",
    description="Zahlen und Berichte eines Berichtsmonats, für jeden Träger",
    doc_md=DOC,
    schedule=CronPartitionTimetable("0 0 1 * *", timezone="Europe/Berlin", run_offset=-1, key_format="%Y-%m"),
    catchup=False,
    # A run that waits for a person must not hold up the next month; what may compute at once the pools say.
    max_active_runs=60,
    deadline=fristen.alerts(),
    is_paused_upon_creation=False,
    params={
        "monat": formular.month_param(),
        "lieferung": formular.delivery_param(),
        "befunde_akzeptieren": formular.acceptance_param(),
    },
    default_args=formular.DEFAULTS,
    tags=["sgb2", "monat"],
)
def monatsbericht() -> None:
    """List the sources, then do the steps for each of them."""
    listed = schritte.sources(
        formular.MONTH, "{{ params.monat or '' }}", "{{ params.lieferung or '' }}", "{{ dag_run.run_type }}"
    )
    traeger.expand(quelle=listed)


monatsbericht()
