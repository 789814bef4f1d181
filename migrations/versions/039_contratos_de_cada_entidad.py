"""los contratos son de cada entidad

Revision ID: 039
Revises: 038
Create Date: 2026-11-25 18:30:00.000000

"""
from itertools import groupby

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '039'
down_revision = '038'
branch_labels = None
depends_on = None

LLAVE = ('departamento', 'vigencia', 'documento', 'numero')
DE_LIQUIDACION = ('departamento', 'vigencia', 'documento', 'numero_contrato')
UNICA_ANTES = 'uq_contrato_departamento_vigencia_documento_numero'
UNICA = f'{UNICA_ANTES}_entidad'
VIGENTE = sa.text("tipo = 'contrato' AND vigente")
COLUMNA = 'entidad INTEGER DEFAULT 0 NOT NULL'
PROPIA = "NOT (vigente AND adicion = 0 AND cuenta = '') OR entidad IN (0, COALESCE(agente_id, 0))"
RECONOCIDO = 'agente_id IS NULL OR numero_contrato IS NOT NULL'
AGENTE = ('agente_id INTEGER CONSTRAINT fk_reconocimiento_agente_id_agente REFERENCES agente (id) '
          f'CONSTRAINT ck_reconocimiento_entidad_con_su_contrato CHECK ({RECONOCIDO})')
CHECK = f'CONSTRAINT ck_liquidacion_entidad_de_su_agente CHECK ({PROPIA})'


def upgrade():
    """Every contract stays whole: what followed from an assessment goes with it to its entity."""
    _agregar_columnas()
    op.drop_index('uq_liquidacion_contrato_vigente', 'liquidacion')
    op.execute('UPDATE liquidacion SET entidad = agente_id WHERE agente_id IS NOT NULL')
    for contrato_id, lineas in groupby(_lineas_con_agentes(), lambda linea: linea.contrato_id):
        _repartir(contrato_id, list(lineas))
    _comprobar_su_entidad()
    _agregar_a_reconocimiento()
    _indexar([*DE_LIQUIDACION, 'entidad', 'adicion', 'cuenta'])


def downgrade():
    """Refused while two entities have a contract of the same contractor, number and year: one key cannot name both."""
    repetidos = _contar_repetidos()
    if repetidos:
        raise RuntimeError(f'Dos entidades tienen contratos con el mismo contratista, número y vigencia ({repetidos}): '
                           'deje sin efecto los de una antes de bajar de 039.')
    op.drop_index('uq_liquidacion_contrato_vigente', 'liquidacion')
    _juntar()
    _quitar_columnas()
    _quitar_de_reconocimiento()
    _indexar([*DE_LIQUIDACION, 'adicion', 'cuenta'])


def _en_postgresql():
    return op.get_bind().dialect.name == 'postgresql'


def _agregar_columnas():
    if _en_postgresql():
        for tabla in ('contrato', 'liquidacion'):
            op.add_column(tabla, sa.Column('entidad', sa.BigInteger(), nullable=False, server_default='0'))
        op.drop_constraint(UNICA_ANTES, 'contrato')
        op.create_unique_constraint(UNICA, 'contrato', [*LLAVE, 'entidad'])
        return
    op.execute('PRAGMA defer_foreign_keys = ON')
    op.execute(f'ALTER TABLE liquidacion ADD COLUMN {COLUMNA}')
    op.execute(f'ALTER TABLE contrato ADD COLUMN {COLUMNA}')
    _rehacer_en_sqlite('contrato', _unica(UNICA_ANTES, LLAVE), _unica(UNICA, (*LLAVE, 'entidad')))


def _quitar_columnas():
    if _en_postgresql():
        op.drop_constraint(UNICA, 'contrato')
        op.create_unique_constraint(UNICA_ANTES, 'contrato', list(LLAVE))
        op.drop_constraint('ck_liquidacion_entidad_de_su_agente', 'liquidacion')
        for tabla in ('liquidacion', 'contrato'):
            op.drop_column(tabla, 'entidad')
        return
    op.execute('PRAGMA defer_foreign_keys = ON')
    _rehacer_en_sqlite('contrato', _unica(UNICA, (*LLAVE, 'entidad')), _unica(UNICA_ANTES, LLAVE))
    # The condition is of its column, and goes with it.
    for tabla in ('liquidacion', 'contrato'):
        op.execute(f'ALTER TABLE {tabla} DROP COLUMN entidad')


def _comprobar_su_entidad():
    if _en_postgresql():
        op.create_check_constraint(op.f('ck_liquidacion_entidad_de_su_agente'), 'liquidacion', PROPIA)
        return
    _rehacer_en_sqlite('liquidacion', COLUMNA, f'{COLUMNA} {CHECK}')


def _agregar_a_reconocimiento():
    """A recognition of one contract is of the entity whose contract that number is, if it was assessed already."""
    if _en_postgresql():
        op.add_column('reconocimiento', sa.Column('agente_id', sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f('fk_reconocimiento_agente_id_agente'), 'reconocimiento', 'agente', ['agente_id'], ['id'])
        op.create_check_constraint(op.f('ck_reconocimiento_entidad_con_su_contrato'), 'reconocimiento', RECONOCIDO)
    else:
        op.execute(f'ALTER TABLE reconocimiento ADD COLUMN {AGENTE}')
    op.execute(
        'UPDATE reconocimiento SET agente_id = (SELECT NULLIF(l.entidad, 0) FROM liquidacion l '
        "WHERE l.departamento = reconocimiento.departamento AND l.tipo_documento = reconocimiento.tipo_documento "
        'AND l.documento = reconocimiento.documento AND l.vigencia = reconocimiento.vigencia_contrato '
        "AND l.numero_contrato = reconocimiento.numero_contrato AND l.adicion = 0 AND l.cuenta = '' "
        'ORDER BY l.vigente DESC, l.numero DESC LIMIT 1) WHERE numero_contrato IS NOT NULL'
    )


def _quitar_de_reconocimiento():
    if _en_postgresql():
        op.drop_constraint('ck_reconocimiento_entidad_con_su_contrato', 'reconocimiento')
        op.drop_column('reconocimiento', 'agente_id')
    else:
        _rehacer_en_sqlite('reconocimiento', f', {AGENTE}', '', sin=('agente_id',))


def _indexar(columnas):
    op.create_index('uq_liquidacion_contrato_vigente', 'liquidacion', columnas, unique=True,
                    sqlite_where=VIGENTE, postgresql_where=VIGENTE)


def _unica(nombre, columnas):
    return f'CONSTRAINT {nombre} UNIQUE ({", ".join(columnas)})'


def _rehacer_en_sqlite(tabla, viejo, nuevo, *, sin=()):
    """SQLite changes no constraint in place: the table is made anew as it stands, with `nuevo` in place of `viejo`.

    Its rows, indexes and triggers come back as they were; `sin` are columns that it has no more.
    """
    conexion = op.get_bind()
    crear = conexion.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :t"), {'t': tabla}).scalar_one()
    demas = conexion.execute(sa.text(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = :t AND sql IS NOT NULL"
    ), {'t': tabla}).scalars().all()
    assert viejo in crear, f'{tabla}: {viejo}'
    nombres = [fila.name for fila in conexion.execute(sa.text(f'PRAGMA table_info({tabla})')) if fila.name not in sin]
    columnas = ', '.join(f'"{nombre}"' for nombre in nombres)
    conexion.exec_driver_sql(f'CREATE TABLE {tabla}_copia AS SELECT {columnas} FROM {tabla}')
    op.drop_table(tabla)
    conexion.exec_driver_sql(crear.replace(viejo, nuevo))
    conexion.exec_driver_sql(f'INSERT INTO {tabla} ({columnas}) SELECT {columnas} FROM {tabla}_copia ORDER BY rowid')
    op.drop_table(f'{tabla}_copia')
    for sql in demas:
        conexion.exec_driver_sql(sql)


def _lineas_con_agentes():
    """The ledgers of the contracts in which an agent took part, each in its order."""
    return op.get_bind().execute(sa.text(
        'SELECT m.contrato_id, m.id, m.clase, m.adicion, m.liquidacion_id, COALESCE(l.agente_id, 0) AS entidad '
        'FROM movimiento_contrato m LEFT JOIN liquidacion l ON l.id = m.liquidacion_id '
        'WHERE m.contrato_id IN (SELECT o.contrato_id FROM movimiento_contrato o '
        'JOIN liquidacion x ON x.id = o.liquidacion_id WHERE x.agente_id IS NOT NULL) '
        'ORDER BY m.contrato_id, m.orden'
    )).all()


def _repartir(contrato_id, lineas):
    """One key held the contracts of several entities, one after another was voided: each takes its lines with it."""
    tramos = []
    for linea in lineas:
        if linea.clase == 'inicial' or not tramos:
            tramos.append([])
        tramos[-1].append(linea)
    entidades = [_entidad_de(tramo) for tramo in tramos]
    # The last one is the one that may be in force: it keeps the row, and the name that the audit gave it.
    _ejecutar('UPDATE contrato SET entidad = :e WHERE id = :c', e=entidades[-1], c=contrato_id)
    for tramo, entidad in zip(tramos, entidades):
        destino = contrato_id if entidad == entidades[-1] else _contrato_de(contrato_id, entidad)
        for linea in tramo:
            _ejecutar('UPDATE movimiento_contrato SET contrato_id = :c WHERE id = :m', c=destino, m=linea.id)
            _ejecutar('UPDATE liquidacion SET entidad = :e WHERE id = :l', e=entidad, l=linea.liquidacion_id)


def _entidad_de(tramo):
    """Whose a contract is: of whoever its own assessment is, the newest if a reduction issued it again."""
    propias = [x for x in tramo if x.clase in ('inicial', 'reduccion') and x.adicion == 0 and x.liquidacion_id]
    return propias[-1].entidad if propias else 0


def _contrato_de(contrato_id, entidad):
    """The contract of another entity with the same key, made if it is missing."""
    llave = ', '.join(LLAVE)
    _ejecutar(f'INSERT INTO contrato ({llave}, entidad) SELECT {llave}, :e FROM contrato WHERE id = :c '
              'ON CONFLICT DO NOTHING', e=entidad, c=contrato_id)
    return _ejecutar('SELECT o.id FROM contrato o JOIN contrato c ON c.id = :c AND o.entidad = :e AND '
                     + ' AND '.join(f'o.{x} = c.{x}' for x in LLAVE), c=contrato_id, e=entidad).scalar_one()


def _contar_repetidos():
    llave = ', '.join((*DE_LIQUIDACION, 'adicion', 'cuenta'))
    return _ejecutar(f"SELECT count(*) FROM (SELECT 1 AS uno FROM liquidacion WHERE tipo = 'contrato' AND vigente "
                     f'GROUP BY {llave} HAVING count(*) > 1) AS r').scalar_one()


def _juntar():
    """The lines of those that share a key go to one of them, in the order in which they were written."""
    llave = ', '.join(LLAVE)
    grupos = _ejecutar(f'SELECT {llave} FROM contrato GROUP BY {llave} HAVING count(*) > 1').all()
    donde = ' AND '.join(f'{x} = :{x}' for x in LLAVE)
    for grupo in grupos:
        ids = _ejecutar(f'SELECT id FROM contrato WHERE {donde} ORDER BY id', **grupo._mapping).scalars().all()
        lista = ', '.join(str(uno) for uno in ids)
        lineas = _ejecutar(f'SELECT id FROM movimiento_contrato WHERE contrato_id IN ({lista}) ORDER BY id').scalars().all()
        ultimo = _ejecutar(f'SELECT max(orden) FROM movimiento_contrato WHERE contrato_id IN ({lista})').scalar_one() or 0
        # First beyond any number in use, then from one: the order is unique at every step.
        for base in (ultimo + len(lineas), 0):
            for orden, linea in enumerate(lineas, start=1):
                _ejecutar('UPDATE movimiento_contrato SET contrato_id = :c, orden = :o WHERE id = :m',
                          c=ids[0], o=base + orden, m=linea)
        _ejecutar(f'DELETE FROM contrato WHERE id IN ({lista}) AND id <> :c', c=ids[0])


def _ejecutar(orden, **valores):
    return op.get_bind().execute(sa.text(orden), valores)
