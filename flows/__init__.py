"""Prefect flows that run the cleaners over a folder and keep the books, and the `cleancopy` command.

Where no Prefect server is configured, Prefect starts a temporary one. Its telemetry service and the first
flow run then write to a new SQLite file at the same moment, and the loser prints a traceback ("database is
locked"). The defaults below keep it quiet; they hold only where the environment says nothing, and no server
that was started by other means sees them.
"""

import os

for _name, _value in {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}.items():
    os.environ.setdefault(_name, _value)
