#pragma once

#include <filesystem>

/// A file system of this size in memory, to be filled. Where the user may not mount one the test is skipped.
class SmallDisk {
public:
    explicit SmallDisk(int mebibytes);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    const std::filesystem::path& folder() const { return _folder; }

    /// To the last byte but these.
    void fill(std::uintmax_t butBytes = 0);
    void makeSpace();

private:
    std::filesystem::path _folder;
};
