-- By which law and by which definitions a load was computed, so that a later difference can be told apart from a change
-- of the data. The parameters themselves are kept: a month can be computed again by the law it was computed with.

CREATE TABLE jobcenter.parameterstand (
    parameter_sha256  text COLLATE "C" PRIMARY KEY CHECK (parameter_sha256 ~ '^[0-9a-f]{64}$'),
    dateien           jsonb NOT NULL,
    erfasst_am        timestamptz NOT NULL DEFAULT transaction_timestamp()
);

COMMENT ON TABLE jobcenter.parameterstand IS 'Eine Zeile je Stand der datierten Parameter (Recht und Zählregeln), mit dem gerechnet wurde';
COMMENT ON COLUMN jobcenter.parameterstand.parameter_sha256 IS 'SHA-256 der Parameterdateien';
COMMENT ON COLUMN jobcenter.parameterstand.dateien IS 'Dateiname und Text jeder Parameterdatei';
COMMENT ON COLUMN jobcenter.parameterstand.erfasst_am IS 'Zeitpunkt der Eintragung (nur für die Revision)';

CREATE TABLE jobcenter.rechenregel (
    ladung_id          bigint PRIMARY KEY REFERENCES jobcenter.ladung,
    parameter_sha256   text COLLATE "C" NOT NULL REFERENCES jobcenter.parameterstand,
    definition_sha256  text COLLATE "C" NOT NULL CHECK (definition_sha256 ~ '^[0-9a-f]{64}$')
);

COMMENT ON TABLE jobcenter.rechenregel IS 'Eine Zeile je geladenem Stand: nach welchen Parametern und Definitionen er gerechnet ist';
COMMENT ON COLUMN jobcenter.rechenregel.ladung_id IS 'Geladener Stand';
COMMENT ON COLUMN jobcenter.rechenregel.parameter_sha256 IS 'Stand der Parameter';
COMMENT ON COLUMN jobcenter.rechenregel.definition_sha256 IS 'SHA-256 der Definitionen: Katalog der Größen und SQL';

DO $$
DECLARE
    tabelle text;
BEGIN
    FOREACH tabelle IN ARRAY ARRAY['parameterstand', 'rechenregel'] LOOP
        EXECUTE format(
            'CREATE TRIGGER unveraenderlich BEFORE UPDATE OR DELETE OR TRUNCATE ON jobcenter.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION jobcenter.bleibt_unveraendert()', tabelle);
        EXECUTE format('ALTER TABLE jobcenter.%I ENABLE ALWAYS TRIGGER unveraenderlich', tabelle);
        EXECUTE format('REVOKE ALL ON jobcenter.%I FROM PUBLIC', tabelle);
        EXECUTE format('GRANT SELECT ON jobcenter.%I TO etl, auditor', tabelle);
    END LOOP;
END
$$;

GRANT INSERT (parameter_sha256, dateien) ON jobcenter.parameterstand TO etl;
GRANT INSERT ON jobcenter.rechenregel TO etl;
