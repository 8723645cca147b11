#!/usr/bin/env bash
# Installs what a build needs and this machine lacks, from Debian's packages.
# usage: dependencies.sh host|python3|python|python-tests|exporters|aarch64|armv7|library|library-tests|wheel-tests|server-tests|lint|
#        emulators|predict|bench-gate|benchmarks
# Where it may not install (no root, no sudo) it says what to install and stops.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() { if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi; }

updated=
# A mirror that is being renewed fails for one list: what matters is whether the packages can then be fetched.
update() { [[ -n $updated ]] || { as_root apt-get update -qq || as_root apt-get update -qq || true; updated=1; }; }

need() { # need PACKAGE... : installs those that are missing
  local missing=()
  for package in "$@"; do dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package"); done
  [[ ${#missing[@]} == 0 ]] && return
  echo "installing ${missing[*]}" >&2
  if ! { update && DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq "${missing[@]}" >/dev/null; }; then
    echo "cannot install; run this as root and try again:  apt-get install ${missing[*]}" >&2
    exit 1
  fi
}

# sysroot ARCHITECTURE GNU-TRIPLET MUSL-TRIPLET: what a board's program is linked with, unpacked below build/, installed nowhere
sysroot() {
  local root=build/sysroot/$1
  [[ -f $root/usr/lib/$2/libjpeg.a && -f $root/usr/lib/$2/libpng16.a && -f $root/usr/lib/$3/libc.a ]] &&
    [[ -n $(compgen -G "$root/usr/lib/gcc/$2/*/libgcc.a") ]] && return
  dpkg --print-foreign-architectures | grep -qx "$1" || { as_root dpkg --add-architecture "$1"; updated=; }
  update
  rm -rf "$root"
  mkdir -p "$root/debs"
  (cd "$root/debs" \
    && apt-get download -qq -o APT::Sandbox::User=root \
      {libjpeg62-turbo-dev,libpng-dev,zlib1g-dev,musl-dev,libgcc-12-dev,linux-libc-dev}:"$1")
  for deb in "$root"/debs/*.deb; do dpkg -x "$deb" "$root"; done
  rm -r "$root/debs"
}

aarch64_sysroot() { sysroot arm64 aarch64-linux-gnu aarch64-linux-musl; }
armv7_sysroot() { sysroot armhf arm-linux-gnueabihf arm-linux-musleabihf; }

# environment FOLDER STAMP ARGUMENT... : a virtual environment with what pip is asked for; made anew where the stamp is another one
environment() {
  local folder=$1 stamp=$2
  shift 2
  [[ -f $folder/installed && $(<"$folder/installed") == "$stamp" ]] && return
  python3 -c 'import ensurepip, venv' 2>/dev/null || need python3 python3-venv
  rm -rf "$folder"
  mkdir -p "${folder%/*}"
  python3 -m venv "$folder"
  echo "fetching ${*} from PyPI" >&2
  from_pypi "$folder" "$@"
}

from_pypi() { # from_pypi FOLDER ARGUMENT...
  "$1/bin/python3" -m pip install -q --disable-pip-version-check --only-binary :all: "${@:2}" && return
  echo "pip could not fetch ${*:2}: check that this machine reaches PyPI, then try again" >&2
  exit 1
}

# What tests in Python use: ONNX and a second opinion on what a model computes.
python_tests() {
  local packages=(numpy==2.4.6 onnx==1.23.2 onnxruntime==1.32.0)
  environment build/python "${packages[*]}" "${packages[@]}"
  echo "${packages[*]}" >build/python/installed
}

# The headers and the linker of every glibc: the C library must run with an old one.
library() {
  environment build/zig ziglang==0.17.1 ziglang==0.17.1
  echo ziglang==0.17.1 >build/zig/installed
}

# What exports networks, an environment for each family: their exporters want different versions of onnx.
exporters() {
  local family files
  for family in torch keras paddle; do
    files=(Tests/Exports/requirements/"$family"{,-alone}.txt)
    [[ -f ${files[1]} ]] || unset 'files[1]'
    environment build/exports/$family "$(cat "${files[@]}")" -r "${files[0]}"
    [[ ${#files[@]} == 1 ]] || from_pypi build/exports/$family --no-deps -r "${files[1]}"
    cat "${files[@]}" >build/exports/$family/installed
  done
}

# What Benchmarks/peers.py measures beside this program.
peers=(numpy==2.4.6 onnxruntime==1.32.0 openvino==2026.4.1)

case $1 in
  host) need libjpeg62-turbo-dev libpng-dev pkg-config ;; # by which SwiftPM finds the two
  python3) need python3 ;;
  python) need python3 python3-pip ;;
  python-tests) python_tests ;;
  exporters) exporters ;;
  aarch64) aarch64_sysroot ;;
  armv7) armv7_sysroot ;;
  library) library ;;
  library-tests) # compilers with a glibc of their own, as programs for boards are made with
    need python3 g++ cmake binutils qemu-user-static g++-aarch64-linux-gnu g++-arm-linux-gnueabihf
    ;;
  wheel-tests)
    need python3 python3-venv qemu-user-static gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf
    environment build/wheel-tests auditwheel==6.8.2 auditwheel==6.8.2
    echo auditwheel==6.8.2 >build/wheel-tests/installed
    ;;
  server-tests) # clients that exist
    need python3 python3-venv curl
    environment build/server-tests tritonclient==2.73.0 numpy==2.4.6 'tritonclient[http]==2.73.0'
    echo tritonclient==2.73.0 >build/server-tests/installed
    ;;
  lint) need clang-format-19 ;;
  emulators) need qemu-user-static busybox ;; # BusyBox: what a small board has for a shell
  predict) # llvm-mca's models of cores; the toolchain has none
    need python3 llvm-19 qemu-user-static
    aarch64_sysroot
    armv7_sysroot
    ;;
  bench-gate) need python3 valgrind binutils ;;
  benchmarks)
    environment build/benchmarks/python "${peers[*]}" "${peers[@]}"
    echo "${peers[*]}" >build/benchmarks/python/installed
    ;;
  *) sed -n '/^# usage: /,/benchmarks$/s/^# //p' Scripts/dependencies.sh >&2; exit 2 ;;
esac
