"""casos de tesorería, reversiones, recaudos que no vienen de una pasarela

Revision ID: 021
Revises: 020
Create Date: 2026-11-25 09:40:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '021'
down_revision = '020'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
CLASES_CASO = (
    'pago_doble', 'valor_distinto', 'referencia_desconocida', 'pago_tardio', 'reversion', 'firma_invalida',
    'sin_resolver', 'respuesta_contradictoria', 'diferencia', 'no_aparece',
)
SALIDAS = ('devuelto', 'aplicado', 'revisado', 'ordenado', 'resuelto_solo')
CLASES_ASIENTO_ANTES = ('recaudo', 'excedente')
CLASES_ASIENTO = (
    *CLASES_ASIENTO_ANTES, 'sin_identificar', 'aplicacion', 'reversion', 'traslado', 'no_debido', 'devolucion',
)
CLASES_RECAUDO_ANTES = ('aplicado', 'parcial', 'doble', 'valor_distinto')
CLASES_RECAUDO = (*CLASES_RECAUDO_ANTES, 'sin_identificar')
CANALES = ('pse', 'ventanilla', 'manual')
PSE_CON_PAGO = "(canal = 'pse') = (pago_id IS NOT NULL)"
COLUMNAS_ASIENTO = 'numero, en, clase, debe, haber, valor, origen, recaudo_id, factura_id, huella'
COLUMNAS_RECAUDO = (
    'id, pago_id, pasarela, transaccion, valor, aplicado, moneda, clase, cus, banco, autorizacion, fecha_banco, '
    'registrado_en'
)


def upgrade():
    if op.get_bind().dialect.name == 'postgresql':
        _cambiar_clases('asiento', 'claseasiento', CLASES_ASIENTO)
        _cambiar_clases('recaudo', 'claserecaudo', CLASES_RECAUDO)
        op.add_column('recaudo', sa.Column('canal', _enum('canalrecaudo', CANALES), nullable=False, server_default='pse'))
        op.alter_column('recaudo', 'canal', server_default=None)
        op.alter_column('recaudo', 'pago_id', nullable=True)
        op.create_check_constraint(op.f('ck_recaudo_pse_con_pago'), 'recaudo', PSE_CON_PAGO)
        op.create_index(op.f('ix_recaudo_cus'), 'recaudo', ['cus'])
    else:
        _rehacer_en_sqlite(CLASES_ASIENTO, CLASES_RECAUDO, con_canal=True)
    op.create_index(op.f('ix_pago_cus'), 'pago', ['cus'])
    _crear_reversion()
    _crear_caso()
    _abrir_los_pendientes(op.get_bind())


def downgrade():
    op.drop_table('caso')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP TRIGGER reversion_no_cambia ON reversion')
        op.execute('DROP TRIGGER reversion_no_se_vacia ON reversion')
    op.drop_table('reversion')
    op.execute("DELETE FROM consecutivo WHERE serie = 'caso'")
    op.drop_index(op.f('ix_pago_cus'), 'pago')
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_index(op.f('ix_recaudo_cus'), 'recaudo')
        op.drop_constraint(op.f('ck_recaudo_pse_con_pago'), 'recaudo')
        op.alter_column('recaudo', 'pago_id', nullable=False)
        op.drop_column('recaudo', 'canal')
        _cambiar_clases('recaudo', 'claserecaudo', CLASES_RECAUDO_ANTES)
        _cambiar_clases('asiento', 'claseasiento', CLASES_ASIENTO_ANTES)
    else:
        _rehacer_en_sqlite(CLASES_ASIENTO_ANTES, CLASES_RECAUDO_ANTES, con_canal=False)


def _enum(nombre, valores):
    return sa.Enum(*valores, name=nombre, native_enum=False, create_constraint=True, length=32)


def _cambiar_clases(tabla, nombre, valores):
    op.drop_constraint(op.f(f'ck_{tabla}_{nombre}'), tabla)
    lista = ', '.join(f"'{v}'" for v in valores)
    op.create_check_constraint(op.f(f'ck_{tabla}_{nombre}'), tabla, f'clase IN ({lista})')


def _rehacer_en_sqlite(clases_asiento, clases_recaudo, *, con_canal):
    """SQLite changes no constraint in place, and refuses to drop what another table points at: first whoever points."""
    op.execute(f'CREATE TABLE asiento_copia AS SELECT {COLUMNAS_ASIENTO} FROM asiento')
    op.execute(f'CREATE TABLE recaudo_copia AS SELECT {COLUMNAS_RECAUDO} FROM recaudo')
    op.drop_table('asiento')
    op.drop_table('recaudo')
    _crear_recaudo(clases_recaudo, con_canal)
    canal, pse = (', canal', ", 'pse'") if con_canal else ('', '')
    op.execute(f'INSERT INTO recaudo ({COLUMNAS_RECAUDO}{canal}) SELECT {COLUMNAS_RECAUDO}{pse} FROM recaudo_copia ORDER BY id')
    _crear_asiento(clases_asiento)
    op.execute(f'INSERT INTO asiento ({COLUMNAS_ASIENTO}) SELECT {COLUMNAS_ASIENTO} FROM asiento_copia ORDER BY numero')
    op.drop_table('asiento_copia')
    op.drop_table('recaudo_copia')
    for tabla in ('asiento', 'recaudo'):
        _solo_agregar(tabla)


def _crear_recaudo(clases, con_canal):
    canal = (
        sa.Column('canal', _enum('canalrecaudo', CANALES), nullable=False),
        sa.CheckConstraint(PSE_CON_PAGO, name=op.f('ck_recaudo_pse_con_pago')),
    ) if con_canal else ()
    op.create_table('recaudo',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('pago_id', ENTERO, nullable=con_canal),
    sa.Column('pasarela', sa.String(length=20), nullable=False),
    sa.Column('transaccion', sa.String(length=64), nullable=False),
    sa.Column('valor', ENTERO, nullable=False),
    sa.Column('aplicado', ENTERO, nullable=False),
    sa.Column('moneda', sa.String(length=3), nullable=False),
    sa.Column('clase', _enum('claserecaudo', clases), nullable=False),
    sa.Column('cus', sa.String(length=60), nullable=True),
    sa.Column('banco', sa.String(length=120), nullable=True),
    sa.Column('autorizacion', sa.String(length=60), nullable=True),
    sa.Column('fecha_banco', sa.DateTime(timezone=True), nullable=True),
    sa.Column('registrado_en', sa.DateTime(timezone=True), nullable=False),
    *canal,
    sa.CheckConstraint('valor > 0 AND aplicado >= 0 AND aplicado <= valor', name=op.f('ck_recaudo_aplicado_dentro_del_valor')),
    sa.ForeignKeyConstraint(['pago_id'], ['pago.id'], name=op.f('fk_recaudo_pago_id_pago')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recaudo')),
    sa.UniqueConstraint('pasarela', 'transaccion', name=op.f('uq_recaudo_pasarela_transaccion')),
    )
    op.create_index(op.f('ix_recaudo_pago_id'), 'recaudo', ['pago_id'])
    if con_canal:
        op.create_index(op.f('ix_recaudo_cus'), 'recaudo', ['cus'])
    op.create_index('uq_recaudo_aplicado', 'recaudo', ['pago_id'], unique=True, sqlite_where=sa.text('aplicado > 0'))


def _crear_asiento(clases):
    op.create_table('asiento',
    sa.Column('numero', ENTERO, autoincrement=False, nullable=False),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('clase', _enum('claseasiento', clases), nullable=False),
    sa.Column('debe', sa.String(length=80), nullable=False),
    sa.Column('haber', sa.String(length=80), nullable=False),
    sa.Column('valor', ENTERO, nullable=False),
    sa.Column('origen', sa.String(length=120), nullable=False),
    sa.Column('recaudo_id', ENTERO, nullable=True),
    sa.Column('factura_id', ENTERO, nullable=True),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.CheckConstraint('debe <> haber', name=op.f('ck_asiento_entre_dos_cuentas')),
    sa.CheckConstraint('numero > 0', name=op.f('ck_asiento_numero_positivo')),
    sa.CheckConstraint('valor > 0', name=op.f('ck_asiento_valor_positivo')),
    sa.ForeignKeyConstraint(['factura_id'], ['factura.id'], name=op.f('fk_asiento_factura_id_factura')),
    sa.ForeignKeyConstraint(['recaudo_id'], ['recaudo.id'], name=op.f('fk_asiento_recaudo_id_recaudo')),
    sa.PrimaryKeyConstraint('numero', name=op.f('pk_asiento')),
    sa.UniqueConstraint('huella', name=op.f('uq_asiento_huella')),
    sa.UniqueConstraint('origen', name=op.f('uq_asiento_origen')),
    )
    for columna in ('debe', 'factura_id', 'haber', 'recaudo_id'):
        op.create_index(op.f(f'ix_asiento_{columna}'), 'asiento', [columna])


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


def _crear_reversion():
    op.create_table('reversion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('recaudo_id', ENTERO, nullable=False),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('causa', _enum('causareversion', ('pasarela', 'banco', 'tesoreria')), nullable=False),
    sa.Column('motivo', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['recaudo_id'], ['recaudo.id'], name=op.f('fk_reversion_recaudo_id_recaudo')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reversion')),
    sa.UniqueConstraint('recaudo_id', name=op.f('uq_reversion_recaudo_id')),
    )
    _solo_agregar('reversion')


def _crear_caso():
    op.create_table('caso',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('numero', ENTERO, nullable=False),
    sa.Column('clase', _enum('clasecaso', CLASES_CASO), nullable=False),
    sa.Column('clave', sa.String(length=120), nullable=False),
    sa.Column('abierto_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('veces', sa.Integer(), nullable=False),
    sa.Column('detalle', sa.JSON(), nullable=False),
    sa.Column('pago_id', ENTERO, nullable=True),
    sa.Column('recaudo_id', ENTERO, nullable=True),
    sa.Column('factura_id', ENTERO, nullable=True),
    sa.Column('responsable_id', ENTERO, nullable=True),
    sa.Column('responsable_nombre', sa.String(length=120), nullable=False),
    sa.Column('cerrado_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cerrado_por', ENTERO, nullable=True),
    sa.Column('cerrado_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('salida', _enum('salidacaso', SALIDAS), nullable=True),
    sa.Column('nota', sa.String(length=500), nullable=False),
    sa.CheckConstraint('(cerrado_en IS NULL) = (salida IS NULL)', name=op.f('ck_caso_cerrado_con_salida')),
    sa.ForeignKeyConstraint(['cerrado_por'], ['usuario.id'], name=op.f('fk_caso_cerrado_por_usuario')),
    sa.ForeignKeyConstraint(['factura_id'], ['factura.id'], name=op.f('fk_caso_factura_id_factura')),
    sa.ForeignKeyConstraint(['pago_id'], ['pago.id'], name=op.f('fk_caso_pago_id_pago')),
    sa.ForeignKeyConstraint(['recaudo_id'], ['recaudo.id'], name=op.f('fk_caso_recaudo_id_recaudo')),
    sa.ForeignKeyConstraint(['responsable_id'], ['usuario.id'], name=op.f('fk_caso_responsable_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_caso')),
    sa.UniqueConstraint('clave', name=op.f('uq_caso_clave')),
    sa.UniqueConstraint('numero', name=op.f('uq_caso_numero')),
    )
    for columna in ('pago_id', 'recaudo_id', 'factura_id'):
        op.create_index(op.f(f'ix_caso_{columna}'), 'caso', [columna])
    op.create_index('ix_caso_abierto', 'caso', ['clase', 'numero'], sqlite_where=sa.text('cerrado_en IS NULL'),
                    postgresql_where=sa.text('cerrado_en IS NULL'))


def _abrir_los_pendientes(conexion):
    """Credits that legalised nothing, or not all that they brought, wait for treasury since before there were cases."""
    colas = {'parcial': 'pago_doble', 'doble': 'pago_doble', 'valor_distinto': 'valor_distinto'}
    recaudos = conexion.execute(sa.text(
        "SELECT id, pago_id, clase, registrado_en FROM recaudo WHERE clase <> 'aplicado' ORDER BY id"
    )).all()
    for numero, recaudo in enumerate(recaudos, start=1):
        cola = colas[recaudo.clase]
        conexion.execute(sa.text(
            'INSERT INTO caso (numero, clase, clave, abierto_en, veces, detalle, pago_id, recaudo_id, responsable_nombre, '
            "cerrado_por_nombre, nota) VALUES (:numero, :clase, :clave, :en, 1, '{}', :pago, :recaudo, '', '', '')"
        ), {
            'numero': numero, 'clase': cola, 'clave': f'{cola}:recaudo:{recaudo.id}', 'en': recaudo.registrado_en,
            'pago': recaudo.pago_id, 'recaudo': recaudo.id,
        })
    if recaudos:
        conexion.execute(
            sa.text("INSERT INTO consecutivo (serie, siguiente) VALUES ('caso', :n)"), {'n': len(recaudos) + 1}
        )
