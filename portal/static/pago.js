// The payment's own button: sent from here, so that a broken connection loses no page. Without this the browser sends it.
"use strict";

const REPETIBLE = "Puede pulsar el botón de nuevo: no se paga dos veces.";
const PAGO_MS = 60000;

// It may be sent twice without harm: its key travels in it.
async function enviarPago(formulario, boton) {
  const body = new URLSearchParams(new FormData(formulario));
  let dicho = [SIN_RESPUESTA];
  try {
    const headers = { "HX-Request": "true" };
    const respuesta = await fetch(formulario.action, { method: "POST", headers, body, signal: AbortSignal.timeout(PAGO_MS) });
    const destino = respuesta.headers.get("HX-Redirect");
    if (destino) {
      // Back from the bank is the page of the payment, and not this one, which would be sent again.
      history.replaceState(null, "", respuesta.headers.get("HX-Replace-Url"));
      location.assign(destino);
      return;
    }
    if (respuesta.status < 500) {
      // Not a way on but a page: let the browser ask for it and show it.
      formulario.submit();
      return;
    }
    dicho = [`${SIN_RESPUESTA} Número para pedir ayuda: ${respuesta.headers.get("X-Request-Id") || "no hay"}.`];
  } catch {
    // No connection, or too slow a one: whether it arrived is not known, and it does not matter.
  }
  otraVez(formulario);
  avisar((boton && boton.closest(".acciones")) || formulario, [...dicho, ` ${REPETIBLE}`]);
}
