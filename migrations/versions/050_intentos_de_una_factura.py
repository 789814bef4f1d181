"""los intentos de una factura se encuentran por un índice: el de los vivos solo sirve a quien pregunta con sus mismas palabras

Revision ID: 050
Revises: 049
Create Date: 2026-11-26 03:45:00.000000

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '050'
down_revision = '049'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_pago_factura_factura_id', 'pago_factura', ['factura_id'])


def downgrade():
    op.drop_index('ix_pago_factura_factura_id', 'pago_factura')
