"""Rules 0, 9 and 10 as far as they speak of time: ages, counting days, months of a delivery, waiting time."""

from __future__ import annotations

from reference.lieferung import ONE_DAY, Day, Lieferung, Month, month_of


def shift(month: Month, months: int) -> Month:
    number = month[0] * 12 + month[1] - 1 + months
    return (number // 12, number % 12 + 1)


def month_text(month: Month) -> str:
    return f"{month[0]:04d}-{month[1]:02d}"


def stichtag(lieferung: Lieferung, month: Month) -> Day:
    """Table ``stichtag``: "months not listed count on the 15th"."""
    if month[0] < 1:
        return Day.min  # Python has no day before it, and nobody was of an age that counts
    return lieferung.stichtage.get(month, Day(month[0], month[1], 15))


def age(geburtsdatum: Day, day: Day) -> int:
    """Rule 0: the birthday itself counts as the new age; born on 29 February: 1 March in other years."""
    years = day.year - geburtsdatum.year
    try:
        birthday = geburtsdatum.replace(year=day.year)
    except ValueError:
        birthday = Day(day.year, 3, 1)
    return years if day >= birthday else years - 1


def plus_months(day: Day, months: int) -> Day:
    """Rule 0: the same day n months later, or the last day of that month where the day does not exist."""
    year, month = shift(month_of(day), months)
    number = day.day
    while True:
        try:
            return Day(year, month, number)
        except ValueError:
            number -= 1


def age_limit_in_months(year_of_birth: int) -> int:
    """Rule 0: age limit of § 7a, in months of age."""
    if year_of_birth <= 1946:
        return 65 * 12
    if year_of_birth <= 1958:
        return 65 * 12 + (year_of_birth - 1946)
    if year_of_birth <= 1963:
        return 66 * 12 + 2 * (year_of_birth - 1958)
    return 67 * 12


def age_limit_reached_from(geburtsdatum: Day) -> Day:
    """Rule 0: the first day of the month after the one in which that age is completed.

    The age is completed at the end of the day before the (monthly) birthday.
    """
    completed = plus_months(geburtsdatum, age_limit_in_months(geburtsdatum.year)) - ONE_DAY
    year, month = shift(month_of(completed), 1)
    return Day(year, month, 1)


def months(lieferung: Lieferung) -> list[Month]:
    """Rule 9: from the first ``leistung`` month to the last one with S(t) <= ``erstellt_am``."""
    delivered = sorted({row.monat for row in lieferung.geld})
    finished = [month for month in delivered if stichtag(lieferung, month) <= lieferung.datenstand]
    if not finished:
        return []
    answer = [delivered[0]]
    while answer[-1] < finished[-1]:
        answer.append(shift(answer[-1], 1))
    return answer


def waiting_time(lieferung: Lieferung, month: Month) -> int:
    """Rule 10: whole months between S(t) and ``erstellt_am``."""
    first, last = stichtag(lieferung, month), lieferung.datenstand
    # Up to the month before the last one nothing needs to be counted: from the year 1 on that would take hours.
    whole = max(0, (last.year - first.year) * 12 + last.month - first.month - 1)
    while plus_months(stichtag(lieferung, month), whole + 1) <= lieferung.datenstand:
        whole += 1
    return whole
