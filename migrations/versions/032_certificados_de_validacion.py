"""certificados de validación

Revision ID: 032
Revises: 031
Create Date: 2026-11-25 14:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '032'
down_revision = '031'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TABLA = 'certificado_validacion'


def upgrade():
    op.create_table(TABLA,
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('codigo', sa.String(length=12), nullable=False),
    sa.Column('clave_formulario', sa.String(length=64), nullable=False),
    sa.Column('departamento', sa.String(length=30), nullable=False),
    sa.Column('en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=False),
    sa.Column('usuario_nombre', sa.String(length=120), nullable=False),
    sa.Column('rol', sa.String(length=32), nullable=False),
    sa.Column('dependencia', sa.String(length=160), nullable=False),
    sa.Column('titulo', sa.String(length=200), nullable=False),
    sa.Column('contenido', sa.JSON(), nullable=False),
    sa.Column('consultas', sa.Integer(), nullable=False),
    sa.Column('estampillas', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('pdf', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('consultas > 0 AND estampillas >= 0', name=op.f('ck_certificado_validacion_algo_se_consulto')),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_certificado_validacion_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificado_validacion')),
    sa.UniqueConstraint('codigo', name=op.f('uq_certificado_validacion_codigo')),
    sa.UniqueConstraint('clave_formulario', name=op.f('uq_certificado_validacion_clave_formulario')),
    )
    op.create_index(
        op.f('ix_certificado_validacion_usuario_id_certificado_validacion_id'), TABLA, ['usuario_id', 'id']
    )
    _solo_agregar()


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'DROP TRIGGER {TABLA}_no_cambia ON {TABLA}')
        op.execute(f'DROP TRIGGER {TABLA}_no_se_vacia ON {TABLA}')
    else:
        op.execute(f'DROP TRIGGER {TABLA}_no_cambia')
        op.execute(f'DROP TRIGGER {TABLA}_no_se_borra')
    op.drop_table(TABLA)


def _solo_agregar():
    """What was certified is never changed; the function of PostgreSQL is of 020."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'CREATE TRIGGER {TABLA}_no_cambia BEFORE UPDATE OR DELETE ON {TABLA} '
                   'FOR EACH ROW EXECUTE FUNCTION solo_se_agrega()')
        op.execute(f'CREATE TRIGGER {TABLA}_no_se_vacia BEFORE TRUNCATE ON {TABLA} '
                   'FOR EACH STATEMENT EXECUTE FUNCTION solo_se_agrega()')
        return
    for orden, nombre in (('UPDATE', 'no_cambia'), ('DELETE', 'no_se_borra')):
        op.execute(f"CREATE TRIGGER {TABLA}_{nombre} BEFORE {orden} ON {TABLA} "
                   f"BEGIN SELECT RAISE(ABORT, '{TABLA} solo se agrega'); END")
