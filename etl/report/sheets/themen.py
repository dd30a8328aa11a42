"""The subjects of the report as data: a sheet for each, with its blocks and charts (``vergleich``)."""

from __future__ import annotations

from etl.report.layout import ChartKind
from etl.report.sheets.vergleich import Balken, Gliederung, Linien, Mittel, Quoten, Summen, Thema

_FENSTER = "vom Zähltag des Vormonats bis zum Zähltag"

BEDARFSGEMEINSCHAFTEN = Thema(
    "Bedarfsgemeinschaften",
    "Bedarfsgemeinschaften nach Typ und Geschäftsstelle",
    "Bestand nach Typ und nach Geschäftsstelle, Anteile, Veränderungen",
    (
        Summen("Bedarfsgemeinschaften am Zähltag", (("BG", 0),), ganzes="BG"),
        Gliederung("nach Typ der Bedarfsgemeinschaft", "BG", "BG_TYP"),
        Gliederung("nach Geschäftsstelle", "BG", "GESCHAEFTSSTELLE"),
        Quoten("Größe (Personen je Bedarfsgemeinschaft)", ("PERS_JE_BG",)),
    ),
    (Linien("Bedarfsgemeinschaften", ("BG",)), Balken("Bedarfsgemeinschaften nach Typ", ("BG",), "BG_TYP")),
)

BEWEGUNGEN = Thema(
    "Bewegungen",
    "Zugang und Abgang",
    "Zugang und Abgang an ELB und LZB nach Geschlecht und Alter",
    (
        Summen(
            f"Bewegungen {_FENSTER}",
            (("ELB_ZUGANG", 0), ("ELB_ABGANG", 0), ("LZB_ZUGANG", 0), ("LZB_ABGANG", 0)),
        ),
        Gliederung("Zugang an ELB nach Geschlecht", "ELB_ZUGANG", "GESCHLECHT"),
        Gliederung("Zugang an ELB nach Alter", "ELB_ZUGANG", "ALTER"),
        Gliederung("Abgang an ELB nach Geschlecht", "ELB_ABGANG", "GESCHLECHT"),
        Gliederung("Abgang an ELB nach Alter", "ELB_ABGANG", "ALTER"),
        Gliederung("Zugang an LZB nach Geschlecht", "LZB_ZUGANG", "GESCHLECHT"),
        Gliederung("Abgang an LZB nach Geschlecht", "LZB_ABGANG", "GESCHLECHT"),
        Quoten("Raten in Prozent (Veränderung in Prozentpunkten)", ("K1E3", "K1E4", "K3E3", "K3E4")),
    ),
    (
        Linien("Zugang und Abgang an ELB", ("ELB_ZUGANG", "ELB_ABGANG")),
        Linien("Zugang und Abgang an LZB", ("LZB_ZUGANG", "LZB_ABGANG")),
    ),
    (
        "Der ELB-Bestand des Vormonats zuzüglich Zugang abzüglich Abgang ergibt nicht genau den Bestand des Monats, "
        "weil Unterbrechungen bis zu sieben Tagen keine Bewegungen sind.",
    ),
)

LANGZEITBEZUG = Thema(
    "Langzeitbezug",
    "Langzeitleistungsbeziehende (LZB)",
    "LZB nach Geschlecht, Alter und Staatsangehörigkeit, Bewegungen, Integrationen, Aktivierung",
    (
        Summen("Bestand am Zähltag (Anteil an allen ELB)", (("LZB", 0), ("LZB_AKTIV", 1)), ganzes="ELB"),
        Gliederung("LZB nach Geschlecht", "LZB", "GESCHLECHT"),
        Gliederung("LZB nach Alter", "LZB", "ALTER"),
        Gliederung("LZB nach Staatsangehörigkeit", "LZB", "STAATSANGEHOERIGKEIT"),
        Summen(f"Bewegungen und Integrationen {_FENSTER}", (("LZB_ZUGANG", 0), ("LZB_ABGANG", 0), ("INT_LZB", 0))),
        Quoten("Kennzahlen in Prozent (Veränderung in Prozentpunkten)", ("K3", "K3E1", "K3E2", "K3E3", "K3E4")),
    ),
    (
        Linien("Langzeitleistungsbeziehende", ("LZB",)),
        Balken("Langzeitleistungsbeziehende nach Alter", ("LZB",), "ALTER"),
    ),
)

VERWEILDAUER = Thema(
    "Verweildauer",
    "Verweildauer im Leistungsbezug",
    "Wie lange ELB Leistungen beziehen und wie lange der Bezug der Abgänge dauerte",
    (
        Summen("Erwerbsfähige Leistungsberechtigte", (("DAUER_BESTAND", 0), ("DAUER_ABGANG", 0), ("ELB_AG12", 0))),
        Gliederung("Bestand nach bisheriger Dauer", "DAUER_BESTAND", "VERWEILDAUER"),
        Gliederung("Abgänge nach abgeschlossener Dauer", "DAUER_ABGANG", "VERWEILDAUER"),
        Gliederung("Bestand nach Geschlecht", "DAUER_BESTAND", "GESCHLECHT"),
        Gliederung("Abgänge nach Geschlecht", "DAUER_ABGANG", "GESCHLECHT"),
    ),
    (
        Balken("Bestand nach bisheriger Dauer", ("DAUER_BESTAND",), "VERWEILDAUER"),
        Balken("Abgänge nach abgeschlossener Dauer", ("DAUER_ABGANG",), "VERWEILDAUER"),
    ),
)

ARBEITSMARKT = Thema(
    "Arbeitsmarkt",
    "Erwerbsfähige Leistungsberechtigte nach Arbeitsmarktstatus",
    "Arbeitslose, Arbeitsuchende und reine Leistungsbeziehende nach Geschlecht, Alter, Staatsangehörigkeit",
    (
        Summen("ELB am Zähltag", (("ELB", 0), ("ALO", 1), ("ASU", 1), ("REINE_LB", 1)), ganzes="ELB"),
        *(
            Gliederung(f"{wer} nach {was}", groesse, merkmal)
            for wer, groesse in (
                ("Arbeitslose", "ALO"),
                ("Arbeitsuchende", "ASU"),
                ("Reine Leistungsbeziehende", "REINE_LB"),
            )
            for was, merkmal in (
                ("Geschlecht", "GESCHLECHT"),
                ("Alter", "ALTER"),
                ("Staatsangehörigkeit", "STAATSANGEHOERIGKEIT"),
            )
        ),
    ),
    (
        Linien("Arbeitslose und Arbeitsuchende", ("ALO", "ASU")),
        Balken("ELB nach Arbeitsmarktstatus", ("ALO", "ASU", "REINE_LB")),
    ),
)

INTEGRATIONEN = Thema(
    "Integrationen",
    "Integrationen und Eintritte in Beschäftigung",
    "Integrationen, kontinuierliche, geringfügige und öffentlich geförderte Beschäftigung nach Geschlecht",
    (
        Summen(
            f"Integrationen {_FENSTER} (Anteil an allen Integrationen)",
            (("INT", 0), ("INT_SVP", 1), ("INT_AE", 1), ("INT_LZB", 1)),
            ganzes="INT",
        ),
        Summen("Kontinuierliche Beschäftigung nach Integration", (("INT_SVP_KONT", 0),)),
        Summen(f"Weitere Eintritte {_FENSTER}", (("GERING", 0), ("OEGB", 0))),
        Gliederung("Integrationen nach Geschlecht", "INT", "GESCHLECHT"),
        Gliederung("Integrationen von Alleinerziehenden nach Geschlecht", "INT_AE", "GESCHLECHT"),
        Gliederung("Eintritte in geringfügige Beschäftigung nach Geschlecht", "GERING", "GESCHLECHT"),
        Gliederung("Eintritte in öffentlich geförderte Beschäftigung nach Geschlecht", "OEGB", "GESCHLECHT"),
        Quoten("Kennzahlen in Prozent (Veränderung in Prozentpunkten)", ("K2", "K2E1", "K2E2", "K2E3", "K2E4")),
    ),
    (
        Linien("Integrationen", ("INT",), ChartKind.COLUMN),
        Linien("Geringfügige und öffentlich geförderte Beschäftigung", ("GERING", "OEGB")),
    ),
)

MASSNAHMEN = Thema(
    "Maßnahmen",
    "Maßnahmen der aktiven Arbeitsförderung",
    "Teilnehmende, Eintritte und Austritte nach Maßnahme und Geschlecht, Aktivierungsquoten",
    (
        Summen("Teilnahmen insgesamt", (("TN_BESTAND", 0), ("TN_EINTRITT", 0), ("TN_AUSTRITT", 0))),
        Quoten("Aktivierungsquoten in Prozent (Veränderung in Prozentpunkten)", ("AQ1", "AQ2", "AQ_EIGEN", "K3E2")),
        Gliederung("Teilnehmende (Bestand) nach Maßnahme", "TN_BESTAND", "INSTRUMENT"),
        Gliederung("Eintritte nach Maßnahme", "TN_EINTRITT", "INSTRUMENT"),
        Gliederung("Austritte nach Maßnahme", "TN_AUSTRITT", "INSTRUMENT"),
        Gliederung("Teilnehmende (Bestand) nach Geschlecht", "TN_BESTAND", "GESCHLECHT"),
        Gliederung("Eintritte nach Geschlecht", "TN_EINTRITT", "GESCHLECHT"),
        Gliederung("Austritte nach Geschlecht", "TN_AUSTRITT", "GESCHLECHT"),
    ),
    (
        Linien("Teilnehmende an Maßnahmen", ("TN_BESTAND",)),
        Linien("Eintritte und Austritte", ("TN_EINTRITT", "TN_AUSTRITT")),
        Balken("Teilnehmende nach Maßnahme", ("TN_BESTAND",), "INSTRUMENT"),
    ),
)

ZAHLUNGEN = Thema(
    "Zahlungen",
    "Leistungen und Zahlungsansprüche in Euro",
    "Leistungen zum Lebensunterhalt, für Unterkunft und Heizung, Zahlungsansprüche, je Bedarfsgemeinschaft",
    (
        Summen("Leistungen im Kalendermonat in Euro", (("LLU", 0), ("LUH", 0), ("ZAHLUNG", 0))),
        Mittel(
            "Je Bedarfsgemeinschaft in Euro",
            (
                ("Leistungen zum Lebensunterhalt", ("LLU",), ("BG",)),
                ("Leistungen für Unterkunft und Heizung", ("LUH",), ("BG",)),
                ("Zahlungsansprüche", ("ZAHLUNG",), ("BG",)),
            ),
        ),
        Gliederung("Leistungen zum Lebensunterhalt nach Geschlecht, in Euro", "LLU", "GESCHLECHT"),
        Gliederung("Leistungen für Unterkunft und Heizung nach Geschlecht, in Euro", "LUH", "GESCHLECHT"),
        Gliederung("Zahlungsansprüche nach Geschlecht, in Euro", "ZAHLUNG", "GESCHLECHT"),
        Gliederung("Zahlungsansprüche nach Leistungsart, in Euro", "ZAHLUNG", "LEISTUNGSART"),
        Quoten("Kennzahlen in Prozent (Veränderung in Prozentpunkten)", ("K1", "K1E1")),
    ),
    (
        Linien("Leistungen in Euro", ("LLU", "LUH")),
        Linien("Zahlungsansprüche in Euro", ("ZAHLUNG",)),
        Balken("Zahlungsansprüche nach Leistungsart in Euro", ("ZAHLUNG",), "LEISTUNGSART"),
    ),
)

_UNTERKUNFT = "UNTERKUNFT_TATSAECHLICH"
_ANERKANNT = "UNTERKUNFT_ANERKANNT"
_HEIZUNG = "HEIZUNG_TATSAECHLICH"
_HEIZUNG_ANERKANNT = "HEIZUNG_ANERKANNT"

UNTERKUNFT = Thema(
    "Unterkunft",
    "Kosten der Unterkunft und Heizung",
    "Tatsächliche und anerkannte Kosten, je Bedarfsgemeinschaft und nach Typ der Bedarfsgemeinschaft",
    (
        Summen("Bedarfsgemeinschaften am Zähltag (Anteil an allen)", (("KDU_BG", 0),), ganzes="BG"),
        Summen(
            "Summen im Kalendermonat in Euro",
            ((_UNTERKUNFT, 0), (_ANERKANNT, 0), (_HEIZUNG, 0), (_HEIZUNG_ANERKANNT, 0)),
        ),
        Mittel(
            "Je Bedarfsgemeinschaft mit Unterkunft in Euro",
            (
                ("Tatsächliche Kosten der Unterkunft", (_UNTERKUNFT,), ("KDU_BG",)),
                ("Anerkannte Kosten der Unterkunft", (_ANERKANNT,), ("KDU_BG",)),
                ("Tatsächliche Heizkosten", (_HEIZUNG,), ("KDU_BG",)),
                ("Anerkannte Heizkosten", (_HEIZUNG_ANERKANNT,), ("KDU_BG",)),
            ),
        ),
        Mittel(
            "Anerkannt von den tatsächlichen Kosten in Prozent (Veränderung in Prozentpunkten)",
            (
                ("Unterkunft", (_ANERKANNT,), (_UNTERKUNFT,)),
                ("Heizung", (_HEIZUNG_ANERKANNT,), (_HEIZUNG,)),
                ("Unterkunft und Heizung", (_ANERKANNT, _HEIZUNG_ANERKANNT), (_UNTERKUNFT, _HEIZUNG)),
            ),
            prozent=True,
        ),
        Gliederung("Bedarfsgemeinschaften mit Unterkunft nach Typ", "KDU_BG", "BG_TYP"),
        Gliederung("Anerkannte Kosten der Unterkunft nach Typ, in Euro", _ANERKANNT, "BG_TYP"),
        Gliederung("Tatsächliche Kosten der Unterkunft nach Typ, in Euro", _UNTERKUNFT, "BG_TYP"),
        Gliederung("Anerkannte Heizkosten nach Typ, in Euro", _HEIZUNG_ANERKANNT, "BG_TYP"),
        Gliederung("Tatsächliche Heizkosten nach Typ, in Euro", _HEIZUNG, "BG_TYP"),
    ),
    (
        Linien("Kosten der Unterkunft in Euro", (_UNTERKUNFT, _ANERKANNT)),
        Linien("Heizkosten in Euro", (_HEIZUNG, _HEIZUNG_ANERKANNT)),
    ),
)

MINDERUNGEN = Thema(
    "Minderungen",
    "Leistungsminderungen",
    "ELB mit Leistungsminderung, neue Minderungen nach Grund und Geschlecht, Betrag, Quoten",
    (
        Summen("ELB mit Leistungsminderung am Zähltag (Anteil an allen ELB)", (("LM_ELB", 0),), ganzes="ELB"),
        Summen(f"Neue Leistungsminderungen {_FENSTER}", (("LM_NEU", 0),)),
        Summen("Betrag im Kalendermonat in Euro", (("LM_BETRAG", 0),)),
        Gliederung("Neue Leistungsminderungen nach Grund", "LM_NEU", "MINDERUNGSGRUND"),
        Gliederung("Neue Leistungsminderungen nach Geschlecht", "LM_NEU", "GESCHLECHT"),
        Gliederung("ELB mit Leistungsminderung nach Geschlecht", "LM_ELB", "GESCHLECHT"),
        Gliederung("ELB mit Leistungsminderung nach Alter", "LM_ELB", "ALTER"),
        Quoten("Quoten (Veränderung in Punkten)", ("LMQ", "LM_JE_100")),
    ),
    (
        Linien("Neue Leistungsminderungen", ("LM_NEU",), ChartKind.COLUMN),
        Linien("ELB mit Leistungsminderung", ("LM_ELB",)),
    ),
)

RECHTSBEHELFE = Thema(
    "Rechtsbehelfe",
    "Widersprüche und Klagen",
    "Eingang, Erledigung und Bestand von Widersprüchen und Klagen",
    (
        Summen("Widersprüche", (("W_EINGANG", 0), ("W_ERLEDIGUNG", 0), ("W_BESTAND", 0))),
        Summen("Klagen", (("K_EINGANG", 0), ("K_ERLEDIGUNG", 0), ("K_BESTAND", 0))),
    ),
    (
        Linien("Widersprüche: Eingang und Erledigung", ("W_EINGANG", "W_ERLEDIGUNG"), ChartKind.COLUMN),
        Linien("Anhängige Widersprüche", ("W_BESTAND",)),
        Linien("Klagen: Eingang und Erledigung", ("K_EINGANG", "K_ERLEDIGUNG"), ChartKind.COLUMN),
        Linien("Anhängige Klagen", ("K_BESTAND",)),
    ),
    anteile=False,
)

THEMEN = (
    BEDARFSGEMEINSCHAFTEN,
    BEWEGUNGEN,
    LANGZEITBEZUG,
    VERWEILDAUER,
    ARBEITSMARKT,
    INTEGRATIONEN,
    MASSNAHMEN,
    ZAHLUNGEN,
    UNTERKUNFT,
    MINDERUNGEN,
    RECHTSBEHELFE,
)
"""Every subject, in the order of the sheets."""
