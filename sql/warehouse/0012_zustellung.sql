-- The receipts of delivery: which recipient got which file of which released report, when, and how that was checked.
-- One row per recipient and file, written when the whole consignment has arrived, and never changed.

CREATE TABLE jobcenter.zustellung (
    traegernummer    text COLLATE "C" NOT NULL,
    lieferung_id     text COLLATE "C" NOT NULL,
    berichtsmonat    date NOT NULL CHECK (extract(day FROM berichtsmonat) = 1),
    bericht_sha256   text COLLATE "C" NOT NULL CHECK (bericht_sha256 ~ '^[0-9a-f]{64}$'),
    empfaenger       text COLLATE "C" NOT NULL CHECK (btrim(empfaenger) <> '' AND empfaenger !~ '[\n\r]'),
    empfaengerkreis  text COLLATE "C" NOT NULL CHECK (empfaengerkreis <> ''),
    weg              text COLLATE "C" NOT NULL CHECK (weg IN ('ordner', 'sftp', 'mail')),
    sendung          text COLLATE "C" NOT NULL CHECK (sendung <> ''),
    datei            text COLLATE "C" NOT NULL CHECK (datei <> ''),
    sha256           text COLLATE "C" NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    gesendet_sha256  text COLLATE "C" NOT NULL CHECK (gesendet_sha256 ~ '^[0-9a-f]{64}$'),
    probe            text COLLATE "C" NOT NULL CHECK (probe IN ('inhalt', 'groesse', 'angenommen')),
    zugestellt_am    timestamptz NOT NULL DEFAULT transaction_timestamp(),
    PRIMARY KEY (traegernummer, lieferung_id, berichtsmonat, empfaenger, sendung, datei),
    FOREIGN KEY (traegernummer, lieferung_id) REFERENCES jobcenter.lieferung
);

COMMENT ON TABLE jobcenter.zustellung IS 'Quittungen: eine Zeile je Empfänger und zugestellter Datei';
COMMENT ON COLUMN jobcenter.zustellung.traegernummer IS 'Träger des Berichts';
COMMENT ON COLUMN jobcenter.zustellung.lieferung_id IS 'Lieferung, aus der der Bericht entstanden ist';
COMMENT ON COLUMN jobcenter.zustellung.berichtsmonat IS 'Erster Tag des Berichtsmonats';
COMMENT ON COLUMN jobcenter.zustellung.bericht_sha256 IS 'Inhalt des Berichts, der freigegeben war (freigabeschritt.inhalt_sha256)';
COMMENT ON COLUMN jobcenter.zustellung.empfaenger IS 'Name des Empfängers in der Empfängerdatei';
COMMENT ON COLUMN jobcenter.zustellung.empfaengerkreis IS 'Empfängerkreis, zu dem der Empfänger gehört';
COMMENT ON COLUMN jobcenter.zustellung.weg IS 'ordner, sftp oder mail';
COMMENT ON COLUMN jobcenter.zustellung.sendung IS 'Name der Sendung: der Ordner am Ziel, in der Nachricht die Angabe „Sendung“';
COMMENT ON COLUMN jobcenter.zustellung.datei IS 'Pfad der Datei unter dem Monatsordner';
COMMENT ON COLUMN jobcenter.zustellung.sha256 IS 'SHA-256 der freigegebenen Datei';
COMMENT ON COLUMN jobcenter.zustellung.gesendet_sha256 IS 'SHA-256 der gesendeten Bytes; ein anderer nur bei Verschlüsselung';
COMMENT ON COLUMN jobcenter.zustellung.probe IS
    'Wie geprüft wurde: inhalt (am Ziel zurückgelesen), groesse (am Ziel nur die Länge), angenommen (vom Mailserver bestätigt)';
COMMENT ON COLUMN jobcenter.zustellung.zugestellt_am IS 'Zeitpunkt der Quittung';

-- What was never released cannot have been delivered.
CREATE FUNCTION jobcenter.zustellung_ist_freigegeben() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM jobcenter.freigabeschritt AS f
        WHERE f.traegernummer = NEW.traegernummer AND f.lieferung_id = NEW.lieferung_id
            AND f.berichtsmonat = NEW.berichtsmonat
            AND f.schritt = 'freigegeben' AND f.inhalt_sha256 = NEW.bericht_sha256
    ) THEN
        RAISE EXCEPTION 'jobcenter.zustellung: Dieser Inhalt ist nicht freigegeben'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION jobcenter.zustellung_ist_freigegeben() IS 'Weist eine Quittung für einen Inhalt ab, der nie freigegeben war';

CREATE TRIGGER freigegeben BEFORE INSERT ON jobcenter.zustellung
    FOR EACH ROW EXECUTE FUNCTION jobcenter.zustellung_ist_freigegeben();
ALTER TABLE jobcenter.zustellung ENABLE ALWAYS TRIGGER freigegeben;

-- No receipt without a passport. Checked when the transaction ends: the passport names the files, so it comes second.
CREATE FUNCTION jobcenter.zustellung_hat_zahlenpass() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM jobcenter.zahlenpass AS z
        WHERE z.traegernummer = NEW.traegernummer AND z.art = 'zustellung'
            AND z.inhalt @> jsonb_build_object(
                'lieferung_id', NEW.lieferung_id, 'berichtsmonat', to_char(NEW.berichtsmonat, 'YYYY-MM'),
                'bericht_sha256', NEW.bericht_sha256, 'empfaenger', NEW.empfaenger, 'sendung', NEW.sendung,
                'empfaengerkreis', NEW.empfaengerkreis, 'weg', NEW.weg, 'probe', NEW.probe,
                'dateien', jsonb_build_array(jsonb_build_object(
                    'datei', NEW.datei, 'sha256', NEW.sha256, 'gesendet_sha256', NEW.gesendet_sha256)))
    ) THEN
        RAISE EXCEPTION 'jobcenter.zustellung: Quittung ohne Zahlenpass'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION jobcenter.zustellung_hat_zahlenpass() IS
    'Weist eine Quittung ab, die am Ende der Transaktion keinen Pass hat';

CREATE CONSTRAINT TRIGGER zustellung_hat_zahlenpass AFTER INSERT ON jobcenter.zustellung
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jobcenter.zustellung_hat_zahlenpass();
ALTER TABLE jobcenter.zustellung ENABLE ALWAYS TRIGGER zustellung_hat_zahlenpass;

CREATE TRIGGER unveraenderlich BEFORE UPDATE OR DELETE OR TRUNCATE ON jobcenter.zustellung
    FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.bleibt_unveraendert();
ALTER TABLE jobcenter.zustellung ENABLE ALWAYS TRIGGER unveraenderlich;

COMMENT ON COLUMN jobcenter.zahlenpass.art IS
    'ladung, datei, freigabe, zustellung oder beginn (Ladungen aus der Zeit vor den Zahlenpässen)';
COMMENT ON COLUMN jobcenter.zahlenpass.gegenstand IS
    'Wofür der Pass gilt: ladung_id, Pfad der Datei oder (freigabe) des Monatsordners unterhalb der Berichte, '
    'oder (zustellung) der Monatsordner mit Sendung und Empfänger';

REVOKE ALL ON jobcenter.zustellung FROM PUBLIC;
GRANT SELECT ON jobcenter.zustellung TO etl, auditor;
GRANT INSERT (traegernummer, lieferung_id, berichtsmonat, bericht_sha256, empfaenger, empfaengerkreis, weg, sendung,
    datei, sha256, gesendet_sha256, probe) ON jobcenter.zustellung TO etl;
