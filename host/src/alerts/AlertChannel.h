#pragma once

#include <cstdint>
#include <string_view>

namespace carillon {

/// How alerts leave the host. The names are stored in alert.channel.
enum class AlertChannel : std::uint8_t { Mail, Webhook, Ping };

inline constexpr AlertChannel kAlertChannels[] = {AlertChannel::Mail, AlertChannel::Webhook, AlertChannel::Ping};

/// `mail`, `webhook`, `ping`.
constexpr std::string_view alertChannelName(AlertChannel channel) {
    switch (channel) {
        case AlertChannel::Mail:
            return "mail";
        case AlertChannel::Webhook:
            return "webhook";
        case AlertChannel::Ping:
            return "ping";
    }
    return "mail";
}

}  // namespace carillon
