-- core_dauer: one row per person and run of ELB days, with the net days of receipt before it: runs with at most 31 days
-- between them are one receipt, the days between them do not count. anfang_unbekannt: the receipt may have begun before
-- the data do. Source: Glossar der Statistik der BA, "Abgeschlossene Verweildauer", "Messrahmen".
CREATE TABLE core_dauer AS
WITH
mit_luecke AS (
    SELECT
        *,
        von - 1 - lag(bis) OVER (PARTITION BY kundennummer ORDER BY von) AS tage_ohne_bezug
    FROM core_elb_zeit
),

nummeriert AS (
    SELECT
        *,
        sum((tage_ohne_bezug IS NULL OR tage_ohne_bezug > zaehlregel('verweildauer_luecke_tage', von))::INTEGER)
            OVER (PARTITION BY kundennummer ORDER BY von) AS nummer
    FROM mit_luecke
),

beginn_der_daten AS (
    SELECT min(monat) AS tag
    FROM raw_leistung
)

SELECT
    n.kundennummer,
    n.von,
    n.bis,
    coalesce(
        sum(n.bis - n.von + 1) OVER (
            PARTITION BY n.kundennummer, n.nummer ORDER BY n.von ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0
    )::INTEGER AS tage_vorher,
    min(n.von) OVER (PARTITION BY n.kundennummer, n.nummer)
    <= b.tag + zaehlregel('verweildauer_luecke_tage', b.tag) AS anfang_unbekannt
FROM nummeriert AS n
CROSS JOIN beginn_der_daten AS b;
