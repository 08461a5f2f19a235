#pragma once

#include "carillon/Message.h"

#include <string>
#include <utility>

namespace carillon {

/// What is said of a path that is not trusted: with the codes of the host's texts, and in English, since this is below
/// them. A test holds the two together.
inline Message trustSays(const char* code, std::string english, Message::Values values = {}) {
    Message message = say(code, std::move(values));
    message.text = std::move(english);
    return message;
}

/// What one has against a file, as the rest of a sentence about it, and what mends it.
struct Distrust {
    Message fault{};        ///< Empty: nothing.
    Message alternative{};  ///< What to do instead of the command; empty: nothing.
    std::string command{};  ///< Before or behind the file's name.
};

/// How the file that is refused is related to the path that was given; it is the path itself in `Itself`.
enum class TrustRelation { Itself, Link, Way, Target };

/// The whole refusal, which follows the path that was given. `command` has the file's name in it.
inline Message refusalOf(const Distrust& distrust, TrustRelation relation, const std::string& path,
                         const std::string& command) {
    const Message::Values values{{"fault", distrust.fault}, {"other", distrust.alternative}, {"command", command}};
    const std::string& fault = distrust.fault.text;
    const Message mended =
        distrust.alternative.empty()
            ? trustSays("host.trust.run", fault + "; run: " + command, values)
            : trustSays("host.trust.runor", fault + "; " + distrust.alternative.text + ", or run: " + command, values);
    const Message::Values which{{"path", path}, {"fault", mended}};
    const std::string rest = path + ", which " + mended.text;
    if (relation == TrustRelation::Link) return trustSays("host.trust.link", "is reached by the link " + rest, which);
    if (relation == TrustRelation::Way) return trustSays("host.trust.way", "lies in " + rest, which);
    if (relation == TrustRelation::Target) return trustSays("host.trust.target", "leads to " + rest, which);
    return mended;
}

}  // namespace carillon
