-- Published figures of others, estimates, and why a difference between published and own figures is no error.
-- Rows are only ever added: another value of the same month is the next version.

CREATE TABLE jobcenter.amtliche_reihe (
    traegernummer  text COLLATE "C" NOT NULL CHECK (traegernummer <> ''),
    reihe          text COLLATE "C" NOT NULL CHECK (reihe <> ''),
    berichtsmonat  date NOT NULL CHECK (extract(day FROM berichtsmonat) = 1),
    version        integer NOT NULL CHECK (version > 0),
    wert           numeric NOT NULL,
    abgeleitet     boolean NOT NULL,
    quelle         text COLLATE "C" NOT NULL CHECK (quelle <> ''),
    erfasst_am     timestamptz NOT NULL DEFAULT transaction_timestamp(),
    PRIMARY KEY (traegernummer, reihe, berichtsmonat, version)
);
COMMENT ON TABLE jobcenter.amtliche_reihe IS 'Eine Zeile je veröffentlichtem Wert einer Reihe und Monat; ein anderer Wert ist die nächste Version';
COMMENT ON COLUMN jobcenter.amtliche_reihe.traegernummer IS 'Träger, über den die Zahl veröffentlicht ist';
COMMENT ON COLUMN jobcenter.amtliche_reihe.reihe IS 'Name der Reihe, zum Beispiel elb (etl/series/reihen.yaml)';
COMMENT ON COLUMN jobcenter.amtliche_reihe.berichtsmonat IS 'Erster Tag des Monats';
COMMENT ON COLUMN jobcenter.amtliche_reihe.version IS '1 für den ersten eingelesenen Wert';
COMMENT ON COLUMN jobcenter.amtliche_reihe.wert IS 'Veröffentlichter Wert';
COMMENT ON COLUMN jobcenter.amtliche_reihe.abgeleitet IS 'Nicht selbst veröffentlicht, sondern aus Veröffentlichtem gerechnet oder gerundet';
COMMENT ON COLUMN jobcenter.amtliche_reihe.quelle IS 'Fundstelle';
COMMENT ON COLUMN jobcenter.amtliche_reihe.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE TABLE jobcenter.abweichung_erklaert (
    traegernummer    text COLLATE "C" NOT NULL,
    reihe            text COLLATE "C" NOT NULL,
    berichtsmonat    date NOT NULL,
    veroeffentlicht  numeric NOT NULL,
    eigen            numeric NOT NULL,
    grund            text COLLATE "C" NOT NULL CHECK (grund <> ''),
    erfasst_am       timestamptz NOT NULL DEFAULT transaction_timestamp(),
    PRIMARY KEY (traegernummer, reihe, berichtsmonat, veroeffentlicht, eigen, grund)
);
COMMENT ON TABLE jobcenter.abweichung_erklaert IS 'Eine Zeile je Erklärung einer Abweichung; sie gilt nur für genau diese beiden Werte';
COMMENT ON COLUMN jobcenter.abweichung_erklaert.traegernummer IS 'Träger';
COMMENT ON COLUMN jobcenter.abweichung_erklaert.reihe IS 'Veröffentlichte Reihe';
COMMENT ON COLUMN jobcenter.abweichung_erklaert.berichtsmonat IS 'Erster Tag des Monats';
COMMENT ON COLUMN jobcenter.abweichung_erklaert.veroeffentlicht IS 'Veröffentlichter Wert, als erklärt wurde';
COMMENT ON COLUMN jobcenter.abweichung_erklaert.eigen IS 'Eigener Wert, als erklärt wurde';
COMMENT ON COLUMN jobcenter.abweichung_erklaert.grund IS 'Begründung, wie die Person sie angegeben hat';
COMMENT ON COLUMN jobcenter.abweichung_erklaert.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE TABLE jobcenter.schaetzung (
    schaetzung_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    traegernummer  text COLLATE "C" NOT NULL CHECK (traegernummer <> ''),
    berichtsmonat  date NOT NULL CHECK (extract(day FROM berichtsmonat) = 1),
    groesse        text COLLATE "C" NOT NULL CHECK (groesse <> ''),
    geschlecht     text COLLATE "C" NOT NULL CHECK (geschlecht IN ('INSGESAMT', 'm', 'w')),
    wert           numeric NOT NULL,
    grund          text COLLATE "C" NOT NULL CHECK (grund <> ''),
    erfasst_am     timestamptz NOT NULL DEFAULT transaction_timestamp()
);
COMMENT ON TABLE jobcenter.schaetzung IS 'Eine Zeile je geschätztem Wert eines Monats, für den es keine Lieferung gibt; die letzte Zeile gilt';
COMMENT ON COLUMN jobcenter.schaetzung.schaetzung_id IS 'Technischer Schlüssel, Reihenfolge der Eintragung';
COMMENT ON COLUMN jobcenter.schaetzung.traegernummer IS 'Träger';
COMMENT ON COLUMN jobcenter.schaetzung.berichtsmonat IS 'Erster Tag des Monats';
COMMENT ON COLUMN jobcenter.schaetzung.groesse IS 'Kürzel der Größe';
COMMENT ON COLUMN jobcenter.schaetzung.geschlecht IS 'INSGESAMT, m oder w';
COMMENT ON COLUMN jobcenter.schaetzung.wert IS 'Geschätzter Wert';
COMMENT ON COLUMN jobcenter.schaetzung.grund IS 'Verfahren und Anlass der Schätzung';
COMMENT ON COLUMN jobcenter.schaetzung.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

DO $$
DECLARE
    tabelle text;
BEGIN
    FOREACH tabelle IN ARRAY ARRAY['amtliche_reihe', 'abweichung_erklaert', 'schaetzung'] LOOP
        EXECUTE format(
            'CREATE TRIGGER unveraenderlich BEFORE UPDATE OR DELETE OR TRUNCATE ON jobcenter.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.bleibt_unveraendert()', tabelle);
        EXECUTE format('ALTER TABLE jobcenter.%I ENABLE ALWAYS TRIGGER unveraenderlich', tabelle);
        EXECUTE format('REVOKE ALL ON jobcenter.%I FROM PUBLIC', tabelle);
        EXECUTE format('GRANT SELECT ON jobcenter.%I TO etl, auditor', tabelle);
    END LOOP;
END
$$;

GRANT INSERT (traegernummer, reihe, berichtsmonat, version, wert, abgeleitet, quelle) ON jobcenter.amtliche_reihe TO etl;
GRANT INSERT (traegernummer, reihe, berichtsmonat, veroeffentlicht, eigen, grund) ON jobcenter.abweichung_erklaert TO etl;
GRANT INSERT (traegernummer, berichtsmonat, groesse, geschlecht, wert, grund) ON jobcenter.schaetzung TO etl;

-- What the controller reads: the same rows without the moments of the audit.
CREATE VIEW jobcenter.rpt_reihe AS
SELECT traegernummer, reihe, berichtsmonat, version, wert, abgeleitet, quelle
FROM jobcenter.amtliche_reihe;
COMMENT ON VIEW jobcenter.rpt_reihe IS 'Eine Zeile je veröffentlichtem Wert, frühere Versionen eingeschlossen';
COMMENT ON COLUMN jobcenter.rpt_reihe.traegernummer IS 'Träger, über den die Zahl veröffentlicht ist';
COMMENT ON COLUMN jobcenter.rpt_reihe.reihe IS 'Name der Reihe';
COMMENT ON COLUMN jobcenter.rpt_reihe.berichtsmonat IS 'Erster Tag des Monats';
COMMENT ON COLUMN jobcenter.rpt_reihe.version IS '1 für den ersten eingelesenen Wert';
COMMENT ON COLUMN jobcenter.rpt_reihe.wert IS 'Veröffentlichter Wert';
COMMENT ON COLUMN jobcenter.rpt_reihe.abgeleitet IS 'Gerechnet oder gerundet, nicht selbst veröffentlicht';
COMMENT ON COLUMN jobcenter.rpt_reihe.quelle IS 'Fundstelle';

CREATE VIEW jobcenter.rpt_abweichung_erklaert AS
SELECT traegernummer, reihe, berichtsmonat, veroeffentlicht, eigen, grund
FROM jobcenter.abweichung_erklaert;
COMMENT ON VIEW jobcenter.rpt_abweichung_erklaert IS 'Eine Zeile je Erklärung einer Abweichung';
COMMENT ON COLUMN jobcenter.rpt_abweichung_erklaert.traegernummer IS 'Träger';
COMMENT ON COLUMN jobcenter.rpt_abweichung_erklaert.reihe IS 'Veröffentlichte Reihe';
COMMENT ON COLUMN jobcenter.rpt_abweichung_erklaert.berichtsmonat IS 'Erster Tag des Monats';
COMMENT ON COLUMN jobcenter.rpt_abweichung_erklaert.veroeffentlicht IS 'Veröffentlichter Wert, als erklärt wurde';
COMMENT ON COLUMN jobcenter.rpt_abweichung_erklaert.eigen IS 'Eigener Wert, als erklärt wurde';
COMMENT ON COLUMN jobcenter.rpt_abweichung_erklaert.grund IS 'Begründung';

CREATE VIEW jobcenter.rpt_schaetzung AS
SELECT schaetzung_id, traegernummer, berichtsmonat, groesse, geschlecht, wert, grund
FROM jobcenter.schaetzung;
COMMENT ON VIEW jobcenter.rpt_schaetzung IS 'Eine Zeile je geschätztem Wert, die mit der höchsten Nummer gilt';
COMMENT ON COLUMN jobcenter.rpt_schaetzung.schaetzung_id IS 'Reihenfolge der Eintragung';
COMMENT ON COLUMN jobcenter.rpt_schaetzung.traegernummer IS 'Träger';
COMMENT ON COLUMN jobcenter.rpt_schaetzung.berichtsmonat IS 'Erster Tag des Monats';
COMMENT ON COLUMN jobcenter.rpt_schaetzung.groesse IS 'Kürzel der Größe';
COMMENT ON COLUMN jobcenter.rpt_schaetzung.geschlecht IS 'INSGESAMT, m oder w';
COMMENT ON COLUMN jobcenter.rpt_schaetzung.wert IS 'Geschätzter Wert';
COMMENT ON COLUMN jobcenter.rpt_schaetzung.grund IS 'Verfahren und Anlass';

REVOKE ALL ON jobcenter.rpt_reihe, jobcenter.rpt_abweichung_erklaert, jobcenter.rpt_schaetzung FROM PUBLIC;
GRANT SELECT ON jobcenter.rpt_reihe, jobcenter.rpt_abweichung_erklaert, jobcenter.rpt_schaetzung TO etl, controller, auditor;
