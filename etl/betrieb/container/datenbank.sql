-- Logins and databases. May be run again and again: what is there stays, passwords become those of the secret files.
-- The group roles etl, controller and auditor are those of sql/warehouse/0001_rollen.sql; a login is a member of what its
-- work needs and owns nothing, except two owners:
--   warehouse_besitzer   owns the database warehouse and migrates it; used by the one-shot service migration only
--   jobcenter_lauf       the tasks: brings in, reads, reports
--   jobcenter_lesend     the pages behind Airflow's login: reads
--   airflow              owns the database airflow, sees nothing of the warehouse
\set kennwort_besitzer `cat /run/secrets/kennwort_besitzer`
\set kennwort_lauf     `cat /run/secrets/kennwort_lauf`
\set kennwort_lesend   `cat /run/secrets/kennwort_lesend`
\set kennwort_airflow  `cat /run/secrets/kennwort_airflow`
\set kennwort_postgres `cat /run/secrets/kennwort_postgres`

-- Statements with a password are not to be logged, whatever the server logs.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';

SELECT format('CREATE ROLE %I NOLOGIN', name)
FROM unnest(ARRAY['etl', 'controller', 'auditor']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['warehouse_besitzer', 'jobcenter_lauf', 'jobcenter_lesend', 'airflow']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE postgres           PASSWORD :'kennwort_postgres';
ALTER ROLE warehouse_besitzer PASSWORD :'kennwort_besitzer' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE jobcenter_lauf     PASSWORD :'kennwort_lauf'     NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE jobcenter_lesend   PASSWORD :'kennwort_lesend'   NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE airflow            PASSWORD :'kennwort_airflow'  NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- Who migrates must be able to act as each role (0001_rollen.sql).
GRANT etl, controller, auditor TO warehouse_besitzer;
GRANT etl, controller, auditor TO jobcenter_lauf;
GRANT controller, auditor TO jobcenter_lesend;

SELECT format('CREATE DATABASE %I OWNER %I', name, besitzer)
FROM (VALUES ('warehouse', 'warehouse_besitzer'), ('airflow', 'airflow')) AS wanted (name, besitzer)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec
REVOKE ALL ON DATABASE warehouse, airflow, postgres, template1 FROM PUBLIC;

-- Large objects are a place to put data aside that nobody looks into; only a superuser can end that (0016_enge_rechte.sql).
\connect warehouse
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
