#include "logs/PrivateFileChannel.h"

#include "base/FilePath.h"
#include "platform/FileRights.h"

#include "Poco/Exception.h"
#include "Poco/LoggingFactory.h"
#include "Poco/Message.h"
#include "Poco/String.h"

#include <charconv>
#include <climits>
#include <cstdint>
#include <filesystem>
#include <mutex>

namespace carillon {
namespace {

/// Poco counts the bytes in an int.
bool isSizeOutOfRange(const std::string& rotation) {
    std::int64_t count = 0;
    const char* const last = rotation.data() + rotation.size();
    const auto [end, error] = std::from_chars(rotation.data(), last, count);
    const std::string unit = Poco::trim(std::string(end, last));
    const std::int64_t factor = unit == "M" ? 1 << 20 : unit == "K" ? 1 << 10 : unit.empty() ? 1 : 0;
    return factor != 0 && (error != std::errc{} || count <= 0 || count > INT_MAX / factor);
}

/// Whether Poco would take the value and then do something else.
bool isMisread(const std::string& property, const std::string& value) {
    if (property == "flush" || property == "compress" || property == "rotateOnOpen")
        return value != "true" && value != "false";
    if (property == "times") return value != "utc" && value != "local";
    return property == "rotation" && isSizeOutOfRange(value);
}

/// A full disk or a crash may have left half a line. False, with the error: that failed.
bool endLine(const OpenFile& file, std::uint64_t size, std::error_code& error) {
    char last = '\n';
    if (size > 0 && file.readAt(size - 1, &last, 1, error) != 1) return false;
    return last == '\n' || file.write("\n", error);
}

}  // namespace

PrivateFileChannel::PrivateFileChannel(std::string className, Poco::Path folder)
    : _class(std::move(className)), _folder(std::move(folder)) {
    renew();
}

void PrivateFileChannel::setProperty(const std::string& name, const std::string& value) {
    if (isMisread(name, value)) throw Poco::InvalidArgumentException(name);
    const bool isPath = name == "path" || name == "secondaryPath";
    const std::string used = isPath ? Poco::Path(value).makeAbsolute(_folder).toString() : value;
    _file->setProperty(name, used);
    _properties.emplace_back(name, used);
    if (name == "path") _path = used;
    if (name == "secondaryPath") _secondPath = used;
}

std::string PrivateFileChannel::getProperty(const std::string& name) const {
    return _file->getProperty(name);
}

void PrivateFileChannel::log(const Poco::Message& message) {
    if (!_open || !isSeen()) openFile();
    _open = false;
    try {
        _file->log(message);
    } catch (const Poco::WriteFileException&) {
        throw;
    } catch (...) {
        abandon();
        throw;
    }
    _open = true;
    if (!isSeen()) takeOverRotated();
}

void PrivateFileChannel::close() {
    _open = false;
    _file->close();
}

void PrivateFileChannel::renew() {
    _file = Poco::LoggingFactory::defaultFactory().createChannel(_class);
    for (const auto& [name, value] : _properties) _file->setProperty(name, value);
}

// When a rotation cannot make the new file, Poco's channel keeps a pointer to the old one, which it has deleted;
// closing or destroying that channel would free it again. So it is left alone for ever, but within reach.
void PrivateFileChannel::abandon() {
    static std::mutex mutex;
    static auto* const abandoned = new std::vector<Poco::Channel::Ptr>;
    const std::lock_guard lock(mutex);
    abandoned->push_back(_file);
    renew();
}

bool PrivateFileChannel::isSeen() const {
    const auto facts = factsOf(_path);
    return facts && facts->identity == _seen;
}

void PrivateFileChannel::openFile() {
    close();
    TrustedPath file = trustedPathInFolders(_path, Opening::Append);
    if (!file) throw Poco::OpenFileException(_path, file.reason());
    // Poco opens this one by itself, when the first is full.
    if (const std::string refusal = _secondPath.empty() ? "" : trustedPath(_secondPath).refusal(); !refusal.empty())
        throw Poco::OpenFileException(_secondPath, refusal);
    std::error_code error;
    const auto facts = file.file().facts(error);
    if (!facts || (facts->kind == FileKind::Regular && !endLine(file.file(), facts->size, error)))
        throw Poco::WriteFileException(_path, error.message());
    // A rotation makes the new file by its name, in a moment in which it is not there.
    const std::string folder = textOf(pathFrom(_path).parent_path());
    if (const std::string refusal = trustedPath(folder, Opening::LookFolder).refusal();
        facts->kind == FileKind::Regular && !refusal.empty())
        throw Poco::OpenFileException(_path, "its folder " + refusal);
    file = {};  // else it would be a pipe's reader
    // Poco would wait for one, deaf to every signal.
    if (facts->kind == FileKind::Pipe && !hasReader(_path))
        throw Poco::OpenFileException(_path, "a pipe that nobody reads");
    _seen = facts->identity;
}

/// Poco made this one with the process's umask.
void PrivateFileChannel::takeOverRotated() {
    const auto facts = factsOf(_path);
    if (!facts) return;
    if (facts->kind == FileKind::Regular) makePrivate(_path);
    _seen = facts->identity;
}

}  // namespace carillon
