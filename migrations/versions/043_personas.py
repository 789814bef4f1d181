"""segundo factor, enlaces de un solo uso, y cuándo confirmó cada sesión quién es

Revision ID: 043
Revises: 042
Create Date: 2026-11-25 23:40:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '043'
down_revision = '042'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANTE = sa.DateTime(timezone=True)
CON_SECRETO = "(totp_desde IS NULL) = (totp_secreto = '')"


def upgrade():
    op.add_column('usuario', sa.Column('totp_secreto', sa.String(length=300), server_default='', nullable=False))
    op.add_column('usuario', sa.Column('totp_paso', ENTERO, server_default=sa.text('0'), nullable=False))
    if op.get_bind().dialect.name == 'postgresql':
        op.add_column('usuario', sa.Column('totp_desde', INSTANTE))
        op.create_check_constraint(op.f('ck_usuario_totp_con_secreto'), 'usuario', CON_SECRETO)
    else:
        # In place: many tables point at this one.
        op.execute(f'ALTER TABLE usuario ADD COLUMN totp_desde DATETIME CONSTRAINT ck_usuario_totp_con_secreto CHECK ({CON_SECRETO})')
    with op.batch_alter_table('sesion') as sesion:
        sesion.add_column(sa.Column('confirmada_en', INSTANTE))
        sesion.add_column(sa.Column('navegador', sa.String(length=60), server_default='', nullable=False))
    op.execute('UPDATE sesion SET confirmada_en = creada_en')
    with op.batch_alter_table('sesion') as sesion:
        sesion.alter_column('confirmada_en', existing_type=INSTANTE, nullable=False)
    op.create_table('enlace_cuenta',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=False),
    sa.Column('clase', sa.Enum('invitacion', 'restablecer', name='claseenlace', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.Column('creado_en', INSTANTE, nullable=False),
    sa.Column('vence_en', INSTANTE, nullable=False),
    sa.Column('terminado_en', INSTANTE),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_enlace_cuenta_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enlace_cuenta')),
    sa.UniqueConstraint('huella', name=op.f('uq_enlace_cuenta_huella')),
    )
    vivo = sa.text('terminado_en IS NULL')
    op.create_index('uq_enlace_cuenta_vivo', 'enlace_cuenta', ['usuario_id'], unique=True, sqlite_where=vivo, postgresql_where=vivo)
    op.create_table('ingreso_pendiente',
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=False),
    sa.Column('recordar', sa.Boolean(), nullable=False),
    sa.Column('vence_en', INSTANTE, nullable=False),
    sa.Column('terminado_en', INSTANTE),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_ingreso_pendiente_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('huella', name=op.f('pk_ingreso_pendiente')),
    )
    op.create_index(op.f('ix_ingreso_pendiente_usuario_id'), 'ingreso_pendiente', ['usuario_id'])
    op.create_table('codigo_recuperacion',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('usuario_id', ENTERO, nullable=False),
    sa.Column('huella', sa.String(length=64), nullable=False),
    sa.Column('usado_en', INSTANTE),
    sa.ForeignKeyConstraint(['usuario_id'], ['usuario.id'], name=op.f('fk_codigo_recuperacion_usuario_id_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codigo_recuperacion')),
    sa.UniqueConstraint('huella', name=op.f('uq_codigo_recuperacion_huella')),
    )
    op.create_index(op.f('ix_codigo_recuperacion_usuario_id'), 'codigo_recuperacion', ['usuario_id'])


def downgrade():
    op.drop_table('codigo_recuperacion')
    op.drop_table('ingreso_pendiente')
    op.drop_table('enlace_cuenta')
    with op.batch_alter_table('sesion') as sesion:
        sesion.drop_column('navegador')
        sesion.drop_column('confirmada_en')
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_constraint(op.f('ck_usuario_totp_con_secreto'), 'usuario')
    # In SQLite the condition is of its column, and goes with it.
    op.drop_column('usuario', 'totp_desde')
    op.drop_column('usuario', 'totp_paso')
    op.drop_column('usuario', 'totp_secreto')
