#!/usr/bin/env bash
# Runs the whole suite with built tests and says in one line how it went.   usage: run-tests.sh SWIFT-TEST-OPTIONS...
set -uo pipefail
cd "$(dirname "$0")/.."
"${SWIFT:-swift}" test --skip-build "$@"
