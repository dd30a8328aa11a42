-- Views of the published figures: all that the role controller can see.
-- They run with the rights of their owner, so the tables behind them stay closed to the controller.

CREATE VIEW jobcenter.rpt_stand AS
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
JOIN jobcenter.lieferung AS d USING (traegernummer, lieferung_id);

COMMENT ON VIEW jobcenter.rpt_stand IS 'Eine Zeile je geladenem Stand eines Berichtsmonats, frühere Stände eingeschlossen';
COMMENT ON COLUMN jobcenter.rpt_stand.ladung_id IS 'Technischer Schlüssel des Standes';
COMMENT ON COLUMN jobcenter.rpt_stand.traegernummer IS 'Träger';
COMMENT ON COLUMN jobcenter.rpt_stand.berichtsmonat IS 'Berichtsmonat als JJJJ-MM';
COMMENT ON COLUMN jobcenter.rpt_stand.lieferung_id IS 'Lieferung, aus der gerechnet wurde';
COMMENT ON COLUMN jobcenter.rpt_stand.erstellt_am IS 'Zeitpunkt des Auszugs im Quellsystem';
COMMENT ON COLUMN jobcenter.rpt_stand.datenstand IS 'Tag des Auszugs in der Zeitzone des Quellsystems';
COMMENT ON COLUMN jobcenter.rpt_stand.version IS 'Version des Monats aus dieser Lieferung';
COMMENT ON COLUMN jobcenter.rpt_stand.wartezeit IS 'Ganze Monate zwischen Zähltag und Erstellung; ab 3 endgültig';
COMMENT ON COLUMN jobcenter.rpt_stand.inhalt_sha256 IS 'SHA-256 der Werte des Standes';

CREATE VIEW jobcenter.rpt_figur_stand AS
SELECT
    z.ladung_id,
    z.groesse,
    z.merkmal,
    z.auspraegung,
    z.wert,
    z.status
FROM jobcenter.zelle AS z;

COMMENT ON VIEW jobcenter.rpt_figur_stand IS 'Eine Zeile je Wert einer Kennzahl in jedem Stand: auch was früher galt';
COMMENT ON COLUMN jobcenter.rpt_figur_stand.ladung_id IS 'Stand, siehe rpt_stand';
COMMENT ON COLUMN jobcenter.rpt_figur_stand.groesse IS 'Kürzel der Größe';
COMMENT ON COLUMN jobcenter.rpt_figur_stand.merkmal IS 'Gliederung';
COMMENT ON COLUMN jobcenter.rpt_figur_stand.auspraegung IS 'INSGESAMT oder Schlüssel der Ausprägung';
COMMENT ON COLUMN jobcenter.rpt_figur_stand.wert IS 'Wert oder leer';
COMMENT ON COLUMN jobcenter.rpt_figur_stand.status IS 'ok, oder warum es keinen Wert gibt';

CREATE VIEW jobcenter.rpt_figur AS
WITH neuester_stand AS (
    SELECT DISTINCT ON (traegernummer, berichtsmonat) *
    FROM jobcenter.rpt_stand
    ORDER BY traegernummer, berichtsmonat, erstellt_am DESC, lieferung_id DESC, version DESC
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
JOIN jobcenter.zelle AS z USING (ladung_id);

COMMENT ON VIEW jobcenter.rpt_figur IS 'Eine Zeile je Träger, Berichtsmonat und Wert einer Kennzahl: der neueste Datenstand';
COMMENT ON COLUMN jobcenter.rpt_figur.traegernummer IS 'Träger';
COMMENT ON COLUMN jobcenter.rpt_figur.berichtsmonat IS 'Berichtsmonat als JJJJ-MM';
COMMENT ON COLUMN jobcenter.rpt_figur.groesse IS 'Kürzel der Größe';
COMMENT ON COLUMN jobcenter.rpt_figur.merkmal IS 'Gliederung';
COMMENT ON COLUMN jobcenter.rpt_figur.auspraegung IS 'INSGESAMT oder Schlüssel der Ausprägung';
COMMENT ON COLUMN jobcenter.rpt_figur.wert IS 'Wert oder leer';
COMMENT ON COLUMN jobcenter.rpt_figur.wartezeit IS 'Ganze Monate zwischen Zähltag und Erstellung; ab 3 endgültig';
COMMENT ON COLUMN jobcenter.rpt_figur.status IS 'ok, oder warum es keinen Wert gibt';
COMMENT ON COLUMN jobcenter.rpt_figur.datenstand IS 'Tag des Auszugs in der Zeitzone des Quellsystems';
COMMENT ON COLUMN jobcenter.rpt_figur.lieferung_id IS 'Lieferung, aus der gerechnet wurde';
COMMENT ON COLUMN jobcenter.rpt_figur.version IS 'Version des Monats aus dieser Lieferung';

REVOKE ALL ON jobcenter.rpt_stand, jobcenter.rpt_figur_stand, jobcenter.rpt_figur FROM PUBLIC;
GRANT SELECT ON jobcenter.rpt_stand, jobcenter.rpt_figur_stand, jobcenter.rpt_figur TO etl, controller, auditor;
