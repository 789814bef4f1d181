"""Treasury's bank files: upload, dry run, import, and what each line did."""

from portal.blueprints.archivos_banco.views import bp

__all__ = ["bp"]
