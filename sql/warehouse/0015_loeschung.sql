-- Deletion with proof (Löschung). What was deleted, by which period, by whom, with the hashes of its files; for case data
-- also that its figures were computed again and were identical. Rows are only ever added, each with its passport:
-- angeordnet before the first file goes, vollzogen when the last one is gone. And holds (Löschsperren), which keep data
-- from being deleted, a lawsuit for example: two persons order one, two persons lift it.

CREATE TABLE jobcenter.loeschung (
    traegernummer  text COLLATE "C" NOT NULL CHECK (traegernummer <> ''),
    klasse         text COLLATE "C" NOT NULL CHECK (klasse ~ '^[a-z_]+$'),
    gegenstand     text COLLATE "C" NOT NULL CHECK (gegenstand <> '' AND gegenstand !~ '[\n\r]'),
    nummer         integer NOT NULL CHECK (nummer > 0),
    schritt        text COLLATE "C" NOT NULL CHECK (schritt IN ('angeordnet', 'vollzogen')),
    lieferung_id   text COLLATE "C" NOT NULL CHECK (lieferung_id <> ''),
    datenstand     date NOT NULL,
    faellig_am     date NOT NULL,
    stichtag       date NOT NULL,
    grund          text COLLATE "C" NOT NULL CHECK (btrim(grund) <> ''),
    person         text COLLATE "C" NOT NULL CHECK (jobcenter.person_schluessel(person) <> ''),
    dateien        jsonb NOT NULL CHECK (jsonb_typeof(dateien) = 'object'),
    bestaetigung   jsonb,
    erfasst_am     timestamptz NOT NULL,
    PRIMARY KEY (traegernummer, klasse, gegenstand, nummer),
    CHECK (datenstand < faellig_am),
    CHECK (faellig_am <= stichtag),
    -- Without case data nothing can be computed again: what was proven before must be on record.
    CHECK (klasse <> 'falldaten' OR coalesce(jsonb_typeof(bestaetigung) = 'object', false))
);
CREATE INDEX loeschung_lieferung ON jobcenter.loeschung (traegernummer, lieferung_id);

COMMENT ON TABLE jobcenter.loeschung IS 'Löschnachweise: eine Zeile je Schritt der Löschung eines Gegenstands';
COMMENT ON COLUMN jobcenter.loeschung.traegernummer IS 'Träger, dessen Daten gelöscht wurden';
COMMENT ON COLUMN jobcenter.loeschung.klasse IS 'Datenklasse aus dem Katalog der Aufbewahrung, zum Beispiel falldaten';
COMMENT ON COLUMN jobcenter.loeschung.gegenstand IS 'Was gelöscht wurde: Pfad unterhalb des Ordners home';
COMMENT ON COLUMN jobcenter.loeschung.nummer IS 'Platz in der Geschichte des Gegenstands: von 1 an ohne Lücke';
COMMENT ON COLUMN jobcenter.loeschung.schritt IS
    'angeordnet, bevor die erste Datei geht; vollzogen, wenn keine mehr da ist (noch einmal nach einer zurückgespielten Sicherung)';
COMMENT ON COLUMN jobcenter.loeschung.lieferung_id IS 'Lieferung, zu der der Gegenstand gehört';
COMMENT ON COLUMN jobcenter.loeschung.datenstand IS 'Datenstand der Lieferung: von ihm an rechnet die Frist';
COMMENT ON COLUMN jobcenter.loeschung.faellig_am IS 'Erster Tag nach dem Ende der Frist';
COMMENT ON COLUMN jobcenter.loeschung.stichtag IS 'Tag, zu dem gelöscht wurde; nie ein künftiger';
COMMENT ON COLUMN jobcenter.loeschung.grund IS 'Frist und Rechtsgrundlage';
COMMENT ON COLUMN jobcenter.loeschung.person IS 'Wer die Löschung angeordnet hat';
COMMENT ON COLUMN jobcenter.loeschung.dateien IS 'Gelöschte Dateien: Pfad zu SHA-256 und Bytes';
COMMENT ON COLUMN jobcenter.loeschung.bestaetigung IS
    'Was vor der Löschung nachgerechnet wurde und mit welchem Ergebnis; leer, wo es nichts nachzurechnen gibt';
COMMENT ON COLUMN jobcenter.loeschung.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE TABLE jobcenter.loeschsperre (
    traegernummer  text COLLATE "C" NOT NULL CHECK (traegernummer <> ''),
    nummer         integer NOT NULL CHECK (nummer > 0),
    hebt_auf       integer,
    lieferung_id   text COLLATE "C" CHECK (lieferung_id <> ''),
    grund          text COLLATE "C" NOT NULL CHECK (btrim(grund) <> ''),
    person         text COLLATE "C" NOT NULL CHECK (jobcenter.person_schluessel(person) <> ''),
    zweite_person  text COLLATE "C" NOT NULL CHECK (jobcenter.person_schluessel(zweite_person) <> ''),
    erfasst_am     timestamptz NOT NULL,
    PRIMARY KEY (traegernummer, nummer),
    UNIQUE (traegernummer, hebt_auf),
    FOREIGN KEY (traegernummer, hebt_auf) REFERENCES jobcenter.loeschsperre,
    CHECK (hebt_auf < nummer),
    CONSTRAINT loeschsperre_vier_augen
        CHECK (jobcenter.person_schluessel(person) <> jobcenter.person_schluessel(zweite_person))
);

COMMENT ON TABLE jobcenter.loeschsperre IS 'Eine Zeile je Löschsperre und je Aufhebung einer Löschsperre';
COMMENT ON COLUMN jobcenter.loeschsperre.traegernummer IS 'Träger';
COMMENT ON COLUMN jobcenter.loeschsperre.nummer IS 'Laufende Nummer beim Träger: von 1 an ohne Lücke';
COMMENT ON COLUMN jobcenter.loeschsperre.hebt_auf IS 'Nummer der Sperre, die diese Zeile aufhebt; leer bei einer Sperre';
COMMENT ON COLUMN jobcenter.loeschsperre.lieferung_id IS 'Gesperrte Lieferung; leer, wenn alle Lieferungen des Trägers gesperrt sind';
COMMENT ON COLUMN jobcenter.loeschsperre.grund IS 'Warum gesperrt oder aufgehoben wurde';
COMMENT ON COLUMN jobcenter.loeschsperre.person IS 'Wer das angeordnet hat';
COMMENT ON COLUMN jobcenter.loeschsperre.zweite_person IS 'Wer es mitträgt: eine andere Person';
COMMENT ON COLUMN jobcenter.loeschsperre.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE FUNCTION jobcenter.loeschung_pruefen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    letzter record;
BEGIN
    -- In the order in which a load takes them: neither a load nor a release nor a hold comes in between.
    PERFORM pg_advisory_xact_lock(hashtextextended('ladung/' || NEW.traegernummer, 0));
    PERFORM pg_advisory_xact_lock(hashtextextended('zahlenpass/' || NEW.traegernummer, 0));
    SELECT l.nummer, l.schritt INTO letzter
    FROM jobcenter.loeschung AS l
    WHERE l.traegernummer = NEW.traegernummer AND l.klasse = NEW.klasse AND l.gegenstand = NEW.gegenstand
    ORDER BY l.nummer DESC
    LIMIT 1;
    NEW.nummer := coalesce(letzter.nummer, 0) + 1;
    NEW.erfasst_am := transaction_timestamp();

    IF NEW.stichtag > (transaction_timestamp() AT TIME ZONE 'Europe/Berlin')::date THEN
        RAISE EXCEPTION 'jobcenter.loeschung: Der Stichtag % liegt in der Zukunft', NEW.stichtag
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- What is computed from case data may come again, with other bytes, and is ordered to go again; case data is not.
    IF (NEW.schritt = 'vollzogen' AND letzter.schritt IS NULL)
        OR (NEW.schritt = 'angeordnet' AND NEW.klasse = 'falldaten' AND letzter.schritt IS NOT NULL)
    THEN
        RAISE EXCEPTION 'jobcenter.loeschung: Schritt „%“ folgt nicht auf „%“', NEW.schritt, coalesce(letzter.schritt, '-')
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.schritt = 'angeordnet' AND EXISTS (
        SELECT FROM jobcenter.loeschsperre AS s
        WHERE s.traegernummer = NEW.traegernummer AND s.hebt_auf IS NULL
            AND coalesce(s.lieferung_id, NEW.lieferung_id) = NEW.lieferung_id
            AND NOT EXISTS (
                SELECT FROM jobcenter.loeschsperre AS a
                WHERE a.traegernummer = s.traegernummer AND a.hebt_auf = s.nummer)
    ) THEN
        RAISE EXCEPTION 'jobcenter.loeschung: Die Lieferung ist gesperrt'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION jobcenter.loeschung_pruefen() IS
    'Lässt nur den Schritt zu, der auf den letzten folgt, nie einen künftigen Stichtag und nie eine gesperrte Lieferung';

CREATE TRIGGER pruefen BEFORE INSERT ON jobcenter.loeschung
    FOR EACH ROW EXECUTE FUNCTION jobcenter.loeschung_pruefen();
ALTER TABLE jobcenter.loeschung ENABLE ALWAYS TRIGGER pruefen;

CREATE FUNCTION jobcenter.loeschsperre_pruefen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('zahlenpass/' || NEW.traegernummer, 0));
    SELECT coalesce(max(s.nummer), 0) + 1 INTO NEW.nummer
    FROM jobcenter.loeschsperre AS s
    WHERE s.traegernummer = NEW.traegernummer;
    NEW.erfasst_am := transaction_timestamp();
    IF EXISTS (
        SELECT FROM jobcenter.loeschsperre AS s
        WHERE s.traegernummer = NEW.traegernummer AND s.nummer = NEW.hebt_auf AND s.hebt_auf IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'jobcenter.loeschsperre: Eine Aufhebung lässt sich nicht aufheben'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION jobcenter.loeschsperre_pruefen() IS 'Zählt die Zeile, hält den Zeitpunkt fest, hebt nur Sperren auf';

CREATE TRIGGER pruefen BEFORE INSERT ON jobcenter.loeschsperre
    FOR EACH ROW EXECUTE FUNCTION jobcenter.loeschsperre_pruefen();
ALTER TABLE jobcenter.loeschsperre ENABLE ALWAYS TRIGGER pruefen;

-- No row without a passport. Checked when the transaction ends: the passport names the row, so it comes second.
CREATE FUNCTION jobcenter.loeschung_hat_zahlenpass() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM jobcenter.zahlenpass AS z
        WHERE z.traegernummer = NEW.traegernummer AND z.art = 'loeschung'
            AND z.gegenstand = NEW.klasse || '/' || NEW.gegenstand
            AND z.inhalt = jsonb_build_object(
                'nummer', NEW.nummer, 'schritt', NEW.schritt, 'lieferung_id', NEW.lieferung_id,
                'datenstand', NEW.datenstand, 'faellig_am', NEW.faellig_am, 'stichtag', NEW.stichtag,
                'grund', NEW.grund, 'person', NEW.person, 'dateien', NEW.dateien, 'bestaetigung', NEW.bestaetigung)
    ) THEN
        RAISE EXCEPTION 'jobcenter.loeschung: Schritt „%“ ohne Zahlenpass', NEW.schritt
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION jobcenter.loeschung_hat_zahlenpass() IS
    'Weist einen Löschnachweis ab, der am Ende der Transaktion keinen Pass hat';

CREATE CONSTRAINT TRIGGER loeschung_hat_zahlenpass AFTER INSERT ON jobcenter.loeschung
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jobcenter.loeschung_hat_zahlenpass();
ALTER TABLE jobcenter.loeschung ENABLE ALWAYS TRIGGER loeschung_hat_zahlenpass;

CREATE FUNCTION jobcenter.loeschsperre_hat_zahlenpass() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM jobcenter.zahlenpass AS z
        WHERE z.traegernummer = NEW.traegernummer AND z.art = 'loeschsperre' AND z.gegenstand = NEW.nummer::text
            AND z.inhalt = jsonb_build_object(
                'hebt_auf', NEW.hebt_auf, 'lieferung_id', NEW.lieferung_id, 'grund', NEW.grund,
                'person', NEW.person, 'zweite_person', NEW.zweite_person)
    ) THEN
        RAISE EXCEPTION 'jobcenter.loeschsperre: Zeile % ohne Zahlenpass', NEW.nummer
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION jobcenter.loeschsperre_hat_zahlenpass() IS
    'Weist eine Löschsperre ab, die am Ende der Transaktion keinen Pass hat';

CREATE CONSTRAINT TRIGGER loeschsperre_hat_zahlenpass AFTER INSERT ON jobcenter.loeschsperre
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jobcenter.loeschsperre_hat_zahlenpass();
ALTER TABLE jobcenter.loeschsperre ENABLE ALWAYS TRIGGER loeschsperre_hat_zahlenpass;

-- What was computed from deleted case data cannot be computed again: nothing more is loaded from it.
CREATE FUNCTION jobcenter.ladung_hat_falldaten() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT FROM jobcenter.loeschung AS l
        WHERE l.traegernummer = NEW.traegernummer AND l.lieferung_id = NEW.lieferung_id AND l.klasse = 'falldaten'
    ) THEN
        RAISE EXCEPTION 'jobcenter.ladung: Die Falldaten der Lieferung sind gelöscht'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION jobcenter.ladung_hat_falldaten() IS 'Weist eine Ladung aus einer Lieferung ab, deren Falldaten gelöscht sind';

CREATE TRIGGER ladung_hat_falldaten BEFORE INSERT ON jobcenter.ladung
    FOR EACH ROW EXECUTE FUNCTION jobcenter.ladung_hat_falldaten();
ALTER TABLE jobcenter.ladung ENABLE ALWAYS TRIGGER ladung_hat_falldaten;

DO $$
DECLARE
    tabelle text;
BEGIN
    FOREACH tabelle IN ARRAY ARRAY['loeschung', 'loeschsperre'] LOOP
        EXECUTE format(
            'CREATE TRIGGER unveraenderlich BEFORE UPDATE OR DELETE OR TRUNCATE ON jobcenter.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.bleibt_unveraendert()', tabelle);
        EXECUTE format('ALTER TABLE jobcenter.%I ENABLE ALWAYS TRIGGER unveraenderlich', tabelle);
        EXECUTE format('REVOKE ALL ON jobcenter.%I FROM PUBLIC', tabelle);
        EXECUTE format('GRANT SELECT ON jobcenter.%I TO etl, auditor', tabelle);
    END LOOP;
END
$$;

COMMENT ON COLUMN jobcenter.zahlenpass.art IS
    'ladung, datei, freigabe, zustellung, loeschung, loeschsperre oder beginn (Ladungen aus der Zeit vor den Zahlenpässen)';
COMMENT ON COLUMN jobcenter.zahlenpass.gegenstand IS
    'Wofür der Pass gilt: ladung_id, Pfad der Datei oder (freigabe) des Monatsordners unterhalb der Berichte, '
    '(zustellung) der Monatsordner mit Sendung und Empfänger, (loeschung) Datenklasse und Pfad unterhalb von home, '
    'oder (loeschsperre) ihre Nummer';

GRANT INSERT (traegernummer, klasse, gegenstand, schritt, lieferung_id, datenstand, faellig_am, stichtag, grund, person,
    dateien, bestaetigung) ON jobcenter.loeschung TO etl;
GRANT INSERT (traegernummer, hebt_auf, lieferung_id, grund, person, zweite_person) ON jobcenter.loeschsperre TO etl;
