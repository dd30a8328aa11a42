-- Deliveries, loads and cells. Rows are only ever added: another content of the same month is a further load.
-- Texts are sorted and compared by code point, whatever the server's locale.

CREATE TABLE jobcenter.lieferung (
    traegernummer  text COLLATE "C" NOT NULL CHECK (traegernummer <> ''),
    lieferung_id   text COLLATE "C" NOT NULL CHECK (lieferung_id <> ''),
    erstellt_am    timestamptz NOT NULL,
    datenstand     date NOT NULL,
    archiv_sha256  text COLLATE "C" NOT NULL CHECK (archiv_sha256 ~ '^[0-9a-f]{64}$'),
    erfasst_am     timestamptz NOT NULL DEFAULT transaction_timestamp(),
    PRIMARY KEY (traegernummer, lieferung_id)
);

COMMENT ON TABLE jobcenter.lieferung IS 'Eine Zeile je Lieferung eines Trägers, aus der geprüft oder geladen wurde';
COMMENT ON COLUMN jobcenter.lieferung.traegernummer IS 'Nummer des Trägers aus dem Manifest der Lieferung';
COMMENT ON COLUMN jobcenter.lieferung.lieferung_id IS 'Kennung der Lieferung aus ihrem Manifest';
COMMENT ON COLUMN jobcenter.lieferung.erstellt_am IS 'Zeitpunkt des Auszugs im Quellsystem';
COMMENT ON COLUMN jobcenter.lieferung.datenstand IS 'Tag von erstellt_am in der Zeitzone des Quellsystems';
COMMENT ON COLUMN jobcenter.lieferung.archiv_sha256 IS 'SHA-256 des archivierten Inhalts';
COMMENT ON COLUMN jobcenter.lieferung.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE TABLE jobcenter.ladung (
    ladung_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    traegernummer  text COLLATE "C" NOT NULL,
    lieferung_id   text COLLATE "C" NOT NULL,
    berichtsmonat  date NOT NULL CHECK (extract(day FROM berichtsmonat) = 1),
    version        integer NOT NULL CHECK (version > 0),
    inhalt_sha256  text COLLATE "C" NOT NULL CHECK (inhalt_sha256 ~ '^[0-9a-f]{64}$'),
    zeilen         integer NOT NULL CHECK (zeilen > 0),
    wartezeit      integer NOT NULL CHECK (wartezeit >= 0),
    geladen_am     timestamptz NOT NULL DEFAULT transaction_timestamp(),
    UNIQUE (traegernummer, lieferung_id, berichtsmonat, version),
    FOREIGN KEY (traegernummer, lieferung_id) REFERENCES jobcenter.lieferung
);
CREATE INDEX ladung_monat ON jobcenter.ladung (traegernummer, berichtsmonat);

COMMENT ON TABLE jobcenter.ladung IS 'Eine Zeile je geladenem Stand eines Berichtsmonats aus einer Lieferung';
COMMENT ON COLUMN jobcenter.ladung.ladung_id IS 'Technischer Schlüssel';
COMMENT ON COLUMN jobcenter.ladung.traegernummer IS 'Träger der Lieferung';
COMMENT ON COLUMN jobcenter.ladung.lieferung_id IS 'Lieferung, aus der gerechnet wurde';
COMMENT ON COLUMN jobcenter.ladung.berichtsmonat IS 'Erster Tag des Berichtsmonats';
COMMENT ON COLUMN jobcenter.ladung.version IS
    '1 für den ersten Stand aus dieser Lieferung; jeder andere Inhalt ist die nächste Version';
COMMENT ON COLUMN jobcenter.ladung.inhalt_sha256 IS 'SHA-256 der sortierten Werte als CSV';
COMMENT ON COLUMN jobcenter.ladung.zeilen IS 'Anzahl der Werte';
COMMENT ON COLUMN jobcenter.ladung.wartezeit IS
    'Ganze Monate zwischen Zähltag und Erstellung der Lieferung; ab 3 endgültig';
COMMENT ON COLUMN jobcenter.ladung.geladen_am IS 'Zeitpunkt der Ladung (nur für die Revision)';

CREATE TABLE jobcenter.zelle (
    ladung_id   bigint NOT NULL,
    groesse     text COLLATE "C" NOT NULL,
    merkmal     text COLLATE "C" NOT NULL,
    auspraegung text COLLATE "C" NOT NULL,
    wert        numeric(18, 2),
    status      text COLLATE "C" NOT NULL,
    CHECK ((status = 'ok') = (wert IS NOT NULL)),
    PRIMARY KEY (ladung_id, groesse, merkmal, auspraegung)
);

COMMENT ON TABLE jobcenter.zelle IS 'Eine Zeile je Wert einer Kennzahl in einem geladenen Stand';
COMMENT ON COLUMN jobcenter.zelle.ladung_id IS 'Geladener Stand, zu dem der Wert gehört';
COMMENT ON COLUMN jobcenter.zelle.groesse IS 'Kürzel der Größe aus dem Katalog, zum Beispiel ELB';
COMMENT ON COLUMN jobcenter.zelle.merkmal IS
    'Gliederung, zum Beispiel INSGESAMT, ALTER oder GEMEINDE/ALTER';
COMMENT ON COLUMN jobcenter.zelle.auspraegung IS 'INSGESAMT oder Schlüssel der Ausprägung; bei zwei Merkmalen mit / verbunden';
COMMENT ON COLUMN jobcenter.zelle.wert IS 'Wert; leer, wenn er nicht bestimmt werden konnte (siehe status)';
COMMENT ON COLUMN jobcenter.zelle.status IS 'ok, oder warum es keinen Wert gibt (fehlt: ein Eingangsmonat fehlt)';

CREATE TABLE jobcenter.befundannahme (
    ladung_id    bigint NOT NULL REFERENCES jobcenter.ladung,
    grund        text COLLATE "C" NOT NULL CHECK (grund <> ''),
    angenommen_am timestamptz NOT NULL DEFAULT transaction_timestamp(),
    PRIMARY KEY (ladung_id, grund)
);

COMMENT ON TABLE jobcenter.befundannahme IS
    'Eine Zeile je Begründung, mit der ein Stand trotz sperrender Befunde geladen wurde';
COMMENT ON COLUMN jobcenter.befundannahme.ladung_id IS 'Geladener Stand';
COMMENT ON COLUMN jobcenter.befundannahme.grund IS 'Begründung, wie die Person sie angegeben hat';
COMMENT ON COLUMN jobcenter.befundannahme.angenommen_am IS 'Zeitpunkt der Annahme (nur für die Revision)';
