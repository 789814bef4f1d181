"""escalas, recargos, límites, reparto y reglas examinadas

Revision ID: 009
Revises: 008
Create Date: 2026-11-23 10:05:11.402318

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '009'
down_revision = '008'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('reparto',
    sa.Column('destino', sa.String(length=160), nullable=False),
    sa.Column('porcentaje', sa.String(length=20), nullable=False),
    sa.Column('estampillas', sa.JSON(), nullable=False),
    sa.Column('orden', sa.Integer(), nullable=False),
    sa.Column('norma', sa.String(length=120), nullable=False),
    sa.Column('articulo', sa.String(length=160), nullable=False),
    sa.Column('desde', sa.Date(), nullable=False),
    sa.Column('hasta', sa.Date(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('codigo', sa.String(length=80), nullable=False),
    sa.Column('origen', sa.String(length=120), nullable=False),
    sa.CheckConstraint('hasta IS NULL OR hasta >= desde', name=op.f('ck_reparto_hasta_despues_de_desde')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reparto')),
    sa.UniqueConstraint('departamento', 'codigo', 'desde', name=op.f('uq_reparto_departamento_codigo_desde'))
    )

    # Rows that are there already have none of this; `flask normativa cargar` brings the names of the facts.
    with op.batch_alter_table('tarifa', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sobre', sa.String(length=60), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('escala', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
        batch_op.add_column(sa.Column('minimo', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
        batch_op.add_column(sa.Column('tope', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))

    with op.batch_alter_table('hecho', schema=None) as batch_op:
        batch_op.add_column(sa.Column('nombre', sa.String(length=120), nullable=False, server_default=''))

    # What was issued before nobody wrote down, and it is not made up now. In place: a batch would make SQLite drop a table
    # that others point at.
    op.add_column('liquidacion', sa.Column('reglas', sa.JSON(), nullable=False, server_default='[]'))


def downgrade():
    # In place: SQLite would otherwise drop a table that others point at.
    op.drop_column('liquidacion', 'reglas')

    with op.batch_alter_table('hecho', schema=None) as batch_op:
        batch_op.drop_column('nombre')

    with op.batch_alter_table('tarifa', schema=None) as batch_op:
        batch_op.drop_column('tope')
        batch_op.drop_column('minimo')
        batch_op.drop_column('escala')
        batch_op.drop_column('sobre')

    op.drop_table('reparto')
