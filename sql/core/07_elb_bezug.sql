-- core_elb_bezug: one row per person and spell as ELB (Bezugszeit); runs with at most seven days between them are one.
-- Source: Quellvertrag 1.0, rule 4; Glossar der Statistik der BA, "Abgang".
CREATE TABLE core_elb_bezug AS
WITH
mit_luecke AS (
    SELECT
        *,
        von - 1 - lag(bis) OVER (PARTITION BY kundennummer ORDER BY von) AS tage_ohne_bezug
    FROM core_elb_zeit
),

nummeriert AS (
    SELECT
        z.*,
        sum((z.tage_ohne_bezug IS NULL OR z.tage_ohne_bezug > m.unterbrechung_tage)::INTEGER)
            OVER (PARTITION BY z.kundennummer ORDER BY z.von) AS nummer
    FROM mit_luecke AS z
    INNER JOIN core_monat AS m ON date_trunc('month', z.von) = m.monat
)

SELECT
    kundennummer,
    min(von) AS von,
    max(bis) AS bis,
    arg_min(bg_nummer_anfang, von) AS bg_nummer_anfang,
    arg_max(bg_nummer_ende, von) AS bg_nummer_ende
FROM nummeriert
GROUP BY kundennummer, nummer;
