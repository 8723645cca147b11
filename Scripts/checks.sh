# Sourced by scripts that count what holds: check, passed, failed, and a folder $work that goes with the script.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

check() { # check NAME COMMAND... : counts it, and shows what a failing one says
  if "${@:2}" >"$work/said" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$(basename "$0" .sh): $1 failed:"
    tail -20 "$work/said"
  fi
}

finish() { # the closing line, and whether all passed
  echo "$(basename "$0" .sh): $passed passed, $failed failed"
  ((failed == 0))
}
