-- core_monat: one row per calendar month from two months before the delivery's first month with money to its last.
-- The calendar of a delivery: counting days, waiting time and the numbers of the law valid on the counting day.
-- erfassung_bis: the last day on which a record of the month may have been entered (rules 6 and 8).
-- Source: Quellvertrag 1.0, table stichtag and rules 9 and 10. Parameter: variable datenstand (date of erstellt_am).
CREATE TABLE core_monat AS
WITH
leistungsmonate AS (
    SELECT min(monat) AS erster, max(monat) AS letzter
    FROM raw_leistung
),

kalender AS (
    SELECT
        unnest(generate_series(erster - INTERVAL 2 MONTH, letzter, INTERVAL 1 MONTH))::DATE AS monat,
        erster,
        letzter
    FROM leistungsmonate
),

mit_stichtag AS (
    SELECT
        k.monat,
        k.erster,
        coalesce(s.stichtag, k.monat + zaehlregel('stichtag_tag', k.monat) - 1) AS stichtag,
        last_day(k.monat) AS letzter_tag
    FROM kalender AS k
    LEFT JOIN raw_stichtag AS s USING (monat)
),

-- The last month that was delivered with money and whose counting day is not after the Datenstand.
letzter_monat AS (
    SELECT max(s.monat) AS monat
    FROM mit_stichtag AS s
    SEMI JOIN raw_leistung AS l ON s.monat = l.monat
    WHERE s.stichtag <= getvariable('datenstand')
),

volle_monate AS (
    SELECT
        s.*,
        l.monat AS letzter,
        datediff('month', s.stichtag, getvariable('datenstand')) AS begonnene_monate
    FROM mit_stichtag AS s
    CROSS JOIN letzter_monat AS l
)

SELECT
    monat,
    letzter_tag,
    stichtag,
    lag(stichtag) OVER (ORDER BY monat) AS stichtag_vormonat,
    lead(stichtag) OVER (ORDER BY monat) AS stichtag_nachmonat,
    lag(stichtag, 2) OVER (ORDER BY monat) AS stichtag_vorvormonat,
    (stichtag + to_months(zaehlregel('erfassung_monate', stichtag)))::DATE AS erfassung_bis,
    datediff('month', erster, monat) AS monate_seit_erstem,
    datediff('month', monat, letzter) AS monate_bis_letztem,
    -- A month without the same day ends on its last day: 31 May + 1 month = 30 June.
    begonnene_monate - (stichtag + to_months(begonnene_monate::INTEGER) > getvariable('datenstand'))::INTEGER AS wartezeit,
    coalesce(monat BETWEEN erster AND letzter AND stichtag <= getvariable('datenstand'), false) AS auswertbar,
    zaehlregel('unterbrechung_tage', stichtag) AS unterbrechung_tage,
    zaehlregel('lzb_mindesttage', stichtag) AS lzb_mindesttage,
    zaehlregel('lzb_fenster_tage', stichtag) AS lzb_fenster_tage,
    zaehlregel('volljaehrigkeit', stichtag) AS volljaehrigkeit
FROM volle_monate
ORDER BY monat;
