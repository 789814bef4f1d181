"""índices de los reportes

Revision ID: 037
Revises: 036
Create Date: 2026-11-25 16:50:00.000000

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '037'
down_revision = '036'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(op.f('ix_asiento_en'), 'asiento', ['en'])
    op.create_index(op.f('ix_liquidacion_emitida_en'), 'liquidacion', ['emitida_en'])


def downgrade():
    op.drop_index(op.f('ix_liquidacion_emitida_en'), table_name='liquidacion')
    op.drop_index(op.f('ix_asiento_en'), table_name='asiento')
