"""agentes recaudadores: registro, retenciones, consignaciones y declaraciones mensuales

Revision ID: 034
Revises: 033
Create Date: 2026-11-25 17:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '034'
down_revision = '033'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
# table -> (constraint, column, last value before, values after it)
CRECEN = {
    'asiento': ('claseasiento', 'clase', 'rebote', ('consignacion',)),
    'recaudo': ('canalrecaudo', 'canal', 'manual', ('retencion',)),
    'reversion': ('causareversion', 'causa', 'tesoreria', ('agente',)),
}
ESTADOS = ('borrador', 'presentado', 'aceptado', 'devuelto', 'corregido')
# What a filed version says never changes; it is only accepted, given back or replaced.
DICHO = ('agente_id, mes, version, numero, liquidado, declarado, pagado, contenido, huella, vence, presentada_por, '
         'presentada_por_nombre, presentada_en, motivo_correccion, codigo')
RETENIDO = ('agente_id, sede_id, clave, liquidacion_id, recaudo_id, fecha, mes, forma, documento, registrada_por, '
            'registrada_por_nombre, registrada_en')
CONSIGNADO = ('codigo, numero, clave, agente_id, sede_id, mes, valor, fecha, banco, referencia, archivo_id, enviada_por, '
              'enviada_por_nombre, enviada_en')
# table -> (columns that no update touches, when)
FIJAS = {
    'declaracion': (DICHO, "OLD.estado <> 'borrador'"),
    'retencion': (RETENIDO, None),
    'consignacion': (CONSIGNADO, None),
}
SOLO_AGREGAN = ('renglon_declaracion', 'paso_declaracion')
TABLAS = ('paso_declaracion', 'renglon_declaracion', 'declaracion', 'consignacion', 'retencion')


def upgrade():
    _crecer(adelante=True)
    _crear_agente()
    _crear_retencion()
    _crear_consignacion()
    _crear_declaracion()
    _enlazar()
    _cerrar()


def downgrade():
    """Rows that only this version can say (money withheld by an agent) refuse it: nothing is unsaid."""
    for tabla in TABLAS:
        op.drop_table(tabla)
    op.drop_index(op.f('ix_usuario_agente_id'), 'usuario')
    op.drop_index(op.f('ix_liquidacion_agente_id_liquidacion_emitida_en'), 'liquidacion')
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_column('liquidacion', 'agente_id')
        op.drop_column('usuario', 'sede_id')
        op.drop_column('usuario', 'agente_id')
    else:
        op.execute('PRAGMA defer_foreign_keys = ON')
        _rehacer_en_sqlite('liquidacion', [(_referencia('liquidacion', 'agente_id', 'agente'), '')], sin=('agente_id',))
        _rehacer_en_sqlite('usuario', [(_referencia('usuario', 'agente_id', 'agente'), ''),
                                       (_referencia('usuario', 'sede_id', 'sede'), '')], sin=('agente_id', 'sede_id'))
    op.drop_table('sede')
    op.drop_table('agente')
    op.execute("DELETE FROM consecutivo WHERE serie IN ('declaracion', 'consignacion')")
    _crecer(adelante=False)


def _crecer(*, adelante):
    if op.get_bind().dialect.name == 'postgresql':
        for tabla, cambio in CRECEN.items():
            _crecer_en_postgresql(tabla, *cambio, adelante=adelante)
        return
    op.execute('PRAGMA defer_foreign_keys = ON')
    for tabla, (_, _, ultimo, nuevos) in CRECEN.items():
        antes, despues = f"'{ultimo}')", ', '.join(f"'{v}'" for v in (ultimo, *nuevos)) + ')'
        _rehacer_en_sqlite(tabla, [(antes, despues) if adelante else (despues, antes)])


def _crecer_en_postgresql(tabla, nombre, columna, _ultimo, nuevos, *, adelante):
    restriccion = op.f(f'ck_{tabla}_{nombre}')
    consulta = sa.text(
        "SELECT valor[1] FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g') AS valor "
        'WHERE conname = :nombre'
    )
    valores = list(op.get_bind().execute(consulta, {'nombre': restriccion}).scalars())
    valores = [*valores, *nuevos] if adelante else [v for v in valores if v not in nuevos]
    op.drop_constraint(restriccion, tabla)
    lista = ', '.join(f"'{v}'" for v in valores)
    op.create_check_constraint(restriccion, tabla, f'{columna} IN ({lista})')


def _rehacer_en_sqlite(tabla, textos, *, sin=()):
    """SQLite changes no constraint in place: the table is made anew as it stands, with `textos` in place of others.

    Its rows, indexes and triggers come back as they were; `sin` are columns that it has no more.
    """
    conexion = op.get_bind()
    crear = conexion.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :t"), {'t': tabla}).scalar_one()
    demas = conexion.execute(sa.text(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = :t AND sql IS NOT NULL"
    ), {'t': tabla}).scalars().all()
    for viejo, nuevo in textos:
        assert viejo in crear, f'{tabla}: {viejo}'
        crear = crear.replace(viejo, nuevo)
    columnas = [fila.name for fila in conexion.execute(sa.text(f'PRAGMA table_info({tabla})')) if fila.name not in sin]
    lista = ', '.join(f'"{c}"' for c in columnas)
    conexion.exec_driver_sql(f'CREATE TABLE {tabla}_copia AS SELECT {lista} FROM {tabla}')
    op.drop_table(tabla)
    conexion.exec_driver_sql(crear)
    conexion.exec_driver_sql(f'INSERT INTO {tabla} ({lista}) SELECT {lista} FROM {tabla}_copia ORDER BY rowid')
    op.drop_table(f'{tabla}_copia')
    for sql in demas:
        conexion.exec_driver_sql(sql)


def _crear_agente():
    op.create_table('agente',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('codigo', sa.String(length=32), nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('nit', sa.String(length=20), nullable=False),
    sa.Column('nombre', sa.String(length=160), nullable=False),
    sa.Column('clase', sa.String(length=60), nullable=False),
    sa.Column('estampillas', sa.JSON(), nullable=False),
    sa.Column('cuenta', sa.String(length=60), nullable=False),
    sa.Column('direccion', sa.String(length=160), nullable=False),
    sa.Column('telefono', sa.String(length=30), nullable=False),
    sa.Column('correo', sa.String(length=254), nullable=False),
    sa.Column('desde', sa.Date(), nullable=False),
    sa.Column('hasta', sa.Date(), nullable=True),
    sa.Column('abierto_hasta', sa.Date(), nullable=True),
    sa.Column('creado_en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("nombre <> '' AND nit <> ''", name=op.f('ck_agente_con_nombre_y_nit')),
    sa.CheckConstraint('hasta IS NULL OR hasta >= desde', name=op.f('ck_agente_termina_despues_de_empezar')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agente')),
    sa.UniqueConstraint('codigo', name=op.f('uq_agente_codigo')),
    sa.UniqueConstraint('departamento', 'nit', name=op.f('uq_agente_departamento_nit')),
    )
    op.create_table('sede',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('agente_id', ENTERO, nullable=False),
    sa.Column('nombre', sa.String(length=120), nullable=False),
    sa.Column('activa', sa.Boolean(), nullable=False),
    sa.CheckConstraint("nombre <> ''", name=op.f('ck_sede_con_nombre')),
    sa.ForeignKeyConstraint(['agente_id'], ['agente.id'], name=op.f('fk_sede_agente_id_agente')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sede')),
    sa.UniqueConstraint('agente_id', 'nombre', name=op.f('uq_sede_agente_id_nombre')),
    )


def _de_su_agente(tabla):
    return (
        sa.ForeignKeyConstraint(['agente_id'], ['agente.id'], name=op.f(f'fk_{tabla}_agente_id_agente')),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{tabla}')),
    )


def _crear_retencion():
    formas = sa.Enum('descuento', 'consignacion', name='formaretencion', native_enum=False, create_constraint=True, length=32)
    op.create_table('retencion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('agente_id', ENTERO, nullable=False),
    sa.Column('sede_id', ENTERO, nullable=True),
    sa.Column('clave', sa.String(length=64), nullable=False),
    sa.Column('liquidacion_id', ENTERO, nullable=False),
    sa.Column('recaudo_id', ENTERO, nullable=False),
    sa.Column('fecha', sa.Date(), nullable=False),
    sa.Column('mes', sa.Date(), nullable=False),
    sa.Column('forma', formas, nullable=False),
    sa.Column('documento', sa.String(length=60), nullable=False),
    sa.Column('registrada_por', ENTERO, nullable=False),
    sa.Column('registrada_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('registrada_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deshecha_por', ENTERO, nullable=True),
    sa.Column('deshecha_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('motivo', sa.String(length=300), nullable=False),
    sa.CheckConstraint("documento <> ''", name=op.f('ck_retencion_con_documento')),
    sa.CheckConstraint(
        "(deshecha_en IS NULL) = (deshecha_por IS NULL) AND (deshecha_en IS NULL) = (motivo = '')",
        name=op.f('ck_retencion_deshecha_con_motivo'),
    ),
    sa.ForeignKeyConstraint(['sede_id'], ['sede.id'], name=op.f('fk_retencion_sede_id_sede')),
    sa.ForeignKeyConstraint(['liquidacion_id'], ['liquidacion.id'], name=op.f('fk_retencion_liquidacion_id_liquidacion')),
    sa.ForeignKeyConstraint(['recaudo_id'], ['recaudo.id'], name=op.f('fk_retencion_recaudo_id_recaudo')),
    sa.ForeignKeyConstraint(['registrada_por'], ['usuario.id'], name=op.f('fk_retencion_registrada_por_usuario')),
    sa.ForeignKeyConstraint(['deshecha_por'], ['usuario.id'], name=op.f('fk_retencion_deshecha_por_usuario')),
    sa.UniqueConstraint('agente_id', 'clave', name=op.f('uq_retencion_agente_id_clave')),
    sa.UniqueConstraint('recaudo_id', name=op.f('uq_retencion_recaudo_id')),
    *_de_su_agente('retencion'),
    )
    op.create_index(op.f('ix_retencion_liquidacion_id'), 'retencion', ['liquidacion_id'])
    op.create_index(op.f('ix_retencion_agente_id_retencion_mes'), 'retencion', ['agente_id', 'mes'])


def _crear_consignacion():
    estados = sa.Enum('recibida', 'aceptada', 'rechazada', 'revertida', name='estadoconsignacion', native_enum=False,
                      create_constraint=True, length=32)
    op.create_table('consignacion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('codigo', sa.String(length=32), nullable=False),
    sa.Column('numero', ENTERO, nullable=False),
    sa.Column('clave', sa.String(length=64), nullable=False),
    sa.Column('agente_id', ENTERO, nullable=False),
    sa.Column('sede_id', ENTERO, nullable=True),
    sa.Column('mes', sa.Date(), nullable=False),
    sa.Column('valor', ENTERO, nullable=False),
    sa.Column('fecha', sa.Date(), nullable=False),
    sa.Column('banco', sa.String(length=120), nullable=False),
    sa.Column('referencia', sa.String(length=60), nullable=False),
    sa.Column('archivo_id', ENTERO, nullable=False),
    sa.Column('enviada_por', ENTERO, nullable=False),
    sa.Column('enviada_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('enviada_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('estado', estados, nullable=False),
    sa.Column('movimiento_id', ENTERO, nullable=True),
    sa.Column('resuelta_por', ENTERO, nullable=True),
    sa.Column('resuelta_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('resuelta_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('motivo', sa.String(length=300), nullable=False),
    sa.CheckConstraint('valor > 0', name=op.f('ck_consignacion_valor_positivo')),
    sa.CheckConstraint("(estado = 'recibida') = (resuelta_por IS NULL)", name=op.f('ck_consignacion_resuelta_por_alguien')),
    sa.CheckConstraint('(resuelta_por IS NULL) = (resuelta_en IS NULL)', name=op.f('ck_consignacion_resuelta_en_su_instante')),
    sa.CheckConstraint('enviada_por <> resuelta_por', name=op.f('ck_consignacion_la_resuelve_otra_persona')),
    sa.CheckConstraint("(estado = 'rechazada') = (motivo <> '')", name=op.f('ck_consignacion_rechazada_con_motivo')),
    sa.ForeignKeyConstraint(['sede_id'], ['sede.id'], name=op.f('fk_consignacion_sede_id_sede')),
    sa.ForeignKeyConstraint(['archivo_id'], ['archivo.id'], name=op.f('fk_consignacion_archivo_id_archivo')),
    sa.ForeignKeyConstraint(['enviada_por'], ['usuario.id'], name=op.f('fk_consignacion_enviada_por_usuario')),
    sa.ForeignKeyConstraint(['movimiento_id'], ['movimiento_banco.id'], name=op.f('fk_consignacion_movimiento_id_movimiento_banco')),
    sa.ForeignKeyConstraint(['resuelta_por'], ['usuario.id'], name=op.f('fk_consignacion_resuelta_por_usuario')),
    sa.UniqueConstraint('codigo', name=op.f('uq_consignacion_codigo')),
    sa.UniqueConstraint('numero', name=op.f('uq_consignacion_numero')),
    sa.UniqueConstraint('agente_id', 'clave', name=op.f('uq_consignacion_agente_id_clave')),
    sa.UniqueConstraint('movimiento_id', name=op.f('uq_consignacion_movimiento_id')),
    *_de_su_agente('consignacion'),
    )
    op.create_index(op.f('ix_consignacion_archivo_id'), 'consignacion', ['archivo_id'])
    op.create_index(op.f('ix_consignacion_agente_id_consignacion_mes'), 'consignacion', ['agente_id', 'mes'])
    viva = sa.text("estado <> 'rechazada'")
    op.create_index('uq_consignacion_referencia_viva', 'consignacion', ['referencia'], unique=True,
                    sqlite_where=viva, postgresql_where=viva)


def _estados():
    return sa.Enum(*ESTADOS, name='estadodeclaracion', native_enum=False, create_constraint=True, length=32)


def _crear_declaracion():
    op.create_table('declaracion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('codigo', sa.String(length=32), nullable=False),
    sa.Column('agente_id', ENTERO, nullable=False),
    sa.Column('mes', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('estado', _estados(), nullable=False),
    sa.Column('abierta_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('motivo_correccion', sa.String(length=500), nullable=False),
    sa.Column('numero', ENTERO, nullable=True),
    sa.Column('liquidado', ENTERO, nullable=True),
    sa.Column('declarado', ENTERO, nullable=True),
    sa.Column('pagado', ENTERO, nullable=True),
    sa.Column('contenido', sa.Text(), nullable=True),
    sa.Column('huella', sa.String(length=64), nullable=True),
    sa.Column('vence', sa.Date(), nullable=True),
    sa.Column('presentada_por', ENTERO, nullable=True),
    sa.Column('presentada_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('presentada_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('motivo_devolucion', sa.String(length=500), nullable=False),
    sa.CheckConstraint('version > 0', name=op.f('ck_declaracion_version_positiva')),
    sa.CheckConstraint(
        "(estado = 'borrador') = (numero IS NULL) AND (numero IS NULL) = (presentada_por IS NULL)"
        ' AND (numero IS NULL) = (contenido IS NULL) AND (numero IS NULL) = (declarado IS NULL)',
        name=op.f('ck_declaracion_fija_desde_que_se_presenta'),
    ),
    sa.CheckConstraint("(version = 1) = (motivo_correccion = '')", name=op.f('ck_declaracion_correccion_con_motivo')),
    sa.CheckConstraint("estado <> 'devuelto' OR motivo_devolucion <> ''", name=op.f('ck_declaracion_devuelta_con_motivo')),
    sa.ForeignKeyConstraint(['presentada_por'], ['usuario.id'], name=op.f('fk_declaracion_presentada_por_usuario')),
    sa.UniqueConstraint('codigo', name=op.f('uq_declaracion_codigo')),
    sa.UniqueConstraint('numero', name=op.f('uq_declaracion_numero')),
    sa.UniqueConstraint('agente_id', 'mes', 'version', name=op.f('uq_declaracion_agente_id_mes_version')),
    *_de_su_agente('declaracion'),
    )
    borrador = sa.text("estado = 'borrador'")
    en_pie = sa.text("estado IN ('presentado', 'aceptado', 'devuelto')")
    op.create_index('uq_declaracion_borrador', 'declaracion', ['agente_id', 'mes'], unique=True,
                    sqlite_where=borrador, postgresql_where=borrador)
    op.create_index('uq_declaracion_en_pie', 'declaracion', ['agente_id', 'mes'], unique=True,
                    sqlite_where=en_pie, postgresql_where=en_pie)
    op.create_table('renglon_declaracion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('declaracion_id', ENTERO, nullable=False),
    sa.Column('orden', sa.Integer(), nullable=False),
    sa.Column('estampilla', sa.String(length=60), nullable=False),
    sa.Column('estampilla_nombre', sa.String(length=160), nullable=False),
    sa.Column('acto', sa.String(length=30), nullable=False),
    sa.Column('acto_nombre', sa.String(length=400), nullable=False),
    sa.Column('cantidad', sa.Integer(), nullable=False),
    sa.Column('base', ENTERO, nullable=False),
    sa.Column('liquidado', ENTERO, nullable=False),
    sa.Column('retenidas', sa.Integer(), nullable=False),
    sa.Column('retenido', ENTERO, nullable=False),
    sa.Column('pagado', ENTERO, nullable=False),
    sa.ForeignKeyConstraint(['declaracion_id'], ['declaracion.id'], name=op.f('fk_renglon_declaracion_declaracion_id_declaracion')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_renglon_declaracion')),
    sa.UniqueConstraint('declaracion_id', 'orden', name=op.f('uq_renglon_declaracion_declaracion_id_orden')),
    )
    op.create_table('paso_declaracion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('declaracion_id', ENTERO, nullable=False),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('desde', sa.String(length=32), nullable=True),
    sa.Column('hasta', sa.String(length=32), nullable=False),
    sa.Column('evento', sa.String(length=32), nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=True),
    sa.Column('usuario_nombre', sa.String(length=120), nullable=False),
    sa.Column('motivo', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['declaracion_id'], ['declaracion.id'], name=op.f('fk_paso_declaracion_declaracion_id_declaracion')),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_paso_declaracion_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paso_declaracion')),
    )
    op.create_index(op.f('ix_paso_declaracion_declaracion_id'), 'paso_declaracion', ['declaracion_id'])


def _referencia(tabla, columna, otra):
    return f', {columna} INTEGER CONSTRAINT fk_{tabla}_{columna}_{otra} REFERENCES {otra} (id)'


def _enlazar():
    """Accounts and liquidaciones name their agent. Added in place: others point at both tables."""
    postgresql = op.get_bind().dialect.name == 'postgresql'
    for tabla, columna, otra in (('usuario', 'agente_id', 'agente'), ('usuario', 'sede_id', 'sede'),
                                 ('liquidacion', 'agente_id', 'agente')):
        if postgresql:
            op.add_column(tabla, sa.Column(columna, sa.BigInteger(), nullable=True))
            op.create_foreign_key(op.f(f'fk_{tabla}_{columna}_{otra}'), tabla, otra, [columna], ['id'])
        else:
            op.execute(f'ALTER TABLE {tabla} ADD COLUMN {_referencia(tabla, columna, otra)[2:]}')
    op.create_index(op.f('ix_usuario_agente_id'), 'usuario', ['agente_id'])
    op.create_index(op.f('ix_liquidacion_agente_id_liquidacion_emitida_en'), 'liquidacion', ['agente_id', 'emitida_en'])


def _cerrar():
    """What was withheld, deposited and filed stays as it was said; the function of PostgreSQL is of 020."""
    if op.get_bind().dialect.name == 'postgresql':
        for tabla, (columnas, cuando) in FIJAS.items():
            op.execute(f'CREATE TRIGGER {tabla}_no_se_reescribe BEFORE UPDATE OF {columnas} ON {tabla} FOR EACH ROW '
                       f"{f'WHEN ({cuando}) ' if cuando else ''}EXECUTE FUNCTION solo_se_agrega()")
        for tabla in SOLO_AGREGAN:
            op.execute(f'CREATE TRIGGER {tabla}_no_cambia BEFORE UPDATE ON {tabla} '
                       'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
        for tabla in (*FIJAS, *SOLO_AGREGAN):
            op.execute(f'CREATE TRIGGER {tabla}_no_se_borra BEFORE DELETE ON {tabla} '
                       'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
            op.execute(f'CREATE TRIGGER {tabla}_no_se_vacia BEFORE TRUNCATE ON {tabla} '
                       'FOR EACH STATEMENT EXECUTE FUNCTION solo_se_agrega()')
        return
    for tabla, (columnas, cuando) in FIJAS.items():
        op.execute(f"CREATE TRIGGER {tabla}_no_se_reescribe BEFORE UPDATE OF {columnas} ON {tabla} "
                   f"{f'WHEN {cuando} ' if cuando else ''}BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
    for tabla in SOLO_AGREGAN:
        op.execute(f"CREATE TRIGGER {tabla}_no_cambia BEFORE UPDATE ON {tabla} "
                   f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
    for tabla in (*FIJAS, *SOLO_AGREGAN):
        op.execute(f"CREATE TRIGGER {tabla}_no_se_borra BEFORE DELETE ON {tabla} "
                   f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
