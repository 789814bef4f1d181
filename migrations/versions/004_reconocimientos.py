"""reconocimientos

Revision ID: 004
Revises: 003
Create Date: 2026-11-23 09:43:38.030368

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '004'
down_revision = '003'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('reconocimiento',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('regla', sa.String(length=80), nullable=False),
    sa.Column('regla_motivo', sa.String(length=500), nullable=False),
    sa.Column('tipo_documento', sa.String(length=4), nullable=False),
    sa.Column('documento', sa.String(length=20), nullable=False),
    sa.Column('nombre', sa.String(length=160), nullable=False),
    sa.Column('orden', sa.Integer(), nullable=False),
    sa.Column('numero_contrato', sa.String(length=40), nullable=True),
    sa.Column('vigencia_contrato', sa.Integer(), nullable=True),
    sa.Column('soporte_clase', sa.Enum('resolucion', 'certificacion', 'concepto', 'oficio', 'acta', 'decreto', 'contrato', 'otro', name='clasesoporte', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('soporte_numero', sa.String(length=60), nullable=False),
    sa.Column('soporte_fecha', sa.Date(), nullable=False),
    sa.Column('soporte_emisor', sa.String(length=160), nullable=False),
    sa.Column('desde', sa.Date(), nullable=False),
    sa.Column('hasta', sa.Date(), nullable=True),
    sa.Column('dependencia', sa.String(length=160), nullable=False),
    sa.Column('usuario_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('usuario_nombre', sa.String(length=120), nullable=False),
    sa.Column('registrado_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revocado_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revocado_por', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('revocado_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('revocado_motivo', sa.String(length=500), nullable=False),
    sa.CheckConstraint("(revocado_en IS NULL) = (revocado_motivo = '')", name=op.f('ck_reconocimiento_revocado_con_motivo')),
    sa.CheckConstraint("soporte_emisor <> '' AND dependencia <> ''", name=op.f('ck_reconocimiento_con_quien_lo_expide_y_lo_reconoce')),
    sa.CheckConstraint('(numero_contrato IS NULL) = (vigencia_contrato IS NULL)', name=op.f('ck_reconocimiento_contrato_con_su_vigencia')),
    sa.CheckConstraint('(revocado_en IS NULL) = (revocado_por IS NULL)', name=op.f('ck_reconocimiento_revocado_por_alguien')),
    sa.CheckConstraint('hasta IS NULL OR hasta >= desde', name=op.f('ck_reconocimiento_hasta_despues_de_desde')),
    sa.ForeignKeyConstraint(['revocado_por'], ['usuario.id'], name=op.f('fk_reconocimiento_revocado_por_usuario')),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_reconocimiento_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reconocimiento'))
    )
    with op.batch_alter_table('reconocimiento', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reconocimiento_documento'), ['documento'], unique=False)
        batch_op.create_index('uq_reconocimiento_orden', ['departamento', 'regla', 'tipo_documento', 'documento', 'orden'], unique=True)

    op.create_table('factura_reconocida',
    sa.Column('factura_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reconocimiento_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['factura_id'], ['factura.id'], name=op.f('fk_factura_reconocida_factura_id_factura')),
    sa.ForeignKeyConstraint(['reconocimiento_id'], ['reconocimiento.id'], name=op.f('fk_factura_reconocida_reconocimiento_id_reconocimiento')),
    sa.PrimaryKeyConstraint('factura_id', 'reconocimiento_id', name=op.f('pk_factura_reconocida'))
    )
    with op.batch_alter_table('factura_reconocida', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_factura_reconocida_reconocimiento_id'), ['reconocimiento_id'], unique=False)


def downgrade():
    with op.batch_alter_table('factura_reconocida', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_factura_reconocida_reconocimiento_id'))

    op.drop_table('factura_reconocida')
    with op.batch_alter_table('reconocimiento', schema=None) as batch_op:
        batch_op.drop_index('uq_reconocimiento_orden')
        batch_op.drop_index(batch_op.f('ix_reconocimiento_documento'))

    op.drop_table('reconocimiento')