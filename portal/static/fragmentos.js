// What htmx leaves to the page: say once what a swap changed, keep the focus, and tell what the network did, with a way on.
"use strict";

const SONDEO_CAIDO = "No hay respuesta. Seguimos intentando y esta página cambia sola: no pague de nuevo.";
const SUBIDA_MS = 180000;

// Swaps: what was said before, who had the focus, and what a person wrote or opened meanwhile.

let antes = null;

function frase(region) {
  // What has a role of its own (alert) is said without help.
  const dicha = "[data-anunciar]:not([role])";
  const elemento = region.querySelector(dicha) || (region.matches(dicha) ? region : null);
  return { elemento, texto: elemento ? elemento.textContent.trim() : "" };
}

function antesDeCambiar({ detail }) {
  const { target: region, xhr, requestConfig } = detail;
  const sondeo = esSondeo(requestConfig.elt);
  if (sondeo && xhr.status >= 400) Object.assign(detail, { shouldSwap: false, isError: true });
  // A state that did not change stays where it is, with whatever has the focus in it.
  if (sondeo && detail.shouldSwap && igual(region, detail.serverResponse)) detail.shouldSwap = false;
  if (!detail.shouldSwap) return;
  const suyos = region.hasAttribute("data-conserva") ? region.querySelectorAll("details[id], input[id], select[id]") : [];
  antes = {
    xhr,
    suyos: [...suyos],
    texto: region.querySelector(":scope > .falla") ? "" : frase(region).texto,
    foco: region.contains(document.activeElement) || (!sondeo && requestConfig.conFoco),
  };
}

function igual(region, respuesta) {
  const nueva = new DOMParser().parseFromString(respuesta, "text/html").getElementById(region.id);
  const actual = region.cloneNode(true);
  quitarAvisos(actual);
  // The values of hidden fields are tokens, new in every answer.
  const dice = (r) => r.innerHTML.replace(/ value="[^"]*"/g, "");
  return Boolean(nueva) && dice(nueva) === dice(actual);
}

function conservar() {
  for (const suyo of antes ? antes.suyos : []) {
    const ahora = document.getElementById(suyo.id);
    if (!ahora || ahora.tagName !== suyo.tagName) continue;
    if (ahora instanceof HTMLDetailsElement) ahora.open = ahora.open || suyo.open;
    else if (ahora.type === "checkbox") ahora.checked = suyo.checked;
    else if (!ahora.options || [...ahora.options].some((o) => o.value === suyo.value)) ahora.value = suyo.value;
  }
}

function despuesDeCambiar({ target, detail }) {
  // Several pieces of one answer settle; the first speaks for all.
  if (!antes || detail.xhr !== antes.xhr) return;
  const { texto, foco } = antes;
  antes = null;
  const region = document.getElementById(detail.target.id) || target;
  const enfocado = enfocar(region, foco);
  const nueva = frase(region);
  // Whoever is taken to a sentence hears it already.
  if (nueva.elemento && enfocado && enfocado.contains(nueva.elemento)) anunciar("");
  else if (nueva.texto && nueva.texto !== texto) anunciar(nueva.texto);
}

function enfocar(region, permitido) {
  let destino = region.querySelector("#resumen-errores");
  // The control that had the focus is gone (last page, final state): leave it at the region that changed.
  if (!destino && permitido && document.activeElement === document.body) {
    destino = region.querySelector("[data-foco]") || region.querySelector("caption");
    if (destino) destino.tabIndex = -1;
  }
  if (destino) destino.focus();
  return destino;
}

// The network: a message where the answer was expected, with a way to ask again.

function esSondeo(elemento) {
  return (elemento.getAttribute("data-hx-trigger") || "").startsWith("every");
}

let caidas = 0;
let noAntesDe = 0;

function alPedir(evento) {
  const { elt } = evento.detail;
  if (esSondeo(elt) && (document.hidden || Date.now() < noAntesDe)) evento.preventDefault();
  if (elt.hasAttribute("data-hx-encoding")) evento.detail.timeout = SUBIDA_MS;
}

function alSalir({ detail }) {
  // A button that is put off while it waits loses the focus.
  detail.requestConfig.conFoco = document.activeElement !== document.body;
  if (!esSondeo(detail.elt)) detail.target.setAttribute("aria-busy", "true");
}

function alVolver({ detail }) {
  detail.target.removeAttribute("aria-busy");
  if (!detail.successful) return;
  if (esSondeo(detail.requestConfig.elt)) caidas = noAntesDe = 0;
  quitarAvisos(detail.target);
}

function alFallar({ detail }) {
  const { xhr, requestConfig: pedido, target } = detail;
  const csrf = xhr.getResponseHeader("X-Csrf-Token");
  if (csrf && !pedido.headers["X-Repetida"]) {
    repetir(pedido, csrf);
    return;
  }
  const sondeo = esSondeo(pedido.elt);
  if (sondeo) {
    caidas += 1;
    noAntesDe = Date.now() + Math.min(5000 * 2 ** caidas, 60000);
  }
  avisar(target, motivo(xhr, sondeo ? SONDEO_CAIDO : SIN_RESPUESTA), () => repetir(pedido));
}

function motivo(xhr, general) {
  const numero = xhr.getResponseHeader("X-Request-Id");
  // Only a page of the portal itself says it in its own words; whoever is in between speaks another language.
  const suyo = numero && general === SIN_RESPUESTA && new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("p");
  const dicho = suyo ? [...suyo.childNodes] : [general];
  return numero && xhr.status >= 500 ? [...dicho, ` Número para pedir ayuda: ${numero}`] : dicho;
}

function repetir(pedido, csrf) {
  const values = {};
  for (const nombre of new Set(pedido.formData.keys())) values[nombre] = pedido.formData.getAll(nombre);
  if (csrf) {
    values.csrf_token = csrf;
    for (const campo of document.querySelectorAll("input[name=csrf_token]")) campo.value = csrf;
  }
  if (!csrf) anunciar("");
  noAntesDe = 0;
  const headers = csrf ? { "X-Repetida": "si" } : {};
  window.htmx.ajax(pedido.verb, pedido.path, { source: pedido.elt, values, headers }).catch(() => {});
}

function sondear() {
  noAntesDe = 0;
  for (const region of document.querySelectorAll("[data-hx-trigger^=every]")) {
    window.htmx.ajax("get", region.getAttribute("data-hx-get"), { source: region }).catch(() => {});
  }
}

function sinRed() {
  for (const region of document.querySelectorAll("[data-hx-trigger^=every]")) avisar(region, [SONDEO_CAIDO], sondear);
}

const OYENTES_DE_HTMX = {
  "htmx:configRequest": alPedir,
  "htmx:beforeRequest": alSalir,
  "htmx:afterRequest": alVolver,
  "htmx:beforeSwap": antesDeCambiar,
  "htmx:afterSwap": conservar,
  "htmx:afterSettle": despuesDeCambiar,
  "htmx:sendError": alFallar,
  "htmx:timeout": alFallar,
  "htmx:responseError": alFallar,
  visibilitychange: () => document.hidden || sondear(),
};
for (const [nombre, oyente] of Object.entries(OYENTES_DE_HTMX)) document.addEventListener(nombre, oyente);
window.addEventListener("offline", sinRed);
window.addEventListener("online", sondear);
window.addEventListener("pageshow", () => {
  for (const region of document.querySelectorAll("[aria-busy]")) region.removeAttribute("aria-busy");
});
