"""sellos de la bitácora y comprobaciones de las cadenas

Revision ID: 038
Revises: 037
Create Date: 2026-11-25 17:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '038'
down_revision = '037'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade():
    """Rows of before have no seal yet: the first sealing puts them in the chain."""
    op.create_table('sello_bitacora',
    sa.Column('numero', ENTERO, autoincrement=False, nullable=False),
    sa.Column('bitacora_id', ENTERO, nullable=False),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.CheckConstraint('numero > 0', name=op.f('ck_sello_bitacora_numero_positivo')),
    sa.ForeignKeyConstraint(['bitacora_id'], ['bitacora.id'], name=op.f('fk_sello_bitacora_bitacora_id_bitacora')),
    sa.PrimaryKeyConstraint('numero', name=op.f('pk_sello_bitacora')),
    sa.UniqueConstraint('bitacora_id', name=op.f('uq_sello_bitacora_bitacora_id')),
    sa.UniqueConstraint('huella', name=op.f('uq_sello_bitacora_huella')),
    )
    op.create_table('comprobacion_cadena',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('cadena', sa.Enum('libro', 'bitacora', name='cadena', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filas', ENTERO, nullable=False),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.Column('quiebres', sa.Integer(), nullable=False),
    sa.CheckConstraint('filas >= 0 AND quiebres >= 0', name=op.f('ck_comprobacion_cadena_cuentas_no_negativas')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comprobacion_cadena')),
    )
    op.create_index(op.f('ix_bitacora_en_bitacora_id'), 'bitacora', ['en', 'id'])
    _solo_agregar('sello_bitacora')
    _solo_agregar('comprobacion_cadena')


def downgrade():
    # The triggers go with their table on both engines.
    op.drop_index(op.f('ix_bitacora_en_bitacora_id'), 'bitacora')
    op.drop_table('comprobacion_cadena')
    op.drop_table('sello_bitacora')
    op.execute("DELETE FROM consecutivo WHERE serie = 'sello_bitacora'")


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
