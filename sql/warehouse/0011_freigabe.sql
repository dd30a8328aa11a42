-- Release with four eyes. A report is all files of a month from one delivery; what happens to it are steps that are only
-- ever added: entwurf -> geprueft -> freigegeben -> zugestellt, and abgelehnt, which leads back to a new entwurf.
-- Every step holds for one content: a changed file is another content, and a new entwurf that nobody has checked yet.

-- One person, however the name is written. Only the server knows which of its collations can fold umlauts.
DO $$
DECLARE
    sortierung text;
BEGIN
    SELECT c.collname INTO sortierung
    FROM pg_collation AS c
    JOIN unnest(ARRAY['pg_c_utf8', 'und-x-icu', 'C.utf8', 'C.UTF-8', 'default']) WITH ORDINALITY AS n (name, rang)
        ON c.collname = n.name
    WHERE c.collnamespace = 'pg_catalog'::regnamespace
        AND c.collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding()))
    ORDER BY n.rang
    LIMIT 1;
    EXECUTE format($funktion$
        CREATE FUNCTION jobcenter.person_schluessel(name text) RETURNS text
        LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog AS $koerper$
            SELECT replace(lower(
                regexp_replace(
                    normalize(name, NFKC), '[\s\u00AD\u200B-\u200F\u2028\u2029\u2060\uFEFF]', '', 'g'
                ) COLLATE %I
            ), 'ß', 'ss')
        $koerper$
    $funktion$, sortierung);
END
$$;
COMMENT ON FUNCTION jobcenter.person_schluessel(text) IS
    'Name ohne Leerraum, unsichtbare Zeichen und Großschreibung: gleich bei gleicher Person, wie auch immer geschrieben';

CREATE TABLE jobcenter.freigabeschritt (
    traegernummer  text COLLATE "C" NOT NULL,
    lieferung_id   text COLLATE "C" NOT NULL,
    berichtsmonat  date NOT NULL CHECK (extract(day FROM berichtsmonat) = 1),
    nummer         integer NOT NULL CHECK (nummer > 0),
    schritt        text COLLATE "C" NOT NULL
                   CHECK (schritt IN ('entwurf', 'geprueft', 'freigegeben', 'zugestellt', 'abgelehnt')),
    inhalt_sha256  text COLLATE "C" NOT NULL CHECK (inhalt_sha256 ~ '^[0-9a-f]{64}$'),
    person         text COLLATE "C" NOT NULL CHECK (jobcenter.person_schluessel(person) <> ''),
    bemerkung      text COLLATE "C" NOT NULL DEFAULT '',
    erfasst_am     timestamptz NOT NULL,
    PRIMARY KEY (traegernummer, lieferung_id, berichtsmonat, nummer),
    FOREIGN KEY (traegernummer, lieferung_id) REFERENCES jobcenter.lieferung,
    -- Who has to do it again must know what was wrong.
    CHECK (schritt <> 'abgelehnt' OR btrim(bemerkung) <> '')
);

COMMENT ON TABLE jobcenter.freigabeschritt IS 'Eine Zeile je Schritt eines Berichts auf dem Weg vom Entwurf zur Zustellung';
COMMENT ON COLUMN jobcenter.freigabeschritt.traegernummer IS 'Träger des Berichts';
COMMENT ON COLUMN jobcenter.freigabeschritt.lieferung_id IS 'Lieferung, aus der der Bericht entstanden ist';
COMMENT ON COLUMN jobcenter.freigabeschritt.berichtsmonat IS 'Erster Tag des Berichtsmonats';
COMMENT ON COLUMN jobcenter.freigabeschritt.nummer IS 'Platz in der Geschichte des Berichts: von 1 an ohne Lücke; der letzte Schritt ist sein Zustand';
COMMENT ON COLUMN jobcenter.freigabeschritt.schritt IS 'entwurf, geprueft, freigegeben, zugestellt oder abgelehnt';
COMMENT ON COLUMN jobcenter.freigabeschritt.inhalt_sha256 IS
    'SHA-256 über die sortierten Zeilen „<sha256>  <Pfad unter dem Monatsordner>“ aller Dateien: der Schritt gilt nur für sie';
COMMENT ON COLUMN jobcenter.freigabeschritt.person IS 'Wer den Schritt getan hat';
COMMENT ON COLUMN jobcenter.freigabeschritt.bemerkung IS 'Was die Person dazu sagt; bei einer Ablehnung, was falsch ist';
COMMENT ON COLUMN jobcenter.freigabeschritt.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE FUNCTION jobcenter.freigabeschritt_pruefen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    letzter record;
    darf boolean;
BEGIN
    -- The lock of the Träger's chain: every step adds a link to it anyway, and one lock cannot deadlock.
    PERFORM pg_advisory_xact_lock(hashtextextended('zahlenpass/' || NEW.traegernummer, 0));
    SELECT f.nummer, f.schritt, f.inhalt_sha256 INTO letzter
    FROM jobcenter.freigabeschritt AS f
    WHERE f.traegernummer = NEW.traegernummer AND f.lieferung_id = NEW.lieferung_id
        AND f.berichtsmonat = NEW.berichtsmonat
    ORDER BY f.nummer DESC
    LIMIT 1;
    NEW.nummer := coalesce(letzter.nummer, 0) + 1;
    NEW.erfasst_am := transaction_timestamp();

    IF NEW.schritt = 'entwurf' THEN
        darf := letzter.schritt IS NULL OR letzter.schritt = 'abgelehnt'
            OR letzter.inhalt_sha256 <> NEW.inhalt_sha256;
    ELSE
        darf := letzter.inhalt_sha256 = NEW.inhalt_sha256 AND CASE NEW.schritt
            WHEN 'geprueft' THEN letzter.schritt = 'entwurf'
            WHEN 'freigegeben' THEN letzter.schritt = 'geprueft'
            WHEN 'zugestellt' THEN letzter.schritt = 'freigegeben'
            WHEN 'abgelehnt' THEN letzter.schritt IN ('entwurf', 'geprueft', 'freigegeben')
        END;
    END IF;
    IF darf IS NOT TRUE THEN
        RAISE EXCEPTION 'jobcenter.freigabeschritt: nach „%“ folgt für diesen Inhalt nicht „%“',
            coalesce(letzter.schritt, 'nichts'), NEW.schritt
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    IF NEW.schritt = 'geprueft' AND EXISTS (
        SELECT FROM jobcenter.freigabeschritt AS f
        WHERE f.traegernummer = NEW.traegernummer AND f.lieferung_id = NEW.lieferung_id
            AND f.berichtsmonat = NEW.berichtsmonat
            AND f.schritt = 'entwurf' AND f.inhalt_sha256 = NEW.inhalt_sha256
            AND jobcenter.person_schluessel(f.person) = jobcenter.person_schluessel(NEW.person)
    ) THEN
        RAISE EXCEPTION 'jobcenter.freigabeschritt: Wer den Bericht erstellt hat, kann ihn nicht prüfen'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION jobcenter.freigabeschritt_pruefen() IS
    'Lässt nur den Schritt zu, der auf den letzten folgt, für denselben Inhalt und mit vier Augen; zählt ihn und hält den Zeitpunkt fest';

CREATE TRIGGER pruefen BEFORE INSERT ON jobcenter.freigabeschritt
    FOR EACH ROW EXECUTE FUNCTION jobcenter.freigabeschritt_pruefen();
ALTER TABLE jobcenter.freigabeschritt ENABLE ALWAYS TRIGGER pruefen;

-- No step without a passport. Checked when the transaction ends: the passport names the step, so it comes second.
CREATE FUNCTION jobcenter.freigabeschritt_hat_zahlenpass() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM jobcenter.zahlenpass AS z
        WHERE z.traegernummer = NEW.traegernummer AND z.art = 'freigabe'
            AND z.gegenstand = concat_ws(
                '/', NEW.traegernummer, NEW.lieferung_id, to_char(NEW.berichtsmonat, 'YYYY-MM'))
            AND z.inhalt @> jsonb_build_object(
                'nummer', NEW.nummer, 'schritt', NEW.schritt, 'inhalt_sha256', NEW.inhalt_sha256,
                'person', NEW.person, 'bemerkung', NEW.bemerkung)
    ) THEN
        RAISE EXCEPTION 'jobcenter.freigabeschritt: Schritt „%“ ohne Zahlenpass', NEW.schritt
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION jobcenter.freigabeschritt_hat_zahlenpass() IS
    'Weist einen Schritt ab, der am Ende der Transaktion keinen Pass hat';

CREATE CONSTRAINT TRIGGER freigabeschritt_hat_zahlenpass AFTER INSERT ON jobcenter.freigabeschritt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jobcenter.freigabeschritt_hat_zahlenpass();
ALTER TABLE jobcenter.freigabeschritt ENABLE ALWAYS TRIGGER freigabeschritt_hat_zahlenpass;

CREATE TRIGGER unveraenderlich BEFORE UPDATE OR DELETE OR TRUNCATE ON jobcenter.freigabeschritt
    FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.bleibt_unveraendert();
ALTER TABLE jobcenter.freigabeschritt ENABLE ALWAYS TRIGGER unveraenderlich;

COMMENT ON COLUMN jobcenter.zahlenpass.art IS
    'ladung, datei, freigabe oder beginn (Ladungen aus der Zeit vor den Zahlenpässen)';
COMMENT ON COLUMN jobcenter.zahlenpass.gegenstand IS
    'Wofür der Pass gilt: ladung_id, Pfad der Datei oder (freigabe) des Monatsordners unterhalb der Berichte';

REVOKE ALL ON jobcenter.freigabeschritt FROM PUBLIC;
GRANT SELECT ON jobcenter.freigabeschritt TO etl, auditor;
GRANT INSERT (traegernummer, lieferung_id, berichtsmonat, schritt, inhalt_sha256, person, bemerkung)
    ON jobcenter.freigabeschritt TO etl;
-- The triggers and the check call it in the name of who inserts.
GRANT EXECUTE ON FUNCTION jobcenter.person_schluessel(text) TO etl, auditor;
