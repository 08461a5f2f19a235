#include "SmallDisk.h"

#include <fstream>
#include <string>

#include "Poco/TemporaryFile.h"
#include "support/Command.h"
#include "support/TestSkipped.h"

namespace fs = std::filesystem;

SmallDisk::SmallDisk(int mebibytes) : _folder(Poco::TemporaryFile::tempName()) {
    fs::create_directory(_folder);
    const std::string size = "size=" + std::to_string(mebibytes) + "m";
    if (Command({"mount", "-t", "tmpfs", "-o", size, "tmpfs", _folder}).run().exitCode == 0) return;
    fs::remove(_folder);
    throw TestSkipped("this user may not mount a file system");
}

SmallDisk::~SmallDisk() {
    Command({"umount", "-l", _folder}).run();
    std::error_code ignored;
    fs::remove(_folder, ignored);
}

void SmallDisk::fill(std::uintmax_t butBytes) {
    std::ofstream out(_folder / "filler", std::ios::binary);
    const std::string block(4'096, 'x');
    while (fs::space(_folder).available > butBytes &&
           out.write(block.data(), static_cast<std::streamsize>(block.size())).flush())
        continue;
}

void SmallDisk::makeSpace() {
    fs::remove(_folder / "filler");
}
