"""estampilla electrónica, claves e impresiones

Revision ID: 029
Revises: 028
Create Date: 2026-11-25 13:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '029'
down_revision = '028'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
SOLO_AGREGAR = ('clave_estampillas', 'estampilla_electronica', 'impresion')


def upgrade():
    op.create_table('clave_estampillas',
    sa.Column('id', sa.String(length=8), nullable=False),
    sa.Column('publica', sa.String(length=200), nullable=False),
    sa.Column('creada_en', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clave_estampillas')),
    sa.UniqueConstraint('publica', name=op.f('uq_clave_estampillas_publica')),
    )
    op.create_table('estampilla_electronica',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('codigo', sa.String(length=12), nullable=False),
    sa.Column('factura_id', ENTERO, nullable=False),
    sa.Column('orden', sa.Integer(), nullable=False),
    sa.Column('recaudo_id', ENTERO, nullable=True),
    sa.Column('clave_id', sa.String(length=8), nullable=False),
    sa.Column('sello', sa.String(length=1600), nullable=False),
    sa.Column('impresa', sa.JSON(), nullable=False),
    sa.Column('expedida_en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('orden > 0', name=op.f('ck_estampilla_electronica_orden_positivo')),
    sa.ForeignKeyConstraint(['clave_id'], ['clave_estampillas.id'], name=op.f('fk_estampilla_electronica_clave_id_clave_estampillas')),
    sa.ForeignKeyConstraint(['factura_id'], ['factura.id'], name=op.f('fk_estampilla_electronica_factura_id_factura')),
    sa.ForeignKeyConstraint(['recaudo_id'], ['recaudo.id'], name=op.f('fk_estampilla_electronica_recaudo_id_recaudo')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_estampilla_electronica')),
    sa.UniqueConstraint('codigo', name=op.f('uq_estampilla_electronica_codigo')),
    sa.UniqueConstraint('factura_id', 'orden', name=op.f('uq_estampilla_electronica_factura_id_orden')),
    sa.UniqueConstraint('factura_id', 'recaudo_id', name=op.f('uq_estampilla_electronica_factura_id_recaudo_id')),
    )
    op.create_index(op.f('ix_estampilla_electronica_recaudo_id'), 'estampilla_electronica', ['recaudo_id'])
    op.create_table('impresion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('documento', sa.String(length=60), nullable=False),
    sa.Column('contenido', sa.String(length=64), nullable=False),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.Column('hecha_en', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_impresion')),
    sa.UniqueConstraint('documento', 'huella', name=op.f('uq_impresion_documento_huella')),
    )
    op.create_index(op.f('ix_impresion_huella'), 'impresion', ['huella'])
    _solo_agregar(op.get_bind().dialect.name)


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        for tabla in SOLO_AGREGAR:
            op.execute(f'DROP TRIGGER {tabla}_no_cambia ON {tabla}')
            op.execute(f'DROP TRIGGER {tabla}_no_se_vacia ON {tabla}')
    else:
        for tabla in SOLO_AGREGAR:
            op.execute(f'DROP TRIGGER {tabla}_no_cambia')
            op.execute(f'DROP TRIGGER {tabla}_no_se_borra')
    for tabla in ('impresion', 'estampilla_electronica', 'clave_estampillas'):
        op.drop_table(tabla)


def _solo_agregar(motor):
    """What was issued is only added to; the function of PostgreSQL is of 020."""
    for tabla in SOLO_AGREGAR:
        if motor == 'postgresql':
            op.execute(f'CREATE TRIGGER {tabla}_no_cambia BEFORE UPDATE OR DELETE ON {tabla} '
                       'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
            op.execute(f'CREATE TRIGGER {tabla}_no_se_vacia BEFORE TRUNCATE ON {tabla} '
                       'FOR EACH STATEMENT EXECUTE FUNCTION solo_se_agrega()')
            continue
        for orden, nombre in (('UPDATE', 'no_cambia'), ('DELETE', 'no_se_borra')):
            op.execute(f"CREATE TRIGGER {tabla}_{nombre} BEFORE {orden} ON {tabla} "
                       f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
