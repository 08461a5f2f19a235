#!/bin/sh
# Carillon for Windows, built on Debian 12 from nothing:
#
#   sh host/windows.sh dependencies    the libraries that it needs, and prints their folder
#
# Installs what is missing and says so. The libraries are built once, from Debian's sources, and kept: see
# windows/dependencies.sh.
set -eu
umask 022

usage() {
    echo 'usage: sh host/windows.sh dependencies' >&2
    exit 2
}

[ "$*" = dependencies ] || usage

cd "$(dirname "$0")/.."
# shellcheck source=host/packages.sh
. host/packages.sh
# shellcheck source=host/windows/dependencies.sh
. host/windows/dependencies.sh

install_packages windows
build_dependencies
echo "$dependencies"
