"""los archivos tienen un código y son de quien los sube

Revision ID: 036
Revises: 035
Create Date: 2026-11-25 17:10:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '036'
down_revision = '035'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
COLUMNAS = 'id, nombre, tipo, tamano, sha256, contenido, subido_por, subido_en'
# Who points at a file, as far as this version goes.
APUNTAN = (
    ('propuesta', 'archivo_id'),
    ('orden_tesoreria', 'archivo_id'),
    ('devolucion', 'certificacion_id'),
    ('cuenta_corregida', 'certificacion_id'),
    ('rebote', 'evidencia_id'),
    ('consignacion', 'archivo_id'),
)
# The copy that stays is the first of its account, or of all citizens.
PRIMERA = (
    '(SELECT min(p.id) FROM archivo p WHERE p.sha256 = a.sha256 AND '
    '(p.subido_por = a.subido_por OR (p.subido_por IS NULL AND a.subido_por IS NULL)))'
)
DE_CUENTA = sa.text('subido_por IS NOT NULL')
DE_AFUERA = sa.text('subido_por IS NULL')


def upgrade():
    _juntar_copias()
    _agregar_columnas()
    for columna in ('sha256', 'espacio'):
        op.create_index(op.f(f'ix_archivo_{columna}'), 'archivo', [columna])
    op.create_index('uq_archivo_de_cuenta', 'archivo', ['subido_por', 'sha256'], unique=True,
                    sqlite_where=DE_CUENTA, postgresql_where=DE_CUENTA)
    op.create_index('uq_archivo_de_afuera', 'archivo', ['sha256'], unique=True,
                    sqlite_where=DE_AFUERA, postgresql_where=DE_AFUERA)


def downgrade():
    for indice in ('uq_archivo_de_afuera', 'uq_archivo_de_cuenta', op.f('ix_archivo_espacio'), op.f('ix_archivo_sha256')):
        op.drop_index(indice, 'archivo')
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_constraint(op.f('uq_archivo_codigo'), 'archivo')
        op.drop_column('archivo', 'espacio')
        op.drop_column('archivo', 'codigo')
    else:
        _rehacer_en_sqlite(con_codigo=False)


def _juntar_copias():
    """Two requests at once could keep the same bytes twice: whoever points at a later copy points at the first."""
    conexion = op.get_bind()
    copias = conexion.execute(sa.text(f'SELECT a.id, {PRIMERA} AS primera FROM archivo a WHERE a.id <> {PRIMERA}')).all()
    if not copias:
        return
    for tabla, columna in APUNTAN:
        devolver = _callar(tabla)
        for copia in copias:
            conexion.execute(sa.text(f'UPDATE {tabla} SET {columna} = :primera WHERE {columna} = :id'), copia._mapping)
        devolver()
    for copia in copias:
        conexion.execute(sa.text('DELETE FROM archivo WHERE id = :id'), {'id': copia.id})


def _callar(tabla):
    """Put the triggers that let nothing change aside, for a change of which copy is named; returns what brings them back."""
    conexion = op.get_bind()
    if conexion.dialect.name == 'postgresql':
        op.execute(f'ALTER TABLE {tabla} DISABLE TRIGGER USER')
        return lambda: op.execute(f'ALTER TABLE {tabla} ENABLE TRIGGER USER')
    suyos = conexion.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"), {'t': tabla}
    ).all()
    for nombre, _ in suyos:
        op.execute(f'DROP TRIGGER {nombre}')
    return lambda: [conexion.exec_driver_sql(sql) for _, sql in suyos]


def _agregar_columnas():
    if op.get_bind().dialect.name != 'postgresql':
        _rehacer_en_sqlite(con_codigo=True)
        return
    op.add_column('archivo', sa.Column('codigo', sa.String(length=32), nullable=True))
    op.add_column('archivo', sa.Column('espacio', sa.String(length=40), nullable=True))
    op.execute("UPDATE archivo SET codigo = replace(CAST(gen_random_uuid() AS text), '-', '')")
    op.alter_column('archivo', 'codigo', nullable=False)
    op.create_unique_constraint(op.f('uq_archivo_codigo'), 'archivo', ['codigo'])


def _rehacer_en_sqlite(*, con_codigo):
    """SQLite lets a table that others point at be made anew only while it waits for the commit to check them."""
    op.execute('PRAGMA defer_foreign_keys = ON')
    op.execute(f'CREATE TABLE archivo_copia AS SELECT {COLUMNAS} FROM archivo')
    op.drop_table('archivo')
    nuevas = [
        sa.Column('codigo', sa.String(length=32), nullable=False),
        sa.Column('espacio', sa.String(length=40), nullable=True),
        sa.UniqueConstraint('codigo', name=op.f('uq_archivo_codigo')),
    ]
    op.create_table('archivo',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('nombre', sa.String(length=120), nullable=False),
    sa.Column('tipo', sa.String(length=40), nullable=False),
    sa.Column('tamano', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('contenido', sa.LargeBinary(), nullable=False),
    sa.Column('subido_por', ENTERO, nullable=True),
    sa.Column('subido_en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('tamano > 0', name=op.f('ck_archivo_tamano_positivo')),
    sa.ForeignKeyConstraint(['subido_por'], ['usuario.id'], name=op.f('fk_archivo_subido_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_archivo')),
    *(nuevas if con_codigo else []),
    )
    destino, origen = (f'{COLUMNAS}, codigo', f'{COLUMNAS}, lower(hex(randomblob(16)))') if con_codigo else (COLUMNAS, COLUMNAS)
    op.execute(f'INSERT INTO archivo ({destino}) SELECT {origen} FROM archivo_copia ORDER BY id')
    op.drop_table('archivo_copia')
