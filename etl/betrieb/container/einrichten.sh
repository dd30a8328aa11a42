#!/bin/sh
# Brings both databases and Airflow's roles and pools to what this version of the program needs. May be run again and
# again; the services of the compose file start after it has ended well.
set -eu
airflow db check --retry 60 --retry-delay 2
airflow db migrate
airflow pools import "$JOBCENTER_POOLS"
python -m etl.betrieb.rollen /opt/jobcenter/etl/betrieb/airflow/rollen.json
# Every command brings the warehouse up to date when its login owns the database; this one reads nothing else.
jobcenter releases > /dev/null
echo "Eingerichtet."
