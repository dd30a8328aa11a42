-- Target values of a year (Zielvereinbarung, § 48b SGB II). Rows are only ever added: another value is the next version.

CREATE TABLE jobcenter.ziel (
    traegernummer  text COLLATE "C" NOT NULL CHECK (traegernummer <> ''),
    jahr           integer NOT NULL CHECK (jahr BETWEEN 2005 AND 2999),
    kennzahl       text COLLATE "C" NOT NULL CHECK (kennzahl <> ''),
    geschlecht     text COLLATE "C" NOT NULL CHECK (geschlecht IN ('INSGESAMT', 'm', 'w')),
    version        integer NOT NULL CHECK (version > 0),
    zielwert       numeric,
    einheit        text COLLATE "C" NOT NULL
        CHECK (einheit IN ('prozent', 'prozent_vorjahr', 'prozent_jahresmittel')),
    quelle         text COLLATE "C" NOT NULL CHECK (quelle <> ''),
    erfasst_am     timestamptz NOT NULL DEFAULT transaction_timestamp(),
    PRIMARY KEY (traegernummer, jahr, kennzahl, geschlecht, version)
);
COMMENT ON TABLE jobcenter.ziel IS 'Eine Zeile je Zielwert eines Jahres; ein anderer Wert ist die nächste Version';
COMMENT ON COLUMN jobcenter.ziel.traegernummer IS 'Träger, für den das Ziel vereinbart ist';
COMMENT ON COLUMN jobcenter.ziel.jahr IS 'Jahr, in dessen Dezember das Ziel erreicht sein soll';
COMMENT ON COLUMN jobcenter.ziel.kennzahl IS 'Kürzel der Kennzahl, zum Beispiel K2';
COMMENT ON COLUMN jobcenter.ziel.geschlecht IS 'INSGESAMT, m oder w';
COMMENT ON COLUMN jobcenter.ziel.version IS '1 für den ersten eingelesenen Wert';
COMMENT ON COLUMN jobcenter.ziel.zielwert IS 'Zielwert in Prozent; leer: die Kennzahl wird nur beobachtet';
COMMENT ON COLUMN jobcenter.ziel.einheit IS
    'prozent: die Kennzahl selbst; prozent_vorjahr: ihre Veränderung; prozent_jahresmittel: Veränderung des Mittels';
COMMENT ON COLUMN jobcenter.ziel.quelle IS 'Fundstelle';
COMMENT ON COLUMN jobcenter.ziel.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE TRIGGER unveraenderlich BEFORE UPDATE OR DELETE OR TRUNCATE ON jobcenter.ziel
    FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.bleibt_unveraendert();
ALTER TABLE jobcenter.ziel ENABLE ALWAYS TRIGGER unveraenderlich;
REVOKE ALL ON jobcenter.ziel FROM PUBLIC;
GRANT SELECT ON jobcenter.ziel TO etl, auditor;
GRANT INSERT (traegernummer, jahr, kennzahl, geschlecht, version, zielwert, einheit, quelle) ON jobcenter.ziel TO etl;

-- What the controller reads: the same rows without the moments of the audit.
CREATE VIEW jobcenter.rpt_ziel AS
SELECT traegernummer, jahr, kennzahl, geschlecht, version, zielwert, einheit, quelle
FROM jobcenter.ziel;
COMMENT ON VIEW jobcenter.rpt_ziel IS 'Eine Zeile je Zielwert eines Jahres, frühere Versionen eingeschlossen';
COMMENT ON COLUMN jobcenter.rpt_ziel.traegernummer IS 'Träger, für den das Ziel vereinbart ist';
COMMENT ON COLUMN jobcenter.rpt_ziel.jahr IS 'Jahr, in dessen Dezember das Ziel erreicht sein soll';
COMMENT ON COLUMN jobcenter.rpt_ziel.kennzahl IS 'Kürzel der Kennzahl';
COMMENT ON COLUMN jobcenter.rpt_ziel.geschlecht IS 'INSGESAMT, m oder w';
COMMENT ON COLUMN jobcenter.rpt_ziel.version IS '1 für den ersten eingelesenen Wert';
COMMENT ON COLUMN jobcenter.rpt_ziel.zielwert IS 'Zielwert in Prozent; leer: nur beobachtet';
COMMENT ON COLUMN jobcenter.rpt_ziel.einheit IS 'Wovon der Zielwert ein Wert ist';
COMMENT ON COLUMN jobcenter.rpt_ziel.quelle IS 'Fundstelle';

REVOKE ALL ON jobcenter.rpt_ziel FROM PUBLIC;
GRANT SELECT ON jobcenter.rpt_ziel TO etl, controller, auditor;
