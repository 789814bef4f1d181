"""lo que dicen la pasarela y el banco de cada día, y los cierres firmados

Revision ID: 027
Revises: 026
Create Date: 2026-11-25 10:20:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '027'
down_revision = '026'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
SOLO_AGREGAR = ('cierre', 'reapertura')


def upgrade():
    op.add_column('pago', sa.Column('conciliado_en', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_pago_resuelto_en'), 'pago', ['resuelto_en'])
    op.create_index(op.f('ix_recaudo_fecha_banco'), 'recaudo', ['fecha_banco'])
    op.create_index(op.f('ix_recaudo_registrado_en'), 'recaudo', ['registrado_en'])
    _crear_movimientos()
    _crear_cierres()
    for tabla in SOLO_AGREGAR:
        _solo_agregar(tabla)


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        for tabla in SOLO_AGREGAR:
            op.execute(f'DROP TRIGGER {tabla}_no_cambia ON {tabla}')
            op.execute(f'DROP TRIGGER {tabla}_no_se_vacia ON {tabla}')
    for tabla in ('reapertura', 'cierre', 'movimiento_pasarela'):
        op.drop_table(tabla)
    op.drop_index(op.f('ix_recaudo_registrado_en'), 'recaudo')
    op.drop_index(op.f('ix_recaudo_fecha_banco'), 'recaudo')
    op.drop_index(op.f('ix_pago_resuelto_en'), 'pago')
    op.drop_column('pago', 'conciliado_en')


def _crear_movimientos():
    op.create_table('movimiento_pasarela',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('pasarela', sa.String(length=20), nullable=False),
    sa.Column('transaccion', sa.String(length=64), nullable=False),
    sa.Column('consultado_el', sa.Date(), nullable=False),
    sa.Column('consultado_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pago_id', ENTERO, nullable=False),
    sa.Column('dia', sa.Date(), nullable=False),
    sa.Column('estado', sa.String(length=20), nullable=False),
    sa.Column('valor', ENTERO, nullable=False),
    sa.Column('moneda', sa.String(length=3), nullable=False),
    sa.Column('cus', sa.String(length=60), nullable=True),
    sa.ForeignKeyConstraint(['pago_id'], ['pago.id'], name=op.f('fk_movimiento_pasarela_pago_id_pago')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movimiento_pasarela')),
    sa.UniqueConstraint('pasarela', 'transaccion', 'consultado_el',
                        name=op.f('uq_movimiento_pasarela_pasarela_transaccion_consultado_el')),
    )
    op.create_index(op.f('ix_movimiento_pasarela_pago_id'), 'movimiento_pasarela', ['pago_id'])
    op.create_index('ix_movimiento_pasarela_dia', 'movimiento_pasarela', ['dia'])

def _crear_cierres():
    op.create_table('cierre',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('cuenta', sa.String(length=40), nullable=False),
    sa.Column('dia', sa.Date(), nullable=False),
    sa.Column('version', ENTERO, nullable=False),
    sa.Column('contenido', sa.Text(), nullable=False),
    sa.Column('entradas', sa.String(length=64), nullable=False),
    sa.Column('hasta_asiento', ENTERO, nullable=False),
    sa.Column('novedades', ENTERO, nullable=False),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.Column('firmado_por', ENTERO, nullable=False),
    sa.Column('firmado_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('firmado_en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('version > 0', name=op.f('ck_cierre_version_positiva')),
    sa.ForeignKeyConstraint(['firmado_por'], ['usuario.id'], name=op.f('fk_cierre_firmado_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cierre')),
    sa.UniqueConstraint('cuenta', 'dia', 'version', name=op.f('uq_cierre_cuenta_dia_version')),
    sa.UniqueConstraint('huella', name=op.f('uq_cierre_huella')),
    )
    op.create_table('reapertura',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('cierre_id', ENTERO, nullable=False),
    sa.Column('motivo', sa.String(length=500), nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=False),
    sa.Column('usuario_nombre', sa.String(length=120), nullable=False),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cierre_id'], ['cierre.id'], name=op.f('fk_reapertura_cierre_id_cierre')),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_reapertura_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reapertura')),
    sa.UniqueConstraint('cierre_id', name=op.f('uq_reapertura_cierre_id')),
    )


def _solo_agregar(tabla):
    """A signature is only followed by another one; the function of PostgreSQL is of 020."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'CREATE TRIGGER {tabla}_no_cambia BEFORE UPDATE OR DELETE ON {tabla} '
                   'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
        op.execute(f'CREATE TRIGGER {tabla}_no_se_vacia BEFORE TRUNCATE ON {tabla} '
                   'FOR EACH STATEMENT EXECUTE FUNCTION solo_se_agrega()')
        return
    for orden, nombre in (('UPDATE', 'no_cambia'), ('DELETE', 'no_se_borra')):
        op.execute(f"CREATE TRIGGER {tabla}_{nombre} BEFORE {orden} ON {tabla} "
                   f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
