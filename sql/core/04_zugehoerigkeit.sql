-- core_zugehoerigkeit: one row per person and run of days on which the person belongs to one Bedarfsgemeinschaft.
-- Runs of a person never overlap: of several memberships on a day the one with the latest von counts, then the smallest
-- delivered bg_nummer (bg_rang). A membership that ends before it begins covers no day.
-- Source: Quellvertrag 1.0, rule 1. Parameter: variable datenstand; later days are never looked at.
CREATE TABLE core_zugehoerigkeit AS
WITH
bg_rang AS (
    SELECT DISTINCT bg_nummer, bg_rang
    FROM raw_bedarfsgemeinschaft
),

mitgliedschaft AS (
    SELECT
        m.*,
        r.bg_rang,
        least(coalesce(m.bis, getvariable('datenstand')), getvariable('datenstand')) AS letzter_tag
    FROM raw_bg_mitglied AS m
    INNER JOIN bg_rang AS r USING (bg_nummer)
    WHERE m.von <= getvariable('datenstand') AND (m.bis IS NULL OR m.bis >= m.von)
),

grenztag AS (
    SELECT kundennummer, von AS tag FROM mitgliedschaft
    UNION
    SELECT kundennummer, letzter_tag + 1 AS tag FROM mitgliedschaft
),

abschnitt AS (
    SELECT
        kundennummer,
        tag AS von,
        lead(tag) OVER (PARTITION BY kundennummer ORDER BY tag) - 1 AS bis
    FROM grenztag
)

SELECT
    a.kundennummer,
    a.von,
    a.bis,
    m.bg_nummer,
    m.rolle,
    m.erwerbsfaehig,
    m.ausschlussgrund
FROM abschnitt AS a
INNER JOIN mitgliedschaft AS m
    ON a.kundennummer = m.kundennummer AND a.von BETWEEN m.von AND m.letzter_tag
WHERE a.bis IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY a.kundennummer, a.von ORDER BY m.von DESC, m.bg_rang) = 1;
