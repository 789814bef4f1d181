"""lotes de contratos

Revision ID: 008
Revises: 007
Create Date: 2026-11-23 10:30:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '008'
down_revision = '007'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('lote',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('codigo', sa.String(length=32), nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('archivo', sa.String(length=120), nullable=False),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.Column('contenido', sa.LargeBinary(), nullable=True),
    sa.Column('usuario_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('usuario_nombre', sa.String(length=120), nullable=False),
    sa.Column('creado_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('vence_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('importado_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('nuevas', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('iguales', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('total', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('(importado_en IS NULL) = (contenido IS NOT NULL)', name=op.f('ck_lote_contenido_hasta_importar')),
    sa.CheckConstraint('total >= 0', name=op.f('ck_lote_total_no_negativo')),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_lote_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lote')),
    sa.UniqueConstraint('codigo', name=op.f('uq_lote_codigo'))
    )
    with op.batch_alter_table('lote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lote_departamento_lote_importado_en'), ['departamento', 'importado_en'], unique=False)

    op.create_table('renglon_lote',
    sa.Column('lote_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fila', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('liquidacion_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('nueva', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['liquidacion_id'], ['liquidacion.id'], name=op.f('fk_renglon_lote_liquidacion_id_liquidacion')),
    sa.ForeignKeyConstraint(['lote_id'], ['lote.id'], name=op.f('fk_renglon_lote_lote_id_lote')),
    sa.PrimaryKeyConstraint('lote_id', 'fila', name=op.f('pk_renglon_lote'))
    )
    with op.batch_alter_table('renglon_lote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_renglon_lote_liquidacion_id'), ['liquidacion_id'], unique=False)


def downgrade():
    with op.batch_alter_table('renglon_lote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_renglon_lote_liquidacion_id'))

    op.drop_table('renglon_lote')
    with op.batch_alter_table('lote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lote_departamento_lote_importado_en'))

    op.drop_table('lote')
