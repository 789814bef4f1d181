"""devoluciones que el banco no pudo entregar, y saldos a favor que se devuelven

Revision ID: 033
Revises: 032
Create Date: 2026-11-25 14:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '033'
down_revision = '032'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
DOS_PERSONAS = '(estudiada_por IS NOT NULL AND decidida_por IS NOT NULL)'
# table -> (constraint, column, last value before, values after it)
CRECEN = {
    'asiento': [('claseasiento', 'clase', 'devolucion', ('rebote',))],
    'caso': [('clasecaso', 'clase', 'no_aparece', ('devolucion_rebotada',))],
    'devolucion': [
        ('causaldevolucion', 'causal', 'no_debido', ('saldo_a_favor',)),
        ('estadodevolucion', 'estado', 'desistida', ('rebotada', 'corregida')),
    ],
    'evento_devolucion': [
        ('estadodevolucion', 'desde', 'desistida', ('rebotada', 'corregida')),
        ('eventodevolucion', 'evento', 'sin_objeto', ('rebotada', 'cuenta_corregida', 'cuenta_aprobada', 'cuenta_rechazada')),
    ],
}
ESTADOS_DE_DOS = ("('aprobada', 'pagada')", "('aprobada', 'pagada', 'rebotada', 'corregida')")
VIVAS = ("'solicitada', 'en_estudio', 'aprobada'", "'solicitada', 'en_estudio', 'aprobada', 'rebotada', 'corregida'")
SALDO = (
    ', saldo_id INTEGER CONSTRAINT fk_parte_devolucion_saldo_id_saldo_a_favor REFERENCES saldo_a_favor (id) '
    'CONSTRAINT ck_parte_devolucion_el_saldo_es_de_una_factura CHECK (saldo_id IS NULL OR factura_id IS NOT NULL)'
)


def upgrade():
    _cambiar(adelante=True)
    _agregar_saldo()
    _crear_rebote()
    _crear_cuenta_corregida()
    _solo_agregar('rebote')


def downgrade():
    """Rows that only this version can say (a transfer that came back, a balance handed back) refuse it: nothing is unsaid."""
    # The triggers go with their table on both engines.
    op.drop_table('cuenta_corregida')
    op.drop_table('rebote')
    op.drop_index(op.f('ix_parte_devolucion_saldo_id'), 'parte_devolucion')
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_column('parte_devolucion', 'saldo_id')
    else:
        op.execute('PRAGMA defer_foreign_keys = ON')
        _rehacer_en_sqlite('parte_devolucion', [(SALDO, '')], sin=('saldo_id',))
    _cambiar(adelante=False)


def _cambiar(*, adelante):
    """Let the enumerations grow or shrink, and what is said of their values with them."""
    antes, despues = (0, 1) if adelante else (1, 0)
    op.drop_index('uq_devolucion_viva', 'devolucion')
    if op.get_bind().dialect.name == 'postgresql':
        for tabla, cambios in CRECEN.items():
            for cambio in cambios:
                _cambiar_en_postgresql(tabla, *cambio, adelante=adelante)
        op.drop_constraint(op.f('ck_devolucion_aprobada_por_dos_personas'), 'devolucion')
        op.create_check_constraint(op.f('ck_devolucion_aprobada_por_dos_personas'), 'devolucion',
                                   f'estado NOT IN {ESTADOS_DE_DOS[despues]} OR {DOS_PERSONAS}')
    else:
        # SQLite lets a table that others point at be made anew only while it waits for the commit to check them.
        op.execute('PRAGMA defer_foreign_keys = ON')
        for tabla, cambios in CRECEN.items():
            textos = [_lista(ultimo, nuevos) for _, _, ultimo, nuevos in cambios]
            if tabla == 'devolucion':
                textos.append(ESTADOS_DE_DOS)
            _rehacer_en_sqlite(tabla, [(t[antes], t[despues]) for t in textos])
    vivas = sa.text(f'estado IN ({VIVAS[despues]})')
    op.create_index('uq_devolucion_viva', 'devolucion', ['pago_id', 'causal'], unique=True,
                    sqlite_where=vivas, postgresql_where=vivas)


def _lista(ultimo, nuevos):
    """How the list of values ends before and after."""
    return f"'{ultimo}')", ', '.join(f"'{v}'" for v in (ultimo, *nuevos)) + ')'


def _cambiar_en_postgresql(tabla, nombre, columna, _ultimo, nuevos, *, adelante):
    restriccion = op.f(f'ck_{tabla}_{nombre}')
    valores = _valores_en_postgresql(restriccion)
    valores = [*valores, *nuevos] if adelante else [v for v in valores if v not in nuevos]
    op.drop_constraint(restriccion, tabla)
    lista = ', '.join(f"'{v}'" for v in valores)
    op.create_check_constraint(restriccion, tabla, f'{columna} IN ({lista})')


def _valores_en_postgresql(restriccion):
    """What the constraint admits now, whoever wrote it last."""
    consulta = sa.text(
        "SELECT valor[1] FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g') AS valor "
        'WHERE conname = :nombre'
    )
    return list(op.get_bind().execute(consulta, {'nombre': restriccion}).scalars())


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


def _agregar_saldo():
    if op.get_bind().dialect.name == 'postgresql':
        op.add_column('parte_devolucion', sa.Column('saldo_id', sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f('fk_parte_devolucion_saldo_id_saldo_a_favor'), 'parte_devolucion', 'saldo_a_favor', ['saldo_id'], ['id'])
        op.create_check_constraint(op.f('ck_parte_devolucion_el_saldo_es_de_una_factura'), 'parte_devolucion',
                                   'saldo_id IS NULL OR factura_id IS NOT NULL')
    else:
        op.execute(f'ALTER TABLE parte_devolucion ADD COLUMN {SALDO[2:]}')
    op.create_index(op.f('ix_parte_devolucion_saldo_id'), 'parte_devolucion', ['saldo_id'])


def _crear_rebote():
    op.create_table('rebote',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('devolucion_id', ENTERO, nullable=False),
    sa.Column('cuenta_origen', sa.String(length=20), nullable=False),
    sa.Column('referencia_bancaria', sa.String(length=40), nullable=False),
    sa.Column('fecha_transferencia', sa.Date(), nullable=False),
    sa.Column('pagada_por', ENTERO, nullable=False),
    sa.Column('pagada_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('pagada_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dia', sa.Date(), nullable=False),
    sa.Column('motivo', sa.String(length=300), nullable=False),
    sa.Column('evidencia_id', ENTERO, nullable=False),
    sa.Column('registrado_por', ENTERO, nullable=False),
    sa.Column('registrado_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('registrado_en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("motivo <> ''", name=op.f('ck_rebote_con_motivo')),
    sa.CheckConstraint('dia >= fecha_transferencia', name=op.f('ck_rebote_vuelve_despues_de_salir')),
    sa.ForeignKeyConstraint(['devolucion_id'], ['devolucion.id'], name=op.f('fk_rebote_devolucion_id_devolucion')),
    sa.ForeignKeyConstraint(['evidencia_id'], ['archivo.id'], name=op.f('fk_rebote_evidencia_id_archivo')),
    sa.ForeignKeyConstraint(['pagada_por'], ['usuario.id'], name=op.f('fk_rebote_pagada_por_usuario')),
    sa.ForeignKeyConstraint(['registrado_por'], ['usuario.id'], name=op.f('fk_rebote_registrado_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rebote')),
    sa.UniqueConstraint('cuenta_origen', 'referencia_bancaria', name=op.f('uq_rebote_cuenta_origen_referencia_bancaria')),
    )
    op.create_index(op.f('ix_rebote_devolucion_id'), 'rebote', ['devolucion_id'])


def _crear_cuenta_corregida():
    op.create_table('cuenta_corregida',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('devolucion_id', ENTERO, nullable=False),
    sa.Column('clave_formulario', sa.String(length=64), nullable=False),
    sa.Column('banco', sa.String(length=80), nullable=False),
    sa.Column('tipo_cuenta', sa.Enum('ahorros', 'corriente', name='tipocuenta', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('cuenta', sa.String(length=20), nullable=False),
    sa.Column('titular', sa.String(length=120), nullable=False),
    sa.Column('titular_tipo_documento', sa.String(length=4), nullable=False),
    sa.Column('titular_documento', sa.String(length=20), nullable=False),
    sa.Column('certificacion_id', ENTERO, nullable=False),
    sa.Column('traida_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('traida_por', ENTERO, nullable=True),
    sa.Column('traida_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('primera_por', ENTERO, nullable=False),
    sa.Column('aceptada', sa.Boolean(), nullable=True),
    sa.Column('motivo', sa.String(length=500), nullable=False),
    sa.Column('decidida_por', ENTERO, nullable=True),
    sa.Column('decidida_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('decidida_en', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('traida_por IS NULL OR traida_por = primera_por', name=op.f('ck_cuenta_corregida_quien_la_trae_es_la_primera')),
    sa.CheckConstraint('decidida_por <> primera_por', name=op.f('ck_cuenta_corregida_la_decide_otra_persona')),
    sa.CheckConstraint(
        '(aceptada IS NULL) = (decidida_por IS NULL) AND (aceptada IS NULL) = (decidida_en IS NULL)',
        name=op.f('ck_cuenta_corregida_decidida_por_alguien'),
    ),
    sa.CheckConstraint(
        "(motivo <> '') = (aceptada IS NOT NULL AND NOT aceptada)", name=op.f('ck_cuenta_corregida_rechazada_con_motivo')
    ),
    sa.ForeignKeyConstraint(['certificacion_id'], ['archivo.id'], name=op.f('fk_cuenta_corregida_certificacion_id_archivo')),
    sa.ForeignKeyConstraint(['decidida_por'], ['usuario.id'], name=op.f('fk_cuenta_corregida_decidida_por_usuario')),
    sa.ForeignKeyConstraint(['devolucion_id'], ['devolucion.id'], name=op.f('fk_cuenta_corregida_devolucion_id_devolucion')),
    sa.ForeignKeyConstraint(['primera_por'], ['usuario.id'], name=op.f('fk_cuenta_corregida_primera_por_usuario')),
    sa.ForeignKeyConstraint(['traida_por'], ['usuario.id'], name=op.f('fk_cuenta_corregida_traida_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cuenta_corregida')),
    sa.UniqueConstraint('clave_formulario', name=op.f('uq_cuenta_corregida_clave_formulario')),
    )
    op.create_index(op.f('ix_cuenta_corregida_devolucion_id'), 'cuenta_corregida', ['devolucion_id'])
    por_decidir = sa.text('aceptada IS NULL')
    op.create_index('uq_cuenta_corregida_por_decidir', 'cuenta_corregida', ['devolucion_id'], unique=True,
                    sqlite_where=por_decidir, postgresql_where=por_decidir)


def _solo_agregar(tabla):
    """What tells what happened is only added to; the function of PostgreSQL is of 020."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'CREATE TRIGGER {tabla}_no_cambia BEFORE UPDATE OR DELETE ON {tabla} '
                   'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
        op.execute(f'CREATE TRIGGER {tabla}_no_se_vacia BEFORE TRUNCATE ON {tabla} '
                   'FOR EACH STATEMENT EXECUTE FUNCTION solo_se_agrega()')
        return
    for orden, nombre in (('UPDATE', 'no_cambia'), ('DELETE', 'no_se_borra')):
        op.execute(f"CREATE TRIGGER {tabla}_{nombre} BEFORE {orden} ON {tabla} "
                   f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
