"""órdenes de tesorería: legalizar, revertir y aplicar a mano, entre dos personas

Revision ID: 024
Revises: 023
Create Date: 2026-11-25 11:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '024'
down_revision = '023'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
# What an order says never changes; it is only resolved, once.
RESUELTA = "OLD.estado <> 'propuesta'"
DICHO = (
    'numero, clase, caso_id, recaudo_id, valor, banco, fecha_banco, referencia_banco, motivo, archivo_id, propuesta_por, '
    'propuesta_por_nombre, propuesta_en'
)


def upgrade():
    op.create_table('orden_tesoreria',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('numero', ENTERO, nullable=False),
    sa.Column('clase', _enum('claseorden', 'legalizacion', 'reversion', 'aplicacion'), nullable=False),
    sa.Column('caso_id', ENTERO, nullable=True),
    sa.Column('recaudo_id', ENTERO, nullable=True),
    sa.Column('valor', ENTERO, nullable=False),
    sa.Column('banco', sa.String(length=120), nullable=True),
    sa.Column('fecha_banco', sa.Date(), nullable=True),
    sa.Column('referencia_banco', sa.String(length=60), nullable=True),
    sa.Column('motivo', sa.String(length=300), nullable=False),
    sa.Column('archivo_id', ENTERO, nullable=False),
    sa.Column('propuesta_por', ENTERO, nullable=False),
    sa.Column('propuesta_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('propuesta_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('estado', _enum('estadoorden', 'propuesta', 'aprobada', 'rechazada'), nullable=False),
    sa.Column('resuelta_por', ENTERO, nullable=True),
    sa.Column('resuelta_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('resuelta_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('motivo_rechazo', sa.String(length=300), nullable=False),
    sa.CheckConstraint('valor > 0', name=op.f('ck_orden_tesoreria_valor_positivo')),
    sa.CheckConstraint("motivo <> ''", name=op.f('ck_orden_tesoreria_con_motivo')),
    sa.CheckConstraint("(clase = 'legalizacion') = (recaudo_id IS NULL)", name=op.f('ck_orden_tesoreria_sobre_un_recaudo')),
    sa.CheckConstraint("(clase = 'legalizacion') = (referencia_banco IS NOT NULL)", name=op.f('ck_orden_tesoreria_con_comprobante')),
    sa.CheckConstraint('(referencia_banco IS NULL) = (banco IS NULL) AND (referencia_banco IS NULL) = (fecha_banco IS NULL)',
                       name=op.f('ck_orden_tesoreria_comprobante_entero')),
    sa.CheckConstraint("(estado = 'propuesta') = (resuelta_por IS NULL)", name=op.f('ck_orden_tesoreria_resuelta_por_alguien')),
    sa.CheckConstraint('(resuelta_por IS NULL) = (resuelta_en IS NULL)', name=op.f('ck_orden_tesoreria_resuelta_en_su_instante')),
    sa.CheckConstraint("estado <> 'aprobada' OR resuelta_por <> propuesta_por", name=op.f('ck_orden_tesoreria_la_aprueba_otra_persona')),
    sa.CheckConstraint("(estado = 'rechazada') = (motivo_rechazo <> '')", name=op.f('ck_orden_tesoreria_rechazada_con_motivo')),
    sa.ForeignKeyConstraint(['archivo_id'], ['archivo.id'], name=op.f('fk_orden_tesoreria_archivo_id_archivo')),
    sa.ForeignKeyConstraint(['caso_id'], ['caso.id'], name=op.f('fk_orden_tesoreria_caso_id_caso')),
    sa.ForeignKeyConstraint(['propuesta_por'], ['usuario.id'], name=op.f('fk_orden_tesoreria_propuesta_por_usuario')),
    sa.ForeignKeyConstraint(['recaudo_id'], ['recaudo.id'], name=op.f('fk_orden_tesoreria_recaudo_id_recaudo')),
    sa.ForeignKeyConstraint(['resuelta_por'], ['usuario.id'], name=op.f('fk_orden_tesoreria_resuelta_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orden_tesoreria')),
    sa.UniqueConstraint('numero', name=op.f('uq_orden_tesoreria_numero')),
    )
    for columna in ('archivo_id', 'caso_id', 'recaudo_id'):
        op.create_index(op.f(f'ix_orden_tesoreria_{columna}'), 'orden_tesoreria', [columna])
    op.create_index('uq_orden_tesoreria_comprobante', 'orden_tesoreria', ['referencia_banco'], unique=True,
                    sqlite_where=sa.text("estado <> 'rechazada'"), postgresql_where=sa.text("estado <> 'rechazada'"))
    op.create_table('orden_factura',
    sa.Column('orden_id', ENTERO, nullable=False),
    sa.Column('factura_id', ENTERO, nullable=False),
    sa.Column('valor', ENTERO, nullable=False),
    sa.CheckConstraint('valor > 0', name=op.f('ck_orden_factura_valor_positivo')),
    sa.ForeignKeyConstraint(['factura_id'], ['factura.id'], name=op.f('fk_orden_factura_factura_id_factura')),
    sa.ForeignKeyConstraint(['orden_id'], ['orden_tesoreria.id'], name=op.f('fk_orden_factura_orden_id_orden_tesoreria')),
    sa.PrimaryKeyConstraint('orden_id', 'factura_id', name=op.f('pk_orden_factura')),
    )
    op.create_index(op.f('ix_orden_factura_factura_id'), 'orden_factura', ['factura_id'])
    _cerrar()


def downgrade():
    # The triggers go with their tables on both engines; the function of PostgreSQL is of 020.
    op.drop_table('orden_factura')
    op.drop_table('orden_tesoreria')
    op.execute("DELETE FROM consecutivo WHERE serie = 'orden'")


def _enum(nombre, *valores):
    return sa.Enum(*valores, name=nombre, native_enum=False, create_constraint=True, length=32)


def _cerrar():
    """Nothing of a resolved order changes, no order is deleted, and the facturas that it names stay."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'CREATE TRIGGER orden_tesoreria_no_cambia BEFORE UPDATE ON orden_tesoreria FOR EACH ROW WHEN ({RESUELTA}) '
                   'EXECUTE FUNCTION solo_se_agrega()')
        op.execute(f'CREATE TRIGGER orden_tesoreria_no_se_reescribe BEFORE UPDATE OF {DICHO} ON orden_tesoreria '
                   'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
        op.execute('CREATE TRIGGER orden_tesoreria_no_se_borra BEFORE DELETE ON orden_tesoreria '
                   'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
        op.execute('CREATE TRIGGER orden_factura_no_cambia BEFORE UPDATE OR DELETE ON orden_factura '
                   'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
        for tabla in ('orden_tesoreria', 'orden_factura'):
            op.execute(f'CREATE TRIGGER {tabla}_no_se_vacia BEFORE TRUNCATE ON {tabla} '
                       'FOR EACH STATEMENT EXECUTE FUNCTION solo_se_agrega()')
        return
    op.execute(f"CREATE TRIGGER orden_tesoreria_no_se_reescribe BEFORE UPDATE OF {DICHO} ON orden_tesoreria "
               "BEGIN SELECT RAISE(ABORT, 'orden_tesoreria solo se agrega'); END")
    for tabla, cuando in (('orden_tesoreria', f'WHEN {RESUELTA} '), ('orden_factura', '')):
        op.execute(f"CREATE TRIGGER {tabla}_no_cambia BEFORE UPDATE ON {tabla} {cuando}"
                   f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
        op.execute(f"CREATE TRIGGER {tabla}_no_se_borra BEFORE DELETE ON {tabla} "
                   f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
