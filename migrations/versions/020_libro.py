"""libro y tablas de solo agregar

Revision ID: 020
Revises: 009
Create Date: 2026-11-23 10:00:00.000000

"""
from datetime import UTC, datetime
from decimal import Decimal

from alembic import op
import sqlalchemy as sa

from portal.dominio.cadena import GENESIS
from portal.dominio.libro import de_pasarela, eslabon, partidas_de_recaudo


# revision identifiers, used by Alembic.
revision = '020'
down_revision = '009'
branch_labels = None
depends_on = None

SOLO_AGREGAR = ('asiento', 'recaudo', 'evento_factura', 'evento_pago', 'bitacora', 'sin_efecto')


def upgrade():
    op.create_table('asiento',
    sa.Column('numero', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('clase', sa.Enum('recaudo', 'excedente', name='claseasiento', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('debe', sa.String(length=80), nullable=False),
    sa.Column('haber', sa.String(length=80), nullable=False),
    sa.Column('valor', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('origen', sa.String(length=120), nullable=False),
    sa.Column('recaudo_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('factura_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.CheckConstraint('debe <> haber', name=op.f('ck_asiento_entre_dos_cuentas')),
    sa.CheckConstraint('numero > 0', name=op.f('ck_asiento_numero_positivo')),
    sa.CheckConstraint('valor > 0', name=op.f('ck_asiento_valor_positivo')),
    sa.ForeignKeyConstraint(['factura_id'], ['factura.id'], name=op.f('fk_asiento_factura_id_factura')),
    sa.ForeignKeyConstraint(['recaudo_id'], ['recaudo.id'], name=op.f('fk_asiento_recaudo_id_recaudo')),
    sa.PrimaryKeyConstraint('numero', name=op.f('pk_asiento')),
    sa.UniqueConstraint('huella', name=op.f('uq_asiento_huella')),
    sa.UniqueConstraint('origen', name=op.f('uq_asiento_origen'))
    )
    for columna in ('debe', 'factura_id', 'haber', 'recaudo_id'):
        op.create_index(op.f(f'ix_asiento_{columna}'), 'asiento', [columna])
    _asentar_lo_recaudado(op.get_bind())
    _cerrar(op.get_bind().dialect.name)


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        for tabla in SOLO_AGREGAR:
            op.execute(f'DROP TRIGGER {tabla}_no_cambia ON {tabla}')
            op.execute(f'DROP TRIGGER {tabla}_no_se_vacia ON {tabla}')
        op.execute('DROP FUNCTION solo_se_agrega()')
    else:
        for tabla in SOLO_AGREGAR:
            op.execute(f'DROP TRIGGER {tabla}_no_cambia')
            op.execute(f'DROP TRIGGER {tabla}_no_se_borra')
    op.drop_table('asiento')
    op.execute("DELETE FROM consecutivo WHERE serie = 'asiento'")


def _cerrar(motor):
    """What tells what happened is only added to, whoever asks and with whatever tool."""
    if motor == 'postgresql':
        op.execute("""
            CREATE FUNCTION solo_se_agrega() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% solo se agrega', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END $$
        """)
        for tabla in SOLO_AGREGAR:
            op.execute(f'CREATE TRIGGER {tabla}_no_cambia BEFORE UPDATE OR DELETE ON {tabla} '
                       'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
            op.execute(f'CREATE TRIGGER {tabla}_no_se_vacia BEFORE TRUNCATE ON {tabla} '
                       'FOR EACH STATEMENT EXECUTE FUNCTION solo_se_agrega()')
        return
    for tabla in SOLO_AGREGAR:
        # INSERT OR REPLACE counts as a deletion because the portal opens SQLite with recursive_triggers.
        for orden, nombre in (('UPDATE', 'no_cambia'), ('DELETE', 'no_se_borra')):
            op.execute(f"CREATE TRIGGER {tabla}_{nombre} BEFORE {orden} ON {tabla} "
                       f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")


def _asentar_lo_recaudado(conexion):
    """Credits that were confirmed before the ledger existed are its first asientos, in their order."""
    huella, numero = GENESIS, 0
    recaudos = conexion.execute(sa.text(
        "SELECT id, pago_id, pasarela, valor, aplicado, registrado_en FROM recaudo WHERE moneda = 'COP' ORDER BY id"
    )).all()
    for recaudo in recaudos:
        legalizadas = _legalizadas(conexion, recaudo.pago_id) if recaudo.aplicado else []
        en = _instante(recaudo.registrado_en)
        for partida in partidas_de_recaudo(recaudo.id, de_pasarela(recaudo.pasarela), Decimal(recaudo.valor) / 100, legalizadas):
            numero += 1
            huella = eslabon(huella, numero, en, partida)
            conexion.execute(sa.text(
                'INSERT INTO asiento (numero, en, clase, debe, haber, valor, origen, recaudo_id, factura_id, huella) '
                'VALUES (:numero, :en, :clase, :debe, :haber, :valor, :origen, :recaudo, :factura, :huella)'
            ), {
                'numero': numero, 'en': recaudo.registrado_en, 'clase': partida.clase.value, 'debe': partida.debe,
                'haber': partida.haber, 'valor': int(partida.valor * 100), 'origen': partida.origen,
                'recaudo': recaudo.id, 'factura': partida.factura_id, 'huella': huella,
            })
    if numero:
        conexion.execute(sa.text("INSERT INTO consecutivo (serie, siguiente) VALUES ('asiento', :n)"), {'n': numero + 1})


def _legalizadas(conexion, pago_id):
    filas = conexion.execute(sa.text(
        'SELECT f.id, f.estampilla, pf.valor FROM factura f JOIN pago_factura pf ON pf.factura_id = f.id '
        "WHERE pf.pago_id = :pago AND EXISTS (SELECT 1 FROM evento_factura e WHERE e.factura_id = f.id "
        "AND e.pago_id = :pago AND e.evento = 'pago_aprobado') ORDER BY f.id"
    ), {'pago': pago_id})
    return [(fila.id, fila.estampilla, Decimal(fila.valor) / 100) for fila in filas]


def _instante(valor):
    """SQLite hands a date back as text when nobody tells its type."""
    leido = valor if isinstance(valor, datetime) else datetime.fromisoformat(valor)
    return leido if leido.tzinfo else leido.replace(tzinfo=UTC)
