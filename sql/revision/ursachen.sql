-- One row per figure and cause: what the records of a later delivery change in a figure against an earlier one.
--   nacherfasst      the record is not there, or not counted at all, in the earlier delivery
--   zurueckgenommen  the record is not there, or not counted at all, in the later delivery
--   umgruppiert      counted in both, but in another group, municipality or other feature
--   korrigiert       counted in both with the same features, but with another amount, day or flag
-- Input, per side (vorher, nachher): satz_… = the records with their features as one text; wert_… = what they add.
WITH
aenderung AS (
    SELECT
        grundgesamtheit,
        satz,
        groesse,
        coalesce(n.wert, 0) - coalesce(v.wert, 0) AS differenz
    FROM wert_vorher AS v
    FULL JOIN wert_nachher AS n USING (grundgesamtheit, satz, groesse)
),

mit_ursache AS (
    SELECT
        a.groesse,
        a.differenz,
        CASE
            WHEN v.gezaehlt IS NOT TRUE THEN 'nacherfasst'
            WHEN n.gezaehlt IS NOT TRUE THEN 'zurueckgenommen'
            WHEN v.merkmale <> n.merkmale THEN 'umgruppiert'
            ELSE 'korrigiert'
        END AS ursache
    FROM aenderung AS a
    LEFT JOIN satz_vorher AS v USING (grundgesamtheit, satz)
    LEFT JOIN satz_nachher AS n USING (grundgesamtheit, satz)
    WHERE a.differenz <> 0
)

SELECT
    groesse,
    ursache,
    sum(differenz)::DECIMAL(18, 2) AS differenz
FROM mit_ursache
GROUP BY ALL
ORDER BY groesse, ursache;
