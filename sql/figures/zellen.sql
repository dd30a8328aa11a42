-- One row per reporting month, figure (groesse), table (merkmal) and cell (auspraegung): the cells that are published.
-- The total and the one-way tables over closed code lists are complete, zeros included; of all other tables only cells
-- that are not zero. status: ok, or fehlt (wert empty) where the delivery does not reach far enough back, or forward,
-- for the figure.
-- Source: Quellvertrag 1.0, rules 9 and 10. Input: fig_margen (sums per table), fig_geruest (cells that must be there).
WITH
gefragt AS (
    SELECT monat, monate_seit_erstem, monate_bis_letztem, wartezeit
    FROM core_gefragt
    INNER JOIN par_berichtsmonat USING (monat)
),

pflichtzelle AS (
    SELECT monat, groesse, merkmal, auspraegung
    FROM gefragt
    CROSS JOIN fig_geruest
)

SELECT
    strftime(monat, '%Y-%m') AS berichtsmonat,
    groesse,
    merkmal,
    auspraegung,
    if(vorhanden, coalesce(s.wert, 0), NULL)::DECIMAL(18, 2) AS wert,
    g.wartezeit::INTEGER AS wartezeit,
    if(vorhanden, 'ok', 'fehlt') AS status
FROM fig_margen AS s
FULL JOIN pflichtzelle AS z USING (monat, groesse, merkmal, auspraegung)
INNER JOIN gefragt AS g USING (monat)
INNER JOIN par_groesse AS p USING (groesse)
CROSS JOIN LATERAL (
    SELECT g.monate_seit_erstem >= p.erster_wert_nach AND g.monate_bis_letztem >= p.letzter_wert_vor AS vorhanden
)
WHERE z.groesse IS NOT NULL OR (vorhanden AND s.wert <> 0)
ORDER BY monat, p.platz, merkmal, auspraegung;
