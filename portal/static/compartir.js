// The private page of a liquidación: its address, copied.
"use strict";

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
if (navigator.clipboard) for (const boton of document.querySelectorAll("[data-copiar]")) boton.hidden = false;
