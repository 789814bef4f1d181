"""llaves de acceso de los administradores

Revision ID: 044
Revises: 043
Create Date: 2026-11-26 00:05:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '044'
down_revision = '043'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANTE = sa.DateTime(timezone=True)


def upgrade():
    op.create_table('llave_acceso',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=False),
    sa.Column('credencial', sa.String(length=1400), nullable=False),
    sa.Column('clave_publica', sa.LargeBinary(), nullable=False),
    sa.Column('contador', ENTERO, nullable=False),
    sa.Column('nombre', sa.String(length=60), nullable=False),
    sa.Column('creada_en', INSTANTE, nullable=False),
    sa.Column('usada_en', INSTANTE),
    sa.CheckConstraint('contador >= 0', name=op.f('ck_llave_acceso_contador_no_negativo')),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_llave_acceso_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_llave_acceso')),
    sa.UniqueConstraint('credencial', name=op.f('uq_llave_acceso_credencial')),
    )
    op.create_index(op.f('ix_llave_acceso_usuario_id'), 'llave_acceso', ['usuario_id'])


def downgrade():
    op.drop_table('llave_acceso')
