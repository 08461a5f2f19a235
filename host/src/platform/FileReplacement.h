#pragma once

#include "platform/OpenFile.h"

#include <string>
#include <string_view>

namespace carillon {

/// A change of one file: as long as it lives, every other change of it waits, in any process. Who reads the file sees
/// the old one or the new one, whole. One thread.
class FileReplacement {
public:
    /// Waits for other changes. A link is followed: it is the file that is replaced. Throws Poco::FileException with a
    /// sentence when the file's folder is not there or not trusted (FileRights.h).
    explicit FileReplacement(const std::string& path);

    /// Of the file, without links.
    const std::string& path() const { return _path; }

    /// Puts a new file in its place, which is on the disk when this returns. It keeps owner, group and rights of the
    /// old one, without any right of others; a first one gets owner and group of its folder when the administrator
    /// makes it. `crashPlace`: a crash point (CrashPoint.h) between the two. Throws Poco::FileException; the file is
    /// then as it was.
    void replace(std::string_view text, std::string_view crashPlace) const;

private:
    std::string _path;
    OpenFile _lock{};
};

}  // namespace carillon
