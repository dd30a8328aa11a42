"""What hangs on a person besides money: jobs, measures, sanctions, status; procedures and dwellings.

Starts and ends lie on, just before or just after counting days; records come in three months after one, a day more
or less; § 16e changes on 2019-01-01; episodes overlap, leave gaps and end before they begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st

from reference.anchors import near
from reference.delivery import Rows
from reference.kalender import plus_months
from reference.lieferung import ONE_DAY, Day, Month

Rowset = dict[str, Rows]

# What decides rules 6 and 8 comes up most; of the rest every code now and then.
FOERDERUNGEN = (*(None,) * 8, "P16d", "P16i", "STA", "P16e", "P16e", "P16e", "P16_88", "P16b", "ESF_LZA", "P16_45")
MASSNAHMEN = (
    "P16_45", "P16_81", "P16d", "P16f", "P16i", "STA", "P16e", "P16e", "P16e", "P16_44", "P16_44",
    "P16_88", "P16b", "P16c", "P16g", "P16h", "P16j", "P16k", "ESF_LZA",
)  # fmt: skip
ARTEN = ("SVP", "SVP", "SVP", "AUSB", "SELB", "GERING", "GERING")
KOSTEN = tuple(Decimal(text) for text in ("400.00", "400.00", "123.45", "0.01", "0.00", "-0.01"))
NEUES_16E = Day(2019, 1, 1)


def _start(draw: st.DrawFn, counting: Sequence[Day], instrument: str | None) -> Day:
    """Beside a counting day, or in between; with § 16e also beside its change, where that is near."""
    if instrument == "P16e" and _changes_16e(counting) and draw(st.integers(0, 2)):
        return NEUES_16E - draw(st.integers(0, 1)) * ONE_DAY
    return near(draw, counting, draw(st.sampled_from((1, 1, 1, 20))))


def _changes_16e(counting: Sequence[Day]) -> bool:
    return counting[0] < NEUES_16E < counting[-1]


def _foerderung(draw: st.DrawFn, art: str, counting: Sequence[Day]) -> str | None:
    """What decides whether a job counts: § 16e around its change, subsidies of marginal work, which do not matter."""
    if _changes_16e(counting) and draw(st.booleans()):
        return "P16e"
    return draw(st.sampled_from((None, "P16d", "P16i") if art == "GERING" else FOERDERUNGEN))


def _erfasst_am(draw: st.DrawFn, counting: Sequence[Day], start: Day) -> Day:
    """At once, or three months after a counting day around ``start``, a day more or less; or far too late."""
    kind = draw(st.sampled_from(("sofort", "sofort", "grenze", "grenze", "spaet")))
    if kind == "sofort":
        return start
    if kind == "spaet":
        return start + 400 * ONE_DAY
    around = [day for day in counting if abs((day - start).days) <= 45] or [start]
    return near(draw, [plus_months(day, 3) for day in around])


def _end(draw: st.DrawFn, counting: Sequence[Day], start: Day) -> Day | None:
    """Open, beside a counting day (perhaps one before ``start``), on the first day, on the day before it."""
    kind = draw(st.sampled_from(("offen", "stichtag", "stichtag", "kurz")))
    if kind == "offen":
        return None
    return near(draw, counting) if kind == "stichtag" else start + draw(st.integers(-1, 1)) * ONE_DAY


def _job(draw: st.DrawFn, number: int, person: str, counting: Sequence[Day]) -> dict[str, object]:
    art = draw(st.sampled_from(ARTEN))
    foerderung = _foerderung(draw, art, counting)
    beginn = _start(draw, counting, foerderung)
    return {
        "erwerb_id": f"E{number}",
        "kundennummer": person,
        "art": art,
        "beginn": beginn,
        "ende": _end(draw, counting, beginn),
        "foerderung": foerderung,
        "erfasst_am": _erfasst_am(draw, counting, beginn),
    }


def _massnahme(draw: st.DrawFn, number: int, person: str, counting: Sequence[Day]) -> dict[str, object]:
    instrument = draw(st.sampled_from(MASSNAHMEN))
    eintritt = _start(draw, counting, instrument)
    return {
        "teilnahme_id": f"T{number}",
        "kundennummer": person,
        "instrument": instrument,
        "eintritt": eintritt,
        "austritt": _end(draw, counting, eintritt),
        "kosten": draw(st.sampled_from((None, Decimal("10.00")))),
        "erfasst_am": _erfasst_am(draw, counting, eintritt),
    }


def _minderung(
    draw: st.DrawFn, number: int, person: str, bgs: Sequence[str], counting: Sequence[Day]
) -> dict[str, object]:
    beginn = near(draw, counting)
    return {
        "minderung_id": f"M{number}",
        "kundennummer": person,
        "bg_nummer": draw(st.sampled_from(bgs)),
        "grund": draw(st.sampled_from(("PFLICHT", "MELDE", "ARBEIT"))),
        "betrag": Decimal("50.60"),
        "beginn": beginn,
        "ende": _end(draw, counting, beginn) or counting[-1],
    }


def _status(draw: st.DrawFn, person: str, counting: Sequence[Day]) -> Rows:
    """Episodes that overlap and leave gaps; one begins per day at most."""
    starts = [near(draw, counting) for _ in range(draw(st.integers(0, 3)))]
    if draw(st.integers(0, 2)):
        starts.append(counting[0] - 300 * ONE_DAY)
    return [
        {
            "kundennummer": person,
            "von": von,
            "bis": _end(draw, counting, von),
            "status": draw(st.sampled_from(("ALO", "ALO", "ASU", "ASU", "NAS"))),
            "zugangsgrund": None,
            "abgangsgrund": None,
        }
        for von in sorted(set(starts))
    ]


def arbeit(draw: st.DrawFn, persons: Sequence[str], bgs: Sequence[str], counting: Sequence[Day]) -> Rowset:
    """Jobs, measures, sanctions and status of some persons, the first and the last one more often than others.

    Work begins around the counting days that have integrations, now and then around any.
    """
    someone = st.sampled_from([*persons, *[persons[0], persons[-1], persons[-1]] * len(persons)])

    def people(least: int, most: int) -> list[tuple[int, str]]:
        return [(number, draw(someone)) for number in range(draw(st.integers(least, most)))]

    def days() -> Sequence[Day]:
        return counting if draw(st.integers(0, 5)) == 0 else counting[2:]

    return {
        "erwerbstaetigkeit": [_job(draw, number, person, days()) for number, person in people(1, 8)],
        "massnahme": [_massnahme(draw, number, person, days()) for number, person in people(1, 6)],
        "leistungsminderung": [_minderung(draw, number, person, bgs, counting) for number, person in people(0, 3)],
        "arbeitsmarktstatus": [
            row
            for person in draw(st.lists(someone, min_size=1, max_size=4, unique=True))
            for row in _status(draw, person, counting)
        ],
    }


def _six_months(draw: st.DrawFn, counting: Sequence[Day], month: int) -> list[tuple[str, Day, Day | None]]:
    """A job that begins in the window of ``month`` and holds for six counting days, or just not; perhaps two jobs.

    A gap of one to three days lies somewhere around one of the counting days; another job of any kind may fill it.
    """
    beginn = counting[month] - draw(st.sampled_from((0, 1, 14))) * ONE_DAY
    ende = counting[month + 6] + draw(st.sampled_from((-1, 0, 0, 30))) * ONE_DAY
    if draw(st.booleans()):
        return [("SVP", beginn, None if draw(st.integers(0, 3)) == 0 else ende)]
    gap = near(draw, counting[month + 1 : month + 6])
    back = gap + draw(st.integers(1, 3)) * ONE_DAY
    jobs: list[tuple[str, Day, Day | None]] = [("SVP", beginn, gap - ONE_DAY), ("SVP", back, ende)]
    if draw(st.booleans()):
        jobs.append((draw(st.sampled_from(("SVP", "GERING", "AUSB"))), gap - ONE_DAY, back))
    return jobs


def nachhaltige_arbeit(draw: st.DrawFn, persons: Sequence[str], counting: Sequence[Day]) -> Rowset:
    """Work that lasts six months or just not; work and active measures around the last counting days."""
    jobs: Rows = []
    for person in persons:
        for _ in range(draw(st.integers(0, 2))):
            for art, beginn, ende in _six_months(draw, counting, draw(st.integers(2, len(counting) - 7))):
                foerderung = draw(st.sampled_from((None, None, None, None, "P16i", "P16_88")))
                jobs.append(
                    {
                        "erwerb_id": f"S{len(jobs)}",
                        "kundennummer": person,
                        "art": art,
                        "beginn": beginn,
                        "ende": ende,
                        "foerderung": foerderung,
                        "erfasst_am": beginn if draw(st.integers(0, 5)) else _erfasst_am(draw, counting, beginn),
                    }
                )
    late = counting[-4:]
    measures: Rows = []
    for number, person in enumerate([*persons, *persons]):
        jobs.append(_job(draw, number, person, late))
        measures.append(_massnahme(draw, number, person, late))
        if draw(st.booleans()):  # runs since before these counting days, § 16e perhaps since before its change
            eintritt = draw(st.sampled_from((late[0] - 40 * ONE_DAY, NEUES_16E - ONE_DAY, NEUES_16E)))
            measures[-1] |= {"eintritt": eintritt, "erfasst_am": _erfasst_am(draw, late, late[-1])}
    return {"erwerbstaetigkeit": jobs, "massnahme": measures}


def verfahren(draw: st.DrawFn, counting: Sequence[Day]) -> Rowset:
    """Objections and court actions: filed and closed beside counting days, closed before they were filed."""
    rows: Rows = []
    for number in range(draw(st.integers(0, 3))):
        eingang = near(draw, counting)
        rows.append(
            {
                "verfahren_id": f"V{number}",
                "art": draw(st.sampled_from("WK")),
                "sachgebiet": "Unterkunft",
                "eingang": eingang,
                "erledigung": _end(draw, counting, eingang),
                "erledigungsart": None,
            }
        )
    return {"verfahren": rows}


def wohnkosten(draw: st.DrawFn, bgs: Sequence[str], months: Sequence[Month]) -> Rows:
    """Costs of some dwellings in some months, also of a BG that does not count."""
    where = st.tuples(st.sampled_from(bgs), st.sampled_from(months))
    return [
        {
            "bg_nummer": bg,
            "monat": Day(month[0], month[1], 1),
            "kosten_tatsaechlich": draw(st.sampled_from(KOSTEN)),
            "kosten_anerkannt": draw(st.sampled_from(KOSTEN)),
            "heizkosten_tatsaechlich": draw(st.sampled_from(KOSTEN)),
            "heizkosten_anerkannt": draw(st.sampled_from(KOSTEN)),
            "wohnflaeche_qm": None,
            "personen_haushalt": 1,
        }
        for bg, month in draw(st.lists(where, max_size=5, unique=True))
    ]
