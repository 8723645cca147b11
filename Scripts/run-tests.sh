#!/usr/bin/env bash
# Runs the whole suite with built tests; its last lines name what was skipped and why, and count all.
# usage: run-tests.sh SWIFT-TEST-OPTIONS...
set -uo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Line by line: of what a crash would leave in a buffer, the last test's name is needed most.
stdbuf -oL "${SWIFT:-swift}" test --skip-build "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

# XCTest: "Test Case 'Suite.test' passed (1 seconds)", before it the reason of a skip: "File.swift:1: Suite.test : Test skipped: …".
# Swift Testing: "✔ Test name() passed after 1 seconds.", "➜ Test name() skipped: …".
ended() { grep -E "^Test Case '.*' $1 \(|^[^ ]+ Test .* $1( after|:|\.|$)" "$log" | grep -vc ' Test run with '; }
grep -E '\.swift:[0-9]+: .* : Test skipped|^[^ ]+ Test .* skipped(:|\.|$)' "$log" |
  sed -E 's/^.*\.swift:[0-9]+: /skipped: /; s/ : Test skipped:? ?/: /; s/: required [a-z]+ value but got [a-z]+ - /: /'
passed=$(ended passed) failed=$(ended failed) skipped=$(ended skipped)
# A crash leaves no line of its own: the tests that began and did not end, and what the runner said.
if [[ $status != 0 ]]; then
  grep -E '(^|: )(error|fatal error|Fatal error): |unexpected signal' "$log" | sort | uniq | head -20
  sed -nE "s/^Test Case '(.*)' (started at|passed|failed|skipped) .*/\\1/p" "$log" | sort | uniq -u | sed 's/^/did not end: /'
  echo "run-tests: the suite ended with code $status"
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
