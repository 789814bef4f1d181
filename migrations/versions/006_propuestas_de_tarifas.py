"""propuestas de tarifas, archivos de evidencia, versiones anteriores

Revision ID: 006
Revises: 005
Create Date: 2026-11-23 10:30:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '006'
down_revision = '005'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
COMUNES = (
    'id, departamento, codigo, desde, hasta, acto, acto_fecha, evidencia, salto_confirmado, estado, version, '
    'autor_id, autor_nombre, escrita_en, resuelta_por, resuelta_por_nombre, resuelta_en, motivo'
)


def upgrade():
    op.create_table('archivo',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('nombre', sa.String(length=120), nullable=False),
    sa.Column('tipo', sa.String(length=40), nullable=False),
    sa.Column('tamano', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('contenido', sa.LargeBinary(), nullable=False),
    sa.Column('subido_por', ENTERO, nullable=False),
    sa.Column('subido_en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('tamano > 0', name=op.f('ck_archivo_tamano_positivo')),
    sa.ForeignKeyConstraint(['subido_por'], ['usuario.id'], name=op.f('fk_archivo_subido_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_archivo'))
    )
    _crear_propuesta()
    # What every draft has moves to the table of all of them; what a yearly value says stays behind.
    op.execute(
        f"INSERT INTO propuesta ({COMUNES}, clase, correccion) SELECT {COMUNES}, 'indicador', '' FROM propuesta_indicador"
    )
    op.create_table('propuesta_indicador_nueva',
    sa.Column('id', ENTERO, autoincrement=False, nullable=False),
    sa.Column('valor', ENTERO, nullable=False)
    )
    op.execute('INSERT INTO propuesta_indicador_nueva (id, valor) SELECT id, valor FROM propuesta_indicador')
    op.drop_table('propuesta_indicador')
    _crear_indicador()
    op.execute('INSERT INTO propuesta_indicador (id, valor) SELECT id, valor FROM propuesta_indicador_nueva')
    op.drop_table('propuesta_indicador_nueva')
    _seguir_la_serie('propuesta')
    _crear_tarifa()
    op.create_table('version_anterior',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('tabla', sa.String(length=30), nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('codigo', sa.String(length=80), nullable=False),
    sa.Column('desde', sa.Date(), nullable=False),
    sa.Column('hasta', sa.Date(), nullable=True),
    sa.Column('cifra', sa.String(length=120), nullable=False),
    sa.Column('reemplazada', sa.Boolean(), nullable=False),
    sa.Column('datos', sa.JSON(), nullable=False),
    sa.Column('propuesta_id', ENTERO, nullable=False),
    sa.ForeignKeyConstraint(['propuesta_id'], ['propuesta.id'], name=op.f('fk_version_anterior_propuesta_id_propuesta')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_version_anterior'))
    )
    with op.batch_alter_table('version_anterior', schema=None) as batch_op:
        batch_op.create_index('ix_version_anterior_fila', ['tabla', 'departamento', 'codigo'], unique=False)


def downgrade():
    op.drop_table('version_anterior')
    op.drop_table('propuesta_tarifa')
    op.create_table('propuesta_indicador_nueva',
    sa.Column('id', ENTERO, autoincrement=False, nullable=False),
    sa.Column('valor', ENTERO, nullable=False)
    )
    op.execute('INSERT INTO propuesta_indicador_nueva (id, valor) SELECT id, valor FROM propuesta_indicador')
    op.drop_table('propuesta_indicador')
    _crear_indicador_de_antes()
    # What the earlier shape cannot hold is not kept: a file as the only evidence, a published value that was corrected.
    op.execute(
        f"INSERT INTO propuesta_indicador (valor, {COMUNES}) SELECT n.valor, {', '.join('p.' + c for c in COMUNES.split(', '))} "
        "FROM propuesta p JOIN propuesta_indicador_nueva n ON n.id = p.id "
        "WHERE p.estado <> 'corregida' AND (p.estado <> 'publicada' OR p.evidencia <> '')"
    )
    op.drop_table('propuesta_indicador_nueva')
    op.drop_table('propuesta')
    op.drop_table('archivo')
    _seguir_la_serie('propuesta_indicador')


def _seguir_la_serie(tabla):
    """On PostgreSQL, numbers go on after those that were copied; SQLite does so by itself."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{tabla}', 'id'), COALESCE((SELECT max(id) FROM {tabla}), 0) + 1, false)"
        )


def _columnas_comunes():
    return (
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('codigo', sa.String(length=80), nullable=False),
    sa.Column('desde', sa.Date(), nullable=False),
    sa.Column('acto', sa.String(length=160), nullable=False),
    sa.Column('acto_fecha', sa.Date(), nullable=True),
    sa.Column('evidencia', sa.String(length=500), nullable=False),
    sa.Column('salto_confirmado', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('autor_id', ENTERO, nullable=False),
    sa.Column('autor_nombre', sa.String(length=120), nullable=False),
    sa.Column('escrita_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resuelta_por', ENTERO, nullable=True),
    sa.Column('resuelta_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('resuelta_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('motivo', sa.String(length=500), nullable=False),
    )


def _crear_propuesta():
    op.create_table('propuesta',
    *_columnas_comunes(),
    sa.Column('clase', sa.Enum('indicador', 'tarifa', name='clasepropuesta', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('hasta', sa.Date(), nullable=True),
    sa.Column('archivo_id', ENTERO, nullable=True),
    sa.Column('corrige', sa.Date(), nullable=True),
    sa.Column('correccion', sa.String(length=500), nullable=False),
    sa.Column('estado', sa.Enum('borrador', 'publicada', 'retirada', 'corregida', name='estadopropuesta', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('corregida_por', ENTERO, nullable=True),
    sa.CheckConstraint('hasta >= desde', name=op.f('ck_propuesta_hasta_despues_de_desde')),
    sa.CheckConstraint("clase = 'tarifa' OR hasta IS NOT NULL", name=op.f('ck_propuesta_valor_con_fin')),
    sa.CheckConstraint("(estado = 'borrador') = (resuelta_por IS NULL)", name=op.f('ck_propuesta_resuelta_por_alguien')),
    sa.CheckConstraint('(resuelta_por IS NULL) = (resuelta_en IS NULL)', name=op.f('ck_propuesta_resuelta_en_su_instante')),
    sa.CheckConstraint("estado IN ('borrador', 'retirada') OR resuelta_por <> autor_id", name=op.f('ck_propuesta_la_publica_otra_persona')),
    sa.CheckConstraint(
        "estado IN ('borrador', 'retirada') OR "
        "(acto <> '' AND acto_fecha IS NOT NULL AND (evidencia <> '' OR archivo_id IS NOT NULL))",
        name=op.f('ck_propuesta_publicada_con_su_acto'),
    ),
    sa.CheckConstraint("estado <> 'retirada' OR motivo <> ''", name=op.f('ck_propuesta_retirada_con_motivo')),
    sa.CheckConstraint("(corrige IS NULL) = (correccion = '')", name=op.f('ck_propuesta_corrige_con_motivo')),
    sa.CheckConstraint("(estado = 'corregida') = (corregida_por IS NOT NULL)", name=op.f('ck_propuesta_corregida_por_otra')),
    sa.ForeignKeyConstraint(['archivo_id'], ['archivo.id'], name=op.f('fk_propuesta_archivo_id_archivo')),
    sa.ForeignKeyConstraint(['autor_id'], ['usuario.id'], name=op.f('fk_propuesta_autor_id_usuario')),
    sa.ForeignKeyConstraint(['resuelta_por'], ['usuario.id'], name=op.f('fk_propuesta_resuelta_por_usuario')),
    sa.ForeignKeyConstraint(['corregida_por'], ['propuesta.id'], name=op.f('fk_propuesta_corregida_por_propuesta')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_propuesta'))
    )
    with op.batch_alter_table('propuesta', schema=None) as batch_op:
        batch_op.create_index('uq_propuesta_borrador', ['departamento', 'codigo', 'desde'], unique=True, sqlite_where=sa.text("estado = 'borrador'"), postgresql_where=sa.text("estado = 'borrador'"))


def _crear_indicador():
    op.create_table('propuesta_indicador',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('valor', ENTERO, nullable=False),
    sa.CheckConstraint('valor > 0', name=op.f('ck_propuesta_indicador_valor_positivo')),
    sa.ForeignKeyConstraint(['id'], ['propuesta.id'], name=op.f('fk_propuesta_indicador_id_propuesta')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_propuesta_indicador'))
    )


def _crear_tarifa():
    op.create_table('propuesta_tarifa',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('cambio', sa.Enum('fijar', 'variante', 'terminar', name='cambiotarifa', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('estampilla', sa.String(length=60), nullable=False),
    sa.Column('acto_gravado', sa.String(length=60), nullable=False),
    sa.Column('clase_acto', sa.String(length=20), nullable=False),
    sa.Column('variante', sa.String(length=40), nullable=False),
    sa.Column('tipo', sa.String(length=30), nullable=False),
    sa.Column('valor', sa.String(length=30), nullable=False),
    sa.Column('indicador', sa.String(length=60), nullable=False),
    sa.Column('redondeo', sa.String(length=60), nullable=False),
    sa.Column('redondeo_inferido', sa.Boolean(), nullable=False),
    sa.Column('norma', sa.String(length=120), nullable=False),
    sa.Column('articulo', sa.String(length=160), nullable=False),
    sa.CheckConstraint("(cambio = 'variante') = (variante <> '')", name=op.f('ck_propuesta_tarifa_variante_elegida')),
    sa.ForeignKeyConstraint(['id'], ['propuesta.id'], name=op.f('fk_propuesta_tarifa_id_propuesta')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_propuesta_tarifa'))
    )


def _crear_indicador_de_antes():
    op.create_table('propuesta_indicador',
    *_columnas_comunes(),
    sa.Column('hasta', sa.Date(), nullable=False),
    sa.Column('valor', ENTERO, nullable=False),
    sa.Column('estado', sa.Enum('borrador', 'publicada', 'retirada', name='estadopropuesta', native_enum=False, create_constraint=True, length=32), nullable=False),
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
