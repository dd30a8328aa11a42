"""Which providers (Träger) there are, and where each one's delivery comes from: the file ``JOBCENTER_QUELLEN``.

It knows no Airflow; the DAGs read it.
"""
