"""gunicorn in production: `gunicorn -c docs/despliegue/gunicorn.conf.py wsgi:app`. The address comes from PORTAL_ESCUCHA."""

import os

bind = os.environ.get("PORTAL_ESCUCHA", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("PORTAL_PROCESOS", str(2 * (os.cpu_count() or 1) + 1)))
# Twelve may wait for their document (`portal.documentos.turnos.EN_COLA`); four are left for whoever wants something else.
threads = 16
# The portal is loaded once, and settings, database and machine are looked at once (`wsgi.py`); processes are copies of that
# one, ready at once and with its memory in common. One that is renewed later, while a new version migrates, is not asked
# again: if it refused, the others would end too.
preload_app = True
# More than the ten seconds that a question to the gateway may take.
timeout = 30
graceful_timeout = 30
keepalive = 5
max_requests = 1000
max_requests_jitter = 100
# Heartbeats must not wait for a disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108  memory, of this process alone
# Only nginx of another machine may say whose request it is; the portal counts proxies by itself with PORTAL_PROXIES.
forwarded_allow_ips = os.environ.get("PORTAL_PROXY_IP", "127.0.0.1")
control_socket_disable = True
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# The portal tells each request by its route's name; an access log would have addresses, which hold codes of payments.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.web.registros.FormatoJson"}},
    "handlers": {"portal": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["portal"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["portal"], "propagate": False},
        "alembic": {"level": "WARNING"},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}
