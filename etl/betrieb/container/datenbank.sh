#!/bin/sh
# PostgreSQL of the installation: creates the cluster once, brings logins and databases to what datenbank.sql says at
# every start (so a changed password file takes effect by a restart), then serves.
set -eu
umask 077
secrets=/run/secrets

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # A start that was killed in the middle leaves a folder without PG_VERSION's last companion: begin anew beside it.
  rm -rf "$PGDATA/neu"
  initdb --pgdata="$PGDATA/neu" --username=postgres --pwfile="$secrets/kennwort_postgres" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --data-checksums >/dev/null
  sync
  find "$PGDATA/neu" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t "$PGDATA" {} +
  mv "$PGDATA/neu/PG_VERSION" "$PGDATA"
  rmdir "$PGDATA/neu"
fi

# Private keys must belong to the server's user and be closed to others, however the secret was mounted.
install -m 0600 "$secrets/datenbank_schluessel" /tmp/server.key

common="-c unix_socket_directories=/tmp -c hba_file=/opt/jobcenter/pg_hba.conf -c password_encryption=scram-sha-256
  -c ssl=on -c ssl_min_protocol_version=TLSv1.2 -c ssl_key_file=/tmp/server.key
  -c ssl_cert_file=$secrets/datenbank_zertifikat"
PGPASSWORD=$(cat "$secrets/kennwort_postgres") && export PGPASSWORD
# Nobody but this script while logins are brought up to date.
pg_ctl --wait --silent --log=/dev/stderr --options="$common -c listen_addresses=''" start
psql --no-psqlrc --quiet --username=postgres --dbname=postgres --set=ON_ERROR_STOP=1 --file=/opt/jobcenter/datenbank.sql
pg_ctl --wait --silent --mode=fast stop
unset PGPASSWORD

# shellcheck disable=SC2086 # the options are words
exec postgres $common -c listen_addresses='*' \
  -c log_connections=on -c log_disconnections=on -c log_min_error_statement=panic -c log_parameter_max_length=0 \
  -c max_connections="${MAX_CONNECTIONS:-200}"
