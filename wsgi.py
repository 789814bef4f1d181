"""Entry point of `flask` and gunicorn."""

from portal.app import create_app

app = create_app()
