#pragma once

#include "platform/FileRights.h"

namespace carillon {

/// What CreateFile is to be given for the file at the end of a path.
struct FileOpening {
    unsigned long access = 0;
    unsigned long disposition = 0;
    bool isFolder = false;  ///< It must be one.
};

/// Goes along a path, folder by folder and link by link, each of which is judged as it is open: by FileTrust.h, and
/// before anything in it is looked at. What was judged can be replaced by administrators and oneself alone, so that a
/// name that was gone along may be used again.
TrustedPath walkTrusted(const std::string& path, const FileOpening& opening, TrustRole role, bool makesFolders);

}  // namespace carillon
