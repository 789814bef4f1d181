"""What a stamp is worth at this moment, for whoever scans it, and the public page of a certificate."""

from tests.escenas.escena import Escena, vacio

ESCENAS = (
    Escena("verificar", "/verificar"),
    vacio("verificar-error", "/verificar"),
    Escena("verificar-sin-conexion", "/verificar/sin-conexion"),
    Escena("estampilla-vigente", "/v/{estampilla_vigente}"),
    Escena("estampilla-vigente-por-qr", "/v/{sello_vigente}"),
    Escena("estampilla-vigente-de-funcionario", "/v/{estampilla_vigente}", quien="funcionario"),
    Escena("estampilla-nombre-largo", "/v/{estampilla_larga}"),
    Escena("estampilla-usada", "/v/{estampilla_usada}"),
    Escena("estampilla-revertida", "/v/{estampilla_revertida}"),
    Escena("estampilla-reemplazada", "/v/{estampilla_reemplazada}"),
    Escena("estampilla-de-cero", "/v/{estampilla_cero}"),
    Escena("estampilla-no-valida", "/v/AAAAAAAAAAAA", estado=404),
    Escena("certificado-publico", "/certificado/{certificado}"),
    Escena("certificado-publico-nada", "/certificado/{certificado_nada}"),
    Escena("certificado-publico-largo", "/certificado/{certificado_largo}"),
    Escena("certificado-publico-lista", "/certificado/{certificado_lista}"),
)
