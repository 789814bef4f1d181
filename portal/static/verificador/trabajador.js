// Keeps the checker for when there is no connection. RECURSOS and VERSION are written before this text by the server.
"use strict";

const PREFIJO = "verificador-";
const ESPERA_MS = 4000;

async function guardar() {
  const despensa = await caches.open(PREFIJO + VERSION);
  await despensa.addAll(RECURSOS);
  await self.skipWaiting();
}

async function relevar() {
  for (const nombre of await caches.keys()) {
    if (nombre.startsWith(PREFIJO) && nombre !== PREFIJO + VERSION) await caches.delete(nombre);
  }
  await self.clients.claim();
}

// Whatever may change (the page, the published keys) is asked for first; without an answer in time, the kept copy serves.
async function primeroLaRed(pedido) {
  try {
    const respuesta = await fetch(pedido, { signal: AbortSignal.timeout(ESPERA_MS) });
    if (respuesta.ok) {
      if (pedido.mode !== "navigate") await (await caches.open(PREFIJO + VERSION)).put(pedido, respuesta.clone());
      return respuesta;
    }
  } catch {
    // No connection, or too slow a one.
  }
  return (await caches.match(pedido)) ?? Response.error();
}

self.addEventListener("install", (evento) => evento.waitUntil(guardar()));
self.addEventListener("activate", (evento) => evento.waitUntil(relevar()));
self.addEventListener("fetch", (evento) => {
  const { pathname, search } = new URL(evento.request.url);
  if (evento.request.method !== "GET" || !RECURSOS.includes(pathname + search)) return;
  const fijo = pathname.startsWith("/static/");
  evento.respondWith(
    fijo ? caches.match(evento.request).then((copia) => copia ?? fetch(evento.request)) : primeroLaRed(evento.request),
  );
});
