"""propuestas de indicadores

Revision ID: 002
Revises: 001
Create Date: 2026-11-21 13:15:27.140739

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '002'
down_revision = '001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('propuesta_indicador',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('codigo', sa.String(length=80), nullable=False),
    sa.Column('desde', sa.Date(), nullable=False),
    sa.Column('hasta', sa.Date(), nullable=False),
    sa.Column('valor', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('acto', sa.String(length=160), nullable=False),
    sa.Column('acto_fecha', sa.Date(), nullable=True),
    sa.Column('evidencia', sa.String(length=500), nullable=False),
    sa.Column('salto_confirmado', sa.Boolean(), nullable=False),
    sa.Column('estado', sa.Enum('borrador', 'publicada', 'retirada', name='estadopropuesta', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('autor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('autor_nombre', sa.String(length=120), nullable=False),
    sa.Column('escrita_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resuelta_por', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('resuelta_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('resuelta_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('motivo', sa.String(length=500), nullable=False),
    sa.CheckConstraint("(estado = 'borrador') = (resuelta_por IS NULL)", name=op.f('ck_propuesta_indicador_resuelta_por_alguien')),
    sa.CheckConstraint("estado <> 'publicada' OR (acto <> '' AND acto_fecha IS NOT NULL AND evidencia <> '')", name=op.f('ck_propuesta_indicador_publicada_con_su_acto')),
    sa.CheckConstraint("estado <> 'publicada' OR resuelta_por <> autor_id", name=op.f('ck_propuesta_indicador_la_publica_otra_persona')),
    sa.CheckConstraint("estado <> 'retirada' OR motivo <> ''", name=op.f('ck_propuesta_indicador_retirada_con_motivo')),
    sa.CheckConstraint('(resuelta_por IS NULL) = (resuelta_en IS NULL)', name=op.f('ck_propuesta_indicador_resuelta_en_su_instante')),
    sa.CheckConstraint('hasta >= desde', name=op.f('ck_propuesta_indicador_hasta_despues_de_desde')),
    sa.CheckConstraint('valor > 0', name=op.f('ck_propuesta_indicador_valor_positivo')),
    sa.ForeignKeyConstraint(['autor_id'], ['usuario.id'], name=op.f('fk_propuesta_indicador_autor_id_usuario')),
    sa.ForeignKeyConstraint(['resuelta_por'], ['usuario.id'], name=op.f('fk_propuesta_indicador_resuelta_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_propuesta_indicador'))
    )
    with op.batch_alter_table('propuesta_indicador', schema=None) as batch_op:
        batch_op.create_index('uq_propuesta_indicador_viva', ['departamento', 'codigo', 'desde'], unique=True, sqlite_where=sa.text("estado <> 'retirada'"), postgresql_where=sa.text("estado <> 'retirada'"))

    # Rows that are there already take the common case; `flask normativa cargar` brings what each one says.
    with op.batch_alter_table('indicador', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ano_completo', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('formula', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))



def downgrade():
    with op.batch_alter_table('indicador', schema=None) as batch_op:
        batch_op.drop_column('formula')
        batch_op.drop_column('ano_completo')

    with op.batch_alter_table('propuesta_indicador', schema=None) as batch_op:
        batch_op.drop_index('uq_propuesta_indicador_viva', sqlite_where=sa.text("estado <> 'retirada'"), postgresql_where=sa.text("estado <> 'retirada'"))

    op.drop_table('propuesta_indicador')
