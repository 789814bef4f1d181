"""devoluciones

Revision ID: 025
Revises: 024
Create Date: 2026-11-25 10:20:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '025'
down_revision = '024'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
ESTADOS = ('solicitada', 'en_estudio', 'aprobada', 'pagada', 'negada', 'desistida')
EVENTOS = ('estudiada', 'aprobada', 'negada', 'pagada', 'desistida', 'sin_objeto')
VIVA = sa.text("estado IN ('solicitada', 'en_estudio', 'aprobada')")
COLUMNAS_ARCHIVO = 'id, nombre, tipo, tamano, sha256, contenido, subido_por, subido_en'
SOLO_AGREGAR = ('parte_devolucion', 'evento_devolucion')


def upgrade():
    _cambiar_archivo(sin_cuenta=True)
    _crear_devolucion()
    _crear_parte()
    _crear_evento()
    for tabla in SOLO_AGREGAR:
        _solo_agregar(tabla)


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        for tabla in SOLO_AGREGAR:
            op.execute(f'DROP TRIGGER {tabla}_no_cambia ON {tabla}')
            op.execute(f'DROP TRIGGER {tabla}_no_se_vacia ON {tabla}')
    op.drop_table('evento_devolucion')
    op.drop_table('parte_devolucion')
    op.drop_table('devolucion')
    op.execute("DELETE FROM consecutivo WHERE serie = 'devolucion'")
    # Those that citizens handed in belonged to the requests that are gone.
    op.execute('DELETE FROM archivo WHERE subido_por IS NULL')
    _cambiar_archivo(sin_cuenta=False)


def _cambiar_archivo(*, sin_cuenta):
    """A citizen who hands a file in has no account."""
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('archivo', 'subido_por', nullable=sin_cuenta)
        return
    # SQLite lets a table that others point at be made anew only while it waits for the commit to check them.
    op.execute('PRAGMA defer_foreign_keys = ON')
    op.execute(f'CREATE TABLE archivo_copia AS SELECT {COLUMNAS_ARCHIVO} FROM archivo')
    op.drop_table('archivo')
    op.create_table('archivo',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('nombre', sa.String(length=120), nullable=False),
    sa.Column('tipo', sa.String(length=40), nullable=False),
    sa.Column('tamano', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('contenido', sa.LargeBinary(), nullable=False),
    sa.Column('subido_por', ENTERO, nullable=sin_cuenta),
    sa.Column('subido_en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('tamano > 0', name=op.f('ck_archivo_tamano_positivo')),
    sa.ForeignKeyConstraint(['subido_por'], ['usuario.id'], name=op.f('fk_archivo_subido_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_archivo')),
    )
    op.execute(f'INSERT INTO archivo ({COLUMNAS_ARCHIVO}) SELECT {COLUMNAS_ARCHIVO} FROM archivo_copia ORDER BY id')
    op.drop_table('archivo_copia')


def _enum(nombre, valores):
    return sa.Enum(*valores, name=nombre, native_enum=False, create_constraint=True, length=32)


def _crear_devolucion():
    op.create_table('devolucion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('codigo', sa.String(length=32), nullable=False),
    sa.Column('numero', ENTERO, nullable=False),
    sa.Column('clave_formulario', sa.String(length=64), nullable=False),
    sa.Column('pago_id', ENTERO, nullable=False),
    sa.Column('causal', _enum('causaldevolucion', ('doble', 'exceso', 'no_debido')), nullable=False),
    sa.Column('estado', _enum('estadodevolucion', ESTADOS), nullable=False),
    sa.Column('valor', ENTERO, nullable=False),
    sa.Column('explicacion', sa.String(length=1000), nullable=False),
    sa.Column('solicitada_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('banco', sa.String(length=80), nullable=False),
    sa.Column('tipo_cuenta', _enum('tipocuenta', ('ahorros', 'corriente')), nullable=False),
    sa.Column('cuenta', sa.String(length=20), nullable=False),
    sa.Column('titular', sa.String(length=120), nullable=False),
    sa.Column('titular_tipo_documento', sa.String(length=4), nullable=False),
    sa.Column('titular_documento', sa.String(length=20), nullable=False),
    sa.Column('certificacion_id', ENTERO, nullable=False),
    sa.Column('correo', sa.String(length=254), nullable=False),
    sa.Column('telefono', sa.String(length=30), nullable=False),
    sa.Column('concepto', sa.String(length=1000), nullable=False),
    sa.Column('estudiada_por', ENTERO, nullable=True),
    sa.Column('estudiada_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('estudiada_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('motivo', sa.String(length=500), nullable=False),
    sa.Column('decidida_por', ENTERO, nullable=True),
    sa.Column('decidida_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('decidida_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cuenta_origen', sa.String(length=20), nullable=True),
    sa.Column('referencia_bancaria', sa.String(length=40), nullable=True),
    sa.Column('fecha_transferencia', sa.Date(), nullable=True),
    sa.Column('pagada_por', ENTERO, nullable=True),
    sa.Column('pagada_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('pagada_en', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('valor > 0', name=op.f('ck_devolucion_valor_positivo')),
    sa.CheckConstraint("(estudiada_por IS NULL) = (concepto = '')", name=op.f('ck_devolucion_estudiada_con_concepto')),
    sa.CheckConstraint('(estudiada_por IS NULL) = (estudiada_en IS NULL)', name=op.f('ck_devolucion_estudiada_en_su_instante')),
    sa.CheckConstraint('decidida_por <> estudiada_por', name=op.f('ck_devolucion_la_decide_otra_persona')),
    sa.CheckConstraint(
        "estado NOT IN ('aprobada', 'pagada') OR (estudiada_por IS NOT NULL AND decidida_por IS NOT NULL)",
        name=op.f('ck_devolucion_aprobada_por_dos_personas'),
    ),
    sa.CheckConstraint("(estado = 'negada') = (motivo <> '')", name=op.f('ck_devolucion_negada_con_motivo')),
    sa.CheckConstraint(
        "estado = 'pagada' AND pagada_por IS NOT NULL AND pagada_en IS NOT NULL AND cuenta_origen IS NOT NULL "
        'AND referencia_bancaria IS NOT NULL AND fecha_transferencia IS NOT NULL '
        "OR estado <> 'pagada' AND pagada_por IS NULL AND pagada_en IS NULL AND cuenta_origen IS NULL "
        'AND referencia_bancaria IS NULL AND fecha_transferencia IS NULL',
        name=op.f('ck_devolucion_pagada_con_su_transferencia'),
    ),
    sa.ForeignKeyConstraint(['certificacion_id'], ['archivo.id'], name=op.f('fk_devolucion_certificacion_id_archivo')),
    sa.ForeignKeyConstraint(['decidida_por'], ['usuario.id'], name=op.f('fk_devolucion_decidida_por_usuario')),
    sa.ForeignKeyConstraint(['estudiada_por'], ['usuario.id'], name=op.f('fk_devolucion_estudiada_por_usuario')),
    sa.ForeignKeyConstraint(['pagada_por'], ['usuario.id'], name=op.f('fk_devolucion_pagada_por_usuario')),
    sa.ForeignKeyConstraint(['pago_id'], ['pago.id'], name=op.f('fk_devolucion_pago_id_pago')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_devolucion')),
    sa.UniqueConstraint('clave_formulario', name=op.f('uq_devolucion_clave_formulario')),
    sa.UniqueConstraint('codigo', name=op.f('uq_devolucion_codigo')),
    sa.UniqueConstraint('numero', name=op.f('uq_devolucion_numero')),
    )
    op.create_index('ix_devolucion_estado', 'devolucion', ['estado', 'id'])
    op.create_index(op.f('ix_devolucion_pago_id'), 'devolucion', ['pago_id'])
    op.create_index('uq_devolucion_transferencia', 'devolucion', ['cuenta_origen', 'referencia_bancaria'], unique=True)
    op.create_index('uq_devolucion_viva', 'devolucion', ['pago_id', 'causal'], unique=True,
                    sqlite_where=VIVA, postgresql_where=VIVA)


def _crear_parte():
    op.create_table('parte_devolucion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('devolucion_id', ENTERO, nullable=False),
    sa.Column('recaudo_id', ENTERO, nullable=False),
    sa.Column('factura_id', ENTERO, nullable=True),
    sa.Column('valor', ENTERO, nullable=False),
    sa.CheckConstraint('valor > 0', name=op.f('ck_parte_devolucion_valor_positivo')),
    sa.ForeignKeyConstraint(['devolucion_id'], ['devolucion.id'], name=op.f('fk_parte_devolucion_devolucion_id_devolucion')),
    sa.ForeignKeyConstraint(['factura_id'], ['factura.id'], name=op.f('fk_parte_devolucion_factura_id_factura')),
    sa.ForeignKeyConstraint(['recaudo_id'], ['recaudo.id'], name=op.f('fk_parte_devolucion_recaudo_id_recaudo')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parte_devolucion')),
    )
    for columna in ('devolucion_id', 'recaudo_id'):
        op.create_index(op.f(f'ix_parte_devolucion_{columna}'), 'parte_devolucion', [columna])


def _crear_evento():
    op.create_table('evento_devolucion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('devolucion_id', ENTERO, nullable=False),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('desde', _enum('estadodevolucion', ESTADOS), nullable=False),
    sa.Column('evento', _enum('eventodevolucion', EVENTOS), nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=True),
    sa.ForeignKeyConstraint(['devolucion_id'], ['devolucion.id'], name=op.f('fk_evento_devolucion_devolucion_id_devolucion')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evento_devolucion')),
    )
    op.create_index(op.f('ix_evento_devolucion_devolucion_id'), 'evento_devolucion', ['devolucion_id'])


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
