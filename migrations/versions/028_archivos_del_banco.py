"""archivos del banco y sus movimientos

Revision ID: 028
Revises: 027
Create Date: 2026-11-25 11:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '028'
down_revision = '027'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
RESULTADOS = (
    'legalizado', 'legalizado_tarde', 'valor_distinto', 'ya_pagada', 'sin_efecto', 'no_pagable', 'referencia_desconocida',
    'medio_desconocido', 'pse_trasladado', 'pse_sin_pasarela', 'pse_ambiguo', 'pse_valor_distinto', 'pse_repetido',
    'revertido', 'revertido_antes', 'devuelto_sin_origen',
)
# What a later word of the gateway does not touch.
FIJAS = (
    'id', 'llave', 'cuenta', 'dia', 'referencia', 'valor', 'canal', 'devuelta', 'archivo_id', 'linea', 'cus',
    'autorizacion', 'operacion', 'reversion_id', 'registrado_en',
)


def upgrade():
    op.create_table('entrega_banco',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('codigo', sa.String(length=32), nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=False),
    sa.Column('nombre', sa.String(length=120), nullable=False),
    sa.Column('contenido', sa.LargeBinary(), nullable=False),
    sa.Column('vence_en', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_entrega_banco_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entrega_banco')),
    sa.UniqueConstraint('codigo', name=op.f('uq_entrega_banco_codigo')),
    )
    op.create_index(op.f('ix_entrega_banco_usuario_id'), 'entrega_banco', ['usuario_id'])
    _crear_archivo()
    _crear_movimiento()
    _solo_agregar('archivo_banco')
    _llenar_una_vez()


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        for tabla in ('movimiento_banco', 'archivo_banco'):
            op.execute(f'DROP TRIGGER {tabla}_no_cambia ON {tabla}')
            op.execute(f'DROP TRIGGER {tabla}_no_se_vacia ON {tabla}')
        op.execute('DROP FUNCTION movimiento_banco_se_llena_una_vez()')
    else:
        for tabla in ('movimiento_banco', 'archivo_banco'):
            op.execute(f'DROP TRIGGER {tabla}_no_cambia')
            op.execute(f'DROP TRIGGER {tabla}_no_se_borra')
    op.drop_table('movimiento_banco')
    op.drop_table('archivo_banco')
    op.drop_table('entrega_banco')
    op.execute("DELETE FROM consecutivo WHERE serie = 'archivo_banco'")


def _enum(nombre, valores):
    return sa.Enum(*valores, name=nombre, native_enum=False, create_constraint=True, length=32)


def _crear_archivo():
    op.create_table('archivo_banco',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('numero', ENTERO, nullable=False),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.Column('nombre', sa.String(length=120), nullable=False),
    sa.Column('formato', _enum('formato', ('2001', '1998')), nullable=False),
    sa.Column('banco', sa.String(length=3), nullable=False),
    sa.Column('cuenta', sa.String(length=20), nullable=False),
    sa.Column('dia', sa.Date(), nullable=False),
    sa.Column('modificador', sa.String(length=1), nullable=False),
    sa.Column('lineas', sa.Integer(), nullable=False),
    sa.Column('total', ENTERO, nullable=False),
    sa.Column('repetidas', sa.Integer(), nullable=False),
    sa.Column('valor_repetido', ENTERO, nullable=False),
    sa.Column('contenido', sa.LargeBinary(), nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=False),
    sa.Column('usuario_nombre', sa.String(length=120), nullable=False),
    sa.Column('importado_en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('lineas >= 0 AND total >= 0', name=op.f('ck_archivo_banco_no_negativo')),
    sa.CheckConstraint(
        'repetidas >= 0 AND repetidas <= lineas AND valor_repetido >= 0 AND valor_repetido <= total',
        name=op.f('ck_archivo_banco_repetido_dentro_del_total'),
    ),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_archivo_banco_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_archivo_banco')),
    sa.UniqueConstraint('huella', name=op.f('uq_archivo_banco_huella')),
    sa.UniqueConstraint('numero', name=op.f('uq_archivo_banco_numero')),
    )
    op.create_index(op.f('ix_archivo_banco_dia_archivo_banco_cuenta'), 'archivo_banco', ['dia', 'cuenta'])


def _crear_movimiento():
    op.create_table('movimiento_banco',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('llave', sa.String(length=64), nullable=False),
    sa.Column('cuenta', sa.String(length=40), nullable=False),
    sa.Column('dia', sa.Date(), nullable=False),
    sa.Column('referencia', sa.String(length=48), nullable=False),
    sa.Column('valor', ENTERO, nullable=False),
    sa.Column('canal', _enum('canalmovimiento', ('pse', 'ventanilla')), nullable=False),
    sa.Column('devuelta', sa.Boolean(), nullable=False),
    sa.Column('archivo_id', ENTERO, nullable=False),
    sa.Column('linea', sa.Integer(), nullable=False),
    sa.Column('cus', sa.String(length=60), nullable=True),
    sa.Column('autorizacion', sa.String(length=60), nullable=True),
    sa.Column('operacion', sa.String(length=60), nullable=True),
    sa.Column('recaudo_id', ENTERO, nullable=True),
    sa.Column('reversion_id', ENTERO, nullable=True),
    sa.Column('resultado', _enum('resultadomovimiento', RESULTADOS), nullable=False),
    sa.Column('registrado_en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('valor > 0', name=op.f('ck_movimiento_banco_valor_positivo')),
    sa.CheckConstraint(
        'NOT (devuelta AND recaudo_id IS NOT NULL)', name=op.f('ck_movimiento_banco_lo_devuelto_no_entra')
    ),
    sa.CheckConstraint(
        'reversion_id IS NULL OR devuelta', name=op.f('ck_movimiento_banco_solo_lo_devuelto_revierte')
    ),
    sa.ForeignKeyConstraint(['archivo_id'], ['archivo_banco.id'], name=op.f('fk_movimiento_banco_archivo_id_archivo_banco')),
    sa.ForeignKeyConstraint(['recaudo_id'], ['recaudo.id'], name=op.f('fk_movimiento_banco_recaudo_id_recaudo')),
    sa.ForeignKeyConstraint(['reversion_id'], ['reversion.id'], name=op.f('fk_movimiento_banco_reversion_id_reversion')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movimiento_banco')),
    sa.UniqueConstraint('archivo_id', 'linea', name=op.f('uq_movimiento_banco_archivo_id_linea')),
    sa.UniqueConstraint('llave', name=op.f('uq_movimiento_banco_llave')),
    sa.UniqueConstraint('recaudo_id', name=op.f('uq_movimiento_banco_recaudo_id')),
    sa.UniqueConstraint('reversion_id', name=op.f('uq_movimiento_banco_reversion_id')),
    )
    op.create_index(op.f('ix_movimiento_banco_dia_movimiento_banco_cuenta'), 'movimiento_banco', ['dia', 'cuenta'])
    op.create_index(op.f('ix_movimiento_banco_referencia'), 'movimiento_banco', ['referencia'])
    op.create_index(op.f('ix_movimiento_banco_resultado'), 'movimiento_banco', ['resultado'])


def _solo_agregar(tabla):
    """What tells what happened is only added to; the function of PostgreSQL is of 020."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'CREATE TRIGGER {tabla}_no_cambia BEFORE UPDATE OR DELETE ON {tabla} '
                   'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
        op.execute(f'CREATE TRIGGER {tabla}_no_se_vacia BEFORE TRUNCATE ON {tabla} '
                   'FOR EACH STATEMENT EXECUTE FUNCTION solo_se_agrega()')
        return
    for orden, nombre in (('UPDATE', 'no_cambia'), ('DELETE', 'no_se_borra')):
        op.execute(f"CREATE TRIGGER {tabla}_{nombre} BEFORE {orden} ON {tabla} "
                   f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")


def _llenar_una_vez():
    """A PSE line that came before the word of its gateway gets its credit once, with its new outcome, and nothing else."""
    if op.get_bind().dialect.name == 'postgresql':
        iguales = ' AND '.join(f'NEW.{c} IS NOT DISTINCT FROM OLD.{c}' for c in FIJAS)
        op.execute(
            'CREATE FUNCTION movimiento_banco_se_llena_una_vez() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
            f"IF TG_OP = 'UPDATE' AND {_SE_LLENA} AND {iguales} THEN RETURN NEW; END IF; "
            "RAISE EXCEPTION '% solo se agrega', TG_TABLE_NAME; END $$"
        )
        op.execute('CREATE TRIGGER movimiento_banco_no_cambia BEFORE UPDATE OR DELETE ON movimiento_banco '
                   'FOR EACH ROW EXECUTE FUNCTION movimiento_banco_se_llena_una_vez()')
        op.execute('CREATE TRIGGER movimiento_banco_no_se_vacia BEFORE TRUNCATE ON movimiento_banco '
                   'FOR EACH STATEMENT EXECUTE FUNCTION solo_se_agrega()')
        return
    iguales = ' AND '.join(f'NEW.{c} IS OLD.{c}' for c in FIJAS)
    op.execute(f'CREATE TRIGGER movimiento_banco_no_cambia BEFORE UPDATE ON movimiento_banco WHEN NOT ({_SE_LLENA} AND {iguales}) '
               "BEGIN SELECT RAISE(ABORT, 'movimiento_banco solo se agrega'); END")
    op.execute('CREATE TRIGGER movimiento_banco_no_se_borra BEFORE DELETE ON movimiento_banco '
               "BEGIN SELECT RAISE(ABORT, 'movimiento_banco solo se agrega'); END")


_SE_LLENA = (
    "OLD.recaudo_id IS NULL AND NEW.recaudo_id IS NOT NULL AND NEW.resultado = 'pse_trasladado' "
    "AND OLD.resultado IN ('pse_sin_pasarela', 'pse_ambiguo')"
)
