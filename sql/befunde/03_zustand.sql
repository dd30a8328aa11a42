-- One row per finding of this delivery, and per finding of the delivery before that is gone (behoben, without values).
-- neu: in no earlier delivery; bestehend: in the one before too; wiedergekehrt: in an earlier one, but not in the one before.
-- A finding is gone only where its rule was checked: a rule that could not be checked says nothing about its findings.
-- Order: what moves the statutory figures most comes first.
-- Input: befund_zugeordnet, befund_wirkung, frueher (rang 1 = the delivery before; columns of this result, open findings),
-- regel_geprueft (regel_id).
WITH
vorher AS (
    SELECT *
    FROM frueher
    WHERE rang = 1
),

jetzt AS (
    SELECT
        f.*,
        CASE
            WHEN v.befund_id IS NOT NULL THEN 'bestehend'
            WHEN f.befund_id IN (SELECT befund_id FROM frueher) THEN 'wiedergekehrt'
            ELSE 'neu'
        END AS zustand,
        coalesce(w.wirkung, '') AS wirkung,
        coalesce(w.wirkung_anzahl, 0) AS wirkung_anzahl,
        coalesce(w.wirkung_euro, 0)::DECIMAL(18, 2) AS wirkung_euro
    FROM befund_zugeordnet AS f
    LEFT JOIN vorher AS v USING (befund_id)
    LEFT JOIN befund_wirkung AS w USING (befund_id)
),

behoben AS (
    SELECT v.* EXCLUDE (rang) REPLACE ('' AS gefunden, 'behoben' AS zustand, '' AS wirkung, 0 AS wirkung_anzahl, 0 AS wirkung_euro)
    FROM vorher AS v
    ANTI JOIN befund_zugeordnet AS f USING (befund_id)
    SEMI JOIN regel_geprueft AS g USING (regel_id)
)

SELECT * FROM jetzt
UNION ALL BY NAME
SELECT * FROM behoben
ORDER BY zustand = 'behoben', wirkung_anzahl DESC, wirkung_euro DESC, regel_id, satz;
