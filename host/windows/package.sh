# shellcheck shell=sh
# The archives that go to Windows, from what was built. Sourced by windows.sh after dependencies.sh; $build is the build
# folder, $version Carillon's version. Twice the same sources give the same bytes.
#
#   carillon-VERSION-windows.zip       to run it: a folder that install.cmd in it puts in its place
#   carillon-dev-VERSION-windows.zip   to build plugins for it, with MinGW on Debian

# What Windows 10 itself has, as libraries name it.
windows_dlls=' advapi32 bcrypt crypt32 gdi32 iphlpapi kernel32 msvcrt ntdll ole32 psapi secur32 shell32 shlwapi user32 winmm
    ws2_32 wtsapi32 '
largest_archive=12582912 # bytes

package() {
    rm -rf "$build/stage" && mkdir -p "$build/stage"
    stage=$build/stage/carillon-$version-windows
    development=$build/stage/carillon-dev-$version-windows
    DESTDIR='' cmake --install "$build" --strip --prefix "$stage" >"$build/install.log"
    stage_development
    add_dlls
    add_zones
    add_documents
    make_archive "$stage"
    make_archive "$development"
    size=$(wc -c <"$stage.zip")
    [ "$size" -le $largest_archive ] || fail "$stage.zip has $size bytes, which are more than $largest_archive"
}

fail() {
    echo "windows.sh: error: $*" >&2
    exit 1
}

# Headers, import libraries and packages of CMake: Carillon's own, and those of the libraries that it names.
stage_development() {
    mkdir -p "$development/lib" "$development/licences"
    mv "$stage/include" "$development"
    mv "$stage/lib/cmake" "$development/lib"
    mkdir "$development/lib/carillon" && mv "$stage"/lib/carillon/*.a "$development/lib/carillon"
    cp "$dependencies/mingw.cmake" "$development"
    cp -r "$dependencies/lib/guard" "$development/lib"
    cp -r "$dependencies/include/Poco" "$dependencies/include/cppunit" "$development/include"
    mkdir "$development/cmake"
    cp "$dependencies"/cmake/PocoConfig*.cmake "$dependencies"/cmake/PocoFoundation*.cmake \
        "$dependencies"/cmake/PocoData[CT]*.cmake "$development/cmake"
    for library in libPocoFoundation.dll.a libPocoData.dll.a libcppunit.a; do
        cp "$dependencies/lib/$library" "$development/lib"
    done
    mkdir "$development/bin"
    for library in libPocoFoundation.dll libPocoData.dll libpcre.dll zlib1.dll; do
        cp "$dependencies/bin/$library" "$development/bin"
    done
    for package in poco pcre3 libz-mingw-w64 cppunit; do
        cp "$dependencies/licences/$package" "$development/licences"
    done
    cp "$recipe/development.txt" "$development/README.txt"
}

imports() { # the DLLs that programs and libraries of the stage name
    find "$stage" \( -name '*.exe' -o -name '*.dll' \) -exec $target-objdump -p {} + |
        sed -n 's/^\tDLL Name: //p' | sort -u
}

find_dll() { # name: its path, or nothing
    for place in "$dependencies/bin/$1" "$($target-g++-posix -print-file-name="$1")" "/usr/$target/lib/$1"; do
        if [ -f "$place" ]; then
            echo "$place"
            return
        fi
    done
}

# All DLLs beside the program, where Windows looks for those of the plugins too.
add_dlls() {
    found=1
    while [ $found != 0 ]; do
        found=0
        for name in $(imports); do
            [ ! -e "$stage/bin/$name" ] || continue
            path=$(find_dll "$name")
            if [ -n "$path" ]; then
                cp "$path" "$stage/bin" && $target-strip --strip-unneeded "$stage/bin/$name"
                found=1
            else
                must_be_of_windows "$name"
            fi
        done
    done
}

must_be_of_windows() { # name
    stem=$(printf '%s' "${1%.*}" | tr '[:upper:]' '[:lower:]')
    case $windows_dlls in
    *[[:space:]]"$stem"[[:space:]]*) ;;
    *) fail "a library asks for $1, which neither Windows nor $dependencies has" ;;
    esac
}

# share/zoneinfo is the tz database as this system has it, without its variants.
add_zones() {
    mkdir -p "$stage/share/zoneinfo"
    (cd /usr/share/zoneinfo && find -L . \( -path ./posix -o -path ./right -o -name localtime -o -name posixrules \) \
        -prune -o -type f -exec grep -l '^TZif' {} +) >"$build/zones"
    tar -C /usr/share/zoneinfo --dereference --hard-dereference -cf - -T "$build/zones" |
        tar -C "$stage/share/zoneinfo" -xf -
}

# Of the table of zone names that is compiled in: its package is not installed.
licence_of_cldr() {
    rm -rf "$build/cldr" && mkdir "$build/cldr"
    (cd "$build/cldr" && apt-get download -qq -o APT::Sandbox::User=root unicode-cldr-core >&2)
    dpkg-deb --fsys-tarfile "$build"/cldr/*.deb | tar -xO ./usr/share/doc/unicode-cldr-core/copyright
    rm -rf "$build/cldr"
}

# What people read, in the line ends of Windows; cmd.exe misses labels in files without them.
add_documents() {
    mkdir -p "$stage/licences"
    # In their places, so that their links lead there.
    for text in host/GUIDE.md host/GUIDE.fr.md host/CHANGELOG.md host/SECURITY.md host/THIRD-PARTY.md \
        plugin/passerelle/GUIDE.fr.md plugin/passerelle/README.md conf/README.md schemas/openapi.yaml; do
        mkdir -p "$stage/doc/${text%/*}"
        cp "$text" "$stage/doc/$text"
    done
    cp "$recipe/README.txt" "$stage"
    mv "$stage/conf/install.cmd" "$stage"
    cp "$dependencies"/licences/* "$stage/licences" && rm "$stage/licences/cppunit"
    cp "$dependencies/sources.txt" "$stage/licences"
    for package in gcc-mingw-w64-base mingw-w64-x86-64-dev tzdata libjs-chart.js; do
        cp "/usr/share/doc/$package/copyright" "$stage/licences/$package"
    done
    licence_of_cldr >"$stage/licences/unicode-cldr-core"
    # The texts that these files only point to.
    mkdir "$stage/licences/common"
    grep -rohE '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "$stage/licences" | sort -u |
        while read -r text; do cp -L "$text" "$stage/licences/common"; done
    find "$stage" "$development" \( -name '*.cmd' -o -name '*.txt' -o -name '*.md' \) \
        -exec sed -i 's/\r*$/\r/' {} +
}

# In one order, with one time, without what only this system knows of a file.
make_archive() { # folder
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    find "$1" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
    (cd "${1%/*}" && find "${1##*/}" -type f -print | LC_ALL=C sort | TZ=UTC zip -X -9 -q -@ "$1.zip")
}
