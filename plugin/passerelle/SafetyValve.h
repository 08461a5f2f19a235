#pragma once

#include "Tally.h"

#include "Poco/Exception.h"

namespace passerelle {

/// Agora knows nothing of what the gateway lists, or takes nothing of it: the fault is not the items', and none of them
/// is to be put aside or acknowledged for it.
class SafetyValveOpened : public Poco::RuntimeException {
public:
    using Poco::RuntimeException::RuntimeException;
    const char* name() const noexcept override { return "Safety valve"; }
    Poco::Exception* clone() const override { return new SafetyValveOpened(*this); }
    void rethrow() const override { throw *this; }
};

/// From this many items on the valve judges.
constexpr std::int64_t kValveItems = 20;

/// Of a listing as a whole: throws SafetyValveOpened when nothing in it is known to Agora and more than `maxRatio` of
/// it was rejected. One token that Agora knows proves that the database is the right one; what strangers put into the
/// gateway beside it must not stop the others.
void requireRecognised(const Tally& tally, double maxRatio);

}  // namespace passerelle
