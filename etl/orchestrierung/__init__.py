"""What the DAGs in ``dags/`` share: their steps, forms and questions, errors explained, sources, dates, messages.

The only room besides ``airflow_seiten`` that may import Airflow. Every step is one call into ``etl/pipeline.py``, which
is imported when the step runs: Airflow loads the DAG files often, and they load fast.
"""
