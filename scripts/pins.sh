#!/bin/sh
# Pin every requirements*.in with hashes, naming no download address. Arguments go to pip-compile (-U: newer releases).
set -eu
cd "$(dirname "$0")/.."
for name in requirements requirements-demo requirements-assets requirements-dev requirements-bench; do
    .venv/bin/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
        --no-emit-trusted-host --strip-extras --allow-unsafe --output-file "$name.txt" "$@" "$name.in"
done
