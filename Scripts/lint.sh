#!/usr/bin/env bash
# What can be checked of the code's form without running it.   usage: lint.sh [--fix]     --fix mends what can be mended by itself
set -uo pipefail
shopt -s lastpipe # so that what a pipe ends in counts in this shell
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
clang_format=clang-format-19
failed=0

mapfile -t swift_files < <(git ls-files -- '*.swift' ':!*.pb.swift')
mapfile -t c_files < <(git ls-files -- '*.c' '*.h' '*.hpp' '*.cpp')
mapfile -t lines_files < <(git ls-files -- '*.swift' '*.c' '*.h' '*.hpp' '*.cpp' '*.def' '*.sh' '*.py' '*.md' Makefile ':!*.pb.swift')

if [[ ${1:-} == --fix ]]; then
  "$swift" format format --in-place --parallel "${swift_files[@]}"
  "$clang_format" -i "${c_files[@]}"
  exit
fi

complain() { # complain WHAT: reads what was found, a line each, and counts it
  local found
  found=$(cat)
  [[ -z $found ]] && return
  printf '%s\n' "$found" | head -20
  echo "lint: $1: $(printf '%s\n' "$found" | wc -l)"
  failed=$((failed + 1))
}

"$swift" format lint --strict --parallel "${swift_files[@]}" 2>&1 | grep -E 'error|warning' | complain "Swift's form (make format)"
"$clang_format" --dry-run -Werror "${c_files[@]}" 2>&1 | grep -E 'error' | complain "C's form (make format)"
# Tables and addresses cannot be broken.
awk 'length > 140 && !(FILENAME ~ /\.md$/ && /^ *\|/) { print FILENAME ":" FNR ": " length " columns" }' "${lines_files[@]}" |
  complain "lines longer than 140 columns"
git grep -nE 'quantis|normalis|recognis|initialis|serialis|canonicalis|neighbour|colour|behaviour' \
  -- . ':!CHANGELOG.md' ':!Scripts/lint.sh' | complain "spelling"
for file in $(git ls-files 'Sources/CKernels/*.c'); do
  grep -qE '#include|FP_CONTRACT OFF' "$file" || echo "$file: floating-point contraction is not off"
done | complain "FP_CONTRACT"
{
  git grep -nE '^\s*public [^{]*\b(sk|sp|sj|sn)_' -- Sources/SwiftletRuntime
  git grep -nE '^(public )?import C' -- Sources/SwiftletRuntime
} | complain "the library's C modules in the open (internal import)"
git ls-files | grep -E '(^|/)(Package\.resolved|\.build[^/]*/)|\.(slet|onnx|pth|o|a|so)$' |
  complain "files that do not belong in the repository"

((failed == 0)) && echo "lint: clean"
exit $((failed > 0))
