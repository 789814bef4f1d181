"""vida de los contratos

Revision ID: 005
Revises: 004
Create Date: 2026-11-23 11:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '005'
down_revision = '004'
branch_labels = None
depends_on = None

_ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_CONTRATO = ['departamento', 'vigencia', 'documento', 'numero_contrato', 'adicion']
_VIGENTE = sa.text("tipo = 'contrato' AND vigente")


def upgrade():
    op.create_table('contrato',
    sa.Column('id', _ENTERO, nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('vigencia', sa.Integer(), nullable=False),
    sa.Column('documento', sa.String(length=20), nullable=False),
    sa.Column('numero', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contrato')),
    sa.UniqueConstraint('departamento', 'vigencia', 'documento', 'numero', name=op.f('uq_contrato_departamento_vigencia_documento_numero'))
    )
    op.create_table('movimiento_contrato',
    sa.Column('id', _ENTERO, nullable=False),
    sa.Column('contrato_id', _ENTERO, nullable=False),
    sa.Column('orden', sa.Integer(), nullable=False),
    sa.Column('clase', sa.Enum('inicial', 'adicion', 'reduccion', 'cuenta', 'sin_efecto', name='clasemovimiento', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('adicion', sa.Integer(), nullable=False),
    sa.Column('valor', _ENTERO, nullable=False),
    sa.Column('pagado', _ENTERO, nullable=False),
    sa.Column('documento', sa.String(length=40), nullable=False),
    sa.Column('fecha', sa.Date(), nullable=True),
    sa.Column('liquidacion_id', _ENTERO, nullable=True),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('usuario_id', _ENTERO, nullable=False),
    sa.Column('usuario_nombre', sa.String(length=120), nullable=False),
    sa.CheckConstraint("(clase = 'sin_efecto') = (fecha IS NULL)", name=op.f('ck_movimiento_contrato_fechado_por_su_acto')),
    sa.CheckConstraint('orden > 0', name=op.f('ck_movimiento_contrato_orden_positivo')),
    sa.ForeignKeyConstraint(['contrato_id'], ['contrato.id'], name=op.f('fk_movimiento_contrato_contrato_id_contrato')),
    sa.ForeignKeyConstraint(['liquidacion_id'], ['liquidacion.id'], name=op.f('fk_movimiento_contrato_liquidacion_id_liquidacion')),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_movimiento_contrato_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movimiento_contrato')),
    sa.UniqueConstraint('contrato_id', 'orden', name=op.f('uq_movimiento_contrato_contrato_id_orden'))
    )
    op.create_index(op.f('ix_movimiento_contrato_liquidacion_id'), 'movimiento_contrato', ['liquidacion_id'], unique=False)
    op.create_table('saldo_a_favor',
    sa.Column('id', _ENTERO, nullable=False),
    sa.Column('movimiento_id', _ENTERO, nullable=False),
    sa.Column('acto', sa.String(length=30), nullable=False),
    sa.Column('estampilla', sa.String(length=60), nullable=False),
    sa.Column('valor', _ENTERO, nullable=False),
    sa.CheckConstraint('valor > 0', name=op.f('ck_saldo_a_favor_valor_positivo')),
    sa.ForeignKeyConstraint(['movimiento_id'], ['movimiento_contrato.id'], name=op.f('fk_saldo_a_favor_movimiento_id_movimiento_contrato')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saldo_a_favor')),
    sa.UniqueConstraint('movimiento_id', 'acto', 'estampilla', name=op.f('uq_saldo_a_favor_movimiento_id_acto_estampilla'))
    )
    op.create_table('integrante',
    sa.Column('id', _ENTERO, nullable=False),
    sa.Column('liquidacion_id', _ENTERO, nullable=False),
    sa.Column('orden', sa.Integer(), nullable=False),
    sa.Column('tipo_documento', sa.String(length=4), nullable=False),
    sa.Column('documento', sa.String(length=20), nullable=False),
    sa.Column('nombre', sa.String(length=160), nullable=False),
    sa.Column('porcentaje', sa.String(length=11), nullable=False),
    sa.ForeignKeyConstraint(['liquidacion_id'], ['liquidacion.id'], name=op.f('fk_integrante_liquidacion_id_liquidacion')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_integrante')),
    sa.UniqueConstraint('liquidacion_id', 'documento', name=op.f('uq_integrante_liquidacion_id_documento')),
    sa.UniqueConstraint('liquidacion_id', 'orden', name=op.f('uq_integrante_liquidacion_id_orden'))
    )
    op.create_index(op.f('ix_integrante_documento'), 'integrante', ['documento'], unique=False)

    # Contracts that were assessed before: one payment of the whole, without additions.
    op.add_column('liquidacion', sa.Column('cuenta', sa.String(length=40), nullable=False, server_default=''))
    op.add_column('liquidacion', sa.Column('por_retencion', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index('uq_liquidacion_contrato_vigente', 'liquidacion')
    op.create_index('uq_liquidacion_contrato_vigente', 'liquidacion', [*_CONTRATO, 'cuenta'], unique=True, sqlite_where=_VIGENTE, postgresql_where=_VIGENTE)
    op.execute(
        "INSERT INTO contrato (departamento, vigencia, documento, numero) "
        "SELECT DISTINCT departamento, vigencia, documento, numero_contrato FROM liquidacion WHERE tipo = 'contrato'"
    )
    op.execute(
        "INSERT INTO movimiento_contrato (contrato_id, orden, clase, adicion, valor, pagado, documento, fecha, "
        "liquidacion_id, en, usuario_id, usuario_nombre) "
        "SELECT c.id, 1, 'inicial', 0, COALESCE(l.valor_acto, 0), 0, l.numero_contrato, "
        "COALESCE(l.fecha_contrato, l.fecha_causacion), l.id, l.emitida_en, l.emitida_por, l.emitida_por_nombre "
        "FROM liquidacion l JOIN contrato c ON c.departamento = l.departamento AND c.vigencia = l.vigencia "
        "AND c.documento = l.documento AND c.numero = l.numero_contrato "
        "WHERE l.tipo = 'contrato' AND l.vigente AND l.adicion = 0"
    )


def downgrade():
    # Additions and payments cannot be told from contracts without these columns: they must be void before.
    op.drop_index('uq_liquidacion_contrato_vigente', 'liquidacion')
    op.create_index('uq_liquidacion_contrato_vigente', 'liquidacion', _CONTRATO, unique=True, sqlite_where=_VIGENTE, postgresql_where=_VIGENTE)
    op.drop_column('liquidacion', 'por_retencion')
    op.drop_column('liquidacion', 'cuenta')
    op.drop_index(op.f('ix_integrante_documento'), 'integrante')
    op.drop_table('integrante')
    op.drop_table('saldo_a_favor')
    op.drop_index(op.f('ix_movimiento_contrato_liquidacion_id'), 'movimiento_contrato')
    op.drop_table('movimiento_contrato')
    op.drop_table('contrato')
