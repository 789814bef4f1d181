"""correos

Revision ID: 023
Revises: 022
Create Date: 2026-11-25 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '023'
down_revision = '022'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('correo',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('clave', sa.String(length=120), nullable=False),
    sa.Column('destinatario', sa.String(length=254), nullable=False),
    sa.Column('asunto', sa.String(length=150), nullable=False),
    sa.Column('plantilla', sa.String(length=60), nullable=False),
    sa.Column('datos', sa.JSON(), nullable=False),
    sa.Column('estado', sa.Enum('pendiente', 'enviado', 'abandonado', name='estadocorreo', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('intentos', sa.Integer(), nullable=False),
    sa.Column('creado_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proximo_intento_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('enviado_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ultimo_error', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(estado = 'enviado') = (enviado_en IS NOT NULL)", name=op.f('ck_correo_enviado_en_su_instante')),
    sa.CheckConstraint("(estado = 'pendiente') = (proximo_intento_en IS NOT NULL)", name=op.f('ck_correo_pendiente_con_turno')),
    sa.CheckConstraint('intentos >= 0', name=op.f('ck_correo_intentos_no_negativos')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correo')),
    sa.UniqueConstraint('clave', name=op.f('uq_correo_clave'))
    )
    op.create_index(op.f('ix_correo_proximo_intento_en'), 'correo', ['proximo_intento_en'])


def downgrade():
    op.drop_table('correo')
