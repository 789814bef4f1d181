"""cada cuenta recuerda cuántos registros quiere por página y qué tan juntos

Revision ID: 042
Revises: 041
Create Date: 2026-11-25 20:10:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '042'
down_revision = '041'
branch_labels = None
depends_on = None

POSIBLES = 'registros IN (10, 25, 50, 100)'
REGISTROS = f'registros INTEGER DEFAULT 25 NOT NULL CONSTRAINT ck_usuario_registros_posibles CHECK ({POSIBLES})'


def upgrade():
    if op.get_bind().dialect.name == 'postgresql':
        op.add_column('usuario', sa.Column('registros', sa.Integer(), server_default='25', nullable=False))
        op.create_check_constraint(op.f('ck_usuario_registros_posibles'), 'usuario', POSIBLES)
    else:
        # In place: many tables point at this one.
        op.execute(f'ALTER TABLE usuario ADD COLUMN {REGISTROS}')
    op.add_column('usuario', sa.Column('compacta', sa.Boolean(), server_default=sa.false(), nullable=False))
    # What is owed and falls due is asked for every time that somebody of Rentas opens their work.
    op.create_index(op.f('ix_liquidacion_fecha_limite'), 'liquidacion', ['fecha_limite'])


def downgrade():
    op.drop_index(op.f('ix_liquidacion_fecha_limite'), 'liquidacion')
    op.drop_column('usuario', 'compacta')
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_constraint(op.f('ck_usuario_registros_posibles'), 'usuario')
    # In SQLite the condition is of its column, and goes with it.
    op.drop_column('usuario', 'registros')
