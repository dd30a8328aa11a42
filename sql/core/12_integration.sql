-- core_integration: one row per month and searched person with a job or a subsidised place that starts in the window.
-- integration, integration_svp, geringfuegig, oeffentlich_gefoerdert: what rule 6 counts, at most one each.
-- nur_gefoerdert, zu_spaet_erfasst: a start that would count if it were not publicly subsidised, or recorded in time.
-- kontinuierlich: an insured job covers the counting day of each of the six months after the month (rule 7).
-- Source: Quellvertrag 1.0, rules 6 and 7; § 5 SGB2§48aFKV; decisions D3, D12, D13.
CREATE TABLE core_integration AS
WITH
-- Whether support makes a job publicly subsidised depends on the day the job begins.
arbeitsaufnahme AS (
    SELECT
        s.monat,
        s.kundennummer,
        a.integration,
        a.svp,
        a.geringfuegig,
        e.erfasst_am <= s.erfassung_bis AS rechtzeitig,
        coalesce(i.oeffentlich_gefoerdert, false) AS oeffentlich
    FROM core_integration_suche AS s
    INNER JOIN raw_erwerbstaetigkeit AS e
        ON s.kundennummer = e.kundennummer AND e.beginn > s.fenster_nach AND e.beginn <= s.fenster_bis
    INNER JOIN par_erwerbsart AS a USING (art)
    LEFT JOIN par_instrument AS i
        ON e.foerderung = i.instrument AND e.beginn BETWEEN i.gueltig_ab AND i.gueltig_bis
),

aus_arbeit AS (
    SELECT
        monat,
        kundennummer,
        bool_or(integration AND rechtzeitig AND NOT oeffentlich) AS integration,
        bool_or(svp AND rechtzeitig AND NOT oeffentlich) AS integration_svp,
        bool_or(geringfuegig AND rechtzeitig) AS geringfuegig,
        bool_or(integration AND rechtzeitig AND oeffentlich) AS nur_gefoerdert,
        bool_or(integration AND NOT rechtzeitig AND NOT oeffentlich) AS zu_spaet_erfasst
    FROM arbeitsaufnahme
    GROUP BY ALL
),

aus_massnahmen AS (
    SELECT
        s.monat,
        s.kundennummer,
        bool_or(t.erfasst_am <= s.erfassung_bis) AS oeffentlich_gefoerdert
    FROM core_integration_suche AS s
    INNER JOIN raw_massnahme AS t
        ON s.kundennummer = t.kundennummer AND t.eintritt > s.fenster_nach AND t.eintritt <= s.fenster_bis
    INNER JOIN par_instrument AS i
        ON t.instrument = i.instrument AND t.eintritt BETWEEN i.gueltig_ab AND i.gueltig_bis
    WHERE i.oeffentlich_gefoerdert
    GROUP BY ALL
),

folgemonat AS (
    SELECT
        g.monat,
        f.stichtag AS stichtag_danach,
        zaehlregel('kontinuierlich_monate', g.stichtag) AS noetige_monate
    FROM core_gefragt AS g
    INNER JOIN core_monat AS f
        ON g.monat < f.monat
        AND f.monat <= g.monat + to_months(zaehlregel('kontinuierlich_monate', g.stichtag))
),

kontinuierlich AS (
    SELECT
        i.monat,
        i.kundennummer
    FROM aus_arbeit AS i
    INNER JOIN folgemonat AS f USING (monat)
    WHERE
        i.integration_svp
        AND EXISTS (
            SELECT 1
            FROM raw_erwerbstaetigkeit AS e
            INNER JOIN par_erwerbsart AS a USING (art)
            WHERE
                a.svp
                AND e.kundennummer = i.kundennummer
                AND e.beginn <= f.stichtag_danach
                AND (e.ende IS NULL OR e.ende >= f.stichtag_danach)
        )
    GROUP BY i.monat, i.kundennummer, f.noetige_monate
    HAVING count(*) = f.noetige_monate
)

SELECT
    s.monat,
    s.kundennummer,
    coalesce(a.integration, false) AS integration,
    coalesce(a.integration_svp, false) AS integration_svp,
    coalesce(a.geringfuegig, false) AS geringfuegig,
    coalesce(m.oeffentlich_gefoerdert, false) AS oeffentlich_gefoerdert,
    k.kundennummer IS NOT NULL AS kontinuierlich,
    coalesce(a.nur_gefoerdert, false) AS nur_gefoerdert,
    coalesce(a.zu_spaet_erfasst, false) AS zu_spaet_erfasst
FROM core_integration_suche AS s
LEFT JOIN aus_arbeit AS a USING (monat, kundennummer)
LEFT JOIN aus_massnahmen AS m USING (monat, kundennummer)
LEFT JOIN kontinuierlich AS k USING (monat, kundennummer)
WHERE a.kundennummer IS NOT NULL OR m.kundennummer IS NOT NULL;
