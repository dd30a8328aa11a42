-- What people decide about findings, and how many findings there are. No key of a record, no value: a finding is named
-- by the hash of its rule and record, its values by their hash.

CREATE TABLE jobcenter.befundstand (
    pruefung_id       bigint NOT NULL REFERENCES jobcenter.pruefung,
    regel_id          text COLLATE "C" NOT NULL CHECK (regel_id <> ''),
    geschaeftsstelle  text COLLATE "C" NOT NULL CHECK (geschaeftsstelle <> ''),
    neu               integer NOT NULL CHECK (neu >= 0),
    bestehend         integer NOT NULL CHECK (bestehend >= 0),
    wiedergekehrt     integer NOT NULL CHECK (wiedergekehrt >= 0),
    behoben           integer NOT NULL CHECK (behoben >= 0),
    ausgenommen       integer NOT NULL CHECK (ausgenommen BETWEEN 0 AND neu + bestehend + wiedergekehrt),
    PRIMARY KEY (pruefung_id, regel_id, geschaeftsstelle)
);

COMMENT ON TABLE jobcenter.befundstand IS 'Eine Zeile je Prüfung, Regel und Geschäftsstelle mit Befunden, nur Anzahlen';
COMMENT ON COLUMN jobcenter.befundstand.pruefung_id IS 'Prüfung';
COMMENT ON COLUMN jobcenter.befundstand.regel_id IS 'Kennung der Regel';
COMMENT ON COLUMN jobcenter.befundstand.geschaeftsstelle IS 'Geschäftsstelle der Bedarfsgemeinschaft; OHNE, wo es keine gibt';
COMMENT ON COLUMN jobcenter.befundstand.neu IS 'Befunde, die es in keiner früheren Lieferung gab';
COMMENT ON COLUMN jobcenter.befundstand.bestehend IS 'Befunde, die auch die vorige Lieferung hatte';
COMMENT ON COLUMN jobcenter.befundstand.wiedergekehrt IS 'Befunde einer früheren Lieferung, die die vorige nicht hatte';
COMMENT ON COLUMN jobcenter.befundstand.behoben IS 'Befunde der vorigen Lieferung, die es nicht mehr gibt';
COMMENT ON COLUMN jobcenter.befundstand.ausgenommen IS 'davon durch eine gültige Ausnahme geschlossen';

CREATE TABLE jobcenter.ausnahme (
    ausnahme_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    traegernummer  text COLLATE "C" NOT NULL CHECK (traegernummer <> ''),
    regel_id       text COLLATE "C" NOT NULL CHECK (regel_id <> ''),
    befund_id      text COLLATE "C" NOT NULL CHECK (befund_id ~ '^[0-9a-f]{64}$'),
    werte_sha256   text COLLATE "C" NOT NULL CHECK (werte_sha256 ~ '^[0-9a-f]{64}$'),
    grund          text COLLATE "C" NOT NULL CHECK (btrim(grund) <> ''),
    beantragt_von  text COLLATE "C" NOT NULL CHECK (btrim(beantragt_von) <> ''),
    bewilligt_von  text COLLATE "C" NOT NULL CHECK (btrim(bewilligt_von) <> ''),
    gueltig_bis    date NOT NULL,
    erfasst_am     timestamptz NOT NULL DEFAULT transaction_timestamp(),
    -- Four eyes: one person cannot be both, however the name is written.
    CHECK (lower(btrim(beantragt_von)) <> lower(btrim(bewilligt_von)))
);
CREATE INDEX ausnahme_befund ON jobcenter.ausnahme (traegernummer, befund_id);

COMMENT ON TABLE jobcenter.ausnahme IS 'Eine Zeile je geprüftem Befund, der geschlossen bleibt, solange seine Werte sich nicht ändern';
COMMENT ON COLUMN jobcenter.ausnahme.ausnahme_id IS 'Technischer Schlüssel';
COMMENT ON COLUMN jobcenter.ausnahme.traegernummer IS 'Träger';
COMMENT ON COLUMN jobcenter.ausnahme.regel_id IS 'Kennung der Regel';
COMMENT ON COLUMN jobcenter.ausnahme.befund_id IS 'SHA-256 aus Regel und Schlüssel des Satzes';
COMMENT ON COLUMN jobcenter.ausnahme.werte_sha256 IS 'SHA-256 der Werte, die geprüft wurden';
COMMENT ON COLUMN jobcenter.ausnahme.grund IS 'Warum der Satz so richtig ist';
COMMENT ON COLUMN jobcenter.ausnahme.beantragt_von IS 'Wer geprüft hat';
COMMENT ON COLUMN jobcenter.ausnahme.bewilligt_von IS 'Wer zugestimmt hat, eine andere Person';
COMMENT ON COLUMN jobcenter.ausnahme.gueltig_bis IS 'Letzter Datenstand, für den die Ausnahme gilt';
COMMENT ON COLUMN jobcenter.ausnahme.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE TABLE jobcenter.ausnahme_widerruf (
    ausnahme_id     bigint PRIMARY KEY REFERENCES jobcenter.ausnahme,
    grund           text COLLATE "C" NOT NULL CHECK (btrim(grund) <> ''),
    widerrufen_von  text COLLATE "C" NOT NULL CHECK (btrim(widerrufen_von) <> ''),
    erfasst_am      timestamptz NOT NULL DEFAULT transaction_timestamp()
);

COMMENT ON TABLE jobcenter.ausnahme_widerruf IS 'Eine Zeile je zurückgenommener Ausnahme';
COMMENT ON COLUMN jobcenter.ausnahme_widerruf.ausnahme_id IS 'Ausnahme, die nicht mehr gilt';
COMMENT ON COLUMN jobcenter.ausnahme_widerruf.grund IS 'Warum sie nicht mehr gilt';
COMMENT ON COLUMN jobcenter.ausnahme_widerruf.widerrufen_von IS 'Wer sie zurückgenommen hat';
COMMENT ON COLUMN jobcenter.ausnahme_widerruf.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE TABLE jobcenter.entscheidung (
    entscheidung_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    traegernummer    text COLLATE "C" NOT NULL,
    lieferung_id     text COLLATE "C" NOT NULL,
    anlass_sha256    text COLLATE "C" NOT NULL CHECK (anlass_sha256 ~ '^[0-9a-f]{64}$'),
    anlass           text COLLATE "C" NOT NULL CHECK (anlass <> ''),
    grund            text COLLATE "C" NOT NULL CHECK (btrim(grund) <> ''),
    entschieden_von  text COLLATE "C" NOT NULL CHECK (btrim(entschieden_von) <> ''),
    erfasst_am       timestamptz NOT NULL DEFAULT transaction_timestamp(),
    UNIQUE (traegernummer, lieferung_id, anlass_sha256)
);

COMMENT ON TABLE jobcenter.entscheidung IS 'Eine Zeile je angehaltener Lieferung, die eine Person hat weiterlaufen lassen';
COMMENT ON COLUMN jobcenter.entscheidung.entscheidung_id IS 'Technischer Schlüssel';
COMMENT ON COLUMN jobcenter.entscheidung.traegernummer IS 'Träger';
COMMENT ON COLUMN jobcenter.entscheidung.lieferung_id IS 'Angehaltene Lieferung; sie ist noch nicht geladen';
COMMENT ON COLUMN jobcenter.entscheidung.anlass_sha256 IS 'SHA-256 von anlass: ein anderer Anlass braucht eine neue Entscheidung';
COMMENT ON COLUMN jobcenter.entscheidung.anlass IS 'Was über die Grenzen ging, mit den Zahlen, die der Person vorlagen';
COMMENT ON COLUMN jobcenter.entscheidung.grund IS 'Warum es weitergehen darf';
COMMENT ON COLUMN jobcenter.entscheidung.entschieden_von IS 'Wer entschieden hat';
COMMENT ON COLUMN jobcenter.entscheidung.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

DO $$
DECLARE
    tabelle text;
BEGIN
    FOREACH tabelle IN ARRAY ARRAY['befundstand', 'ausnahme', 'ausnahme_widerruf', 'entscheidung'] LOOP
        EXECUTE format(
            'CREATE TRIGGER unveraenderlich BEFORE UPDATE OR DELETE OR TRUNCATE ON jobcenter.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.bleibt_unveraendert()', tabelle);
        EXECUTE format('ALTER TABLE jobcenter.%I ENABLE ALWAYS TRIGGER unveraenderlich', tabelle);
        EXECUTE format('REVOKE ALL ON jobcenter.%I FROM PUBLIC', tabelle);
        EXECUTE format('GRANT SELECT ON jobcenter.%I TO etl, auditor', tabelle);
    END LOOP;
END
$$;

GRANT INSERT ON jobcenter.befundstand TO etl;
GRANT INSERT (traegernummer, regel_id, befund_id, werte_sha256, grund, beantragt_von, bewilligt_von, gueltig_bis)
    ON jobcenter.ausnahme TO etl;
GRANT INSERT (ausnahme_id, grund, widerrufen_von) ON jobcenter.ausnahme_widerruf TO etl;
GRANT INSERT (traegernummer, lieferung_id, anlass_sha256, anlass, grund, entschieden_von)
    ON jobcenter.entscheidung TO etl;
