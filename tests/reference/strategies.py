"""Small, nasty deliveries: they keep every promise of the contract and break every habit of real data.

Values cluster around the places where rules change: counting days, month ends, birthdays, age limits, the seven
days of rule 4, the 638 days of rule 5, ``erstellt_am``. ``strategies_arbeit`` adds what hangs on persons besides money.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st

from reference.anchors import last_day, near
from reference.delivery import Fall, Rows, write_delivery
from reference.kalender import age_limit_reached_from, shift
from reference.lieferung import ONE_DAY, Day, Month
from reference.strategies_arbeit import arbeit, nachhaltige_arbeit, verfahren, wohnkosten

__all__ = ["Fall", "lange_lieferungen", "lieferungen", "write_delivery"]

# The rank of a key by code point differs from every locale's order, and from the order of UTF-16 code units.
SCHLUESSEL = ("007", "7", " 7", "Z", "a", "B", "ä", "a\u0308", "Äa", "z,1", 'q"x', "\uff21", "\U0001d49c", "10", "9")
PAARE = (("Z", "a"), ("ä", "z,1"), ("\uff21", "\U0001d49c"), ("10", "9"), ("007", "7"), (" 7", "7"), ("a\u0308", "ä"))
# A change of law or of the EU, or a leap day is near most of them; 29 February is a birthday in all of them.
ANFAENGE: tuple[Month, ...] = (
    (2013, 5),
    (2018, 10),
    (2018, 10),
    (2019, 12),
    (2023, 1),
    (2023, 12),
    (2024, 12),
    (2026, 1),
)
STAATEN = ("000", "000", "000", "130", "130", "168", "168", "137", "181", "423", "475", "166", "163", "999", "121")
GESCHLECHTER = "mmwwdx"
FAMILIENSTAENDE = ("LED", "LED", "LED", "VH", "LP", "GESCH", "VERW", "GETR")
ROLLEN = ("HP", "HP", "PA", "KI", "KI", "EL", "SO")
AUSSCHLUESSE = (None, None, None, None, "RENTE", "BAFOEG", "SONST")
ARTEN = (
    "RB20", "RB20", "MB21", "SOZ23", "KDU22_1", "INST22_2", "UNABW24",
    "UMZUG22_6", "SCHULD22_8", "SV26", "EINM24_3", "AZUBI27", "BUT28",
)  # fmt: skip
BETRAEGE = tuple(Decimal(text) for text in ("100.00", "100.00", "250.55", "0.01", "0.00", "-0.01", "-100.00"))
HAUPTPERSON = {"rolle": "HP", "erwerbsfaehig": True, "ausschlussgrund": None}
KEINE_MINDERUNG = Decimal("0.00")
MINDERUNGEN = tuple(Decimal(text) for text in ("50.60", "0.01", "500.00", "-0.01"))
UHRZEITEN = ("T00:30:00+02:00", "T23:59:59+01:00", "T12:00:00+00:00", "T00:00:00-05:00")
LIMIT_BIRTHS = tuple(
    Day(year, month, number) for year in range(1945, 1966) for month in range(1, 13) for number in (1, 2, 15, 28)
)


def _stichtage(draw: st.DrawFn, months: Sequence[Month]) -> dict[Month, Day]:
    """Counting days on the 15th, on the first, on the last day of each month, or anywhere."""
    habit = draw(st.sampled_from(("15", "gemischt", "erster", "letzter")))
    days = {}
    for month in months:
        last = last_day(month)
        number = {"15": None, "erster": 1, "letzter": last.day}.get(habit)
        if habit == "gemischt":
            number = draw(st.sampled_from((None, None, None, 1, 2, 14, 16, 28, last.day - 1, last.day)))
        if number is not None:
            days[month] = last.replace(day=number)
    return days


def stichtag_of(stichtage: dict[Month, Day], month: Month) -> Day:
    return stichtage.get(month, Day(month[0], month[1], 15))


def _geburtsdatum(draw: st.DrawFn, anchors: Sequence[Day]) -> Day:
    """Birthdays whose age groups, majority or age limit fall on (or beside) an anchor; 29 February; ordinary ones."""
    kind = draw(st.sampled_from(("alter", "alter", "grenze", "schalttag", "erwachsen", "erwachsen", "erwachsen")))
    if kind == "alter":
        day = near(draw, anchors)
        year = day.year - draw(st.sampled_from((0, 15, 15, 18, 18, 25, 55)))
        return Day(year, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=year)
    if kind == "grenze":
        births = [b for b in LIMIT_BIRTHS if anchors[0] <= age_limit_reached_from(b) <= anchors[-1]]
        return draw(st.sampled_from(births))
    if kind == "schalttag":
        years = [anchors[-1].year - n for n in (0, 15, 18, 25, 55)]
        return Day(draw(st.sampled_from([year for year in years if year % 4 == 0] or [2008, 2004, 2000])), 2, 29)
    return Day(1985, 6, 15)


def _personen(draw: st.DrawFn, keys: Sequence[str], anchors: Sequence[Day]) -> Rows:
    return [
        {
            "kundennummer": key,
            "geburtsdatum": _geburtsdatum(draw, anchors),
            "geschlecht": draw(st.sampled_from(GESCHLECHTER)),
            "staatsangehoerigkeit": draw(st.sampled_from(STAATEN)),
            "familienstand": draw(st.sampled_from(FAMILIENSTAENDE)),
            "schulabschluss": None,
            "berufsabschluss": None,
            "schwerbehindert": False,
        }
        for key in keys
    ]


def _bedarfsgemeinschaften(draw: st.DrawFn, keys: Sequence[str], anchors: Sequence[Day]) -> Rows:
    """One to three address episodes per BG: they overlap, leave gaps, end before they begin."""
    rows: Rows = []
    for key in keys:
        starts = {anchors[0] - 400 * ONE_DAY} if draw(st.integers(0, 3)) else set()
        starts |= {near(draw, anchors) for _ in range(draw(st.integers(0 if starts else 1, 2)))}
        for start in sorted(starts):
            end = draw(st.one_of(st.none(), st.none(), st.integers(-3, 70)))
            rows.append(
                {
                    "bg_nummer": key,
                    "gueltig_von": start,
                    "gueltig_bis": None if end is None else start + end * ONE_DAY,
                    "aktenzeichen": f"AZ {key}",
                    "gemeinde_ags": draw(st.sampled_from(("08317001", "08317096", "00000000"))),
                    "geschaeftsstelle": draw(st.sampled_from(("Süd", "Nord", "01"))),
                    "zustaendigkeit": "T1",
                }
            )
    return rows


def _mitglied(draw: st.DrawFn, person: str, bg: str, von: Day, bis: Day | None) -> dict[str, object]:
    return {
        "kundennummer": person,
        "bg_nummer": bg,
        "von": von,
        "bis": bis,
        "rolle": draw(st.sampled_from(ROLLEN)),
        "erwerbsfaehig": draw(st.integers(0, 4)) > 0,
        "ausschlussgrund": draw(st.sampled_from(AUSSCHLUESSE)),
    }


def _familie(draw: st.DrawFn, persons: Rows, bg: str, anchors: Sequence[Day]) -> Rows:
    """One BG of adult HP, perhaps a partner, and children around majority; other episodes may lie over it."""
    rollen = ("HP", *draw(st.sampled_from((("KI", "KI", "KI"), ("PA", "KI", "KI"), ("EL", "KI", "KI")))))
    rows: Rows = []
    for person, rolle in zip(persons, rollen, strict=False):
        row = _mitglied(draw, str(person["kundennummer"]), bg, anchors[0] - 801 * ONE_DAY, None) | {"rolle": rolle}
        if rolle == "KI":
            birthday = near(draw, anchors)
            child = Day(birthday.year - draw(st.sampled_from((18, 18, 15, 8))), birthday.month, min(birthday.day, 28))
            person |= {"familienstand": draw(st.sampled_from(("LED", "LED", "VH"))), "geburtsdatum": child}
        if rolle in ("HP", "PA", "EL") and draw(st.booleans()):
            person |= {"geburtsdatum": Day(1980, 1, 1)}
            row |= {"erwerbsfaehig": True, "ausschlussgrund": None}
        rows.append(row)
    return rows


def _mitgliedschaften(draw: st.DrawFn, person: str, bgs: Sequence[str], anchors: Sequence[Day]) -> Rows:
    """A membership with gaps around seven days near anchors, and now and then one that overlaps it anywhere."""
    usual = _mitglied(draw, person, draw(st.sampled_from(bgs)), anchors[0] - 800 * ONE_DAY, None)
    if draw(st.booleans()):
        usual |= {"erwerbsfaehig": True, "ausschlussgrund": None}
    von = anchors[0] - 800 * ONE_DAY if draw(st.booleans()) else near(draw, anchors, 2)
    episodes: list[tuple[Day, Day | None]] = []
    for end in sorted(draw(st.lists(st.builds(lambda: near(draw, anchors, 2)), max_size=3))):
        episodes.append((von, end))  # may end before it begins
        von = end + (1 + draw(st.sampled_from((0, 6, 7, 7, 8, 9, 30, -20)))) * ONE_DAY
    if draw(st.integers(0, 2)):
        episodes.append((von, None))
    for _ in range(draw(st.integers(0, 2))):
        same = [von for von, _ in episodes] if draw(st.integers(0, 2)) else []
        von = draw(st.sampled_from(same)) if same else near(draw, anchors)
        episodes.append((von, draw(st.one_of(st.none(), st.builds(lambda: near(draw, anchors))))))
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for von, bis in episodes:
        row = usual | {"von": von, "bis": bis}
        if (person, row["bg_nummer"], von) in rows or draw(st.integers(0, 2)) == 0:
            row = _mitglied(draw, person, draw(st.sampled_from(bgs)), von, bis)
        rows.setdefault((person, row["bg_nummer"], von), row)
    return list(rows.values())


def _unterbrechung(draw: st.DrawFn, person: str, bg: str, counting: Sequence[Day]) -> Rows:
    """An ELB with one gap of six to nine days, anywhere around a counting day that has movements."""
    end = near(draw, counting[1:], 9)
    back = end + (1 + draw(st.sampled_from((6, 7, 7, 8, 8, 9)))) * ONE_DAY
    return [
        _mitglied(draw, person, bg, counting[0] - 800 * ONE_DAY, end) | HAUPTPERSON,
        _mitglied(draw, person, bg, back, None) | HAUPTPERSON,
    ]


def _anwesenheit(draw: st.DrawFn, person: str, bg: str, counting: Sequence[Day]) -> Rows:
    """An ELB who comes around a counting day or between two, and perhaps leaves likewise."""
    von = near(draw, counting[:-1], draw(st.sampled_from((1, 1, 15))))
    bis = None if draw(st.booleans()) else von + draw(st.sampled_from((30, 31, 33, 62))) * ONE_DAY
    return [_mitglied(draw, person, bg, von, bis) | HAUPTPERSON]


def _kind(draw: st.DrawFn, child: dict[str, object], bg: str, counting: Sequence[Day]) -> Rows:
    """A child in that BG, which makes its ELB a lone parent: from the start, or from around a counting day."""
    child |= {"geburtsdatum": Day(counting[0].year - 8, 5, 5), "familienstand": "LED"}
    von = counting[0] - 800 * ONE_DAY if draw(st.booleans()) else near(draw, counting)
    usual = {"rolle": "KI", "erwerbsfaehig": False, "ausschlussgrund": None}
    return [_mitglied(draw, str(child["kundennummer"]), bg, von, None) | usual]


def geld(
    person: str, bg: str, month: Month, art: str, anspruch: Decimal, minderung: Decimal = KEINE_MINDERUNG
) -> dict[str, object]:
    return {
        "kundennummer": person,
        "bg_nummer": bg,
        "monat": Day(month[0], month[1], 1),
        "leistungsart": art,
        "bedarf": abs(anspruch),
        "anspruch": anspruch,
        "minderung": minderung,
        "zahlung": anspruch - minderung,
    }


def _leistungen(
    draw: st.DrawFn, persons: Sequence[str], bgs: Sequence[str], members: Rows, months: Sequence[Month]
) -> Rows:
    """Money for most members in most months, plus money where nobody expects it, less than nothing included."""
    rows: dict[tuple[str, str, Month, str], dict[str, object]] = {}

    def add(person: str, bg: str, month: Month, art: str, anspruch: Decimal) -> None:
        rows[person, bg, month, art] = geld(person, bg, month, art, anspruch)

    kinder = {row["kundennummer"] for row in members if row["rolle"] == "KI"}
    for pair in sorted({(str(row["kundennummer"]), str(row["bg_nummer"])) for row in members}):
        if draw(st.integers(0, 1 if pair[0] in kinder else 5)) == 0:
            continue  # a member without money
        art = draw(st.sampled_from(("RB20", "RB20", "RB20", "KDU22_1", "SV26")))
        without = draw(st.sets(st.sampled_from(months), max_size=2))
        for month in months:
            if month not in without:
                add(*pair, month, art, Decimal("500.00"))
    for _ in range(draw(st.integers(0, 2 * len(persons)))):
        month = draw(st.sampled_from(months))
        person, bg = draw(st.sampled_from(persons)), draw(st.sampled_from(bgs))
        add(person, bg, month, draw(st.sampled_from(ARTEN)), draw(st.sampled_from(BETRAEGE)))
    # A second claim beside the first that cancels it, or nearly.
    for person, bg, month in draw(st.lists(st.sampled_from([key[:3] for key in rows]), max_size=4)) if rows else []:
        rest = draw(st.sampled_from(("-500.00", "-500.00", "-499.99", "-500.01")))
        add(person, bg, month, draw(st.sampled_from(("INST22_2", "BUT28"))), Decimal(rest))
    for key in draw(st.lists(st.sampled_from(list(rows)), max_size=3, unique=True)) if rows else []:
        minderung = draw(st.sampled_from(MINDERUNGEN))
        rows[key] |= {"minderung": minderung, "zahlung": Decimal(str(rows[key]["anspruch"])) - minderung}
        if draw(st.integers(0, 4)) == 0:  # a contradiction is a finding; what is summed is the column
            rows[key] |= {"zahlung": Decimal("7.77")}
    return list(rows.values())


def _erstellt_am(draw: st.DrawFn, months: Sequence[Month], stichtage: dict[Month, Day]) -> dt.datetime:
    """Around S of the last months, around month ends, or months later; the clock of the source, not UTC."""
    late = [stichtag_of(stichtage, month) for month in months[-2:]]
    late += [last_day(months[-1]), last_day(shift(months[-1], 1)), late[-1] + 120 * ONE_DAY]
    day = near(draw, late)
    return dt.datetime.fromisoformat(f"{day.isoformat()}{draw(st.sampled_from(UHRZEITEN))}")


def stichtag_rows(stichtage: dict[Month, Day]) -> Rows:
    return [{"monat": Day(month[0], month[1], 1), "stichtag": day} for month, day in stichtage.items()]


@st.composite
def lieferungen(draw: st.DrawFn) -> Fall:
    """Four to six months, four to ten persons in up to four BGs."""
    first = draw(st.sampled_from(ANFAENGE))
    months = [shift(first, n) for n in range(draw(st.integers(4, 6)))]
    stichtage = _stichtage(draw, [shift(first, -1), *months])
    counting = [stichtag_of(stichtage, month) for month in months]
    first_before = stichtag_of(stichtage, shift(first, -1))
    anchors = sorted([*counting, *(Day(month[0], month[1], 1) for month in months), last_day(months[-1])])
    persons = draw(st.lists(st.sampled_from(SCHLUESSEL), min_size=4, max_size=10, unique=True))
    people = _personen(draw, persons, anchors)
    bgs = [*draw(st.sampled_from(PAARE)), *draw(st.lists(st.sampled_from(("B", "Äa", 'q"x')), max_size=2, unique=True))]
    shape = draw(st.sampled_from(("fremde", "familie", "unruhige familie")))
    members = _familie(draw, people, bgs[0], anchors) if "familie" in shape else []
    if shape != "familie":
        members += [row for person in persons for row in _mitgliedschaften(draw, person, bgs, anchors)]
    money = _leistungen(draw, persons, bgs, members, months)
    if special := draw(st.sampled_from((None, _unterbrechung, _unterbrechung, _anwesenheit, _anwesenheit))):
        person, bg = people[-1], bgs[-1]
        key = str(person["kundennummer"])
        person |= {"geburtsdatum": Day(1985, 6, 15)}
        members = [row for row in members if row["kundennummer"] != key] + special(draw, key, bg, counting)
        money = [row for row in money if row["kundennummer"] != key]
        money += [geld(key, bg, month, "RB20", Decimal("500.00")) for month in months]
        if draw(st.booleans()):
            members = [row for row in members if row["bg_nummer"] != bg or row["kundennummer"] == key]
            child = people[-2]
            members = [row for row in members if row["kundennummer"] != child["kundennummer"]]
            members += _kind(draw, child, bg, counting)
            if draw(st.integers(0, 2)) == 0:  # the parent of such a BG, but not its HP: no lone parent
                members = [row | {"rolle": "EL"} if row["kundennummer"] == key else row for row in members]
    if draw(st.integers(0, 3)) == 0:  # a month in the middle that was not delivered
        silent = draw(st.sampled_from(months[1:-1]))
        money = [row for row in money if row["monat"] != Day(silent[0], silent[1], 1)]
    return Fall(
        {
            "bedarfsgemeinschaft": _bedarfsgemeinschaften(draw, bgs, anchors),
            "person": people,
            "bg_mitglied": members,
            "leistung": money,
            **arbeit(draw, persons, bgs, [first_before, *counting]),
            **verfahren(draw, counting),
            "unterkunft": wohnkosten(draw, bgs, months),
            "stichtag": stichtag_rows(stichtage),
        },
        _erstellt_am(draw, months, stichtage),
    )


def _lange_episoden(draw: st.DrawFn, ziel: Day) -> list[tuple[Day, Day | None]]:
    """Episodes with 637, 638 or 639 days in the 730 days ending with ``ziel``: begun late, or with a gap."""
    days = draw(st.sampled_from((637, 638, 639)))
    kind = draw(st.sampled_from(("spaet", "luecke", "ueberlappung", "zwei_luecken")))
    if kind == "spaet":
        return [(ziel - (days - 1) * ONE_DAY, None)]
    open_start = ziel - 900 * ONE_DAY
    gap = 730 - days
    end = ziel - draw(st.integers(gap + 10, 600)) * ONE_DAY
    if kind == "luecke":
        return [(open_start, end), (end + (gap + 1) * ONE_DAY, None)]
    if kind == "ueberlappung":
        first = ziel - (days - 1) * ONE_DAY
        return [(first, end), (max(first, end - 20 * ONE_DAY), None)]
    short = draw(st.integers(5, 9))  # the seven days of rule 4 are no days of rule 5
    middle = end + (gap - short + 1) * ONE_DAY
    second = min(middle + 3 * ONE_DAY, ziel - 8 * ONE_DAY - short * ONE_DAY)
    return [(open_start, end), (middle, second), (second + (short + 1) * ONE_DAY, None)]


@st.composite
def lange_lieferungen(draw: st.DrawFn) -> Fall:
    """26 to 28 months with few rows: long-term receipt at its limit, its entries and exits, the work taken up in it."""
    first = draw(st.sampled_from(((2022, 1), (2023, 3), (2023, 11))))
    months = [shift(first, n) for n in range(draw(st.integers(26, 28)))]
    stichtage = _stichtage(draw, months[-4:])
    counting = [stichtag_of(stichtage, month) for month in months]
    persons, bgs = list(SCHLUESSEL[:2]), list(SCHLUESSEL[3:5])
    members: Rows = []
    for person in persons:
        episodes = _lange_episoden(draw, near(draw, counting[-4:], draw(st.sampled_from((0, 0, 1)))))
        if draw(st.booleans()):  # ends at the edge, which is an exit, or at ``erstellt_am``, which is not
            episodes[-1] = (episodes[-1][0], near(draw, counting[-3:]))
        for number, (von, bis) in enumerate(episodes):
            bg = bgs[number % 2] if draw(st.booleans()) else bgs[0]
            members.append(
                {
                    "kundennummer": person,
                    "bg_nummer": bg,
                    "von": von,
                    "bis": bis,
                    "rolle": "HP",
                    "erwerbsfaehig": draw(st.integers(0, 9)) > 0,
                    "ausschlussgrund": draw(st.sampled_from((None,) * 9 + ("SONST",))),
                }
            )
    without = draw(st.sets(st.sampled_from(months[1:]), max_size=1))
    money = [
        geld(person, bg, month, "RB20", Decimal("500.00"))
        for person in persons
        for bg in bgs
        for month in months
        if month not in without
    ]
    anchors = sorted({Day(month[0], month[1], 1) for month in months[:2]} | set(counting[-4:]))
    return Fall(
        {
            "bedarfsgemeinschaft": _bedarfsgemeinschaften(draw, bgs, counting[-4:]),
            "person": adults(persons) if draw(st.integers(0, 2)) else _personen(draw, persons, anchors),
            "bg_mitglied": members,
            "leistung": money,
            **nachhaltige_arbeit(draw, persons, counting),
            "unterkunft": wohnkosten(draw, bgs, months),
            "stichtag": stichtag_rows(stichtage),
        },
        _erstellt_am(draw, months, stichtage),
    )


def adults(keys: Sequence[str]) -> Rows:
    return [
        {
            "kundennummer": key,
            "geburtsdatum": Day(1985, 6, 15),
            "geschlecht": "w",
            "staatsangehoerigkeit": "000",
            "familienstand": "LED",
            "schulabschluss": None,
            "berufsabschluss": None,
            "schwerbehindert": False,
        }
        for key in keys
    ]
