#include "worker/TaskCall.h"

#include "carillon/Failure.h"
#include "carillon/Items.h"
#include "carillon/MailAccount.h"
#include "carillon/Preview.h"
#include "carillon/Rejects.h"
#include "config/SourceReader.h"
#include "words/HostTexts.h"
#include "words/WordedException.h"

#include "Poco/Exception.h"

#include <exception>
#include <new>
#include <string>
#include <utility>

namespace carillon {
namespace {

/// What a task may implement beside SyncTask.
template <class Interface>
Interface& as(SyncTask& task, const char* otherwise) {
    if (auto* found = dynamic_cast<Interface*>(&task)) return *found;
    throw Failure(sayHost(otherwise));
}

}  // namespace

bool TaskCall::prepare(const WorkerRequest& request, PluginCache& plugins) {
    _verb = request.verb;
    _query = request.query;
    _replay = request.replay;
    _items = request.items;
    _dismissal = request.dismissal;
    try {
        const auto& library = plugins.get(request.library);
        if (_verb == WorkerRequest::Verb::Describe) {
            _output.say(library.describe());
            if (!request.task.empty()) sayAbilities(*library.create(request.task));
            _output.say(TaskReturned());
            return false;
        }
        _task = library.create(request.task);
        return configure(request.config);
    } catch (...) {
        tellException();
        return false;
    }
}

bool TaskCall::configure(const ConfigSource& config) {
    // Named at once: what the task prints or throws from now on may hold it.
    SourceReader reader(config, "task.", [this](const std::string& secret) { _output.say(Secret{secret}); });
    _task->configure(reader);
    reader.refuseUnknown();
    for (const auto& fault : reader.faults()) _output.say(fault);
    if (reader.faults().empty() && _verb != WorkerRequest::Verb::Configure) return true;
    _output.say(TaskReturned());
    return false;
}

void TaskCall::call(RunContext& context) {
    try {
        callVerb(context);
    } catch (...) {
        tellException();
    }
}

void TaskCall::callVerb(RunContext& context) {
    switch (_verb) {
        case WorkerRequest::Verb::Run:
            _output.say(_task->run(context));
            return;
        case WorkerRequest::Verb::Replay:
            _output.say(as<KeepsRejects>(*_task, "run.norejects").replay(context, _replay));
            return;
        case WorkerRequest::Verb::Dismiss:
            _output.say(as<KeepsItems>(*_task, "run.noitems").dismiss(context, _dismissal));
            return;
        case WorkerRequest::Verb::Verify:
            _output.say(
                as<KeepsItems>(*_task, "run.noitems").verify(context, [this](const Item& gone) { _output.say(gone); }));
            return;
        case WorkerRequest::Verb::Preview:
            _output.say(as<Previews>(*_task, "run.nopreview").preview(context, [this](const PlannedItem& item) {
                _output.say(item);
            }));
            return;
        case WorkerRequest::Verb::Check:
            _task->check(context, [this](const Check& check) { _output.say(check); });
            break;
        case WorkerRequest::Verb::Rejects:
            sayRejects(context);
            break;
        case WorkerRequest::Verb::Items:
            sayItems(context);
            break;
        case WorkerRequest::Verb::MailAccount:
            _output.say(as<HasMailAccount>(*_task, "run.nomailaccount").mailAccount(context));
            break;
        default:
            break;
    }
    _output.say(TaskReturned());
}

void TaskCall::sayAbilities(SyncTask& task) {
    _output.say(
        TaskAbilities{dynamic_cast<KeepsRejects*>(&task) != nullptr, dynamic_cast<KeepsItems*>(&task) != nullptr});
}

/// So many as were asked for, whatever the task returns.
void TaskCall::sayRejects(RunContext& context) {
    auto rejects = as<KeepsRejects>(*_task, "run.norejects").rejects(context, _query);
    if (rejects.size() > _query.limit) rejects.resize(_query.limit);
    for (auto& reject : rejects) _output.say(std::move(reject));
}

/// Likewise; and nothing of people where it was not asked for.
void TaskCall::sayItems(RunContext& context) {
    auto items = as<KeepsItems>(*_task, "run.noitems").items(context, _items);
    if (items.size() > _items.limit) items.resize(_items.limit);
    for (auto& item : items) {
        if (!_items.people) item.people.reset();
        _output.say(std::move(item));
    }
}

void TaskCall::tellException() {
    _limit.lift();
    try {
        throw;
    } catch (const std::bad_alloc&) {
        _ranOutOfMemory = _limit.bytes() > 0;
        _output.say(TaskFailure{_ranOutOfMemory ? describeMemoryLimit(_limit.bytes()) : describeCurrentException()});
    } catch (...) {
        _output.say(TaskFailure{describeCurrentException()});
    }
}

Message describeCurrentException() {
    try {
        throw;
    } catch (const Poco::Exception& e) {
        return sayException(e);
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return sayHost("run.oddexception");
    }
}

Message describeMemoryLimit(std::size_t limit) {
    constexpr std::pair<int, const char*> kUnits[] = {{30, "G"}, {20, "M"}, {10, "K"}};
    std::string size = std::to_string(limit);
    for (const auto& [shift, unit] : kUnits) {
        if (limit % (std::size_t{1} << shift) != 0) continue;
        size = std::to_string(limit >> shift) + unit;
        break;
    }
    return sayHost("run.memory", {{"limit", size}});
}

}  // namespace carillon
