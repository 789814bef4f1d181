"""What a person typed is not lost when the session or the page's token ended while they wrote."""

from flask import Response, make_response, render_template, request

# What the page itself renews, and what is never written back.
_NO_VUELVEN = frozenset({"csrf_token"})


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
    campos = [(nombre, valor) for nombre, valor in request.form.items(multi=True) if nombre not in _NO_VUELVEN]
    direccion = request.full_path.rstrip("?")
    pagina = render_template(
        "errores/reenviar.html",
        titulo=titulo,
        mensaje=mensaje,
        campos=campos,
        direccion=direccion,
        pide_ingreso=ingresar,
    )
    return make_response(pagina, estado)
