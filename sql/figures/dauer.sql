-- satz_dauer: one row per month and ELB of the stock (art BESTAND) or exit of an ELB (art ABGANG), with the net days of
-- receipt so far or at the end and their class (Verweildauer). Source: Glossar der Statistik der BA, "Verweildauer".
CREATE VIEW satz_dauer AS
WITH
bestand AS (
    SELECT
        p.monat,
        'BESTAND' AS art,
        p.kundennummer AS satz,
        p.kundennummer,
        p.bg_nummer,
        d.tage_vorher + (m.stichtag - d.von + 1) AS tage,
        d.anfang_unbekannt
    FROM core_person_monat AS p
    INNER JOIN core_gefragt AS m USING (monat)
    INNER JOIN core_dauer AS d ON p.kundennummer = d.kundennummer AND m.stichtag BETWEEN d.von AND d.bis
    WHERE p.gruppe = 'ELB'
),

abgang AS (
    SELECT
        w.monat,
        'ABGANG' AS art,
        concat_ws('/', 'ABGANG', w.kundennummer, row_number() OVER (PARTITION BY w.monat, w.kundennummer ORDER BY w.tag)) AS satz,
        w.kundennummer,
        w.bg_nummer,
        d.tage_vorher + (d.bis - d.von + 1) AS tage,
        d.anfang_unbekannt
    FROM core_bewegung AS w
    INNER JOIN core_dauer AS d ON w.kundennummer = d.kundennummer AND w.tag = d.bis
    WHERE w.art = 'ELB_ABGANG'
),

beide AS (
    SELECT * FROM bestand
    UNION ALL
    SELECT * FROM abgang
)

SELECT
    s.monat,
    s.satz,
    s.kundennummer,
    s.bg_nummer,
    s.art,
    p.geschlecht,
    s.tage,
    -- A receipt that may have begun before the data has at least its known days: only the highest class is certain.
    if(s.anfang_unbekannt AND NOT v.hoechste, 'SEIT_BEGINN', v.code) AS verweildauer,
    1 AS anzahl
FROM beide AS s
INNER JOIN core_person AS p USING (kundennummer)
INNER JOIN (SELECT *, bis = max(bis) OVER () AS hoechste FROM par_verweildauer) AS v ON s.tage BETWEEN v.von AND v.bis;
