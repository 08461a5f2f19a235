#include "words/FileWords.h"

#include "words/HostTexts.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace carillon {
namespace {

constexpr std::pair<std::errc, const char*> kErrors[] = {{std::errc::no_such_file_or_directory, "system.nofile"},
                                                         {std::errc::permission_denied, "system.norights"},
                                                         {std::errc::operation_not_permitted, "system.notpermitted"},
                                                         {std::errc::no_space_on_device, "system.full"},
                                                         {std::errc::read_only_file_system, "system.readonly"},
                                                         {std::errc::is_a_directory, "system.isfolder"},
                                                         {std::errc::not_a_directory, "system.nofolder"},
                                                         {std::errc::file_exists, "system.exists"},
                                                         {std::errc::too_many_files_open, "system.toomanyfiles"},
                                                         {std::errc::too_many_symbolic_link_levels, "system.links"},
                                                         {std::errc::filename_too_long, "system.longname"},
                                                         {std::errc::device_or_resource_busy, "system.busy"},
                                                         {std::errc::io_error, "system.io"},
                                                         {std::errc::not_enough_memory, "system.memory"},
                                                         {std::errc::timed_out, "system.timeout"},
                                                         {std::errc::connection_refused, "system.connrefused"},
                                                         {std::errc::connection_reset, "system.connreset"},
                                                         {std::errc::host_unreachable, "system.nohost"},
                                                         {std::errc::network_unreachable, "system.nonetwork"},
                                                         {std::errc::address_in_use, "system.addressused"},
                                                         {std::errc::address_not_available, "system.noaddress"}};

const char* keyOf(TextFlaw::Kind kind) {
    switch (kind) {
        case TextFlaw::Kind::Utf16:
            return "flaw.utf16";
        case TextFlaw::Kind::Utf16WithoutMark:
            return "flaw.utf16nomark";
        default:
            return "flaw.zero";
    }
}

}  // namespace

Message sayError(const std::error_code& error) {
    const auto* const known =
        std::find_if(std::begin(kErrors), std::end(kErrors), [&error](const auto& one) { return error == one.first; });
    return known == std::end(kErrors) ? Message(error.message()) : sayHost(known->second);
}

Message sayFlaw(const TextFlaw& flaw) {
    if (flaw.kind != TextFlaw::Kind::OtherEncoding) return sayHost(keyOf(flaw.kind));
    return flaw.letter.empty() ? sayHost("flaw.byte", {{"byte", flaw.byte}})
                               : sayHost("flaw.letter", {{"byte", flaw.byte}, {"letter", flaw.letter}});
}

Message sayFlawOfSecret(const TextFlaw& flaw) {
    const bool isUtf16 = flaw.kind == TextFlaw::Kind::Utf16 || flaw.kind == TextFlaw::Kind::Utf16WithoutMark;
    if (isUtf16) return sayHost(keyOf(flaw.kind));
    return sayHost(flaw.kind == TextFlaw::Kind::ZeroByte ? "flaw.zeroat" : "flaw.encodingat", {{"line", flaw.line}});
}

Message sayFailure(const TextFile& file) {
    if (!file.refusal.empty()) return file.refusal;
    return file.error ? sayHost("file.unreadable", {{"why", sayError(file.error)}}) : Message();
}

Message sayReason(const TrustedPath& path) {
    return path.refusal().empty() ? sayError(path.error()) : path.refusal();
}

}  // namespace carillon
