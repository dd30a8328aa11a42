"""How people log in to Airflow: accounts of its own with passwords. LDAP and OIDC: chapter 02 of the handbook."""

from flask_appbuilder.const import AUTH_DB

AUTH_TYPE = AUTH_DB
# Nobody makes an account for themselves.
AUTH_USER_REGISTRATION = False
# Twelve characters of four kinds; BSI and houses ask for no less where there is no second factor.
FAB_PASSWORD_COMPLEXITY_ENABLED = True
