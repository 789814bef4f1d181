"""simulaciones

Revision ID: 007
Revises: 006
Create Date: 2026-11-23 10:05:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '007'
down_revision = '006'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade():
    op.create_table('simulacion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('propuesta_id', ENTERO, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('edicion', sa.String(length=32), nullable=False),
    sa.Column('desde', sa.Date(), nullable=False),
    sa.Column('hasta', sa.Date(), nullable=False),
    sa.Column('sin_valor', sa.JSON(), nullable=False),
    sa.Column('tarifas', sa.JSON(), nullable=False),
    sa.Column('estado', sa.Enum('en_curso', 'terminada', 'abandonada', name='estadosimulacion', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('procesadas', sa.Integer(), nullable=False),
    sa.Column('id_final', ENTERO, nullable=False),
    sa.Column('ultimo_id', ENTERO, nullable=False),
    sa.Column('resultado', sa.JSON(), nullable=False),
    sa.Column('creada_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('creada_por', ENTERO, nullable=True),
    sa.Column('creada_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('terminada_en', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(estado = 'terminada') = (terminada_en IS NOT NULL)", name=op.f('ck_simulacion_terminada_en_su_instante')),
    sa.CheckConstraint('hasta >= desde', name=op.f('ck_simulacion_hasta_despues_de_desde')),
    sa.CheckConstraint('procesadas >= 0 AND total >= 0', name=op.f('ck_simulacion_cuentas_no_negativas')),
    sa.ForeignKeyConstraint(['creada_por'], ['usuario.id'], name=op.f('fk_simulacion_creada_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulacion'))
    )
    with op.batch_alter_table('simulacion', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_simulacion_propuesta_id_simulacion_departamento_simulacion_id'), ['propuesta_id', 'departamento', 'id'], unique=False)
        batch_op.create_index('uq_simulacion_en_curso', ['propuesta_id', 'departamento'], unique=True, sqlite_where=sa.text("estado = 'en_curso'"), postgresql_where=sa.text("estado = 'en_curso'"))


def downgrade():
    op.drop_table('simulacion')
