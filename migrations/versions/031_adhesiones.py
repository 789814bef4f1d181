"""adhesiones: adherir y anular una vez, deshacer con motivo, y la dependencia de cada cuenta

Revision ID: 031
Revises: 029
Create Date: 2026-11-25 13:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '031'
down_revision = '029'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TABLAS = ('adhesion', 'adhesion_factura', 'deshacer_adhesion')
# The one change of a stamp's row: it stops standing.
SE_SUELTA = 'OLD.viva AND NOT NEW.viva AND NEW.adhesion_id = OLD.adhesion_id AND NEW.factura_id = OLD.factura_id'
# What a proposal says never changes; it is only resolved, once.
RESUELTA = "OLD.estado <> 'propuesta'"
DICHO = 'adhesion_id, motivo, inmediata, propuesta_por, propuesta_por_nombre, propuesta_en'


def upgrade():
    # Both engines add and drop a column in place: to rebuild a table that others point at would break their keys.
    op.add_column('usuario', sa.Column('dependencia', sa.String(length=160), nullable=False, server_default=''))
    op.create_index(op.f('ix_usuario_dependencia'), 'usuario', ['dependencia'])
    op.create_index(op.f('ix_liquidacion_contratante'), 'liquidacion', ['contratante'])
    op.create_index(op.f('ix_bitacora_usuario_id_bitacora_accion_bitacora_id'), 'bitacora', ['usuario_id', 'accion', 'id'])
    _crear_adhesion()
    _crear_deshacer()
    _cerrar()


def downgrade():
    # The triggers go with their tables on both engines; the function of PostgreSQL is of 020.
    for tabla in reversed(TABLAS):
        op.drop_table(tabla)
    op.execute("DELETE FROM consecutivo WHERE serie = 'adhesion'")
    op.drop_index(op.f('ix_bitacora_usuario_id_bitacora_accion_bitacora_id'), 'bitacora')
    op.drop_index(op.f('ix_liquidacion_contratante'), 'liquidacion')
    op.drop_index(op.f('ix_usuario_dependencia'), 'usuario')
    op.drop_column('usuario', 'dependencia')


def _crear_adhesion():
    op.create_table('adhesion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('numero', ENTERO, nullable=False),
    sa.Column('clave', sa.String(length=64), nullable=False),
    sa.Column('liquidacion_id', ENTERO, nullable=False),
    sa.Column('acto_numero', sa.String(length=80), nullable=False),
    sa.Column('acto_fecha', sa.Date(), nullable=False),
    sa.Column('acto_sha256', sa.String(length=64), nullable=True),
    sa.Column('acto_tamano', sa.Integer(), nullable=True),
    sa.Column('dependencia', sa.String(length=160), nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=False),
    sa.Column('usuario_nombre', sa.String(length=120), nullable=False),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("acto_numero <> '' AND dependencia <> ''", name=op.f('ck_adhesion_con_acto_y_dependencia')),
    sa.CheckConstraint('(acto_sha256 IS NULL) = (acto_tamano IS NULL)', name=op.f('ck_adhesion_huella_con_tamano')),
    sa.CheckConstraint('acto_tamano > 0', name=op.f('ck_adhesion_tamano_positivo')),
    sa.ForeignKeyConstraint(['liquidacion_id'], ['liquidacion.id'], name=op.f('fk_adhesion_liquidacion_id_liquidacion')),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_adhesion_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_adhesion')),
    sa.UniqueConstraint('numero', name=op.f('uq_adhesion_numero')),
    sa.UniqueConstraint('usuario_id', 'clave', name=op.f('uq_adhesion_usuario_id_clave')),
    )
    for columna in ('acto_sha256', 'liquidacion_id'):
        op.create_index(op.f(f'ix_adhesion_{columna}'), 'adhesion', [columna])
    op.create_index(op.f('ix_adhesion_usuario_id_adhesion_en'), 'adhesion', ['usuario_id', 'en'])
    op.create_table('adhesion_factura',
    sa.Column('adhesion_id', ENTERO, nullable=False),
    sa.Column('factura_id', ENTERO, nullable=False),
    sa.Column('viva', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['adhesion_id'], ['adhesion.id'], name=op.f('fk_adhesion_factura_adhesion_id_adhesion')),
    sa.ForeignKeyConstraint(['factura_id'], ['factura.id'], name=op.f('fk_adhesion_factura_factura_id_factura')),
    sa.PrimaryKeyConstraint('adhesion_id', 'factura_id', name=op.f('pk_adhesion_factura')),
    )
    op.create_index(op.f('ix_adhesion_factura_factura_id'), 'adhesion_factura', ['factura_id'])
    op.create_index('uq_adhesion_factura_viva', 'adhesion_factura', ['factura_id'], unique=True,
                    sqlite_where=sa.text('viva'), postgresql_where=sa.text('viva'))


def _crear_deshacer():
    estados = sa.Enum('propuesta', 'aprobada', 'rechazada', name='estadodeshacer', native_enum=False,
                      create_constraint=True, length=32)
    op.create_table('deshacer_adhesion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('adhesion_id', ENTERO, nullable=False),
    sa.Column('motivo', sa.String(length=300), nullable=False),
    sa.Column('inmediata', sa.Boolean(), nullable=False),
    sa.Column('propuesta_por', ENTERO, nullable=False),
    sa.Column('propuesta_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('propuesta_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('estado', estados, nullable=False),
    sa.Column('resuelta_por', ENTERO, nullable=True),
    sa.Column('resuelta_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('resuelta_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('motivo_rechazo', sa.String(length=300), nullable=False),
    sa.CheckConstraint("motivo <> ''", name=op.f('ck_deshacer_adhesion_con_motivo')),
    sa.CheckConstraint("(estado = 'propuesta') = (resuelta_por IS NULL)",
                       name=op.f('ck_deshacer_adhesion_resuelta_por_alguien')),
    sa.CheckConstraint('(resuelta_por IS NULL) = (resuelta_en IS NULL)',
                       name=op.f('ck_deshacer_adhesion_resuelta_en_su_instante')),
    sa.CheckConstraint("(estado = 'rechazada') = (motivo_rechazo <> '')",
                       name=op.f('ck_deshacer_adhesion_rechazada_con_motivo')),
    sa.CheckConstraint("NOT inmediata OR (estado = 'aprobada' AND resuelta_por = propuesta_por)",
                       name=op.f('ck_deshacer_adhesion_inmediata_de_uno')),
    sa.CheckConstraint("inmediata OR estado <> 'aprobada' OR resuelta_por <> propuesta_por",
                       name=op.f('ck_deshacer_adhesion_la_aprueba_otra_persona')),
    sa.ForeignKeyConstraint(['adhesion_id'], ['adhesion.id'], name=op.f('fk_deshacer_adhesion_adhesion_id_adhesion')),
    sa.ForeignKeyConstraint(['propuesta_por'], ['usuario.id'], name=op.f('fk_deshacer_adhesion_propuesta_por_usuario')),
    sa.ForeignKeyConstraint(['resuelta_por'], ['usuario.id'], name=op.f('fk_deshacer_adhesion_resuelta_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deshacer_adhesion')),
    )
    op.create_index('uq_deshacer_adhesion_en_pie', 'deshacer_adhesion', ['adhesion_id'], unique=True,
                    sqlite_where=sa.text("estado <> 'rechazada'"), postgresql_where=sa.text("estado <> 'rechazada'"))


def _cerrar():
    """An adhesion is only added to; a stamp of it may only be let go; a proposal is resolved once."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('CREATE TRIGGER adhesion_no_cambia BEFORE UPDATE ON adhesion FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
        op.execute('CREATE TRIGGER adhesion_factura_no_cambia BEFORE UPDATE ON adhesion_factura FOR EACH ROW '
                   f'WHEN (NOT ({SE_SUELTA})) EXECUTE FUNCTION solo_se_agrega()')
        op.execute('CREATE TRIGGER deshacer_adhesion_no_cambia BEFORE UPDATE ON deshacer_adhesion FOR EACH ROW '
                   f'WHEN ({RESUELTA}) EXECUTE FUNCTION solo_se_agrega()')
        op.execute(f'CREATE TRIGGER deshacer_adhesion_no_se_reescribe BEFORE UPDATE OF {DICHO} ON deshacer_adhesion '
                   'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
        for tabla in TABLAS:
            op.execute(f'CREATE TRIGGER {tabla}_no_se_borra BEFORE DELETE ON {tabla} '
                       'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
            op.execute(f'CREATE TRIGGER {tabla}_no_se_vacia BEFORE TRUNCATE ON {tabla} '
                       'FOR EACH STATEMENT EXECUTE FUNCTION solo_se_agrega()')
        return
    cuando = {'adhesion': '', 'adhesion_factura': f'WHEN NOT ({SE_SUELTA}) ', 'deshacer_adhesion': f'WHEN {RESUELTA} '}
    for tabla in TABLAS:
        op.execute(f"CREATE TRIGGER {tabla}_no_cambia BEFORE UPDATE ON {tabla} {cuando[tabla]}"
                   f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
        op.execute(f"CREATE TRIGGER {tabla}_no_se_borra BEFORE DELETE ON {tabla} "
                   f"BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
    op.execute(f"CREATE TRIGGER deshacer_adhesion_no_se_reescribe BEFORE UPDATE OF {DICHO} ON deshacer_adhesion "
               "BEGIN SELECT RAISE(ABORT, 'deshacer_adhesion solo se agrega'); END")
