"""los documentos del sistema anterior: de qué archivos vinieron y qué dinero trajeron

Revision ID: 048
Revises: 042
Create Date: 2026-11-25 23:40:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '048'
down_revision = '047'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
CANALES = ('pse', 'ventanilla', 'manual', 'retencion')
NUEVO = 'migracion'
CON_HUELLA = '(migracion_id IS NULL) = (huella_origen IS NULL)'
# How SQLite keeps what is added in place: one column with its reference, the other with the condition of both.
REFERENCIA = 'migracion_id INTEGER CONSTRAINT fk_liquidacion_migracion_id_migracion REFERENCES migracion (id)'
HUELLA = f'huella_origen VARCHAR(64) CONSTRAINT ck_liquidacion_migrada_con_su_huella CHECK ({CON_HUELLA})'


def upgrade():
    _crear()
    if op.get_bind().dialect.name == 'postgresql':
        op.add_column('liquidacion', sa.Column('migracion_id', sa.BigInteger(), nullable=True))
        op.add_column('liquidacion', sa.Column('huella_origen', sa.String(length=64), nullable=True))
        op.create_foreign_key(op.f('fk_liquidacion_migracion_id_migracion'), 'liquidacion', 'migracion', ['migracion_id'], ['id'])
        op.create_check_constraint(op.f('ck_liquidacion_migrada_con_su_huella'), 'liquidacion', CON_HUELLA)
    else:
        # In place: many tables point at this one.
        op.execute(f'ALTER TABLE liquidacion ADD COLUMN {REFERENCIA}')
        op.execute(f'ALTER TABLE liquidacion ADD COLUMN {HUELLA}')
    op.create_index(op.f('ix_liquidacion_migracion_id'), 'liquidacion', ['migracion_id'])
    _canales((*CANALES, NUEVO), CANALES)


def downgrade():
    """Money that only this version can say (that of the earlier system) refuses it: nothing is unsaid."""
    _canales(CANALES, (*CANALES, NUEVO))
    op.drop_index(op.f('ix_liquidacion_migracion_id'), 'liquidacion')
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_column('liquidacion', 'huella_origen')
        op.drop_column('liquidacion', 'migracion_id')
    else:
        op.execute('PRAGMA defer_foreign_keys = ON')
        _rehacer_en_sqlite('liquidacion', [(f', {HUELLA}', ''), (f', {REFERENCIA}', '')], sin=('migracion_id', 'huella_origen'))
    op.drop_table('migracion')


def _crear():
    op.create_table('migracion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.Column('corte', sa.Date(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('hechas', sa.Integer(), nullable=False),
    sa.Column('cuadre', sa.JSON(), nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=False),
    sa.Column('usuario_nombre', sa.String(length=120), nullable=False),
    sa.Column('iniciada_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('terminada_en', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('hechas BETWEEN 0 AND total', name=op.f('ck_migracion_hechas_de_su_total')),
    sa.CheckConstraint('terminada_en IS NULL OR hechas = total', name=op.f('ck_migracion_termina_entera')),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_migracion_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_migracion')),
    sa.UniqueConstraint('departamento', 'huella', name=op.f('uq_migracion_departamento_huella')),
    )
    en_curso = sa.text('terminada_en IS NULL')
    op.create_index('uq_migracion_en_curso', 'migracion', ['departamento'], unique=True,
                    sqlite_where=en_curso, postgresql_where=en_curso)


def _canales(nuevos, viejos):
    """The channels that a credit may have come by."""
    if op.get_bind().dialect.name == 'postgresql':
        nombre = op.f('ck_recaudo_canalrecaudo')
        op.drop_constraint(nombre, 'recaudo')
        op.create_check_constraint(nombre, 'recaudo', f'canal IN ({_lista(nuevos)})')
        return
    op.execute('PRAGMA defer_foreign_keys = ON')
    _rehacer_en_sqlite('recaudo', [(f'({_lista(viejos)})', f'({_lista(nuevos)})')])


def _lista(valores):
    return ', '.join(f"'{v}'" for v in valores)


def _rehacer_en_sqlite(tabla, textos, *, sin=()):
    """SQLite changes no constraint in place: the table is made anew as it stands, with `textos` in place of others.

    Its rows, indexes and triggers come back as they were; `sin` are columns that it has no more.
    """
    conexion = op.get_bind()
    crear = conexion.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :t"), {'t': tabla}).scalar_one()
    demas = conexion.execute(sa.text(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = :t AND sql IS NOT NULL"
    ), {'t': tabla}).scalars().all()
    for viejo, nuevo in textos:
        assert viejo in crear, f'{tabla}: {viejo}'
        crear = crear.replace(viejo, nuevo)
    columnas = [fila.name for fila in conexion.execute(sa.text(f'PRAGMA table_info({tabla})')) if fila.name not in sin]
    lista = ', '.join(f'"{c}"' for c in columnas)
    conexion.exec_driver_sql(f'CREATE TABLE {tabla}_copia AS SELECT {lista} FROM {tabla}')
    op.drop_table(tabla)
    conexion.exec_driver_sql(crear)
    conexion.exec_driver_sql(f'INSERT INTO {tabla} ({lista}) SELECT {lista} FROM {tabla}_copia ORDER BY rowid')
    op.drop_table(f'{tabla}_copia')
    for sql in demas:
        conexion.exec_driver_sql(sql)
