"""What a person typed is not lost when the session or the page's token ended while they wrote."""

from collections.abc import Sequence

from flask import Response, make_response, render_template, request

# What the page itself renews, and what is never written back.
_NO_VUELVEN = frozenset({"csrf_token", "contrasena", "contrasena_actual", "repetida", "codigo_acceso"})


def pagina_para_reenviar(estado: int, titulo: str, mensaje: str, *, ingresar: bool = False) -> Response | None:
    """The sent form again, as hidden fields with a fresh token and a button; None when it was not one that can come back.

    Only for forms that a page of ours sent (`Origin`): another site's would come back with a token of ours (CSRF). A password
    is never written back, and a file cannot be.
    """
    propio = request.headers.get("Origin", "") == request.host_url.rstrip("/")
    if (
        request.method != "POST"
        or not propio
        or request.files
        or request.endpoint == "login.ingresar"
        or not request.form
    ):
        return None
    direccion = request.full_path.rstrip("?")
    pagina = para_reenviar(titulo, mensaje, direccion, campos_enviados(), ingresar=ingresar)
    return make_response(pagina, estado)


def campos_enviados() -> list[tuple[str, str]]:
    """What the form of this request held and may be written back: neither passwords nor files."""
    return [(nombre, valor) for nombre, valor in request.form.items(multi=True) if nombre not in _NO_VUELVEN]


def para_reenviar(
    titulo: str, mensaje: str, direccion: str, campos: Sequence[tuple[str, str]], *, ingresar: bool = False
) -> str:
    """The page that sends some fields to an address of ours, once somebody presses its button."""
    return render_template(
        "errores/reenviar.html",
        titulo=titulo,
        mensaje=mensaje,
        campos=campos,
        direccion=direccion,
        pide_ingreso=ingresar,
    )
