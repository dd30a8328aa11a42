-- Results of validation: counts per rule, never a value of a record.

CREATE TABLE jobcenter.pruefung (
    pruefung_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    traegernummer    text COLLATE "C" NOT NULL,
    lieferung_id     text COLLATE "C" NOT NULL,
    version          integer NOT NULL CHECK (version > 0),
    regelwerk_sha256 text COLLATE "C" NOT NULL CHECK (regelwerk_sha256 ~ '^[0-9a-f]{64}$'),
    ergebnis_sha256  text COLLATE "C" NOT NULL CHECK (ergebnis_sha256 ~ '^[0-9a-f]{64}$'),
    geprueft_am      timestamptz NOT NULL DEFAULT transaction_timestamp(),
    UNIQUE (traegernummer, lieferung_id, version),
    FOREIGN KEY (traegernummer, lieferung_id) REFERENCES jobcenter.lieferung
);

COMMENT ON TABLE jobcenter.pruefung IS 'Eine Zeile je Prüfung einer Lieferung mit anderem Regelwerk oder anderem Ergebnis';
COMMENT ON COLUMN jobcenter.pruefung.pruefung_id IS 'Technischer Schlüssel';
COMMENT ON COLUMN jobcenter.pruefung.traegernummer IS 'Träger der Lieferung';
COMMENT ON COLUMN jobcenter.pruefung.lieferung_id IS 'Geprüfte Lieferung';
COMMENT ON COLUMN jobcenter.pruefung.version IS 'Laufende Nummer der Prüfung dieser Lieferung';
COMMENT ON COLUMN jobcenter.pruefung.regelwerk_sha256 IS 'SHA-256 aller angewandten Regeln';
COMMENT ON COLUMN jobcenter.pruefung.ergebnis_sha256 IS 'SHA-256 der sortierten Ergebnisse als JSON';
COMMENT ON COLUMN jobcenter.pruefung.geprueft_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE TABLE jobcenter.pruefergebnis (
    pruefung_id bigint NOT NULL REFERENCES jobcenter.pruefung,
    suite       text COLLATE "C" NOT NULL CHECK (suite <> ''),
    regel_id    text COLLATE "C" NOT NULL CHECK (regel_id <> ''),
    schwere     text COLLATE "C" NOT NULL CHECK (schwere <> ''),
    ergebnis    text COLLATE "C" NOT NULL CHECK (ergebnis IN ('gehalten', 'verletzt', 'nicht_pruefbar')),
    geprueft    bigint CHECK (geprueft >= 0),
    verletzt    bigint CHECK (verletzt >= 0),
    PRIMARY KEY (pruefung_id, suite, regel_id)
);

COMMENT ON TABLE jobcenter.pruefergebnis IS 'Eine Zeile je Regel einer Prüfung, nur Anzahlen';
COMMENT ON COLUMN jobcenter.pruefergebnis.pruefung_id IS 'Prüfung, zu der das Ergebnis gehört';
COMMENT ON COLUMN jobcenter.pruefergebnis.suite IS 'Name der Regelsammlung (expectations)';
COMMENT ON COLUMN jobcenter.pruefergebnis.regel_id IS 'Kennung der Regel';
COMMENT ON COLUMN jobcenter.pruefergebnis.schwere IS 'Folge einer Verletzung, wie die Regel sie nennt';
COMMENT ON COLUMN jobcenter.pruefergebnis.ergebnis IS 'gehalten, verletzt oder nicht_pruefbar';
COMMENT ON COLUMN jobcenter.pruefergebnis.geprueft IS 'Anzahl der geprüften Zeilen; leer, wenn nicht prüfbar';
COMMENT ON COLUMN jobcenter.pruefergebnis.verletzt IS 'Anzahl der Zeilen, die die Regel verletzen; leer, wenn nicht prüfbar';
