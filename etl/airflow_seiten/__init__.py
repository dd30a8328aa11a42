"""Pages inside Airflow: months, reports, releases, validation and findings, for people who are logged in there.

Server-rendered, without a script, behind Airflow's login and the permissions of its auth manager. The pages read what
is kept – warehouse, report files, results of validation – and change nothing: no rule is run, no table of the archive
is opened, and a decision is made where Airflow asks for it (Required Actions).

``plugin.py`` is what Airflow loads, in every one of its processes; everything else is imported by the first request.
"""
