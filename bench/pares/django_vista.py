"""A plain Django view of the same look-up: same tables, same rows and columns, the portal's own template in its language.

It keeps Django's usual guards (security, common, CSRF, clickjacking); it has no limits, no session and no account.
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.core.paginator import Paginator
from django.core.wsgi import get_wsgi_application

from bench.pares.fila import contexto_de, mostrada

_BASE = urlsplit(os.environ["BENCH_BASE"])
_POSTGRESQL = _BASE.scheme.startswith("postgresql")
settings.configure(
    SECRET_KEY="b" * 40,
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _BASE.path.strip("/"),
            "USER": _BASE.username,
            "HOST": parse_qs(_BASE.query)["host"][0],
            "CONN_MAX_AGE": None,
        }
        if _POSTGRESQL
        else {"ENGINE": "django.db.backends.sqlite3", "NAME": _BASE.path, "CONN_MAX_AGE": None}
    },
    INSTALLED_APPS=[],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "plantillas"],
            "OPTIONS": {"context_processors": ["django.template.context_processors.csrf"]},
        }
    ],
    USE_TZ=True,
)
django.setup()

from django.db import models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


class Liquidacion(models.Model):
    """The columns that the look-up shows."""

    documento = models.CharField(max_length=20)
    nombre = models.CharField(max_length=160)
    tipo = models.CharField(max_length=32)
    acto_nombre = models.CharField(max_length=400)
    fecha_limite = models.DateField()

    class Meta:
        app_label, db_table, managed = "bench", "liquidacion", False


class Factura(models.Model):
    """The columns that the look-up shows."""

    numero = models.IntegerField()
    liquidacion = models.ForeignKey(Liquidacion, on_delete=models.PROTECT)
    orden = models.IntegerField()
    estampilla_nombre = models.CharField(max_length=160)
    valor = models.IntegerField()
    estado = models.CharField(max_length=32)
    explicacion = models.CharField(max_length=1000)

    class Meta:
        app_label, db_table, managed = "bench", "factura", False

    def fila(self) -> dict[str, object]:
        """What is shown of it."""
        suya = self.liquidacion
        return mostrada(
            documento=suya.documento,
            nombre=suya.nombre,
            acto=suya.acto_nombre,
            fecha_limite=suya.fecha_limite,
            estampilla=self.estampilla_nombre,
            numero=self.numero,
            valor=self.valor,
            estado=self.estado,
            explicacion=self.explicacion,
        )


def consulta(request: HttpRequest) -> HttpResponse:
    """The form with its token, or the ten first facturas of an exact document."""
    if request.method == "GET":
        return render(request, "formulario.html")
    suyas = Factura.objects.select_related("liquidacion").filter(
        liquidacion__documento=request.POST["documento"], liquidacion__tipo="tramite"
    )
    pagina = Paginator(suyas.order_by("liquidacion_id", "orden"), 10).page(1)
    contexto = contexto_de([f.fila() for f in pagina], pagina.paginator.count)
    return render(request, "tabla.html", contexto)


urlpatterns = [path("consulta", consulta), path("salud", lambda _request: HttpResponse("hola"))]
app = get_wsgi_application()
