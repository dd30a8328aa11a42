-- core_bewegung: one row per movement counted in a month. art: ELB_ZUGANG, ELB_ABGANG, LZB_ZUGANG, LZB_ABGANG.
-- tag: first day of the spell, last day of the spell, or the counting day on which the stocks differ.
-- bg_nummer and merkmal_monat say by which state its features are shown: entries by the counting day they reach,
-- exits by the counting day of the month before, whose stock they leave (the rates divide by that stock).
-- Source: Quellvertrag 1.0, rules 4 and 5. Assumption of this product: the features of exits.
CREATE TABLE core_bewegung AS
WITH
elb_zugang AS (
    SELECT 'ELB_ZUGANG' AS art, m.monat, m.monat AS merkmal_monat, b.von AS tag, b.kundennummer, b.bg_nummer_anfang AS bg_nummer
    FROM core_elb_bezug AS b
    INNER JOIN core_gefragt AS m ON b.von > m.stichtag_vormonat AND b.von <= m.stichtag
),

-- A spell that lasts until the Datenstand still runs, and is never found here: no counting day lies after the Datenstand.
elb_abgang AS (
    SELECT
        'ELB_ABGANG' AS art,
        m.monat,
        (m.monat - INTERVAL 1 MONTH)::DATE AS merkmal_monat,
        b.bis AS tag,
        b.kundennummer,
        b.bg_nummer_ende AS bg_nummer
    FROM core_elb_bezug AS b
    INNER JOIN core_gefragt AS m ON b.bis >= m.stichtag_vormonat AND b.bis < m.stichtag
),

lzb AS (
    SELECT p.monat, m.stichtag, m.stichtag_nachmonat, p.kundennummer, p.bg_nummer
    FROM core_person_monat AS p
    INNER JOIN core_monat AS m USING (monat)
    WHERE p.ist_lzb
),

lzb_zugang AS (
    SELECT 'LZB_ZUGANG' AS art, j.monat, j.monat AS merkmal_monat, j.stichtag AS tag, j.kundennummer, j.bg_nummer
    FROM lzb AS j
    ANTI JOIN lzb AS v ON j.kundennummer = v.kundennummer AND j.monat = v.monat + INTERVAL 1 MONTH
),

lzb_abgang AS (
    SELECT
        'LZB_ABGANG' AS art,
        (v.monat + INTERVAL 1 MONTH)::DATE AS monat,
        v.monat AS merkmal_monat,
        v.stichtag_nachmonat AS tag,
        v.kundennummer,
        v.bg_nummer
    FROM lzb AS v
    ANTI JOIN lzb AS j ON v.kundennummer = j.kundennummer AND j.monat = v.monat + INTERVAL 1 MONTH
)

SELECT * FROM elb_zugang
UNION ALL
SELECT * FROM elb_abgang
UNION ALL
SELECT * FROM lzb_zugang
UNION ALL
SELECT * FROM lzb_abgang;
