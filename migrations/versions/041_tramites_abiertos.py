"""lo que liquida cada quien: trámites abiertos, y actos que no son de ninguna cuenta

Revision ID: 041
Revises: 040
Create Date: 2026-11-25 20:30:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '041'
down_revision = '040'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
# Where no account may have acted, but the contributor.
SIN_CUENTA = (('liquidacion', 'emitida_por'), ('sin_efecto', 'usuario_id'), ('movimiento_contrato', 'usuario_id'))
VIGENTE = sa.text('cerrado_en IS NULL')


def upgrade():
    op.create_table(
        'tramite_abierto',
        sa.Column('id', ENTERO, nullable=False),
        sa.Column('departamento', sa.String(length=30), nullable=False),
        sa.Column('actos', sa.String(length=120), nullable=False),
        sa.Column('entidad', sa.String(length=160), nullable=False),
        sa.Column('abierto_en', sa.DateTime(timezone=True), nullable=False),
        sa.Column('abierto_por', ENTERO, nullable=False),
        sa.Column('abierto_por_nombre', sa.String(length=120), nullable=False),
        sa.Column('cerrado_en', sa.DateTime(timezone=True), nullable=True),
        sa.Column('cerrado_por', ENTERO, nullable=True),
        sa.Column('cerrado_por_nombre', sa.String(length=120), nullable=False),
        sa.CheckConstraint("entidad <> ''", name=op.f('ck_tramite_abierto_con_entidad')),
        sa.CheckConstraint('(cerrado_en IS NULL) = (cerrado_por IS NULL)', name=op.f('ck_tramite_abierto_cerrado_por_alguien')),
        sa.ForeignKeyConstraint(['abierto_por'], ['usuario.id'], name=op.f('fk_tramite_abierto_abierto_por_usuario')),
        sa.ForeignKeyConstraint(['cerrado_por'], ['usuario.id'], name=op.f('fk_tramite_abierto_cerrado_por_usuario')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tramite_abierto')),
    )
    op.create_index('uq_tramite_abierto_vigente', 'tramite_abierto', ['departamento', 'actos', 'entidad'], unique=True,
                    sqlite_where=VIGENTE, postgresql_where=VIGENTE)
    for tabla, columna in SIN_CUENTA:
        _admitir_vacia(tabla, columna, True)


def downgrade():
    """Refused while something was assessed by a contributor: it has no account to be signed by."""
    for tabla, columna in SIN_CUENTA:
        cuantas = op.get_bind().execute(sa.text(f'SELECT count(*) FROM {tabla} WHERE {columna} IS NULL')).scalar_one()
        if cuantas:
            raise RuntimeError(f'Hay {cuantas} filas de {tabla} que hizo el propio contribuyente: no se puede bajar de 041.')
    for tabla, columna in SIN_CUENTA:
        _admitir_vacia(tabla, columna, False)
    op.drop_index('uq_tramite_abierto_vigente', 'tramite_abierto')
    op.drop_table('tramite_abierto')


def _admitir_vacia(tabla, columna, vacia):
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column(tabla, columna, nullable=vacia)
        return
    op.execute('PRAGMA defer_foreign_keys = ON')
    con, sin = f'{columna} INTEGER NOT NULL', f'{columna} INTEGER'
    _rehacer_en_sqlite(tabla, *((con, sin) if vacia else (sin, con)))


def _rehacer_en_sqlite(tabla, viejo, nuevo):
    """SQLite changes no column in place: the table is made anew as it stands, with `nuevo` in place of `viejo`.

    Its rows, indexes and triggers come back as they were.
    """
    conexion = op.get_bind()
    crear = conexion.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :t"), {'t': tabla}).scalar_one()
    demas = conexion.execute(sa.text(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = :t AND sql IS NOT NULL"
    ), {'t': tabla}).scalars().all()
    assert crear.count(viejo) == 1, f'{tabla}: {viejo}'
    nombres = [fila.name for fila in conexion.execute(sa.text(f'PRAGMA table_info({tabla})'))]
    columnas = ', '.join(f'"{nombre}"' for nombre in nombres)
    conexion.exec_driver_sql(f'CREATE TABLE {tabla}_copia AS SELECT {columnas} FROM {tabla}')
    op.drop_table(tabla)
    conexion.exec_driver_sql(crear.replace(viejo, nuevo))
    conexion.exec_driver_sql(f'INSERT INTO {tabla} ({columnas}) SELECT {columnas} FROM {tabla}_copia ORDER BY rowid')
    op.drop_table(f'{tabla}_copia')
    for sql in demas:
        conexion.exec_driver_sql(sql)
