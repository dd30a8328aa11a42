-- core_teilnahme: one row per month and participation in a measure that enters, runs or ends around its counting day.
-- Counted are participations, not persons, and only what was recorded by three months after the counting day.
-- Instruments paid once (Vermittlungsbudget) have entries, but no stock and no exits.
-- Source: Förderstatistik der BA, methodische Hinweise; Quellvertrag 1.0, rule 8 (counting day, waiting time).
CREATE TABLE core_teilnahme AS
WITH
-- The days between which a participation can matter, also one that is delivered with an exit before its entry (a finding).
teilnahme AS (
    SELECT
        *,
        least(eintritt, austritt) AS erster_tag,
        if(austritt IS NULL, DATE '9999-12-31', greatest(eintritt, austritt)) AS letzter_tag
    FROM raw_massnahme
)

SELECT
    m.monat,
    t.teilnahme_id,
    t.kundennummer,
    t.instrument,
    i.aktiv,
    t.erfasst_am <= m.erfassung_bis AS rechtzeitig,
    t.eintritt > m.stichtag_vormonat AND t.eintritt <= m.stichtag AS eintritt,
    NOT i.einmalig AND t.eintritt <= m.stichtag AND (t.austritt IS NULL OR t.austritt >= m.stichtag) AS bestand,
    NOT i.einmalig AND coalesce(t.austritt >= m.stichtag_vormonat AND t.austritt < m.stichtag, false) AS austritt
FROM teilnahme AS t
INNER JOIN core_gefragt AS m ON t.erster_tag <= m.stichtag AND t.letzter_tag >= m.stichtag_vormonat
INNER JOIN par_instrument AS i
    ON t.instrument = i.instrument AND t.eintritt BETWEEN i.gueltig_ab AND i.gueltig_bis;
