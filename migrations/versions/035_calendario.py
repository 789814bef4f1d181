"""calendario: días no hábiles extraordinarios y contingencias del portal

Revision ID: 035
Revises: 034
Create Date: 2026-11-25 16:00:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '035'
down_revision = '034'
branch_labels = None
depends_on = None

ENTERO = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
# table -> (what a finished row says, the columns that were written once and for all)
CERRADAS = {
    'dia_no_habil': (
        'OLD.revocado_en IS NOT NULL',
        'id, dia, motivo, norma, declarado_por, declarado_por_nombre, declarado_en',
    ),
    'contingencia': (
        'NOT OLD.abierta',
        'id, inicio, motivo, declarada_por, declarada_por_nombre, declarada_en',
    ),
}


def upgrade():
    op.create_table('dia_no_habil',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('dia', sa.Date(), nullable=False),
    sa.Column('motivo', sa.String(length=200), nullable=False),
    sa.Column('norma', sa.String(length=160), nullable=False),
    sa.Column('declarado_por', ENTERO, nullable=False),
    sa.Column('declarado_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('declarado_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revocado_en', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revocado_por', ENTERO, nullable=True),
    sa.Column('revocado_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('revocado_motivo', sa.String(length=300), nullable=False),
    sa.CheckConstraint("motivo <> '' AND norma <> ''", name=op.f('ck_dia_no_habil_con_motivo_y_norma')),
    sa.CheckConstraint('(revocado_en IS NULL) = (revocado_por IS NULL)', name=op.f('ck_dia_no_habil_revocado_por_alguien')),
    sa.CheckConstraint("(revocado_en IS NULL) = (revocado_motivo = '')", name=op.f('ck_dia_no_habil_revocado_con_motivo')),
    sa.ForeignKeyConstraint(['declarado_por'], ['usuario.id'], name=op.f('fk_dia_no_habil_declarado_por_usuario')),
    sa.ForeignKeyConstraint(['revocado_por'], ['usuario.id'], name=op.f('fk_dia_no_habil_revocado_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dia_no_habil')),
    )
    vigente = sa.text('revocado_en IS NULL')
    op.create_index('uq_dia_no_habil_vigente', 'dia_no_habil', ['dia'], unique=True,
                    sqlite_where=vigente, postgresql_where=vigente)
    op.create_table('contingencia',
    sa.Column('id', ENTERO, nullable=False),
    sa.Column('inicio', sa.DateTime(timezone=True), nullable=False),
    sa.Column('motivo', sa.String(length=200), nullable=False),
    sa.Column('declarada_por', ENTERO, nullable=False),
    sa.Column('declarada_por_nombre', sa.String(length=120), nullable=False),
    sa.Column('declarada_en', sa.DateTime(timezone=True), nullable=False),
    sa.Column('abierta', sa.Boolean(), nullable=False),
    sa.Column('fin', sa.DateTime(timezone=True), nullable=True),
    sa.Column('terminada_por', ENTERO, nullable=True),
    sa.Column('terminada_por_nombre', sa.String(length=120), nullable=False),
    sa.CheckConstraint("motivo <> ''", name=op.f('ck_contingencia_con_motivo')),
    sa.CheckConstraint('inicio <= declarada_en', name=op.f('ck_contingencia_empezo_antes_de_declararse')),
    sa.CheckConstraint('fin > inicio', name=op.f('ck_contingencia_termina_despues_de_empezar')),
    sa.CheckConstraint('abierta = (fin IS NULL)', name=op.f('ck_contingencia_abierta_mientras_no_termine')),
    sa.CheckConstraint('(fin IS NULL) = (terminada_por IS NULL)', name=op.f('ck_contingencia_terminada_por_alguien')),
    sa.ForeignKeyConstraint(['declarada_por'], ['usuario.id'], name=op.f('fk_contingencia_declarada_por_usuario')),
    sa.ForeignKeyConstraint(['terminada_por'], ['usuario.id'], name=op.f('fk_contingencia_terminada_por_usuario')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contingencia')),
    sa.UniqueConstraint('inicio', name=op.f('uq_contingencia_inicio')),
    )
    op.create_index('uq_contingencia_abierta', 'contingencia', ['abierta'], unique=True,
                    sqlite_where=sa.text('abierta'), postgresql_where=sa.text('abierta'))
    _cerrar()


def downgrade():
    # The triggers go with their tables on both engines; the function of PostgreSQL is of 020.
    for tabla in reversed(CERRADAS):
        op.drop_table(tabla)


def _cerrar():
    """What was declared is never rewritten or deleted: a row is only ended, once."""
    if op.get_bind().dialect.name == 'postgresql':
        for tabla, (acabada, escritas) in CERRADAS.items():
            for nombre, cuando in (
                ('no_cambia', f'BEFORE UPDATE ON {tabla} FOR EACH ROW WHEN ({acabada})'),
                ('no_se_reescribe', f'BEFORE UPDATE OF {escritas} ON {tabla} FOR EACH ROW'),
                ('no_se_borra', f'BEFORE DELETE ON {tabla} FOR EACH ROW'),
                ('no_se_vacia', f'BEFORE TRUNCATE ON {tabla} FOR EACH STATEMENT'),
            ):
                op.execute(f'CREATE TRIGGER {tabla}_{nombre} {cuando} EXECUTE FUNCTION solo_se_agrega()')
        return
    for tabla, (acabada, escritas) in CERRADAS.items():
        for nombre, cuando in (
            ('no_cambia', f'BEFORE UPDATE ON {tabla} WHEN {acabada}'),
            ('no_se_reescribe', f'BEFORE UPDATE OF {escritas} ON {tabla}'),
            ('no_se_borra', f'BEFORE DELETE ON {tabla}'),
        ):
            op.execute(f"CREATE TRIGGER {tabla}_{nombre} {cuando} BEGIN SELECT RAISE(ABORT, '{tabla} solo se agrega'); END")
