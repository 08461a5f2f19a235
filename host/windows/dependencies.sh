# shellcheck shell=sh
# The libraries that Carillon needs on Windows, built from Debian's sources for MinGW. Sourced by windows.sh.
#
# build_dependencies leaves them in a folder of their own, which is found again as long as the recipe (the files of this
# folder that say how they are built, and the compiler) is the same:
#
#   ${XDG_CACHE_HOME:-$HOME/.cache}/carillon/windows-HASH, or the folder that CARILLON_WINDOWS_DEPENDENCIES names
#
#   bin/ lib/ include/   DLLs, import libraries, headers
#   lib/guard/           what guards of stacks and buffers call, a part of each program
#   lib/delayed/         import libraries of the system's that are loaded late
#   mingw.cmake          the toolchain that finds them, and nothing of the system
#   sources.txt          which packages they were built from, one NAME VERSION a line
#   licences/            the copyright file of each
#   complete             the hash of the recipe, written last
#
# Newer sources are taken when the folder is deleted.

# Beside them Debian's own libz-mingw-w64-dev is used, and the headers of libcli11-dev and libkainjow-mustache-dev.
source_packages='openssl mariadb sqlite3 pcre3 poco libidn2 prometheus-cpp libcsv cppunit'

recipe=$(cd host/windows && pwd -P) # windows.sh has gone to the root of the sources
target=x86_64-w64-mingw32
hardening='-fstack-protector-strong -D_FORTIFY_SOURCE=2' # as Debian does
linking='-fstack-protector-strong -Wl,--no-insert-timestamp -Wl,--exclude-libs,libssp.a'

dependencies_hash() {
    {
        cd "$recipe" && cat dependencies.sh mingw.cmake poco.cmake poco-precompiled.h poco-*.patch loose/CMakeLists.txt \
            guard/ssp.c
        $target-g++-posix -dumpfullversion
    } | sha256sum | cut -c 1-12
}

dependencies_folder() {
    printf '%s\n' "${CARILLON_WINDOWS_DEPENDENCIES:-${XDG_CACHE_HOME:-$HOME/.cache}/carillon/windows-$(dependencies_hash)}"
}

# One at a time; the next one finds it finished.
build_dependencies() {
    dependencies=$(dependencies_folder)
    hash=$(dependencies_hash)
    mkdir -p "$(dirname "$dependencies")"
    exec 9>"$dependencies.lock"
    flock 9
    if [ "$(cat "$dependencies/complete" 2>/dev/null)" != "$hash" ]; then make_dependencies; fi
    flock --unlock 9
}

make_dependencies() {
    if [ -e "$dependencies" ] && [ ! -e "$dependencies/complete" ]; then
        echo "windows.sh: error: $dependencies is there already, and is no folder of libraries" >&2
        return 1
    fi
    work=$dependencies.building
    root=$work/root
    echo "windows.sh: building the libraries for Windows in $dependencies" >&2
    rm -rf "$work" && mkdir -p "$root/bin" "$root/lib/pkgconfig" "$root/include" "$root/licences" "$work/src"
    cp "$recipe/mingw.cmake" "$root"
    # What ccache keeps is found again in whatever folder it is built.
    export CCACHE_BASEDIR="$work" CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    export LC_ALL=C.UTF-8
    fetch_sources || return 1
    for step in headers guard delayed openssl loose connector idn2 prometheus poco; do
        echo "windows.sh: $step" >&2
        run_step "$step" # not in a condition, in which a failing command would not end it
        if [ "$status" != 0 ]; then
            tail -n 30 "$work/$step.log" >&2
            echo "windows.sh: error: $step could not be built, see $work/$step.log" >&2
            return 1
        fi
    done
    finish_dependencies
}

run_step() { # step: its exit code is in status
    set +e
    (
        set -e
        cd "$work"
        "build_$1"
    ) >"$work/$1.log" 2>&1
    status=$?
    set -e
}

finish_dependencies() {
    $target-strip --strip-unneeded "$root"/bin/*.dll
    if leftover=$(grep -rlF "$work" "$root"); then
        echo "windows.sh: error: names the folder of its build: $leftover" >&2
        return 1
    fi
    rm -rf "$dependencies" && mv "$root" "$dependencies"
    echo "$hash" >"$dependencies/complete.new" && mv "$dependencies/complete.new" "$dependencies/complete"
    rm -rf "$work"
}

# apt with the sources of the places from which this system has its Debian packages, and with lists and files of its own.
private_apt() { # program argument...
    program=$1
    shift
    "$program" -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User=root -qq "$@"
}

fetch_sources() {
    mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
    apt-get indextargets --format '$(ORIGIN) $(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        sed -n 's,^Debian \(.*\),deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] \1,p' | sort -u \
        >"$work/apt/sources.list"
    private_apt apt-get update || return 1
    for package in $source_packages; do fetch_source "$package" || return 1; done
}

# The newest version that the mirror has: its index may be ahead of it.
fetch_source() { # package
    versions=$(private_apt apt-cache showsrc --only-source "$1" | sed -n 's/^Version: //p')
    newest=
    for version in $(newest_first $versions); do
        newest=${newest:-$version}
        if ! (cd "$work/src" && private_apt apt-get source --download-only "$1=$version" >/dev/null 2>&1); then continue; fi
        [ "$version" = "$newest" ] ||
            echo "windows.sh: warning: $1 $newest cannot be fetched; $version is used, which lacks its corrections" >&2
        dpkg-source --no-copy -x "$work/src/${1}_${version#*:}.dsc" "$work/src/$1" >"$work/$1.unpack.log" 2>&1 || return 1
        cp "$work/src/$1/debian/copyright" "$root/licences/$1"
        echo "$1 $version" >>"$root/sources.txt"
        return 0
    done
    echo "windows.sh: error: the source of $1 cannot be fetched" >&2
    return 1
}

newest_first() { # version...
    for candidate in "$@"; do
        rank=0
        for other in "$@"; do dpkg --compare-versions "$other" gt "$candidate" && rank=$((rank + 1)); done
        echo "$rank $candidate"
    done | sort -n -u | cut -d ' ' -f 2
}

cross_cmake() { # source build option...
    source=$1 folder=$2
    shift 2
    cmake -S "$source" -B "$folder" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$root/mingw.cmake" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_INSTALL_PREFIX="$root" -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
        -DCMAKE_C_FLAGS_RELEASE="-O2 -DNDEBUG -w $hardening" -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG -w $hardening" "$@"
}

package_config() { # name version library folder-of-headers
    cat >"$root/lib/pkgconfig/$1.pc" <<END
prefix=\${pcfiledir}/../..

Name: $1
Description: $1
Version: $2
Cflags: -I\${prefix}/$4
Libs: -L\${prefix}/lib -l$3
END
}

version_of() { # package: without epoch and Debian's part
    sed -n "s/^$1 //p" "$root/sources.txt" | sed 's/^[0-9]*://; s/[-+].*//'
}

# What is made of headers alone is the same for every system.
build_headers() {
    cp -r /usr/include/CLI /usr/include/kainjow "$root/include"
    mkdir -p "$root/lib/cmake" && cp -r /usr/share/cmake/CLI11 "$root/lib/cmake"
    for package in libcli11-dev libkainjow-mustache-dev libz-mingw-w64-dev; do
        cp "/usr/share/doc/$package/copyright" "$root/licences/${package%-dev}"
    done
    cp /usr/$target/lib/zlib1.dll "$root/bin"
}

build_guard() {
    mkdir "$root/lib/guard"
    $target-gcc-posix -O2 -Wall -Wextra -Werror -fno-stack-protector -fno-builtin -c "$recipe/guard/ssp.c" -o ssp.o
    $target-ar rcsD "$root/lib/guard/libssp.a" ssp.o
}

# Libraries of the system that are loaded with the first call of one of these functions, not with the program: each has
# the desktop's come with it, which takes longer than all others together, and few runs call any. An import library of
# the same name is found before the system's.
build_delayed() {
    mkdir "$root/lib/delayed" && cd "$root/lib/delayed"
    delayed_import user32 GetProcessWindowStation GetUserObjectInformationW MessageBoxW
    delayed_import shlwapi PathRemoveFileSpecA
    delayed_import winmm timeBeginPeriod
    delayed_import crypt32 CertCloseStore CertEnumCertificatesInStore CertOpenSystemStoreW CertVerifyTimeValidity \
        CryptDecodeObjectEx CryptImportPublicKeyInfo CryptImportPublicKeyInfoEx2 CryptStringToBinaryA
}
delayed_import() { # name function...
    library=$1
    shift
    printf '%s\n' "LIBRARY $library.dll" EXPORTS "$@" >"$work/$library.def"
    $target-dlltool -m i386:x86-64 -d "$work/$library.def" --output-delaylib "lib$library.a"
}

# The DLLs and their import libraries only: build_libs would compile everything twice. Of ciphers and protocols what TLS,
# certificates and Carillon use. The folders compiled in are those that only an administrator writes to: what they hold
# is read, and code in them loaded.
build_openssl() {
    cd src/openssl
    SOURCE_DATE_EPOCH=$(dpkg-parsechangelog --show-field Timestamp) && export SOURCE_DATE_EPOCH # it notes when it was built
    CC=gcc-posix CFLAGS="-O2 -w $hardening" LDFLAGS="$linking -L$root/lib/guard -L$root/lib/delayed" \
        ./Configure mingw64 --cross-compile-prefix=$target- \
        --prefix='C:/Program Files/Carillon' --openssldir=ssl --libdir=lib shared \
        no-tests no-engine no-legacy no-module no-autoload-config no-capieng no-idea no-camellia no-seed no-bf no-cast no-rc2 \
        no-md4 no-mdc2 no-whirlpool no-aria no-sm2 no-sm3 no-sm4 no-gost no-cmp no-cms no-ts no-srp no-psk no-ct no-dtls \
        no-srtp no-comp
    make -s build_generated
    make -s -j "$(nproc)" CC="ccache $target-gcc-posix" libcrypto-3-x64.dll libcrypto.dll.a libssl-3-x64.dll libssl.dll.a
    cp ./*.dll "$root/bin"
    cp ./*.dll.a "$root/lib"
    cp -r include/openssl "$root/include"
}

build_loose() {
    (cd src/sqlite3 && ./configure --disable-tcl --disable-readline && make -s sqlite3.c)
    cross_cmake "$recipe/loose" loose -DCARILLON_SOURCES="$work/src"
    ninja -C loose install
    package_config cppunit "$(version_of cppunit)" cppunit include
}

# Every way to sign in that needs no further library is part of the DLL, which then loads none.
build_connector() {
    cross_cmake src/mariadb/libmariadb connector -DCMAKE_SHARED_LINKER_FLAGS="$linking -L$root/lib/guard -L$root/lib/delayed" \
        -DWITH_SSL=OPENSSL -DOPENSSL_ROOT_DIR="$root" \
        -DWITH_EXTERNAL_ZLIB=ON -DLIBZ=/usr/$target/lib/libz.dll.a -DWITH_UNIT_TESTS=OFF -DWITH_CURL=OFF \
        -DCLIENT_PLUGIN_CACHING_SHA2_PASSWORD=STATIC -DCLIENT_PLUGIN_SHA256_PASSWORD=STATIC \
        -DCLIENT_PLUGIN_CLIENT_ED25519=STATIC -DCLIENT_PLUGIN_MYSQL_CLEAR_PASSWORD=STATIC -DCLIENT_PLUGIN_DIALOG=OFF \
        -DCLIENT_PLUGIN_PVIO_NPIPE=STATIC -DCLIENT_PLUGIN_AUTH_GSSAPI_CLIENT=OFF -DCLIENT_PLUGIN_REMOTE_IO=OFF \
        -DCMAKE_COMPILE_WARNING_AS_ERROR=OFF -DCMAKE_INSTALL_PREFIX='C:/Program Files/Carillon'
    ninja -C connector libmariadb
    cp connector/libmariadb/libmariadb.dll "$root/bin"
    cp connector/libmariadb/liblibmariadb.dll.a "$root/lib/libmariadb.dll.a"
    mkdir "$root/include/mariadb"
    (cd src/mariadb/libmariadb/include && cp -r mariadb mysql ./*.h "$root/include/mariadb")
    cp connector/include/mariadb_version.h "$root/include/mariadb"
    cp -r "$root/include/mariadb" "$root/include/mysql"
    package_config libmariadb "$(sed -n 's/^#define MARIADB_PACKAGE_VERSION *"\(.*\)"/\1/p' connector/include/mariadb_version.h)" \
        mariadb include/mariadb
}

# With the part of libunistring that it carries along.
build_idn2() {
    mkdir idn2 && cd idn2
    ../src/libidn2/configure --host=$target CC="ccache $target-gcc-posix" CFLAGS="-O2 -w $hardening" \
        LDFLAGS="$linking -L$root/lib/guard" --enable-shared --disable-static --disable-doc --disable-nls \
        --with-included-libunistring --disable-gcc-warnings --disable-dependency-tracking
    make -s -C gl && make -s -C unistring && make -s -C lib
    cp lib/.libs/libidn2-0.dll "$root/bin"
    cp lib/.libs/libidn2.dll.a "$root/lib"
    cp ../src/libidn2/lib/idn2.h "$root/include"
    package_config libidn2 "$(version_of libidn2)" idn2 include
}

build_prometheus() {
    cross_cmake src/prometheus-cpp prometheus -DENABLE_PULL=OFF -DENABLE_PUSH=OFF -DENABLE_COMPRESSION=OFF \
        -DENABLE_TESTING=OFF -DCMAKE_CXX_STANDARD=20
    ninja -C prometheus install
    package_config prometheus-cpp-core "$(version_of prometheus-cpp)" prometheus-cpp-core include
}

# With SQLite, zlib and PCRE of Debian instead of the copies in its sources, as Debian itself builds it: program and
# Poco then share one SQLite. -O1: -O2 takes a third longer, and Poco is no place where Carillon spends its time.
build_poco() {
    cross_cmake src/pcre3 pcre -DBUILD_SHARED_LIBS=ON -DPCRE_BUILD_PCRECPP=OFF -DPCRE_BUILD_PCREGREP=OFF \
        -DPCRE_BUILD_TESTS=OFF -DPCRE_SUPPORT_UTF=ON -DPCRE_SUPPORT_UNICODE_PROPERTIES=ON
    ninja -C pcre pcre
    cp pcre/libpcre.dll "$root/bin" && cp pcre/libpcre.dll.a "$root/lib" && cp pcre/pcre.h "$root/include"
    for patch in "$recipe"/poco-*.patch; do patch -d src/poco -p1 <"$patch"; done
    set --
    for part in MONGODB REDIS JWT ZIP XML PAGECOMPILER PAGECOMPILER_FILE2PAGE ACTIVERECORD ACTIVERECORD_COMPILER ENCODINGS \
        TESTS DATA_POSTGRESQL DATA_ODBC; do set -- "$@" -DENABLE_$part=OFF; done
    for part in JSON UTIL NET NETSSL CRYPTO DATA DATA_SQLITE DATA_MYSQL; do set -- "$@" -DENABLE_$part=ON; done
    cross_cmake src/poco poco "$@" -DBUILD_SHARED_LIBS=ON -DPOCO_UNBUNDLED=ON -DCMAKE_PROJECT_INCLUDE="$recipe/poco.cmake" \
        -DCARILLON_RECIPE="$recipe" -DCMAKE_CXX_FLAGS_RELEASE="-O1 -DNDEBUG -w -fpch-preprocess $hardening" \
        -DOPENSSL_ROOT_DIR="$root" -DMYSQL_INCLUDE_DIR="$root/include" -DMYSQL_LIBRARY="$root/lib/libmariadb.dll.a"
    ninja -C poco install
}
