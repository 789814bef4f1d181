"""What the simulator keeps: sessions, transactions, notifications sent."""

ESQUEMA = """
CREATE TABLE IF NOT EXISTS sesion (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL,
    pedido TEXT NOT NULL,
    creada REAL NOT NULL,
    vence REAL NOT NULL,
    estado TEXT NOT NULL,
    motivo TEXT NOT NULL,
    mensaje TEXT NOT NULL,
    fecha TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS transaccion (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sesion_id INTEGER NOT NULL REFERENCES sesion (id),
    estado TEXT NOT NULL,
    motivo TEXT NOT NULL,
    mensaje TEXT NOT NULL,
    fecha TEXT NOT NULL,
    banco TEXT NOT NULL,
    cus TEXT NOT NULL,
    resolver_en REAL,
    resolver_como TEXT,
    reversada INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS una_en_curso ON transaccion (sesion_id) WHERE estado IN ('PENDING', 'APPROVED');
CREATE TABLE IF NOT EXISTS aviso (sesion_id INTEGER PRIMARY KEY, cuerpo TEXT NOT NULL, respuesta TEXT NOT NULL);
"""
PRIMEROS = {"sesion": 0, "transaccion": 1_500_000_000}
