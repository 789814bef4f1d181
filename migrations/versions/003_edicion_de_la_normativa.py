"""edicion de la normativa

Revision ID: 003
Revises: 002
Create Date: 2026-11-23 09:40:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '003'
down_revision = '002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('edicion_normativa',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('marca', sa.String(length=32), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_edicion_normativa_una_sola')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edicion_normativa'))
    )
    # Rules that were loaded before this table existed have an edition too.
    op.execute("INSERT INTO edicion_normativa (id, marca) VALUES (1, 'inicial')")


def downgrade():
    op.drop_table('edicion_normativa')
