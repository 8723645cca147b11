#!/usr/bin/env bash
# Installs what a build needs and this machine lacks, from Debian's packages.   usage: dependencies.sh host|python|aarch64|armv7
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

# board_jpeg ARCHITECTURE TRIPLET: that architecture's libjpeg, unpacked below build/, installed nowhere
board_jpeg() {
  local root=build/sysroot/$1
  [[ -f $root/usr/lib/$2/libjpeg.a ]] && return
  dpkg --print-foreign-architectures | grep -qx "$1" || { as_root dpkg --add-architecture "$1"; updated=; }
  update
  mkdir -p "$root/debs"
  (cd "$root/debs" && apt-get download -qq -o APT::Sandbox::User=root "libjpeg62-turbo-dev:$1")
  for deb in "$root"/debs/*.deb; do dpkg -x "$deb" "$root"; done
  rm -r "$root/debs"
}

case $1 in
  host) need libjpeg62-turbo-dev ;;
  python) need python3 python3-pip ;;
  aarch64) need libjpeg62-turbo-dev gcc-aarch64-linux-gnu qemu-user-static; board_jpeg arm64 aarch64-linux-gnu ;;
  armv7) need libjpeg62-turbo-dev gcc-arm-linux-gnueabihf qemu-user-static; board_jpeg armhf arm-linux-gnueabihf ;;
  *) echo "usage: dependencies.sh host|python|aarch64|armv7" >&2; exit 2 ;;
esac
