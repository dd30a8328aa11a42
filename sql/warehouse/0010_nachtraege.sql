-- Supplements: a figure that a month could not have when it became final (after an integration six more months must be
-- known) is added from the first later delivery that knows it. Everything else of the month stays as it became final.

ALTER TABLE jobcenter.ladung ADD COLUMN ergaenzt bigint REFERENCES jobcenter.ladung;
COMMENT ON COLUMN jobcenter.ladung.ergaenzt IS
    'Leer für einen ganzen Monat; sonst der endgültige Stand, dem diese Ladung fehlende Größen nachträgt';
GRANT INSERT (ergaenzt) ON jobcenter.ladung TO etl;

CREATE OR REPLACE VIEW jobcenter.rpt_stand AS
SELECT
    l.ladung_id,
    l.traegernummer,
    to_char(l.berichtsmonat, 'YYYY-MM') COLLATE "C" AS berichtsmonat,
    l.lieferung_id,
    d.erstellt_am,
    d.datenstand,
    l.version,
    l.wartezeit,
    l.inhalt_sha256
FROM jobcenter.ladung AS l
JOIN jobcenter.lieferung AS d USING (traegernummer, lieferung_id)
WHERE l.ergaenzt IS NULL;

CREATE VIEW jobcenter.rpt_nachtrag AS
SELECT
    l.ergaenzt AS ladung_id,
    z.groesse,
    l.ladung_id AS nachtrag_id,
    l.lieferung_id,
    d.erstellt_am,
    d.datenstand,
    l.version,
    l.wartezeit
FROM jobcenter.ladung AS l
JOIN jobcenter.lieferung AS d USING (traegernummer, lieferung_id)
JOIN jobcenter.zelle AS z USING (ladung_id)
WHERE l.ergaenzt IS NOT NULL AND z.merkmal = 'INSGESAMT' AND z.auspraegung = 'INSGESAMT';

COMMENT ON VIEW jobcenter.rpt_nachtrag IS
    'Eine Zeile je Größe, die einem endgültigen Stand aus einer späteren Lieferung nachgetragen ist';
COMMENT ON COLUMN jobcenter.rpt_nachtrag.ladung_id IS 'Stand, dem die Größe fehlte, siehe rpt_stand';
COMMENT ON COLUMN jobcenter.rpt_nachtrag.groesse IS 'Kürzel der Größe';
COMMENT ON COLUMN jobcenter.rpt_nachtrag.nachtrag_id IS 'Ladung mit den nachgetragenen Werten, siehe rpt_figur_stand';
COMMENT ON COLUMN jobcenter.rpt_nachtrag.lieferung_id IS 'Lieferung, aus der nachgetragen ist';
COMMENT ON COLUMN jobcenter.rpt_nachtrag.erstellt_am IS 'Zeitpunkt ihres Auszugs im Quellsystem';
COMMENT ON COLUMN jobcenter.rpt_nachtrag.datenstand IS 'Tag des Auszugs in der Zeitzone des Quellsystems';
COMMENT ON COLUMN jobcenter.rpt_nachtrag.version IS 'Version des Monats aus dieser Lieferung';
COMMENT ON COLUMN jobcenter.rpt_nachtrag.wartezeit IS 'Ganze Monate zwischen Zähltag und Erstellung der Lieferung';

CREATE OR REPLACE VIEW jobcenter.rpt_figur AS
WITH neuester_stand AS (
    SELECT DISTINCT ON (traegernummer, berichtsmonat) *
    FROM jobcenter.rpt_stand
    ORDER BY traegernummer, berichtsmonat, erstellt_am DESC, lieferung_id DESC, version DESC
),
nachtrag AS (
    SELECT DISTINCT ON (ladung_id, groesse) *
    FROM jobcenter.rpt_nachtrag
    ORDER BY ladung_id, groesse, erstellt_am DESC, lieferung_id DESC, version DESC
)
SELECT
    s.traegernummer,
    s.berichtsmonat,
    z.groesse,
    z.merkmal,
    z.auspraegung,
    z.wert,
    s.wartezeit,
    z.status,
    s.datenstand,
    s.lieferung_id,
    s.version
FROM neuester_stand AS s
JOIN jobcenter.zelle AS z USING (ladung_id)
WHERE NOT EXISTS (SELECT FROM nachtrag AS n WHERE n.ladung_id = z.ladung_id AND n.groesse = z.groesse)
UNION ALL
SELECT
    s.traegernummer,
    s.berichtsmonat,
    z.groesse,
    z.merkmal,
    z.auspraegung,
    z.wert,
    n.wartezeit,
    z.status,
    n.datenstand,
    n.lieferung_id,
    n.version
FROM neuester_stand AS s
JOIN nachtrag AS n USING (ladung_id)
JOIN jobcenter.zelle AS z ON z.ladung_id = n.nachtrag_id AND z.groesse = n.groesse;

COMMENT ON VIEW jobcenter.rpt_stand IS
    'Eine Zeile je geladenem Stand eines ganzen Berichtsmonats, frühere Stände eingeschlossen, ohne Nachträge';

REVOKE ALL ON jobcenter.rpt_nachtrag FROM PUBLIC;
GRANT SELECT ON jobcenter.rpt_nachtrag TO etl, controller, auditor;
