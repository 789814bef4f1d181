"""las labores periódicas se turnan entre máquinas y dicen cuándo corrieron; los procesos suman lo que atienden

Revision ID: 047
Revises: 042
Create Date: 2026-11-25 23:45:00.000000

"""
from alembic import op
import sqlalchemy as sa

from portal.db import Entero, Instante


# revision identifiers, used by Alembic.
revision = '047'
down_revision = '044'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'labor',
        sa.Column('nombre', sa.String(length=40), nullable=False),
        sa.Column('tomada_por', sa.String(length=100), nullable=True),
        sa.Column('vence_en', Instante(), nullable=True),
        sa.Column('terminada_en', Instante(), nullable=True),
        sa.Column('milisegundos', Entero, nullable=False),
        sa.Column('fallos', sa.Integer(), nullable=False),
        sa.Column('ultimo_error', sa.String(length=80), nullable=False),
        sa.CheckConstraint('(tomada_por IS NULL) = (vence_en IS NULL)', name=op.f('ck_labor_tomada_hasta_cuando')),
        sa.CheckConstraint('milisegundos >= 0 AND fallos >= 0', name=op.f('ck_labor_cuentas_no_negativas')),
        sa.PrimaryKeyConstraint('nombre', name=op.f('pk_labor')),
    )
    op.create_table(
        'contador',
        sa.Column('nombre', sa.String(length=40), nullable=False),
        sa.Column('etiqueta', sa.String(length=120), nullable=False),
        sa.Column('valor', Entero, nullable=False),
        sa.CheckConstraint('valor >= 0', name=op.f('ck_contador_valor_no_negativo')),
        sa.PrimaryKeyConstraint('nombre', 'etiqueta', name=op.f('pk_contador')),
    )


def downgrade():
    op.drop_table('contador')
    op.drop_table('labor')
