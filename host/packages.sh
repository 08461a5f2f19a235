#!/bin/sh
# The Debian packages that Carillon needs, listed here and nowhere else.
#
#   sh host/packages.sh build    to build and run it
#   sh host/packages.sh test     to test it as well
#   sh host/packages.sh bench    to measure it, and the schedulers beside it, as well
#   sh host/packages.sh windows  to build it for Windows
#
# Installs what is missing and says so first; silent when nothing is. Sourced, it only defines install_packages and
# unpack_packages.
# CARILLON_SKIP_PACKAGES=1 trusts that everything is there, for systems other than Debian.

build_packages='g++ cmake ninja-build ccache pkg-config
    libpoco-dev libmariadb-dev libssl-dev zlib1g-dev libidn2-dev libsqlite3-dev libcli11-dev libcsv-dev
    prometheus-cpp-dev libkainjow-mustache-dev libjs-chart.js
    tzdata ca-certificates sqlite3 curl'

# The server's core without mariadb-server, which would run as a service of the system.
test_packages='libcppunit-dev libhowardhinnant-date-dev mariadb-server-core mariadb-client openssl python3-jsonschema
    clang-14 libclang-rt-14-dev systemd python3 python3-aiosmtpd python3-yaml libxml2-utils util-linux mount abigail-tools gdb
    chromium nodejs'
# A Node.js from elsewhere brings its npm along, and Debian's conflicts with it.
command -v npm >/dev/null || test_packages="$test_packages npm"

# Unpacked in the build folder: installed, it would run as a service of the system.
prometheus_packages='prometheus'

bench_packages='hyperfine golang-go golang-github-robfig-cron-dev python3-apscheduler python3-croniter
    openjdk-17-jdk-headless libquartz2-java libslf4j-java'

# The compiler for Windows, and what builds the libraries of windows.sh from Debian's sources.
windows_packages='g++ cmake ninja-build ccache pkg-config git
    g++-mingw-w64-x86-64-posix libz-mingw-w64-dev libcli11-dev libkainjow-mustache-dev libjs-chart.js
    dpkg-dev make patch perl tcl tzdata zip'

# Measured from a folder of their own: installed, they would run the system's jobs or push its own cron aside.
# shellcheck disable=SC2034 # for those who source this
cron_packages='cron bcron libbg2 busybox-static'

missing_packages() { # package...
    installed=$(dpkg-query --show --showformat='|${db:Status-Status} ${Package}|' "$@" 2>/dev/null) || :
    for package in "$@"; do
        case $installed in
        *"|installed $package|"*) ;;
        *) printf '%s ' "$package" ;;
        esac
    done
}

apt() { # argument...
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive apt-get "$@" >&2
    else
        sudo env DEBIAN_FRONTEND=noninteractive apt-get "$@" >&2
    fi
}

install_packages() { # build | test | bench | windows
    case $1 in
    build) packages=$build_packages purpose='build' ;;
    test) packages="$build_packages $test_packages" purpose='build and test' ;;
    bench) packages="$build_packages $test_packages $bench_packages" purpose='build and measure' ;;
    windows) packages=$windows_packages purpose='build for Windows' ;;
    *)
        echo 'usage: sh host/packages.sh build|test|bench|windows' >&2
        return 2
        ;;
    esac
    [ -z "${CARILLON_SKIP_PACKAGES:-}" ] || return 0
    # shellcheck disable=SC2086 # the lists are words
    missing=$(missing_packages $packages)
    missing=${missing% }
    if [ -n "$missing" ]; then install_missing || return 1; fi
    case $1 in
    test | bench) unpack_prometheus ;;
    esac
}

# Of the lists of packages at hand, which may be old or none.
update_lists() {
    if ! apt update -qq -o DPkg::Lock::Timeout=120; then
        echo 'packages.sh: warning: apt-get update failed; trying with the package lists at hand' >&2
    fi
}

install_missing() {
    if ! command -v apt-get >/dev/null; then
        echo "packages.sh: error: no apt-get on this system. To $purpose Carillon, install what Debian calls: $missing;" \
            'then set CARILLON_SKIP_PACKAGES=1.' >&2
        return 1
    fi
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        echo "packages.sh: error: neither root nor sudo. Have somebody run: apt-get install $missing" >&2
        return 1
    fi
    echo "packages.sh: to $purpose Carillon, installing with apt-get: $missing" >&2
    update_lists
    # shellcheck disable=SC2086
    if ! apt install -qq --yes --no-install-recommends -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 $missing; then
        echo "packages.sh: error: apt-get could not install: $missing" >&2
        return 1
    fi
}

unpack_prometheus() {
    if command -v prometheus >/dev/null && command -v promtool >/dev/null; then return 0; fi
    unpack_packages "${CARILLON_BUILD_DIR:-build}/prometheus" "$prometheus_packages"
}

unpack_packages() { # folder package...
    folder=$1
    shift
    [ ! -e "$folder/complete" ] || return 0
    echo "packages.sh: unpacking, without installing them: $*" >&2
    rm -rf "$folder" && mkdir -p "$folder"
    apt-cache show "$@" >/dev/null 2>&1 || update_lists
    if ! (cd "$folder" && apt-get download -qq -o APT::Sandbox::User=root "$@" >&2); then
        echo "packages.sh: error: apt-get could not download: $*" >&2
        return 1
    fi
    for archive in "$folder"/*.deb; do dpkg-deb --extract "$archive" "$folder"; done
    touch "$folder/complete"
}

case ${0##*/} in
packages.sh) install_packages "${1:-}" ;;
esac
