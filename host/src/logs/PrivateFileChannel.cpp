#include "logs/PrivateFileChannel.h"

#include "shared/TrustedPath.h"

#include "Poco/Exception.h"
#include "Poco/LoggingFactory.h"
#include "Poco/Message.h"
#include "Poco/String.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <mutex>

namespace carillon {
namespace {

constexpr mode_t kFileMode = 0640;

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

/// A full disk or a crash may have left half a line. False, and errno: that failed.
bool endLine(int handle, off_t size) {
    char last = '\n';
    if (size > 0 && ::pread(handle, &last, 1, size - 1) != 1) return false;
    return last == '\n' || ::write(handle, "\n", 1) == 1;
}

/// Poco would wait for one, deaf to every signal.
bool hasReader(const std::string& pipe) {
    return TrustedPath(::open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC)).descriptor() >= 0;
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
    struct stat status {};
    return ::stat(_path.c_str(), &status) == 0 && status.st_dev == _device && status.st_ino == _inode;
}

void PrivateFileChannel::see(const struct stat& status) {
    _device = status.st_dev;
    _inode = status.st_ino;
}

void PrivateFileChannel::openFile() {
    close();
    TrustedPath file = trustedPathInFolders(_path, O_RDWR | O_APPEND | O_CREAT, kFileMode);
    if (!file) throw Poco::OpenFileException(_path, file.reason());
    // Poco opens this one by itself, when the first is full.
    if (const std::string refusal = _secondPath.empty() ? "" : trustedPath(_secondPath).refusal(); !refusal.empty())
        throw Poco::OpenFileException(_secondPath, refusal);
    struct stat status {};
    if (::fstat(file.descriptor(), &status) != 0 ||
        (S_ISREG(status.st_mode) && !endLine(file.descriptor(), status.st_size)))
        throw Poco::WriteFileException(_path, std::strerror(errno));
    // A rotation makes the new file by its name, in a moment in which it is not there.
    const std::string folder = std::filesystem::path(_path).parent_path().string();
    if (const std::string refusal = trustedPath(folder, O_PATH | O_DIRECTORY).refusal();
        S_ISREG(status.st_mode) && !refusal.empty())
        throw Poco::OpenFileException(_path, "its folder " + refusal);
    file = {};  // else it would be a pipe's reader
    if (S_ISFIFO(status.st_mode) && !hasReader(_path)) throw Poco::OpenFileException(_path, "a pipe that nobody reads");
    see(status);
}

/// Poco made this one with the process's umask.
void PrivateFileChannel::takeOverRotated() {
    struct stat status {};
    if (::stat(_path.c_str(), &status) != 0) return;
    if (S_ISREG(status.st_mode)) ::chmod(_path.c_str(), status.st_mode & kFileMode);
    see(status);
}

}  // namespace carillon
