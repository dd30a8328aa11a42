-- befund_wirkung: one row per finding whose record counts in a figure the rule can move: what these figures would lose
-- without the record. A finding of a month is weighed in that month, any other in the newest one. Only months that are
-- still recomputed are weighed: a final figure does not move any more.
-- Input: beitrag (monat, kundennummer, bg_nummer, groesse, wert), regel_groesse (regel_id, groesse, platz, in_euro).
CREATE TABLE befund_wirkung AS
WITH
gewogen AS (
    SELECT
        f.befund_id,
        f.kundennummer,
        f.bg_nummer,
        coalesce(f.monat, (SELECT max(monat) FROM beitrag)) AS monat,
        r.groesse,
        r.platz,
        r.in_euro
    FROM befund_zugeordnet AS f
    INNER JOIN regel_groesse AS r USING (regel_id)
),

verlust AS (
    SELECT g.befund_id, g.groesse, g.platz, g.in_euro, b.wert
    FROM gewogen AS g
    INNER JOIN beitrag AS b USING (monat, groesse, kundennummer)
    UNION ALL
    -- What is counted per Bedarfsgemeinschaft, and findings that name no person.
    SELECT g.befund_id, g.groesse, g.platz, g.in_euro, b.wert
    FROM gewogen AS g
    INNER JOIN beitrag AS b USING (monat, groesse, bg_nummer)
    WHERE g.kundennummer IS NULL
),

je_groesse AS (
    SELECT befund_id, groesse, platz, in_euro, sum(wert) AS wert
    FROM verlust
    GROUP BY ALL
    HAVING sum(wert) <> 0
)

SELECT
    befund_id,
    string_agg(
        groesse || if(wert > 0, ' −', ' +')
        || translate(if(in_euro, format('{:,.2f}', abs(wert)), format('{:,}', abs(wert)::BIGINT)), ',.', '.,'),
        '; ' ORDER BY platz
    ) AS wirkung,
    coalesce(sum(abs(wert)) FILTER (NOT in_euro), 0)::BIGINT AS wirkung_anzahl,
    coalesce(sum(abs(wert)) FILTER (in_euro), 0)::DECIMAL(18, 2) AS wirkung_euro
FROM je_groesse
GROUP BY befund_id;
