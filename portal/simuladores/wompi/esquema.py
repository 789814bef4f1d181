"""What the simulator keeps: transactions, acceptance tokens already used, events and how they were answered."""

ESQUEMA = """
CREATE TABLE IF NOT EXISTS transaccion (
    numero INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    referencia TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL UNIQUE,
    pedido TEXT NOT NULL,
    creada REAL NOT NULL,
    estado TEXT NOT NULL DEFAULT 'PENDING',
    mensaje TEXT,
    finalizada TEXT,
    cus TEXT NOT NULL,
    en_el_banco INTEGER NOT NULL DEFAULT 0,
    resolver_en REAL,
    resolver_como TEXT
);
CREATE TABLE IF NOT EXISTS ficha_usada (jit TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS evento (
    numero INTEGER PRIMARY KEY AUTOINCREMENT,
    transaccion TEXT NOT NULL,
    cuerpo TEXT NOT NULL,
    primera REAL NOT NULL,
    envios INTEGER NOT NULL DEFAULT 0,
    proximo REAL,
    respuesta TEXT NOT NULL DEFAULT ''
);
"""
PRIMEROS = {"transaccion": 0}
