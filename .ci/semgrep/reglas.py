"""Bad and good examples of each rule; nothing imports this file, and nothing runs it."""
# ruff: noqa


def redirecciones():
    # ruleid: redirige-a-lo-pedido
    redirect(request.args.get("siguiente"))
    destino = request.form["volver"]
    # ruleid: redirige-a-lo-pedido
    redirect(destino, 303)
    # ruleid: redirige-a-lo-pedido
    redirect(f"//{request.headers['Host']}/x")
    # ruleid: redirige-a-lo-pedido
    redirect(request.referrer)
    # ok: redirige-a-lo-pedido
    redirect(volver_a(request.form.get("volver", "")), 303)
    # ok: redirige-a-lo-pedido
    redirect(url_for("consulta.buscar", pagina=request.args["pagina"]), 303)
    # ok: redirige-a-lo-pedido
    redirect(f"/consulta?{urlencode(list(request.args.items(multi=True)))}", 308)


def plantillas():
    # ruleid: plantilla-de-un-texto
    render_template_string(request.args["q"])
    # ruleid: plantilla-de-un-texto
    app.jinja_env.from_string("{{ x }}")
    # ok: plantilla-de-un-texto
    render_template("consulta/pagina.html", q=request.args["q"])


def firmas(cuerpo):
    # ruleid: firma-comparada-con-igual
    if request.headers["X-Signature"] == esperado and firma == esperado:
        pass
    # ruleid: firma-comparada-con-igual
    if datos["checksum"] != esperado or aviso.checksum != calculado:
        pass
    # ruleid: firma-comparada-con-igual
    return token == guardado
    # ok: firma-comparada-con-igual
    return hmac.compare_digest(firma, esperado)
    # ok: firma-comparada-con-igual
    return ajustes.firma == "sha1"
    # ok: firma-comparada-con-igual
    return una.propuesta_por == firma.usuario.id


def consultas(sesion, documento):
    # ruleid: consulta-armada-con-textos
    sesion.execute(text("SELECT 1 WHERE x = '%s'" % documento))
    # ruleid: consulta-armada-con-textos
    sesion.execute(text(f"SELECT * FROM liquidacion WHERE documento = '{documento}'"))
    # ruleid: consulta-armada-con-textos
    conexion.exec_driver_sql("DELETE FROM " + tabla)
    # ruleid: consulta-armada-con-textos
    cursor.execute("SELECT {}".format(documento))
    # ok: consulta-armada-con-textos
    sesion.execute(text("SELECT * FROM liquidacion WHERE documento = :documento"), {"documento": documento})
    # ok: consulta-armada-con-textos
    sesion.execute(select(Liquidacion).where(Liquidacion.documento == documento))


def marcados(nombre):
    # ruleid: marcado-que-no-se-escapa
    Markup(nombre)
    # ruleid: marcado-que-no-se-escapa
    Markup(f"<b>{nombre}</b>")
    # ok: marcado-que-no-se-escapa
    Markup("<b>{}</b>").format(nombre)
    # ok: marcado-que-no-se-escapa
    Markup()


def peticiones(direccion):
    # ruleid: peticion-sin-plazo
    httpx2.get(direccion)
    # ruleid: peticion-sin-plazo
    requests.post(direccion, json={})
    # ruleid: peticion-sin-plazo
    httpx2.Client(verify=True)
    # ok: peticion-sin-plazo
    httpx2.Client(verify=True, timeout=httpx2.Timeout(10))
    # ok: peticion-sin-plazo
    client.get(direccion)
    # ruleid: peticion-de-biblioteca-sin-plazo
    urllib.request.urlopen(direccion)
    # ruleid: peticion-de-biblioteca-sin-plazo
    smtplib.SMTP("correo.test", 587)
    # ok: peticion-de-biblioteca-sin-plazo
    smtplib.SMTP("correo.test", 587, timeout=20)


def relojes(x):
    # ruleid: ahora-sin-zona
    datetime.now()
    # ruleid: ahora-sin-zona
    datetime.utcnow()
    # ruleid: ahora-sin-zona
    date.today()
    # ok: ahora-sin-zona
    datetime.now(UTC)
    # ok: ahora-sin-zona
    datetime.fromtimestamp(x, UTC)


class Dinero:
    # ruleid: dinero-en-float
    valor = mapped_column(Float)


def pesos(factura):
    # ruleid: dinero-en-float
    return float(factura.valor)
    # ok: dinero-en-float
    return Decimal(factura.valor)
    # ok: dinero-en-float
    return float("inf")


def registros(una):
    # ruleid: persona-en-el-registro
    registro.info("se liquidó a %s", una.documento)
    # ruleid: persona-en-el-registro
    registro.warning("el formulario fue %s", request.form)
    # ruleid: persona-en-el-registro
    logger.error(f"no se encontró {pagador.correo}")
    # ruleid: persona-en-el-registro
    registro.error("%s no pudo entrar", request.form.get("correo"))
    # ok: persona-en-el-registro
    registro.info("se liquidó %s", una.numero)
    # ok: persona-en-el-registro
    registro.error("base de datos no disponible en %s: %s", request.endpoint, type(error).__name__)


def direcciones(una):
    # ruleid: persona-en-la-direccion
    url_for("consulta.buscar", documento=una.documento)
    # ok: persona-en-la-direccion
    url_for("liquidaciones.ver", codigo=una.codigo)
