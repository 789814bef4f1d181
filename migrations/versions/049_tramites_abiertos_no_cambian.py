"""un trámite abierto solo se cierra, una vez: lo que se dijo al abrirlo no se reescribe ni se borra

Revision ID: 048
Revises: 042
Create Date: 2026-11-25 23:50:00.000000

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '049'
down_revision = '048'
branch_labels = None
depends_on = None

TABLA = 'tramite_abierto'
ACABADA = 'OLD.cerrado_en IS NOT NULL'
ESCRITAS = 'id, departamento, actos, entidad, abierto_en, abierto_por, abierto_por_nombre'


def upgrade():
    if op.get_bind().dialect.name == 'postgresql':
        for nombre, cuando in (
            ('no_cambia', f'BEFORE UPDATE ON {TABLA} FOR EACH ROW WHEN ({ACABADA})'),
            ('no_se_reescribe', f'BEFORE UPDATE OF {ESCRITAS} ON {TABLA} FOR EACH ROW'),
            ('no_se_borra', f'BEFORE DELETE ON {TABLA} FOR EACH ROW'),
            ('no_se_vacia', f'BEFORE TRUNCATE ON {TABLA} FOR EACH STATEMENT'),
        ):
            # The function is of 020.
            op.execute(f'CREATE TRIGGER {TABLA}_{nombre} {cuando} EXECUTE FUNCTION solo_se_agrega()')
        return
    for nombre, cuando in (
        ('no_cambia', f'BEFORE UPDATE ON {TABLA} WHEN {ACABADA}'),
        ('no_se_reescribe', f'BEFORE UPDATE OF {ESCRITAS} ON {TABLA}'),
        ('no_se_borra', f'BEFORE DELETE ON {TABLA}'),
    ):
        op.execute(f"CREATE TRIGGER {TABLA}_{nombre} {cuando} BEGIN SELECT RAISE(ABORT, '{TABLA} solo se agrega'); END")


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        for nombre in ('no_cambia', 'no_se_reescribe', 'no_se_borra', 'no_se_vacia'):
            op.execute(f'DROP TRIGGER {TABLA}_{nombre} ON {TABLA}')
        return
    for nombre in ('no_cambia', 'no_se_reescribe', 'no_se_borra'):
        op.execute(f'DROP TRIGGER {TABLA}_{nombre}')
