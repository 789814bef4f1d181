"""lista de bancos de PSE

Revision ID: 022
Revises: 021
Create Date: 2026-11-25 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '022'
down_revision = '021'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('lista_bancos_pse',
    sa.Column('pasarela', sa.String(length=20), nullable=False),
    sa.Column('bancos', sa.JSON(), nullable=False),
    sa.Column('leida_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('intentada_en', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('pasarela', name=op.f('pk_lista_bancos_pse'))
    )


def downgrade():
    op.drop_table('lista_bancos_pse')
