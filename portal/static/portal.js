// What HTML cannot do alone: say aloud what a swap changed, keep the focus, and put it on a form's error summary.
"use strict";

function anunciar(texto) {
  const region = document.getElementById("anuncio");
  if (region && texto && region.textContent !== texto) region.textContent = texto;
}

function despuesDeCambiar(evento) {
  const region = evento.target;
  if (!(region instanceof Element)) return;
  const frase = region.querySelector("[data-anunciar]") || (region.matches("[data-anunciar]") ? region : null);
  if (frase) anunciar(frase.textContent.trim());
  const resumen = region.querySelector("#resumen-errores");
  if (resumen) {
    resumen.focus();
  } else if (document.activeElement === document.body) {
    // The control that had the focus is gone (last page, final state): leave it at the region that changed.
    const destino = region.querySelector("[data-foco]");
    if (destino) destino.focus();
  }
}

// A swap brings questions, not answers: what a person wrote or opened while it was on its way stays as they left it.
let conservados = [];

function antesDeCambiar(evento) {
  const region = evento.detail.target;
  const suyos = "details[id], input[id], select[id]";
  conservados = region.hasAttribute("data-conserva") ? [...region.querySelectorAll(suyos)] : [];
}

function conservar() {
  for (const antes of conservados) {
    const ahora = document.getElementById(antes.id);
    if (!ahora || ahora.tagName !== antes.tagName) continue;
    if (ahora instanceof HTMLDetailsElement) ahora.open = ahora.open || antes.open;
    else if (ahora.type === "checkbox") ahora.checked = antes.checked;
    else if (!ahora.options || [...ahora.options].some((o) => o.value === antes.value)) ahora.value = antes.value;
  }
  conservados = [];
}

function sinRespuesta() {
  anunciar("No hubo respuesta. Revise su conexión e inténtelo de nuevo.");
}

// A second click on the same submit button sends nothing: the server refuses it too, this only spares the wait.
function unaVez(evento) {
  const formulario = evento.target;
  if (formulario.method !== "post" || formulario.hasAttribute("data-hx-post")) return;
  if (formulario.dataset.enviado) {
    evento.preventDefault();
    return;
  }
  formulario.dataset.enviado = "si";
  const boton = evento.submitter;
  if (boton && boton.dataset.espera) {
    anunciar(boton.dataset.espera);
    [boton.textContent, boton.dataset.espera] = [boton.dataset.espera, boton.textContent];
    boton.setAttribute("aria-disabled", "true");
  }
  setTimeout(() => otraVez(formulario), 8000);
}

function otraVez(formulario) {
  delete formulario.dataset.enviado;
  const boton = formulario.querySelector("[data-espera][aria-disabled]");
  if (!boton) return;
  [boton.textContent, boton.dataset.espera] = [boton.dataset.espera, boton.textContent];
  boton.removeAttribute("aria-disabled");
}

// The selector of kind of payment shows the fields that apply; without JavaScript a button does the same.
function alElegir(evento) {
  const control = evento.target;
  if (control instanceof HTMLSelectElement && control.hasAttribute("data-enviar")) control.form.requestSubmit();
}

// Copying needs a secure context and a script: without them the field holds the same text, to be selected by hand.
function copiar(evento) {
  const boton = evento.target instanceof Element && evento.target.closest("[data-copiar]");
  if (!boton) return;
  navigator.clipboard.writeText(document.getElementById(boton.dataset.copiar).value).then(() => {
    boton.textContent = "Dirección copiada";
    anunciar(boton.textContent);
  });
}

document.addEventListener("click", copiar);
document.addEventListener("htmx:beforeSwap", antesDeCambiar);
document.addEventListener("htmx:afterSwap", conservar);
document.addEventListener("htmx:afterSettle", despuesDeCambiar);
document.addEventListener("htmx:after:swap", despuesDeCambiar);
document.addEventListener("htmx:sendError", sinRespuesta);
document.addEventListener("htmx:timeout", sinRespuesta);
document.addEventListener("submit", unaVez);
document.addEventListener("change", alElegir);
window.addEventListener("pageshow", () => {
  for (const formulario of document.querySelectorAll("form[data-enviado]")) otraVez(formulario);
});

if (navigator.clipboard) for (const boton of document.querySelectorAll("[data-copiar]")) boton.hidden = false;

const resumen = document.getElementById("resumen-errores");
if (resumen) resumen.focus();
