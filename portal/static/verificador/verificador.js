// Checks the signed text of a stamp in the browser: format, department and signature. The format is documented in
// docs/estampilla-electronica.md. What the paper says is never sent anywhere; only the live page is asked, by its address.
"use strict";

const pagina = document.getElementById("verificador");
const VERSION = "EE1";
const CAMPOS = [
  "clave", "codigo", "departamento", "factura", "estampilla", "nombre", "valor", "acto", "contribuyente", "fecha",
];
const LADO_MAXIMO = 1600;
const ENTRE_CUADROS_MS = 200;

// --- the signed text -------------------------------------------------------------------------------------------------

function deBase64url(texto) {
  if (!/^[A-Za-z0-9_-]+$/.test(texto)) throw new Error("base64url");
  const octetos = Uint8Array.from(atob(texto.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  if (aBase64url(octetos) !== texto) throw new Error("base64url");
  return octetos;
}

function aBase64url(octetos) {
  return btoa(String.fromCharCode(...octetos)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function leerSello(texto) {
  const partes = texto.split(".");
  if (partes.length !== 2) throw new Error("forma");
  const [mensaje, firma] = partes.map(deBase64url);
  const [version, ...valores] = new TextDecoder("utf-8", { fatal: true }).decode(mensaje).split("\n");
  if (version !== VERSION || valores.length !== CAMPOS.length || firma.length !== 64) throw new Error("forma");
  return { mensaje, firma, datos: Object.fromEntries(CAMPOS.map((campo, i) => [campo, valores[i]])) };
}

// The id of a key is computed here: the line that names it in the file is for people.
async function leerClaves(pem) {
  const claves = new Map();
  for (const [, cuerpo] of pem.matchAll(/-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----/g)) {
    const der = Uint8Array.from(atob(cuerpo.replace(/\s/g, "")), (c) => c.charCodeAt(0));
    const cruda = der.slice(-32);
    const resumen = new Uint8Array(await crypto.subtle.digest("SHA-256", cruda));
    claves.set([...resumen.slice(0, 4)].map((o) => o.toString(16).padStart(2, "0")).join(""), { der, cruda });
  }
  return claves;
}

async function firmaVale(clave, mensaje, firma) {
  let publica;
  try {
    publica = await crypto.subtle.importKey("spki", clave.der, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    const noble = await import(pagina.dataset.noble);
    return noble.verifyAsync(firma, mensaje, clave.cruda, { zip215: false });
  }
  return crypto.subtle.verify({ name: "Ed25519" }, publica, firma, mensaje);
}

// Which words answer a signed text, and its data when it is right. Without the published keys nothing can be said.
async function comprobar(texto) {
  let sello;
  try {
    sello = leerSello(texto);
  } catch {
    return { dice: "dice-no-valida" };
  }
  if (sello.datos.departamento !== pagina.dataset.departamento) return { dice: "dice-no-valida" };
  let claves;
  try {
    claves = await leerClaves(await (await fetch(pagina.dataset.claves)).text());
  } catch {
    return { dice: "dice-sin-claves" };
  }
  const clave = claves.get(sello.datos.clave);
  // A key made after this telephone last had a connection is as unknown as a false one.
  if (!clave) return { dice: (await hayConexion()) ? "dice-no-valida" : "dice-otra-clave" };
  const vale = await firmaVale(clave, sello.mensaje, sello.firma);
  return vale ? { dice: "dice-expedida", datos: sello.datos } : { dice: "dice-no-valida" };
}

// --- what is said ----------------------------------------------------------------------------------------------------

function decir(plantilla, datos = {}) {
  const copia = document.getElementById(plantilla).content.cloneNode(true);
  for (const lugar of copia.querySelectorAll("[data-campo]")) lugar.textContent = datos[lugar.dataset.campo] || "";
  const enlace = copia.querySelector("[data-vivo]");
  if (enlace) enlace.href = datos.vivo;
  const resultado = document.getElementById("resultado");
  resultado.replaceChildren(copia);
  resultado.querySelector("h2").focus();
}

function enPesos(valor) {
  const [entero, centavos] = valor.split(".");
  return "$" + entero.replace(/\B(?=(\d{3})+$)/g, ".") + (centavos ? "," + centavos : "");
}

function enPalabras(fecha) {
  return new Date(fecha).toLocaleDateString("es-CO", { dateStyle: "long", timeZone: "UTC" });
}

async function hayConexion() {
  if (!navigator.onLine) return false;
  try {
    return (await fetch(pagina.dataset.salud, { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

// What was read or pasted: the address of the QR, the signed text alone, or the short code, which says nothing by itself.
async function atender(leido) {
  const texto = leido.replace(/\s/g, "").split("/v/").pop();
  if (!texto) return decir("dice-vacio");
  const vivo = pagina.dataset.vivo + encodeURIComponent(texto);
  if (texto.length < 65) {
    return (await hayConexion()) ? location.assign(vivo) : decir("dice-codigo");
  }
  const { dice, datos } = await comprobar(texto);
  if (!datos) return decir(dice);
  const codigo = datos.codigo.replace(/(.{4})(?=.)/g, "$1-");
  decir(dice, { ...datos, codigo, valor: enPesos(datos.valor), fecha: enPalabras(datos.fecha), vivo });
  if (await hayConexion()) location.assign(vivo);
}

// --- reading the QR --------------------------------------------------------------------------------------------------

let lector;

function cargarDecodificador() {
  return new Promise((hecho, fallo) => {
    const guion = document.createElement("script");
    guion.src = pagina.dataset.jsqr;
    guion.onload = hecho;
    guion.onerror = fallo;
    document.head.append(guion);
  });
}

// The browser's own reader where there is one that knows QR; otherwise the small one of the portal.
async function prepararLector() {
  const formatos = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats() : [];
  if (formatos.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (lienzo) => (await detector.detect(lienzo))[0]?.rawValue;
  }
  await cargarDecodificador();
  return async (lienzo) => {
    const { data, width, height } = lienzo.getContext("2d").getImageData(0, 0, lienzo.width, lienzo.height);
    return window.jsQR(data, width, height)?.data;
  };
}

async function leerImagen(fuente, ancho, alto) {
  lector ??= prepararLector();
  const escala = Math.min(1, LADO_MAXIMO / Math.max(ancho, alto));
  const lienzo = document.createElement("canvas");
  lienzo.width = Math.round(ancho * escala);
  lienzo.height = Math.round(alto * escala);
  lienzo.getContext("2d", { willReadFrequently: true }).drawImage(fuente, 0, 0, lienzo.width, lienzo.height);
  return (await lector)(lienzo);
}

async function alElegirFoto(evento) {
  const [foto] = evento.target.files;
  evento.target.value = "";
  if (!foto) return;
  let leido;
  try {
    const imagen = await createImageBitmap(foto);
    leido = await leerImagen(imagen, imagen.width, imagen.height);
  } catch {
    leido = undefined;
  }
  if (leido) await atender(leido);
  else decir("dice-sin-qr");
}

// --- the camera ------------------------------------------------------------------------------------------------------

let corriente;

function apagar() {
  for (const pista of corriente?.getTracks() ?? []) pista.stop();
  corriente = undefined;
  document.getElementById("camara").hidden = true;
  document.getElementById("encender").hidden = false;
}

async function encender() {
  const video = document.getElementById("video");
  try {
    const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
    corriente = await navigator.mediaDevices.getUserMedia({ video });
  } catch {
    return decir("dice-sin-camara");
  }
  document.getElementById("camara").hidden = false;
  document.getElementById("encender").hidden = true;
  video.srcObject = corriente;
  await video.play();
  mirar(video);
}

async function mirar(video) {
  while (corriente) {
    const leido = video.videoWidth ? await leerImagen(video, video.videoWidth, video.videoHeight) : undefined;
    if (leido) {
      apagar();
      return atender(leido);
    }
    await new Promise((sigue) => setTimeout(sigue, ENTRE_CUADROS_MS));
  }
}

// --- the page --------------------------------------------------------------------------------------------------------

function mostrarConexion() {
  document.getElementById("con-conexion").hidden = !navigator.onLine;
  document.getElementById("sin-conexion").hidden = navigator.onLine;
}

if (navigator.mediaDevices?.getUserMedia) document.getElementById("encender").hidden = false;
document.getElementById("herramientas").hidden = false;
document.getElementById("encender").addEventListener("click", encender);
document.getElementById("apagar").addEventListener("click", apagar);
document.getElementById("foto").addEventListener("change", alElegirFoto);
document.getElementById("pegar").addEventListener("submit", (evento) => {
  evento.preventDefault();
  atender(document.getElementById("texto").value);
});
window.addEventListener("online", mostrarConexion);
window.addEventListener("offline", mostrarConexion);
window.addEventListener("pagehide", apagar);
mostrarConexion();
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(pagina.dataset.trabajador, { scope: pagina.dataset.ambito });
  navigator.serviceWorker.ready.then(() => {
    document.getElementById("guardada").hidden = false;
  });
}
