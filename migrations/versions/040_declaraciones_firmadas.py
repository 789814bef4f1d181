"""la huella de una declaración presentada va firmada

Revision ID: 040
Revises: 039
Create Date: 2026-11-25 18:40:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '040'
down_revision = '039'
branch_labels = None
depends_on = None

COLUMNAS = 'clave_id, firma_huella'
PRESENTADA = "OLD.estado <> 'borrador'"
CLAVE = 'clave_id VARCHAR(8) CONSTRAINT fk_declaracion_clave_id_clave_estampillas REFERENCES clave_estampillas (id)'


def upgrade():
    """Added in place: others point at the table. What was filed before has no signature and says so."""
    if op.get_bind().dialect.name == 'postgresql':
        op.add_column('declaracion', sa.Column('clave_id', sa.String(length=8), nullable=True))
        op.create_foreign_key(op.f('fk_declaracion_clave_id_clave_estampillas'), 'declaracion', 'clave_estampillas',
                              ['clave_id'], ['id'])
        op.add_column('declaracion', sa.Column('firma_huella', sa.String(length=128), nullable=True))
        op.execute(f'CREATE TRIGGER declaracion_firma_no_se_reescribe BEFORE UPDATE OF {COLUMNAS} ON declaracion FOR EACH ROW '
                   f'WHEN ({PRESENTADA}) EXECUTE FUNCTION solo_se_agrega()')
        return
    op.execute(f'ALTER TABLE declaracion ADD COLUMN {CLAVE}')
    op.add_column('declaracion', sa.Column('firma_huella', sa.String(length=128), nullable=True))
    op.execute(f"CREATE TRIGGER declaracion_firma_no_se_reescribe BEFORE UPDATE OF {COLUMNAS} ON declaracion WHEN {PRESENTADA} "
               "BEGIN SELECT RAISE(ABORT, 'declaracion solo se agrega'); END")


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP TRIGGER declaracion_firma_no_se_reescribe ON declaracion')
        op.drop_column('declaracion', 'firma_huella')
        op.drop_column('declaracion', 'clave_id')
        return
    op.execute('DROP TRIGGER declaracion_firma_no_se_reescribe')
    op.drop_column('declaracion', 'firma_huella')
    op.execute('PRAGMA defer_foreign_keys = ON')
    _sin_la_clave()


def _sin_la_clave():
    """SQLite drops no column that names another table: the table is made anew as it stands, with all that hangs from it."""
    conexion = op.get_bind()
    crear = conexion.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'declaracion'")).scalar_one()
    demas = conexion.execute(sa.text(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = 'declaracion' AND sql IS NOT NULL"
    )).scalars().all()
    assert CLAVE in crear
    columnas = [f.name for f in conexion.execute(sa.text('PRAGMA table_info(declaracion)')) if f.name != 'clave_id']
    lista = ', '.join(columnas)
    conexion.exec_driver_sql(f'CREATE TABLE declaracion_copia AS SELECT {lista} FROM declaracion')
    op.drop_table('declaracion')
    conexion.exec_driver_sql(crear.replace(f', {CLAVE}', ''))
    conexion.exec_driver_sql(f'INSERT INTO declaracion ({lista}) SELECT {lista} FROM declaracion_copia ORDER BY rowid')
    op.drop_table('declaracion_copia')
    for sql in demas:
        conexion.exec_driver_sql(sql)
