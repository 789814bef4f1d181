// Passkeys: the form asks the device, puts what it answers in its hidden field, and is sent as any other.
"use strict";

// JSON has no bytes: the server writes them in base64url, and so does this.
const bytesDe = (texto) => Uint8Array.from(atob(texto.replaceAll("-", "+").replaceAll("_", "/")), (letra) => letra.charCodeAt(0));
const textoDe = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const conBytes = (descritas) => (descritas || []).map((una) => ({ ...una, id: bytesDe(una.id) }));

async function crear(opciones) {
  const publicKey = {
    ...opciones,
    challenge: bytesDe(opciones.challenge),
    user: { ...opciones.user, id: bytesDe(opciones.user.id) },
    excludeCredentials: conBytes(opciones.excludeCredentials),
  };
  const hecha = await navigator.credentials.create({ publicKey });
  return dicha(hecha, { attestationObject: textoDe(hecha.response.attestationObject) });
}

async function usar(opciones) {
  const publicKey = {
    ...opciones,
    challenge: bytesDe(opciones.challenge),
    allowCredentials: conBytes(opciones.allowCredentials),
  };
  const hecha = await navigator.credentials.get({ publicKey });
  return dicha(hecha, {
    authenticatorData: textoDe(hecha.response.authenticatorData),
    signature: textoDe(hecha.response.signature),
  });
}

const dicha = (hecha, response) => ({
  id: hecha.id,
  rawId: textoDe(hecha.rawId),
  type: hecha.type,
  response: { clientDataJSON: textoDe(hecha.response.clientDataJSON), ...response },
});

async function pedirAlEquipo(evento) {
  const formulario = evento.target;
  if (!(formulario instanceof HTMLFormElement) || !formulario.dataset.llave) return;
  evento.preventDefault();
  const falla = formulario.querySelector("[data-falla]");
  falla.hidden = true;
  try {
    const pedir = formulario.dataset.llave === "crear" ? crear : usar;
    formulario.elements.respuesta.value = JSON.stringify(await pedir(JSON.parse(formulario.dataset.opciones)));
    formulario.submit();
  } catch {
    // Whoever closed the window of the device, or has no key in it, may try again or use a code.
    falla.hidden = false;
  }
}

if (window.PublicKeyCredential) {
  document.addEventListener("submit", pedirAlEquipo);
  for (const formulario of document.querySelectorAll("[data-llave]")) {
    formulario.hidden = false;
    formulario.querySelector("button").disabled = false;
    for (const nota of formulario.querySelectorAll("[data-sin-script]")) nota.hidden = true;
  }
}
