"""The portal of departmental stamp taxes. Empty on purpose: `portal.dominio` must load without Flask."""
