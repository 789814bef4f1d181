"""Datasette's default page of the table that holds the document, filtered by it. SQLite only."""

import os

from datasette.app import Datasette

app = Datasette([os.environ["BENCH_BASE"].removeprefix("sqlite:///")]).app()
