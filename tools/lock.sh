#!/usr/bin/env bash
# Renews the lock files with hashes from setup.cfg: runtime.txt for the action and the container
# (with what builds the package), scan.txt for `make scan`, dev.txt for CI and `make test`. One file
# serves Python 3.10 to 3.13 on each platform. Run it after a change of the dependencies, and from time to time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
uv="$(mktemp -d)"
trap 'rm -rf "$uv"' EXIT
python3 -I -m venv "$uv"
"$uv/bin/python" -I -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
lock() {
    "$uv/bin/uv" pip compile --quiet --universal --python-version 3.10 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command tools/lock.sh \
        "$@" setup.cfg requirements/build.in
}
lock "${@}" --output-file requirements/runtime.txt
lock "${@}" --extra checkov --extra cfn-lint --output-file requirements/scan.txt
lock "${@}" --extra checkov --extra cfn-lint --extra lsp --extra completion --extra docs --extra dev \
    --output-file requirements/dev.txt
