"""reclamos de «Pagué y no aparece»

Revision ID: 026
Revises: 025
Create Date: 2026-11-25 10:25:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '026'
down_revision = '025'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade():
    op.create_table('reclamo',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('caso_id', ENTERO, nullable=False),
    sa.Column('dato', sa.String(length=60), nullable=False),
    sa.Column('correo', sa.String(length=254), nullable=False),
    sa.Column('telefono', sa.String(length=30), nullable=False),
    sa.Column('recibido_en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("correo <> ''", name=op.f('ck_reclamo_con_a_quien_responder')),
    sa.ForeignKeyConstraint(['caso_id'], ['caso.id'], name=op.f('fk_reclamo_caso_id_caso')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reclamo')),
    sa.UniqueConstraint('caso_id', 'correo', 'telefono', name=op.f('uq_reclamo_caso_id_correo_telefono')),
    )


def downgrade():
    op.drop_table('reclamo')
