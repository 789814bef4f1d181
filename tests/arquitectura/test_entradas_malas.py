"""Every bad input of the list has its test, by name; one without, or a name that no longer exists, fails here."""

import re
from pathlib import Path

PRUEBAS = Path(__file__).resolve().parents[1]
# Bad input -> the tests that send it, as "file: name". The list is B-01 … B-57 with the gaps that it has.
TABLA: dict[str, tuple[str, ...]] = {
    "B-01": (
        "web/test_liquidaciones_datos_malos.py: test_cada_dato_malo_se_rechaza_junto_a_su_campo_y_se_conserva",
        "dominio/test_dinero.py: test_lo_ambiguo_o_raro_se_rechaza_con_un_ejemplo",
        "web/test_entradas_malas.py: test_cada_campo_responde_lo_mismo_en_los_dos_motores",
    ),
    "B-02": (
        "dominio/test_dinero.py: test_se_lee_lo_que_se_escribe_en_colombia",
        "web/test_liquidaciones_datos_malos.py: test_las_formas_colombianas_de_escribir_un_valor_son_el_mismo",
        "dominio/test_celdas.py: test_tres_decimales_no_se_toman_por_miles",
    ),
    "B-03": ("web/test_liquidaciones_datos_malos.py: test_cada_dato_malo_se_rechaza_junto_a_su_campo_y_se_conserva",),
    "B-04": ("web/test_liquidaciones_datos_malos.py: test_cada_dato_malo_se_rechaza_junto_a_su_campo_y_se_conserva",),
    "B-05": (
        "web/test_entradas_malas.py: test_un_porcentaje_imposible_se_rechaza",
        "web/test_tarifas.py: test_lo_malo_se_dice_junto_al_campo_y_no_se_guarda",
    ),
    "B-06": (
        "dominio/test_identificacion.py: test_un_documento_malo_se_rechaza",
        "dominio/test_identificacion.py: test_el_digito_solo_se_acepta_despues_de_un_guion",
    ),
    "B-07": (
        "dominio/test_identificacion.py: test_un_texto_malo_se_rechaza",
        "dominio/test_identificacion.py: test_ningun_texto_rompe_la_lectura",
        "web/test_entradas_malas.py: test_cada_campo_responde_lo_mismo_en_los_dos_motores",
    ),
    "B-08": (
        "web/test_liquidaciones_datos_malos.py: test_un_texto_raro_se_guarda_tal_cual_y_se_muestra_sin_efecto",
        "documentos/test_pdf.py: test_un_campo_malicioso_es_texto_y_no_pide_nada",
        "documentos/test_correo.py: test_una_fila_cambiada_a_mano_tampoco_inyecta_cabeceras",
        "web/test_exportar_listas.py: test_ninguna_celda_corre_como_formula",
        "web/test_entradas_malas.py: test_lo_que_parece_sql_es_un_correo_que_nadie_tiene",
    ),
    "B-09": (
        "web/test_liquidaciones_datos_malos.py: test_cada_dato_malo_se_rechaza_junto_a_su_campo_y_se_conserva",
        "dominio/test_celdas.py: test_lo_que_no_es_una_fecha_se_rechaza",
    ),
    "B-10": (
        "web/test_liquidaciones_datos_malos.py: test_cada_dato_malo_se_rechaza_junto_a_su_campo_y_se_conserva",
        "web/test_reconocimientos.py: test_uno_que_no_existe_o_de_otro_departamento_es_404",
    ),
    "B-11": (
        "web/test_forma_de_las_peticiones.py: test_un_metodo_desconocido_es_405_con_los_permitidos",
        "web/test_entradas_malas.py: test_cabeza_y_opciones_responden_como_la_pagina_y_sin_cuerpo",
    ),
    "B-12": (
        "web/test_forma_de_las_peticiones.py: test_un_host_ajeno_se_rechaza",
        "web/test_entradas_malas.py: test_un_host_ajeno_se_rechaza_aunque_lo_demas_tambien_este_mal",
        "caidas/test_http_crudo.py: test_lo_mal_formado_se_rechaza_y_el_servidor_sigue",
    ),
    "B-13": ("caidas/test_http_crudo.py: test_lo_mal_formado_se_rechaza_y_el_servidor_sigue",),
    "B-14": (
        "web/test_forma_de_las_peticiones.py: test_una_direccion_rara_no_pasa",
        "web/test_consulta.py: test_un_dato_repetido_o_ilegible_se_rechaza",
        "web/test_entradas_malas.py: test_un_numero_que_ninguna_fila_tiene_es_una_direccion_que_no_existe",
    ),
    "B-15": (
        "web/test_consulta.py: test_sin_token_o_con_otro_tipo_de_contenido_se_rechaza",
        "web/test_sesion_perdida.py: test_lo_de_otro_sitio_no_vuelve_con_un_token_nuestro",
        "web/test_entradas_malas.py: test_la_marca_del_formulario_no_vale_en_la_direccion_ni_de_otra_sesion",
    ),
    "B-16": (
        "web/test_forma_de_las_peticiones.py: test_un_envio_enorme_se_rechaza",
        "web/test_forma_de_las_peticiones.py: test_un_tipo_de_contenido_ajeno_se_rechaza",
        "web/test_entradas_malas.py: test_una_parte_sin_nombre_se_rechaza",
    ),
    "B-17": (
        "web/test_ingresar.py: test_campos_de_mas_no_cambian_nada",
        "web/test_pago.py: test_los_valores_del_formulario_no_valen_nada",
        "web/test_liquidaciones_datos_malos.py: test_un_campo_que_el_acto_no_tiene_se_ignora",
    ),
    "B-18": (
        "web/test_ingresar.py: test_despues_de_ingresar_nunca_se_sale_del_portal",
        "web/test_sesion_perdida.py: test_con_preguntas_en_la_direccion_tampoco_se_sale_del_portal",
    ),
    "B-19": (
        "web/test_forma_de_las_peticiones.py: test_cabeceras_htmx_falsas_solo_cambian_la_forma",
        "web/test_sesion_perdida.py: test_la_pagina_que_otro_dice_no_se_cree",
    ),
    "B-20": ("web/test_forma_de_las_peticiones.py: test_las_cabeceras_de_un_proxy_que_nadie_configuro_se_ignoran",),
    "B-21": (
        "pasarelas/test_avisos.py: test_sin_la_firma_de_la_pasarela_no_es_suyo",
        "pasarelas/test_wompi_avisos.py: test_dos_sumas_distintas_no_valen",
        "web/test_notificaciones.py: test_sin_firma_buena_no_se_guarda_nada",
    ),
    "B-22": (
        "pasarelas/test_wompi_avisos.py: test_cambiar_lo_firmado_invalida_la_suma",
        "pasarelas/test_avisos.py: test_mover_la_frontera_entre_los_campos_firmados_no_engana",
    ),
    "B-23": (
        "pasarelas/test_avisos.py: test_bytes_que_no_son_un_objeto_json",
        "pasarelas/test_wompi_avisos.py: test_bytes_que_no_son_un_objeto_json",
        "web/test_notificaciones.py: test_un_cuerpo_enorme_o_de_otra_pasarela_se_rechaza",
    ),
    "B-24": (
        "web/test_notificaciones.py: test_una_referencia_desconocida_se_guarda_y_se_responde_bien",
        "pasarelas/test_wompi_avisos.py: test_un_evento_de_otra_cosa_se_recibe_y_no_habla_de_ningun_pago",
        "pasarelas/test_wompi_respuestas.py: test_una_palabra_desconocida_queda_pendiente_y_avisa",
    ),
    "B-25": (
        "pasarelas/test_respuestas.py: test_un_valor_ilegible_no_dice_nada",
        "pasarelas/test_wompi_respuestas.py: test_un_valor_que_no_es_un_entero_de_centavos_no_dice_nada",
    ),
    # The age of a notification changes nothing: it is a hint, and the gateway is asked for the fact.
    "B-26": (
        "pasarelas/test_wompi_avisos.py: test_un_evento_de_otro_ambiente_se_rechaza_y_se_dice",
        "web/test_notificaciones.py: test_una_notificacion_buena_se_guarda_y_se_pregunta_la_verdad",
    ),
    "B-27": ("web/test_entradas_malas.py: test_una_avalancha_de_firmas_falsas_no_escribe_una_fila_por_cada_una",),
    # The known portal finds by document alone; names are masked and look-ups counted (decisions 65 to 67).
    "B-30": (
        "web/test_consulta.py: test_el_nombre_va_oculto_y_un_funcionario_lo_ve",
        "web/test_consulta.py: test_quien_busca_por_factura_no_aprende_de_quien_es",
    ),
    "B-31": ("web/test_consulta.py: test_la_consulta_31_de_una_direccion_se_frena_y_ofrece_otra_salida",),
    "B-32": (
        "operaciones/test_archivos.py: test_el_codigo_no_se_adivina",
        "web/test_pago.py: test_un_codigo_inventado_no_existe",
        "web/test_consulta.py: test_ningun_numero_de_identidad_aparece_en_direcciones",
    ),
    "B-33": (
        "web/test_consulta.py: test_lo_que_no_es_un_documento_exacto_se_rechaza",
        "dominio/test_identificacion.py: test_una_consulta_nunca_es_un_patron",
    ),
    "B-34": (
        "web/test_estampillas.py: test_lo_alterado_recibe_siempre_la_misma_respuesta",
        "web/test_estampillas.py: test_cada_octeto_alterado_se_nota",
    ),
    "B-35": (
        "web/test_adjuntos_descarga.py: test_el_de_otro_asunto_no_existe_para_quien_no_le_toca_y_queda_anotado",
        "web/test_agentes_diario.py: test_la_entidad_ve_lo_suyo_y_lo_ajeno_no_existe_y_queda_escrito",
    ),
    "B-36": (
        "arquitectura/test_rutas.py: test_cada_rol_entra_solo_a_lo_suyo",
        "accesos/test_accesos.py: test_cada_ruta_responde_a_cada_quien_lo_que_esta_escrito",
    ),
    "B-37": (
        "web/test_ingresar.py: test_cuenta_desconocida_y_clave_mala_dicen_lo_mismo",
        "web/test_ingresar.py: test_tras_cinco_fallos_la_cuenta_espera_y_despues_vuelve_sola",
    ),
    "B-38": (
        "web/test_ingresar.py: test_ingresar_cambia_la_sesion_anterior",
        "web/test_ingresar.py: test_una_copia_de_la_cookie_no_sirve_despues_de_salir",
        "web/test_mi_cuenta.py: test_ninguna_cookie_vieja_vuelve_a_servir",
    ),
    "B-39": (
        "web/test_olvido.py: test_no_sirve_pasada_media_hora_ni_despues_de_otro_ni_de_cambiar_la_contrasena_ni_alterado",
        "web/test_olvido.py: test_la_direccion_del_correo_es_la_configurada_y_la_cuarta_peticion_no_se_envia",
        "operaciones/test_personas_carreras.py: test_de_seis_que_usan_un_enlace_elige_la_contrasena_uno",
    ),
    "B-40": (
        "dominio/test_contrasenas.py: test_se_acepta",
        "dominio/test_contrasenas.py: test_se_rechaza_y_se_dice_que_hacer",
    ),
    "B-41": (
        "operaciones/test_segundo_factor.py: test_un_codigo_sirve_una_vez_y_el_reloj_puede_diferir_un_paso",
        "operaciones/test_segundo_factor.py: test_seis_intentos_seguidos_esperan_y_la_cuenta_no_queda_cerrada",
        "operaciones/test_personas_carreras.py: test_de_seis_que_traen_un_codigo_o_uno_de_recuperacion_entra_uno",
    ),
    "B-50": (
        "web/test_adjuntos_subida.py: test_cada_archivo_malo_tiene_su_frase_y_no_entra",
        "web/test_adjuntos_revision.py: test_el_que_nadie_deberia_abrir_no_pasa",
        "web/test_adjuntos_revision.py: test_una_bomba_no_pasa_de_su_memoria_y_sin_limites_pasaria",
    ),
    "B-51": (
        "web/test_adjuntos_subida.py: test_el_nombre_es_solo_un_rotulo",
        "web/test_adjuntos_descarga.py: test_el_nombre_va_escrito_para_los_que_leen_y_para_los_que_no",
    ),
    "B-52": (
        "operaciones/test_archivos.py: test_el_mismo_dos_veces_es_el_mismo_y_cuenta_una",
        "operaciones/test_archivos.py: test_el_de_otra_cuenta_es_otro_y_no_dice_que_ya_estaba",
        "web/test_adjuntos_subida.py: test_el_cupo_del_dia_se_dice_con_429_y_cuando_volver",
    ),
    "B-53": ("web/test_adjuntos_descarga.py: test_se_baja_y_no_corre_y_queda_anotado",),
    "B-54": (
        "documentos/test_pdf.py: test_un_campo_malicioso_es_texto_y_no_pide_nada",
        "documentos/test_pdf.py: test_un_documento_desmedido_se_rechaza_y_la_imprenta_sigue",
        "documentos/test_imprenta.py: test_la_prensa_no_sabe_ningun_secreto_ni_se_conecta",
        "documentos/test_imprenta.py: test_lo_que_no_termina_o_no_cabe_se_detiene_y_sigue_el_siguiente",
        "web/test_entradas_malas.py: test_lo_que_la_imprenta_no_puede_se_dice",
    ),
    "B-55": (
        "web/test_exportar_listas.py: test_ninguna_celda_corre_como_formula",
        "documentos/test_libro.py: test_el_xlsx_no_lleva_formulas",
        "documentos/test_libro.py: test_el_csv_abre_en_una_hoja_de_calculo_colombiana",
    ),
    "B-56": (
        "dominio/test_asobancaria_danos.py: test_cada_dano_se_llama_por_su_nombre",
        "dominio/test_asobancaria.py: test_latin_1_y_utf_8_son_el_mismo_archivo",
        "operaciones/test_archivos_banco_reenvios.py: test_el_mismo_archivo_otra_vez_no_cambia_nada",
        "operaciones/test_lotes_archivo.py: test_un_archivo_malo_se_rechaza_con_una_frase",
    ),
    # No file brings parameters: they are drafts that a second person publishes.
    "B-57": (
        "dominio/test_propuestas.py: test_ni_se_solapa_ni_deja_huecos",
        "web/test_tarifas.py: test_lo_malo_se_dice_junto_al_campo_y_no_se_guarda",
    ),
}
LISTA = [f"B-{n:02}" for n in (*range(1, 28), *range(30, 42), *range(50, 58))]


def test_cada_entrada_mala_tiene_su_prueba() -> None:
    assert sorted(TABLA) == LISTA


def test_cada_prueba_de_la_tabla_existe() -> None:
    perdidas = []
    for cual, nombres in TABLA.items():
        assert nombres, cual
        for archivo, prueba in (nombre.split(": ") for nombre in nombres):
            ruta = PRUEBAS / archivo
            if not ruta.is_file() or not re.search(
                rf"^ *def {prueba}\(", ruta.read_text(encoding="utf-8"), re.MULTILINE
            ):
                perdidas.append(f"{cual}: {archivo}: {prueba}")
    assert perdidas == []
