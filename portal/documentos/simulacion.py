"""A finished run as a spreadsheet: summary, stamps, acts, largest changes, what was refused, fixed tariffs."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from portal.documentos.libro import Celda, Hoja, escribir_xlsx
from portal.dominio.acumulado import Cuenta, Resultado
from portal.dominio.calendario import dia_en_palabras
from portal.dominio.dinero import escribir_cambio, escribir_miles, escribir_pesos
from portal.dominio.simulacion import TarifaFija
from portal.models import Simulacion
from portal.operaciones.simulaciones import Nombres, resultado_de, tarifas_de

_MONTOS = ("Antes", "Con la propuesta", "Diferencia", "Cambio")


def frase_de(simulacion: Simulacion) -> str:
    """What was compared, for people: which assessments, on which days, with which values."""
    primero, ultimo = simulacion.desde, simulacion.hasta
    dias = f"del {dia_en_palabras(primero)} al {dia_en_palabras(ultimo)}"
    frases = [
        f"Cada liquidación vigente {dias} se liquidó otra vez el mismo día un año después, con las normas publicadas hoy "
        "(«antes») y como si la propuesta ya estuviera publicada."
        if simulacion.total
        else f"No hay liquidaciones vigentes {dias}."
    ]
    if simulacion.total and ultimo.year > primero.year:
        dia = dia_en_palabras(primero.replace(year=primero.year + 1))
        frases.append(f"Las que caerían en {ultimo.year + 1} se liquidaron el {dia}.")
    if simulacion.sin_valor:
        faltan = ", ".join(simulacion.sin_valor)
        frases.append(
            f"Aún no se ha publicado para esos días: {faltan}. En los dos casos se usó el último valor publicado."
        )
    return " ".join(frases)


def hallazgo_de(simulacion: Simulacion) -> str:
    """The finding in one sentence."""
    total = resultado_de(simulacion).total
    if not simulacion.total:
        return "No hay liquidaciones del año anterior para comparar; las tarifas fijas muestran el efecto."
    if not total.lineas:
        return "Ninguna liquidación se pudo comparar; abajo están las razones."
    if not total.cambian:
        return f"Ninguna de las {escribir_miles(total.lineas)} facturas comparadas cambia."
    cambio = f"{escribir_miles(total.cambian)} de {escribir_miles(total.lineas)} facturas comparadas cambian"
    if total.diferencia == 0:
        return f"{cambio}; el total, {escribir_pesos(total.antes)}, queda igual."
    verbo = "sube" if total.diferencia > 0 else "baja"
    return (
        f"{cambio}; el total {verbo} de {escribir_pesos(total.antes)} a {escribir_pesos(total.despues)} "
        f"({escribir_cambio(total.antes, total.despues)})."
    )


def libro_de_simulacion(simulacion: Simulacion, titulo: str, nombres: Nombres, dia: date) -> bytes:
    """The XLSX; above every sheet, which draft (`titulo`) was run over what, and on which `dia`."""
    resultado, tarifas = resultado_de(simulacion), tarifas_de(simulacion)
    notas = (
        f"Simulación de la propuesta {simulacion.propuesta_id}, versión {simulacion.version}. {titulo}",
        frase_de(simulacion),
        f"Hecha por {simulacion.creada_por_nombre} el {dia_en_palabras(dia)}.",
    )
    hojas = (
        _resumen(resultado),
        _cuentas("Estampillas", "Estampilla", resultado.estampillas, nombres.estampillas),
        _cuentas("Actos", "Acto", resultado.actos, nombres.actos),
        _mayores(resultado),
        _rehusadas(resultado),
        _tarifas(tarifas, nombres),
    )
    return escribir_xlsx([Hoja(nombre, columnas, filas, notas) for nombre, columnas, filas in hojas])


_Tabla = tuple[str, Sequence[str], Sequence[Sequence[Celda]]]


def _resumen(resultado: Resultado) -> _Tabla:
    total = resultado.total
    filas: list[Sequence[Celda]] = [
        ("Total antes", total.antes),
        ("Total con la propuesta", total.despues),
        ("Diferencia", total.diferencia),
        ("Cambio", escribir_cambio(total.antes, total.despues)),
        ("Liquidaciones comparadas", resultado.liquidaciones),
        ("Liquidaciones que cambian", resultado.cambian),
        ("Facturas comparadas", total.lineas),
        ("Facturas que suben", total.suben),
        ("Facturas que bajan", total.bajan),
        ("Liquidaciones que ya no se podrían hacer", resultado.dejan.cuantas),
        ("Su total antes", resultado.dejan.total),
        ("Liquidaciones que solo se podrían hacer con la propuesta", resultado.empiezan.cuantas),
        ("Su total con la propuesta", resultado.empiezan.total),
        ("Liquidaciones que no se pueden hacer en ningún caso", resultado.ninguna.cuantas),
    ]
    return "Resumen", ("Dato", "Valor"), filas


def _cuentas(hoja: str, titulo: str, cuentas: Mapping[str, Cuenta], nombres: Mapping[str, str]) -> _Tabla:
    columnas = ("Código", titulo, "Facturas comparadas", "Suben", "Bajan", *_MONTOS)
    filas = [
        (codigo, nombres.get(codigo, ""), c.lineas, c.suben, c.bajan, *_montos(c.antes, c.despues))
        for codigo, c in sorted(cuentas.items(), key=lambda par: (-abs(par[1].diferencia), par[0]))
    ]
    return hoja, columnas, filas


def _mayores(resultado: Resultado) -> _Tabla:
    columnas = ("Cambio", "Liquidación", "Actos", *_MONTOS)
    filas = [
        (sentido, uno.numero, ", ".join(uno.actos), *_montos(uno.antes, uno.despues))
        for sentido, unos in (("Alza", resultado.alzas), ("Baja", resultado.bajas))
        for uno in unos
    ]
    return "Mayores cambios", columnas, filas


def _rehusadas(resultado: Resultado) -> _Tabla:
    lados = (
        ("Ya no se podría hacer", resultado.dejan),
        ("Solo con la propuesta", resultado.empiezan),
        ("En ningún caso", resultado.ninguna),
    )
    columnas = ("Caso", "Liquidación", "Actos", "Total en el otro caso", "Razón")
    filas = [
        (caso, e.numero, ", ".join(e.actos), e.total, e.razon) for caso, rehusadas in lados for e in rehusadas.ejemplos
    ]
    return "Sin comparar", columnas, filas


def _tarifas(tarifas: Sequence[TarifaFija], nombres: Nombres) -> _Tabla:
    columnas = ("Estampilla", "Acto", "Variante", "Tarifa antes", "Tarifa con la propuesta", *_MONTOS)
    filas = []
    for t in tarifas:
        montos: Sequence[Celda] = (t.antes, t.despues, None, "")
        if t.antes is not None and t.despues is not None:
            montos = _montos(t.antes, t.despues)
        acto = nombres.acto(t.acto, t.clase)
        filas.append((nombres.estampilla(t.estampilla), acto, t.variante, t.texto_antes, t.texto_despues, *montos))
    return "Tarifas fijas", columnas, filas


def _montos(antes: Decimal, despues: Decimal) -> tuple[Celda, ...]:
    return antes, despues, despues - antes, escribir_cambio(antes, despues)
