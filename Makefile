# `make run` and `make test` install what they need; see the README.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
FLASK := $(VENV)/bin/flask
# Stamps named after the locks' content: an unchanged lock installs nothing.
SELLO := $(VENV)/.instalado-$(shell sha256sum requirements.txt | cut -c1-16)
SEGURIDAD := $(VENV)/seguridad
SELLO_SEGURIDAD := $(SEGURIDAD)/.instalado-$(shell sha256sum .ci/seguridad/requirements.txt | cut -c1-16)
# What is no text of ours, or is full of digests by its nature.
AJENOS := (^|/)(requirements\.txt|package-lock\.json|inventario\.cdx\.json|secretos\.json)$$|^portal/static/vendor/|^tests/escenas/node/|^docs/galeria/
SELLO_PRUEBAS := $(VENV)/.pruebas-$(shell cat requirements.txt tests/requirements.txt | sha256sum | cut -c1-16)
NODE := tests/escenas/node
SELLO_NODE := $(NODE)/node_modules/.package-lock.json
BIBLIOTECAS := ca-certificates python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What is compiled once is kept (empty is unset): otherwise each process that the tests start compiles the portal again.
export PYTHONDONTWRITEBYTECODE :=
export PORT PORTAL_DEPARTAMENTO DATABASE_URL PORTAL_CLAVE_DEMO

.DEFAULT_GOAL := help
.PHONY: help run test test-completo oraculo archivos-banco estampillas reportes maquina permutaciones agentes caidas simulacro-respaldo carreras mutacion estados galeria accesible html-valido lighthouse preparar lint formato candados bench bench-rapido bench-carga bench-simulacion peso fotos-ayuda accesos enumeracion simulacro-dos-maquinas simulacro-version-anterior migracion azar wapiti seguridad semgrep secretos auditar inventario limpiar

help: ## Show these orders
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: preparar ## Install, migrate, load the rules and the demonstration, and serve the portal and the bank simulator
	@$(FLASK) demo cargar
	@exec $(FLASK) servir

test: preparar $(SELLO_PRUEBAS) lint ## Install the test tools too, then lint, types, imports and the whole suite on both engines
	@$(VENV)/bin/pytest -n 2 --dist worksteal

test-completo: $(SELLO_PRUEBAS) ## The tests again, every page and journey on both engines
	@PORTAL_MOTORES=todos PORTAL_NAVEGADOR=completo $(VENV)/bin/pytest -n 2 --dist worksteal

oraculo: $(SELLO_PRUEBAS) ## Compare 100,000 random assessments with the oracle written from the norms (CASOS=…, SEMILLA=…)
	@$(PY) -m tests.oraculo $(if $(CASOS),--casos $(CASOS)) $(if $(SEMILLA),--semilla $(SEMILLA))

archivos-banco: $(SELLO_PRUEBAS) ## Import 1,000 generated bank files with every anomaly and look at each line (CASOS=…)
	@ARCHIVOS_BANCO=$(or $(CASOS),1000) $(VENV)/bin/pytest -q -k sqlite tests/operaciones/test_archivos_banco_generados.py

estampillas: $(SELLO_PRUEBAS) ## Print 1,000 random stamps and read back their text, barcodes, QR and signatures (CASOS=…)
	@ESTAMPILLAS=$(or $(CASOS),1000) $(VENV)/bin/pytest -q tests/web/test_estampillas_al_azar.py

reportes: $(SELLO_PRUEBAS) ## Compare every figure of the reports with the ledger over 200,000 facturas on each engine (FACTURAS=…)
	@FACTURAS=$(or $(FACTURAS),200000) $(VENV)/bin/pytest -q -s tests/operaciones/test_reportes_doscientas_mil.py

migracion: $(SELLO_PRUEBAS) ## Bring 100,000 lines of an earlier system on each engine and square them (LINEAS=…)
	@MIGRACION_LINEAS=$(or $(LINEAS),100000) $(VENV)/bin/pytest -q -k mil_lineas tests/operaciones/test_migracion_carreras.py

maquina: $(SELLO_PRUEBAS) ## Make up 10,000 histories of payments and audit them after each step (HISTORIAS=…, SEMILLA=…)
	@$(PY) -m tests.maquina $(if $(HISTORIAS),--historias $(HISTORIAS)) $(if $(SEMILLA),--semilla $(SEMILLA))

permutaciones: $(SELLO_PRUEBAS) ## Try every order of each set of up to six events with one told twice
	@PERMUTACIONES=0 $(VENV)/bin/pytest -q -n 2 tests/operaciones/test_permutaciones.py

agentes: $(SELLO_PRUEBAS) ## Live 24 months of 60 collecting agents on each engine and square every one (AGENTES=…, MESES=…, SEMILLA=…)
	@AGENTES=$(or $(AGENTES),60) MESES=$(or $(MESES),24) SEMILLA=$(or $(SEMILLA),0) $(VENV)/bin/pytest -q tests/operaciones/test_agentes_simulacion.py

caidas: $(SELLO_PRUEBAS) ## Kill the whole portal 200 times under load on each engine (MUERTES=…, SEMILLA=…)
	@CAIDAS_MUERTES=$(or $(MUERTES),200) CAIDAS_SEMILLA=$(or $(SEMILLA),0) $(VENV)/bin/pytest -q -s tests/caidas/test_bajo_carga.py

simulacro-respaldo: $(SELLO_PRUEBAS) ## Back up, go on, lose the database, restore, and rebuild what followed, with each gateway on each engine (CASOS=…, SEMILLA=…)
	@SIMULACRO_CASOS=$(or $(CASOS),8) SIMULACRO_SEMILLA=$(or $(SEMILLA),0) $(VENV)/bin/pytest -q tests/caidas/test_respaldo_y_despues.py tests/operaciones/test_respaldos.py

simulacro-dos-maquinas: $(SELLO_PRUEBAS) ## Two machines behind nginx on one PostgreSQL and one Redis; one dies while people pay (PAGOS=…)
	@.ci/sistema.sh nginx-light redis-server
	@SIMULACRO_PAGOS=$(or $(PAGOS),60) $(VENV)/bin/pytest -q -s tests/simulacros/dos_maquinas.py

simulacro-version-anterior: $(SELLO_PRUEBAS) ## The tests of money of an earlier version, with its code, on the schema of this one (ANTES=…)
	@tests/simulacros/version_anterior.sh $(or $(ANTES),HEAD~1)

carreras: $(SELLO_PRUEBAS) ## Run every race 100 times on each engine (VECES=…)
	@CARRERAS_RONDAS=1 CARRERAS_VECES=$(or $(VECES),100) $(VENV)/bin/pytest -q -n 2 -k "not control" tests/operaciones/test_*carreras.py

azar: $(SELLO_PRUEBAS) ## Send 100,000 made-up requests to every route, method and role (PETICIONES=…, SEMILLA=…, TANDA=…)
	@$(PY) -m tests.azar $(if $(PETICIONES),--peticiones $(PETICIONES)) $(if $(SEMILLA),--semilla $(SEMILLA)) $(if $(TANDA),--tanda $(TANDA))

wapiti: ## Let wapiti loose on the demonstration that `make run` serves, from outside and signed in (PORT=…, CORREO=…)
	@test -x .wapiti/bin/wapiti || (python3 -m venv .wapiti && .wapiti/bin/pip install --quiet wapiti3==3.2.3)
	@sh .ci/wapiti.sh

mutacion: $(SELLO_PRUEBAS) ## Put one wrong at a time into the money code; fails when under 90 % are noticed (MINUTOS=…, SEMILLA=…)
	@$(PY) -m tests.mutacion $(if $(MINUTOS),--minutos $(MINUTOS)) $(if $(SEMILLA),--semilla $(SEMILLA))

fotos-ayuda: $(SELLO_PRUEBAS) ## Photograph again the screens that /ayuda shows, from the demonstration
	@$(PY) -m tests.fotos_ayuda

estados: $(SELLO_PRUEBAS) ## Draw the graphs of states in docs/estados.md
	@$(PY) -m tests.arquitectura.grafos

enumeracion: $(SELLO_PRUEBAS) ## Try to learn what exists with 10,000 look-ups, by their bytes and times, and by asking in bulk (CONSULTAS=…, SEMILLA=…)
	@$(PY) -m tests.enumeracion $(if $(CONSULTAS),--consultas $(CONSULTAS)) $(if $(SEMILLA),--semilla $(SEMILLA))

accesos: $(SELLO_PRUEBAS) ## Write docs/accesos.md from the matrix of routes and roles
	@$(PY) -m tests.accesos

galeria: $(SELLO_PRUEBAS) ## Photograph every page and state of it, on a phone and on a screen, into docs/galeria (ESCENAS=…)
	@$(PY) -m tests.escenas galeria $(ESCENAS)

accesible: $(SELLO_PRUEBAS) ## axe over every page and state of it: three themes, three widths, 200 % and 400 % (ESCENAS=…)
	@$(PY) -m tests.escenas accesible $(ESCENAS)

html-valido: $(SELLO_NODE) ## The Nu Html Checker over every page and state of it (ESCENAS=…)
	@$(PY) -m tests.escenas html-valido $(ESCENAS)

lighthouse: $(SELLO_NODE) ## Lighthouse over the public pages; fails under 98 (ESCENAS=…)
	@$(PY) -m tests.escenas lighthouse $(ESCENAS)

preparar: $(SELLO)
	@$(FLASK) db upgrade
	@$(FLASK) normativa cargar

$(SELLO): requirements.txt
	@.ci/sistema.sh $(BIBLIOTECAS)
	@test -x $(PY) || python3 -m venv $(VENV)
	@echo "Instalando las dependencias…"
	@$(PY) -m pip install --quiet --require-hashes -r requirements.txt
	@rm -f $(VENV)/.instalado-* && touch $@

$(SELLO_PRUEBAS): $(SELLO) tests/requirements.txt
	@.ci/sistema.sh chromium libatomic1 poppler-utils redis-server
	@echo "Instalando las herramientas de prueba…"
	@$(PY) -m pip install --quiet --require-hashes -r tests/requirements.txt
	@rm -f $(VENV)/.pruebas-* && touch $@

$(SELLO_NODE): $(SELLO_PRUEBAS) $(NODE)/package-lock.json
	@.ci/sistema.sh npm default-jre-headless
	@cd $(NODE) && PUPPETEER_SKIP_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund && touch node_modules/.package-lock.json

$(SELLO_SEGURIDAD): .ci/seguridad/requirements.txt | $(SELLO)
	@echo "Instalando las herramientas de seguridad…"
	@$(PY) -m venv $(SEGURIDAD) && $(SEGURIDAD)/bin/pip install --quiet --require-hashes -r .ci/seguridad/requirements.txt
	@rm -f $(SEGURIDAD)/.instalado-* && touch $@

seguridad: semgrep secretos auditar ## Own rules, secrets and advisories: what needs tools of its own (the suite does the rest)

semgrep: $(SELLO_SEGURIDAD) ## Own rules for the mistakes that general tools miss: first on their examples, then on the portal
	@$(SEGURIDAD)/bin/semgrep --test --metrics=off .ci/semgrep
	@PATH="$(abspath $(SEGURIDAD))/bin:$$PATH" semgrep scan --metrics=off --disable-version-check --quiet --error --config .ci/semgrep/reglas.yml portal
	@echo "Ninguna regla propia se incumple."

secretos: $(SELLO_SEGURIDAD) ## Look for secrets in every file of the repository, beyond the known examples
	@git ls-files -z | grep -zvE '$(AJENOS)' | xargs -0 $(SEGURIDAD)/bin/detect-secrets-hook --baseline .ci/seguridad/secretos.json
	@echo "Ningún secreto nuevo."

auditar: $(SELLO_PRUEBAS) $(SELLO_SEGURIDAD) ## Ask for the published advisories of every locked package; without an answer it fails
	@$(PY) -m tests.suministro.auditar $(SEGURIDAD)/bin/pip-audit

inventario: $(SELLO_PRUEBAS) ## Write docs/inventario.cdx.json and docs/licencias.md from the locks
	@$(PY) -m tests.suministro

lint: $(SELLO_PRUEBAS) ## Lint, format, types, imports and templates
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-logo
	@$(VENV)/bin/djlint portal --lint --quiet

formato: $(SELLO_PRUEBAS) ## Format the code
	@$(VENV)/bin/ruff check --fix --quiet . ; $(VENV)/bin/ruff format .

candados: $(SELLO) ## Remake the four locks from pyproject.toml, and the inventory
	@$(PY) -m venv $(VENV)/candados && $(VENV)/candados/bin/pip install --quiet uv
	@$(VENV)/candados/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    pyproject.toml -o requirements.txt
	@$(VENV)/candados/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --group pyproject.toml:tests -c requirements.txt -o tests/requirements.txt
	@$(VENV)/candados/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --group pyproject.toml:seguridad -o .ci/seguridad/requirements.txt
	@$(VENV)/candados/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --group pyproject.toml:pares -o bench/requirements.txt
	@$(MAKE) --no-print-directory inventario

bench: $(SELLO_PRUEBAS) ## Measure everything against its limits and peers, and write docs/rendimiento.md (PARTES="consulta pdf")
	@$(PY) -m bench $(PARTES)

bench-rapido: $(SELLO_PRUEBAS) ## The same in less than two minutes, with shorter rounds and smaller tables; writes nothing (PARTES=…)
	@$(PY) -m bench --rapido $(PARTES)

bench-carga: $(SELLO_PRUEBAS) ## Thirty minutes of look-ups, payments and bursts of PDFs; writes its section (MINUTOS=…)
	@CARGA_MINUTOS=$(or $(MINUTOS),30) $(PY) -m bench carga

bench-simulacion: $(SELLO) ## Measure a draft run over 100,000 made-up assessments, with one process and with two
	@$(PY) -m bench.simulacion

peso: $(SELLO) ## Weigh the first visit to each public page
	@$(PY) -m bench.peso

limpiar: ## Remove what the other orders made, data included
	@rm -rf $(VENV) bench/.pares .pytest_cache .mypy_cache .ruff_cache
	@find instance -mindepth 1 ! -name .gitkeep -delete
