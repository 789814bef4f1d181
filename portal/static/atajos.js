// Keyboard shortcuts of staff: one dialog names them and switches them off. Never while somebody writes in a field.
"use strict";

(() => {
  const plantilla = document.getElementById("plantilla-atajos");
  const pie = document.querySelector("footer > div");
  if (!plantilla || !pie) return;
  pie.append(plantilla.content.cloneNode(true));
  const dialogo = document.getElementById("atajos");
  const casilla = dialogo.querySelector("input");
  let espera = 0;

  casilla.checked = !document.cookie.includes("atajos=no");
  casilla.addEventListener("change", () => {
    document.cookie = `atajos=${casilla.checked ? "si" : "no"};path=/;max-age=31536000;samesite=lax`;
  });
  document.getElementById("ver-atajos").addEventListener("click", () => dialogo.showModal());

  function mover(paso) {
    const filas = [...document.querySelectorAll("main tbody > tr")].filter((f) => f.querySelector("a"));
    const en = filas.findIndex((f) => f.contains(document.activeElement));
    const fila = filas[en < 0 ? (paso > 0 ? 0 : filas.length - 1) : en + paso];
    if (fila) (fila.querySelector("a.boton") || fila.querySelector("a")).focus();
  }

  document.addEventListener("keydown", (evento) => {
    const en = evento.target;
    if (!casilla.checked || dialogo.open || evento.ctrlKey || evento.altKey || evento.metaKey) return;
    if (en.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(en.tagName)) return;
    const tecla = evento.key.toLowerCase();
    const tras = evento.timeStamp < espera;
    espera = 0;
    const buscar = document.querySelector("main [type=search], main [role=search] input:not([type=hidden])");
    const area = tras && dialogo.querySelector(`[data-atajo="${CSS.escape(tecla)}"]`);
    if (area) area.click();
    else if (tecla === "g") espera = evento.timeStamp + 1500;
    else if (tecla === "?") dialogo.showModal();
    else if (tecla === "/" && buscar) buscar.focus();
    else if (tecla === "j") mover(1);
    else if (tecla === "k") mover(-1);
    else return;
    evento.preventDefault();
  });
})();
