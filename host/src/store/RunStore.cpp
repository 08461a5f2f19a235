#include "store/RunStore.h"

namespace carillon {
namespace {

constexpr std::int64_t kTrimEvery = 100;

}  // namespace

bool RunStore::finish(const RunIdentity& identity, const RunEnding& ending, bool exclusive) {
    return with([&](auto& session) {
        TransactionScope transaction(session);
        if (!finishRun(session, {identity, ending, exclusive})) return false;
        if (identity.fence % kTrimEvery == 0) trimHistory(session, identity.job);
        transaction.commit();
        return true;
    });
}

}  // namespace carillon
