#!/bin/sh
# Redis with its password from a file: on the command line every process could read it. „gesund“ asks a running one.
set -eu
umask 077
password=$(cat /run/secrets/kennwort_broker)
if [ "${1:-}" = gesund ]; then
  REDISCLI_AUTH=$password redis-cli --tls --cacert /run/secrets/ca_zertifikat ping | grep -q PONG
  exit
fi
{
  cat /opt/jobcenter/broker.conf
  printf 'requirepass %s\n' "$password"
} > /tmp/broker.conf
exec redis-server /tmp/broker.conf
