-- The passport of every load and every released file (Zahlenpass): what it was made from, by which rules and decisions.
-- One chain per Träger, append-only: every link holds the hash of the one before, so none can be changed, removed or put
-- in between without every later link showing it. The database forges the links itself; who adds one gives its content.
--
-- To check the chain without the program:  SELECT * FROM jobcenter.zahlenpass_kette WHERE urteil <> 'unversehrt';

CREATE TABLE jobcenter.zahlenpass (
    traegernummer      text COLLATE "C" NOT NULL CHECK (traegernummer <> '' AND traegernummer !~ '[\n\r]'),
    pass_id            bigint NOT NULL CHECK (pass_id > 0),
    art                text COLLATE "C" NOT NULL CHECK (art ~ '^[a-z_]+$'),
    gegenstand         text COLLATE "C" NOT NULL CHECK (gegenstand <> '' AND gegenstand !~ '[\n\r]'),
    inhalt_text        text COLLATE "C" NOT NULL,
    inhalt             jsonb NOT NULL GENERATED ALWAYS AS (inhalt_text::jsonb) STORED,
    inhalt_sha256      text COLLATE "C" NOT NULL,
    vorgaenger_sha256  text COLLATE "C" NOT NULL,
    sha256             text COLLATE "C" NOT NULL,
    erfasst_am         timestamptz NOT NULL,
    PRIMARY KEY (traegernummer, pass_id),
    UNIQUE (traegernummer, sha256),
    -- A link has one successor at most: the chain cannot fork.
    UNIQUE (traegernummer, vorgaenger_sha256)
);
CREATE INDEX zahlenpass_gegenstand ON jobcenter.zahlenpass (traegernummer, art, gegenstand, pass_id);

COMMENT ON TABLE jobcenter.zahlenpass IS 'Eine Zeile je Zahlenpass, ein Glied der Kette eines Trägers';
COMMENT ON COLUMN jobcenter.zahlenpass.traegernummer IS 'Träger, zu dessen Kette das Glied gehört';
COMMENT ON COLUMN jobcenter.zahlenpass.pass_id IS 'Platz in der Kette des Trägers: von 1 an ohne Lücke';
COMMENT ON COLUMN jobcenter.zahlenpass.art IS
    'ladung, datei oder beginn (Ladungen aus der Zeit vor den Zahlenpässen)';
COMMENT ON COLUMN jobcenter.zahlenpass.gegenstand IS
    'Wofür der Pass gilt: ladung_id, oder Pfad der Datei unterhalb der Berichte';
COMMENT ON COLUMN jobcenter.zahlenpass.inhalt_text IS 'Inhalt als JSON, Zeichen für Zeichen wie gehasht';
COMMENT ON COLUMN jobcenter.zahlenpass.inhalt IS 'Derselbe Inhalt zum Abfragen';
COMMENT ON COLUMN jobcenter.zahlenpass.inhalt_sha256 IS 'SHA-256 von inhalt_text in UTF-8';
COMMENT ON COLUMN jobcenter.zahlenpass.vorgaenger_sha256 IS 'sha256 des Gliedes davor; 64 Nullen beim ersten';
COMMENT ON COLUMN jobcenter.zahlenpass.sha256 IS 'SHA-256 des Gliedes, siehe zahlenpass_sha256';
COMMENT ON COLUMN jobcenter.zahlenpass.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

-- STABLE, not IMMUTABLE: PostgreSQL calls the writing of a moment so, although UTC and the pattern fix it.
CREATE FUNCTION jobcenter.zahlenpass_sha256(
    pass_id bigint, traegernummer text, art text, gegenstand text,
    inhalt_sha256 text, vorgaenger_sha256 text, erfasst_am timestamptz
) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT encode(sha256(convert_to(concat_ws(
        E'\n', pass_id, traegernummer, art, gegenstand, inhalt_sha256, vorgaenger_sha256,
        to_char(erfasst_am AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    ), 'UTF8')), 'hex')
$$;
COMMENT ON FUNCTION jobcenter.zahlenpass_sha256(bigint, text, text, text, text, text, timestamptz) IS
    'SHA-256 eines Gliedes: alle seine Felder außer dem Inhalt, für den sein Hash steht, je eine Zeile, in UTF-8';

CREATE FUNCTION jobcenter.zahlenpass_verketten() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    letztes record;
BEGIN
    -- One at a time until the transaction ends: two links cannot have the same predecessor.
    PERFORM pg_advisory_xact_lock(hashtextextended('zahlenpass/' || NEW.traegernummer, 0));
    SELECT z.pass_id, z.sha256 INTO letztes
    FROM jobcenter.zahlenpass AS z
    WHERE z.traegernummer = NEW.traegernummer
    ORDER BY z.pass_id DESC
    LIMIT 1;
    NEW.pass_id := coalesce(letztes.pass_id, 0) + 1;
    NEW.vorgaenger_sha256 := coalesce(letztes.sha256, repeat('0', 64));
    NEW.erfasst_am := transaction_timestamp();
    NEW.inhalt_sha256 := encode(sha256(convert_to(NEW.inhalt_text, 'UTF8')), 'hex');
    NEW.sha256 := jobcenter.zahlenpass_sha256(
        NEW.pass_id, NEW.traegernummer, NEW.art, NEW.gegenstand,
        NEW.inhalt_sha256, NEW.vorgaenger_sha256, NEW.erfasst_am);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION jobcenter.zahlenpass_verketten() IS
    'Schmiedet das neue Glied: Platz, Vorgänger, Zeitpunkt und Hashes kommen immer von der Datenbank';

CREATE TRIGGER verketten BEFORE INSERT ON jobcenter.zahlenpass
    FOR EACH ROW EXECUTE FUNCTION jobcenter.zahlenpass_verketten();
ALTER TABLE jobcenter.zahlenpass ENABLE ALWAYS TRIGGER verketten;

CREATE TRIGGER unveraenderlich BEFORE UPDATE OR DELETE OR TRUNCATE ON jobcenter.zahlenpass
    FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.bleibt_unveraendert();
ALTER TABLE jobcenter.zahlenpass ENABLE ALWAYS TRIGGER unveraenderlich;

-- What was loaded before there were passports is sealed as it is; everything later has a passport of its own.
INSERT INTO jobcenter.zahlenpass (traegernummer, art, gegenstand, inhalt_text)
SELECT
    traegernummer,
    'beginn',
    'ladungen',
    jsonb_build_object('ladungen', jsonb_agg(
        jsonb_build_object('ladung_id', ladung_id, 'inhalt_sha256', inhalt_sha256) ORDER BY ladung_id
    ))::text
FROM jobcenter.ladung
GROUP BY traegernummer
ORDER BY traegernummer;

-- No load without a passport. Checked when the transaction ends: the passport names the load, so it comes second.
CREATE FUNCTION jobcenter.ladung_hat_zahlenpass() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM jobcenter.zahlenpass AS z
        WHERE z.traegernummer = NEW.traegernummer AND z.art = 'ladung' AND z.gegenstand = NEW.ladung_id::text
    ) THEN
        RAISE EXCEPTION 'jobcenter.ladung: Ladung % ohne Zahlenpass', NEW.ladung_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION jobcenter.ladung_hat_zahlenpass() IS 'Weist eine Ladung ab, die am Ende der Transaktion keinen Pass hat';

CREATE CONSTRAINT TRIGGER ladung_hat_zahlenpass AFTER INSERT ON jobcenter.ladung
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jobcenter.ladung_hat_zahlenpass();
ALTER TABLE jobcenter.ladung ENABLE ALWAYS TRIGGER ladung_hat_zahlenpass;

-- The chain judged by the database. „jobcenter verify“ computes the same on its own and does not ask this view.
CREATE VIEW jobcenter.zahlenpass_kette AS
WITH glied AS (
    SELECT
        *,
        coalesce(lag(pass_id) OVER kette, 0) AS davor_pass_id,
        coalesce(lag(sha256) OVER kette, repeat('0', 64)) AS davor_sha256
    FROM jobcenter.zahlenpass
    WINDOW kette AS (PARTITION BY traegernummer ORDER BY pass_id)
)
SELECT
    traegernummer,
    pass_id,
    art,
    gegenstand,
    sha256,
    CASE
        WHEN inhalt_sha256 <> encode(sha256(convert_to(inhalt_text, 'UTF8')), 'hex') THEN 'Inhalt verändert'
        WHEN sha256 <> jobcenter.zahlenpass_sha256(
            pass_id, traegernummer, art, gegenstand, inhalt_sha256, vorgaenger_sha256, erfasst_am
        ) THEN 'Glied verändert'
        WHEN pass_id <> davor_pass_id + 1 THEN 'davor fehlen Glieder'
        WHEN vorgaenger_sha256 <> davor_sha256 THEN 'schließt nicht an'
        ELSE 'unversehrt'
    END AS urteil
FROM glied
ORDER BY traegernummer, pass_id;

COMMENT ON VIEW jobcenter.zahlenpass_kette IS 'Eine Zeile je Glied der Kette mit dem Urteil, ob es unversehrt ist';
COMMENT ON COLUMN jobcenter.zahlenpass_kette.traegernummer IS 'Träger';
COMMENT ON COLUMN jobcenter.zahlenpass_kette.pass_id IS 'Platz in der Kette';
COMMENT ON COLUMN jobcenter.zahlenpass_kette.art IS 'Art des Passes';
COMMENT ON COLUMN jobcenter.zahlenpass_kette.gegenstand IS 'Wofür der Pass gilt';
COMMENT ON COLUMN jobcenter.zahlenpass_kette.sha256 IS 'SHA-256 des Gliedes';
COMMENT ON COLUMN jobcenter.zahlenpass_kette.urteil IS
    'unversehrt, Inhalt verändert, Glied verändert, davor fehlen Glieder oder schließt nicht an';

REVOKE ALL ON jobcenter.zahlenpass, jobcenter.zahlenpass_kette FROM PUBLIC;
GRANT SELECT ON jobcenter.zahlenpass, jobcenter.zahlenpass_kette TO etl, auditor;
GRANT INSERT (traegernummer, art, gegenstand, inhalt_text) ON jobcenter.zahlenpass TO etl;
-- The trigger calls it in the name of who inserts, the view in the name of who reads.
GRANT EXECUTE ON FUNCTION jobcenter.zahlenpass_sha256(bigint, text, text, text, text, text, timestamptz) TO etl, auditor;
