-- The rows of bench/datos.py, in words of both engines; what is in braces is filled in there.
INSERT INTO liquidacion (id, codigo, numero, clave_formulario, departamento, tipo, vigencia, tipo_documento, documento,
    nombre, clase, direccion, telefono, correo, acto_nombre, numero_contrato, numero_proceso, contratante, contratante_nit,
    objeto, adicion, valor_acto, fecha_causacion, solicitud, avisos, provisional, total, fecha_limite, emitida_en,
    emitida_por_nombre, vigente, cuenta, por_retencion, reglas, entidad)
SELECT i + 1, 'BENCH' || CAST(i AS TEXT), i + 1, 'bench-' || CAST(i AS TEXT), '{departamento}', 'tramite', 2026, 'CC',
    CAST(CASE WHEN i < {ligeros} THEN {primero} + i % {personas} ELSE {pesado} END AS TEXT),
    'Persona de Prueba Número ' || CAST(i AS TEXT), 'natural', 'Calle 8 # 7-40', '', '', 'Certificado de paz y salvo', NULL,
    '', '', '', '', 0, NULL, '2026-06-01', '{{"actos": ["P-T-01"], "variantes": {{}}, "hechos": {{}}}}', '[]', false,
    1800000, '2099-12-31', '2026-06-01 15:00:00+00:00', 'El contribuyente', true, '', false, '[]', 0
FROM {de_tramites};

INSERT INTO liquidacion (id, codigo, numero, clave_formulario, departamento, tipo, vigencia, tipo_documento, documento,
    nombre, clase, direccion, telefono, correo, acto_nombre, numero_contrato, numero_proceso, contratante, contratante_nit,
    objeto, adicion, valor_acto, fecha_causacion, solicitud, avisos, provisional, total, fecha_limite, emitida_en,
    emitida_por_nombre, vigente, cuenta, por_retencion, reglas, entidad)
SELECT {tramites} + i + 1, 'BENCH' || CAST({tramites} + i AS TEXT), {tramites} + i + 1,
    'bench-' || CAST({tramites} + i AS TEXT), '{departamento}', 'contrato', 2026, 'NIT', CAST(800000000 + i AS TEXT),
    'Empresa de Prueba Número ' || CAST(i AS TEXT), 'juridica', 'Calle 8 # 7-40', '', '', 'Contrato de suministro',
    CAST(i + 1 AS TEXT), '', 'Entidad contratante ' || CAST(i % 60 AS TEXT), '', '', 0, 15000000000, '2026-06-01',
    '{{"actos": ["P-C-01"], "variantes": {{}}, "hechos": {{}}}}', '[]', false, 900000000, '2099-12-31',
    '2026-06-01 15:00:00+00:00', 'Oficina de Rentas', true, '', false, '[]', 0
FROM {de_contratos};

INSERT INTO factura (numero, liquidacion_id, orden, estampilla, estampilla_nombre, acto, base, tarifa, indicador, exacto,
    redondeo, norma, explicacion, valor, estado)
SELECT 0 + (id - 1 - 0) * 2 + o, id, o, 'E' || CAST(o AS TEXT), 'Estampilla de prueba ' || CAST(o AS TEXT),
    'P-01', NULL, '1,5 UVT', 'UVT 2026', '78561', 'al múltiplo de 1.000 más cercano', 'Ordenanza 766 de 2018, artículo 5',
    'Tarifa de 1,5 UVT de 2026 (52.374): 78.561 pesos, aproximados al múltiplo de mil más cercano.', 900000,
    CASE WHEN id % 3 = 0 THEN 'legalizada' ELSE 'liquidada' END
FROM liquidacion CROSS JOIN (SELECT 1 AS o UNION ALL SELECT 2) AS ordenes
WHERE tipo = 'tramite';

INSERT INTO factura (numero, liquidacion_id, orden, estampilla, estampilla_nombre, acto, base, tarifa, indicador, exacto,
    redondeo, norma, explicacion, valor, estado)
SELECT 2 * {tramites} + (id - 1 - {tramites}) * 6 + o, id, o, 'E' || CAST(o AS TEXT), 'Estampilla de prueba ' || CAST(o AS TEXT),
    'P-01', NULL, '1,5 UVT', 'UVT 2026', '78561', 'al múltiplo de 1.000 más cercano', 'Ordenanza 766 de 2018, artículo 5',
    'Tarifa de 1,5 UVT de 2026 (52.374): 78.561 pesos, aproximados al múltiplo de mil más cercano.', 900000,
    CASE WHEN id % 3 = 0 THEN 'legalizada' ELSE 'liquidada' END
FROM liquidacion CROSS JOIN (SELECT 1 AS o UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6) AS ordenes
WHERE tipo = 'contrato';
