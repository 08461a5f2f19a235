#pragma once

#include "platform/FileRights.h"
#include "platform/TrustSentence.h"

#include <sys/stat.h>

namespace carillon {

/// What the rule asks of a file beside what stat() tells.
class FileExtras {
public:
    virtual ~FileExtras() = default;
    /// With an access list the rights of the group stand for those of everybody in the list.
    virtual bool hasAccessList() const { return false; }
    /// The root of a volume in a pod of Kubernetes, which makes it writable for all: nobody else lives in the pod.
    virtual bool isVolumeOfPod() const { return false; }
};

/// The whole rule: what belongs to root or to the effective user, and what nobody else may write to, is trusted. A link
/// has no rights of its own, and those of a device or a socket say nothing of who wrote to it: of these only the owner
/// counts.
Distrust distrustOf(const struct stat& status, const FileExtras& extras, TrustRole role);

}  // namespace carillon
