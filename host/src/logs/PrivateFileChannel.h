#pragma once

#include "platform/FileFacts.h"

#include "Poco/Channel.h"
#include "Poco/Path.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carillon {

/// A file channel of Poco whose file is private from its first byte, ends every line, and may be renamed, removed or
/// cut by others at any time. What is not trusted (FileRights.h) is not written to. For one thread at a time.
class PrivateFileChannel final : public Poco::Channel {
public:
    /// FileChannel or SimpleFileChannel. A relative path is one below `folder`.
    PrivateFileChannel(std::string className, Poco::Path folder);

    /// Throws Poco's exceptions, also for a value that Poco would take and then do something else.
    void setProperty(const std::string& name, const std::string& value) override;
    std::string getProperty(const std::string& name) const override;

    void log(const Poco::Message& message) override;
    void close() override;

private:
    void renew();
    void abandon();
    bool isSeen() const;
    void openFile();
    void takeOverRotated();

    std::string _class;
    Poco::Path _folder;
    std::string _path;
    std::string _secondPath;  ///< Of a SimpleFileChannel; empty: Poco makes one of the first.
    std::vector<std::pair<std::string, std::string>> _properties;
    Poco::Channel::Ptr _file;
    bool _open = false;
    std::optional<FileIdentity> _seen{};
};

}  // namespace carillon
