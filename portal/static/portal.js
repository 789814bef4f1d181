// What HTML cannot do alone: say things aloud, send a form once, and lose nothing when the connection does not answer.
"use strict";

const SIN_RESPUESTA = "No hubo respuesta. Revise su conexión e inténtelo de nuevo.";
const SIN_RED = "Parece que no hay conexión. Lo que escribió sigue aquí: inténtelo de nuevo cuando vuelva.";

// Saying things: one place, and only when there is something new.

function anunciar(texto) {
  const region = document.getElementById("anuncio");
  if (region && region.textContent !== texto) region.textContent = texto;
}

function avisar(lugar, dicho, repetir) {
  let aviso = lugar.querySelector(":scope > .falla");
  const enfocado = aviso && aviso.contains(document.activeElement);
  if (!aviso) {
    aviso = document.createElement("div");
    aviso.className = "aviso aviso-error falla";
    lugar.prepend(aviso);
  }
  const parrafo = document.createElement("p");
  parrafo.append(...dicho);
  aviso.replaceChildren(parrafo);
  if (repetir) {
    const boton = document.createElement("button");
    Object.assign(boton, { type: "button", className: "boton boton-secundario", textContent: "Reintentar", onclick: repetir });
    aviso.append(boton);
    if (enfocado) boton.focus();
  }
  anunciar(parrafo.textContent);
}

function quitarAvisos(region) {
  for (const aviso of region.querySelectorAll(".falla")) aviso.remove();
}

// Forms: a second click on the same button sends nothing. The server refuses it too; this only spares the wait.

function unaVez(evento) {
  const { target: formulario, submitter: boton } = evento;
  if (formulario.method !== "post" || formulario.hasAttribute("data-hx-post")) return;
  const repetible = formulario.hasAttribute("data-repetible") && "enviarPago" in window && "timeout" in AbortSignal;
  const caida = navigator.onLine === false && !repetible && !formulario.dataset.sinRed;
  if (formulario.dataset.enviado || caida || repetible) evento.preventDefault();
  if (formulario.dataset.enviado) return;
  if (caida) {
    // Asked again it is sent: a browser may be wrong about its connection.
    formulario.dataset.sinRed = "si";
    avisar((boton && boton.closest(".acciones")) || formulario, [SIN_RED]);
    return;
  }
  formulario.dataset.enviado = "si";
  if (boton && boton.dataset.espera) {
    anunciar(boton.dataset.espera);
    alternar(boton);
    boton.setAttribute("aria-disabled", "true");
  }
  if (repetible) window.enviarPago(formulario, boton);
  else setTimeout(() => otraVez(formulario), 8000);
}

function alternar(boton) {
  [boton.textContent, boton.dataset.espera] = [boton.dataset.espera, boton.textContent];
}

function otraVez(formulario) {
  delete formulario.dataset.enviado;
  const boton = formulario.querySelector("[data-espera][aria-disabled]");
  if (!boton) return;
  alternar(boton);
  boton.removeAttribute("aria-disabled");
}

// The selector of kind of payment shows the fields that apply; without JavaScript a button does the same.
function alElegir(evento) {
  const control = evento.target;
  if (control instanceof HTMLSelectElement && control.hasAttribute("data-enviar")) control.form.requestSubmit();
}

// The accessibility bar changes the page in place, so that nothing typed is lost; without this it is a link like any other.
async function alCambiarApariencia(evento) {
  const barra = evento.target;
  const boton = evento.submitter;
  if (!barra.hasAttribute("data-apariencia") || !boton) return;
  evento.preventDefault();
  const pregunta = new URLSearchParams({ volver: barra.elements.volver.value, [boton.name]: boton.value });
  const respuesta = await fetch(`${barra.action}?${pregunta}`, { headers: { "HX-Request": "true" } });
  barra.outerHTML = await respuesta.text();
  const nueva = document.querySelector("form[data-apariencia]");
  for (const que of ["tema", "letra"]) {
    if (nueva.dataset[que]) document.documentElement.dataset[que] = nueva.dataset[que];
    else delete document.documentElement.dataset[que];
  }
  // The switch that was pressed may have given its place to another one, or have reached its end.
  const suyos = [document.getElementById(boton.id), ...nueva.querySelectorAll(`[name=${boton.name}]`)];
  suyos.find((b) => !b.disabled && b.offsetParent)?.focus();
}

document.addEventListener("submit", alCambiarApariencia);
document.addEventListener("submit", unaVez);
document.addEventListener("change", alElegir);
window.addEventListener("online", () => {
  for (const formulario of document.querySelectorAll("form[data-sin-red]")) {
    delete formulario.dataset.sinRed;
    quitarAvisos(formulario);
  }
});
window.addEventListener("pageshow", () => {
  for (const formulario of document.querySelectorAll("form[data-enviado]")) otraVez(formulario);
});

const resumen = document.getElementById("resumen-errores");
if (resumen) resumen.focus();
