from __future__ import annotations

import pytest

from spec.conftest import SpecTest

title = "Gruppen der Staatsangehörigkeit"
text = "Fünf Gruppen; zur EU gehören die Staaten, die am Zähltag Mitglied sind."


def test_groups(spec_test: SpecTest) -> None:
    """Schlüssel des Statistischen Bundesamts (Destatis); was in keiner Liste steht, ist SONSTIGE."""
    spec_test(
        "2024-03",
        {
            "ELB STAATSANGEHOERIGKEIT DEUTSCH": 1,
            "ELB STAATSANGEHOERIGKEIT EU": 26,
            "ELB STAATSANGEHOERIGKEIT ASYL": 8,
            "ELB STAATSANGEHOERIGKEIT UKRAINE": 1,
            "ELB STAATSANGEHOERIGKEIT SONSTIGE": 5,
            "LLU STAATSANGEHOERIGKEIT EU": 2600,
        },
        person="kundennummer | staatsangehoerigkeit\n-+-\n"
        + "\n".join(
            f"P{key} | {key}"
            for key in [
                "000",
                "166",
                "423",
                "224",
                "438",
                "439",
                "232",
                "461",
                "273",
                "475",
                "124",
                "125",
                "126",
                "127",
                "128",
                "129",
                "130",
                "131",
                "134",
                "135",
                "137",
                "139",
                "142",
                "143",
                "145",
                "148",
                "151",
                "152",
                "153",
                "154",
                "155",
                "157",
                "161",
                "164",
                "165",
                "181",
                "121",
                "163",
                "168",
                "998",
                "999",
            ]
        ),
    )


@pytest.mark.parametrize(
    ("key", "day", "group"),
    [
        ("168", "2020-01-31", "EU"),
        ("168", "2020-02-01", "SONSTIGE"),
        ("130", "2013-06-30", "SONSTIGE"),
        ("130", "2013-07-01", "EU"),
    ],
)
def test_joining_and_leaving_the_union(spec_test: SpecTest, key: str, day: str, group: str) -> None:
    """Das Vereinigte Königreich bis zum 31. Januar 2020, Kroatien ab dem 1. Juli 2013."""
    spec_test(
        day[:7],
        {f"ELB STAATSANGEHOERIGKEIT {group}": 1},
        person=f"""
            kundennummer | staatsangehoerigkeit
            -------------+---------------------
            P1           | {key}
        """,
        bg_mitglied="""
            kundennummer | von
            -------------+-----------
            P1           | 2010-01-01
        """,
        stichtag=f"""
            monat     | stichtag
            ----------+---------
            {day[:7]} | {day}
        """,
    )
