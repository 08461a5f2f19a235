#include "Scene.h"

#include <cppunit/TestAssert.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "Poco/DigestEngine.h"
#include "Poco/Exception.h"
#include "Poco/JSON/Array.h"
#include "Poco/JSON/Parser.h"
#include "Poco/Net/HTTPClientSession.h"
#include "Poco/Net/HTTPRequest.h"
#include "Poco/Net/HTTPResponse.h"
#include "Poco/SHA2Engine.h"
#include "Poco/StreamCopier.h"
#include "support/TestSkipped.h"

using Poco::JSON::Object;

namespace {

constexpr const char* kExpiry = "2030-01-01 00:00:00";
constexpr int kTokensACampaign = 5;

std::filesystem::path makeFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "scene.XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw Poco::CreateFileException(path);
    return path;
}

std::string sha256(const std::string& text) {
    Poco::SHA2Engine engine;
    engine.update(text);
    return Poco::DigestEngine::digestToHex(engine.digest());
}

std::string jsonOf(const std::vector<Answer>& answers) {
    Poco::JSON::Array items;
    for (const auto& answer : answers) {
        Object::Ptr item = new Object;
        item->set("token", answer.token);
        item->set("action", answer.action);
        item->set("commentaire", answer.comment ? Poco::Dynamic::Var(*answer.comment) : Poco::Dynamic::Var());
        item->set("validated_at", answer.validatedAt);
        items.add(item);
    }
    Object body;
    body.set("items", items);
    std::ostringstream text;
    body.stringify(text);
    return text.str();
}

/// Of one process and its descendants.
void notePeaks(pid_t pid, long& peak) {
    const std::string process = "/proc/" + std::to_string(pid);
    std::ifstream status(process + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) peak = std::max(peak, std::atol(line.c_str() + 6));
    std::ifstream children(process + "/task/" + std::to_string(pid) + "/children");
    for (pid_t child = 0; children >> child;) notePeaks(child, peak);
}

}  // namespace

std::string RunEnd::member(const std::string& name) const {
    return report.isNull() ? "" : report->optValue<std::string>(name, "");
}

long long RunEnd::counter(const std::string& name) const {
    const Object::Ptr counters = report.isNull() ? Object::Ptr() : report->getObject("counters");
    return counters.isNull() ? -1 : counters->optValue<Poco::Int64>(name, -1);
}

Scene::Scene(TestDatabase::Kind kind) : _agora(kind), _folder(makeFolder()) {
    std::signal(SIGPIPE, SIG_IGN);  // the gateway writes to runs that are killed
    try {
        testgateway::GatewayOptions options;
        options.database = (_folder / "gateway.db").string();
        options.key = kKey;
        _gateway = std::make_unique<testgateway::GatewayServer>(options);
        setSetting("validation_mode", "passerelle");
        setSetting("validation_url", gatewayAddress());
        setSetting("validation_apikey", kKey);
        if (kind == TestDatabase::Kind::MySql) createUser();
        std::filesystem::create_directory(_folder / "jobs");
        write("carillon.properties", "plugins.dir = " CARILLON_TEST_PLUGINS "\nhost.name = test-host\n");
        write("jobs/database.password", std::string(kPassword) + "\n", true);
        for (const auto& [job, task] : {std::pair{kJob, "PasserelleSync"}, std::pair{"tokens-clean", "TokensClean"}}) {
            _jobs[job] = databaseKeys();
            _jobs[job]["job.plugin"] = "Passerelle";
            _jobs[job]["job.task"] = task;
            writeJobFile(job);
        }
    } catch (...) {
        tearDown();
        throw;
    }
}

Scene::~Scene() {
    tearDown();
}

void Scene::tearDown() {
    _gateway.reset();
    std::error_code ignored;
    std::filesystem::remove_all(_folder, ignored);
    try {
        if (!_user.empty()) _agora.execute("DROP USER IF EXISTS '" + _user + "'");
    } catch (const Poco::Exception& e) {
        std::cerr << "cannot drop user " << _user << ": " << e.displayText() << std::endl;
    }
}

void Scene::createUser() {
    static int number = 0;
    _user = "scene_" + std::to_string(::getpid()) + "_" + std::to_string(++number);
    _agora.execute("CREATE OR REPLACE USER '" + _user + "' IDENTIFIED BY '" + kPassword + "'");
    _agora.execute("GRANT ALL ON " + _agora.name() + ".* TO '" + _user + "'");
}

std::map<std::string, std::string> Scene::databaseKeys() const {
    if (_agora.kind() == TestDatabase::Kind::Sqlite)
        return {{"task.database.connector", "SQLite"}, {"task.database.connection", _agora.name()}};
    return {{"task.database.host", "127.0.0.1"},
            {"task.database.port", requireEnvironment("CARILLON_TEST_MYSQL_PORT")},
            {"task.database.name", _agora.name()},
            {"task.database.user", _user},
            {"task.database.password.file", "database.password"}};
}

std::filesystem::path Scene::jobFile(const std::string& job) const {
    return _folder / "jobs" / (job + ".properties");
}

void Scene::addUsers(int first, int last) {
    for (int user = first; user <= last; ++user)
        if (rows("users WHERE id = " + std::to_string(user)) == 0)
            _agora.addUser(user, "Prenom" + std::to_string(user), "Nom" + std::to_string(user));
}

void Scene::addCampaign(int id, const std::vector<int>& users, const std::string& statut) {
    _agora.addCampaign(id, statut, "Campagne " + std::to_string(id));
    for (const int user : users) {
        addUsers(user, user);
        _agora.addValidator(id, user);
        _agora.addToken(tokenOf(id, user), id, user, kExpiry);
    }
}

std::string Scene::tokenOf(int campaign, int user) {
    return sha256("token " + std::to_string(campaign) + " " + std::to_string(user));
}

std::string Scene::backlogToken(long long number) {
    return sha256(std::to_string(number));
}

void Scene::addBacklogTokens(long long first, long long count) {
    constexpr long long kRowsAStatement = 500;
    addUsers(1, kTokensACampaign);
    std::string campaigns;
    std::string validators;
    std::string tokens;
    const auto insert = [this](const std::string& into, std::string& values) {
        if (!values.empty()) _agora.execute("INSERT INTO " + into + " VALUES " + values.substr(1));
        values.clear();
    };
    const auto insertAll = [&] {
        insert("campaigns (id, titre, statut)", campaigns);
        insert("campaign_validators (campaign_id, user_id, ordre)", validators);
        insert("validation_tokens (token, campaign_id, user_id, expires_at)", tokens);
    };
    beginTransaction();
    for (long long number = first; number < first + count; ++number) {
        const std::string campaign = std::to_string(number / kTokensACampaign + 1);
        const std::string user = std::to_string(number % kTokensACampaign + 1);
        if (number % kTokensACampaign == 0) campaigns += ",(" + campaign + ",'Campagne','en_validation')";
        validators += ",(" + campaign + "," + user + "," + user + ")";
        tokens += ",('" + backlogToken(number) + "'," + campaign + "," + user + ",'" + kExpiry + "')";
        if (number % kRowsAStatement == kRowsAStatement - 1) insertAll();
    }
    insertAll();
    commitTransaction();
}

void Scene::commitTransaction() {
    _agora.session().commit();
    // MySQL's begin() switched it off.
    if (_agora.kind() == TestDatabase::Kind::MySql) _agora.session().setFeature("autoCommit", true);
}

Object::Ptr Scene::control(const std::string& path, const std::string& json) {
    Poco::Net::HTTPClientSession session("127.0.0.1", _gateway->port());
    const bool reads = path == "/control/state";
    Poco::Net::HTTPRequest request(reads ? "GET" : "POST", path, "HTTP/1.1");
    if (!reads) request.setContentLength64(static_cast<Poco::Int64>(json.size()));
    std::ostream& out = session.sendRequest(request);
    if (!reads) out << json;
    Poco::Net::HTTPResponse response;
    std::string answer;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), answer);
    if (response.getStatus() != Poco::Net::HTTPResponse::HTTP_OK)
        throw Poco::InvalidArgumentException(path + " " + json.substr(0, 200), answer);
    return Poco::JSON::Parser().parse(answer).extract<Object::Ptr>();
}

void Scene::fault(const std::string& name, const std::string& call, const std::string& more) {
    control("/control/fault",
            R"({"name":")" + name + R"(","call":")" + call + "\"" + (more.empty() ? "" : "," + more) + "}");
}

void Scene::offer(const std::vector<Answer>& answers) {
    control("/control/items", jsonOf(answers));
}

void Scene::offerBacklog(long long count, const std::string& more) {
    control("/control/backlog", R"({"count":)" + std::to_string(count) + (more.empty() ? "" : "," + more) + "}");
}

void Scene::answerPending(const std::string& body) {
    Object raw;
    raw.set("file", write("pending-answer", body).string());
    std::ostringstream json;
    raw.stringify(json);
    control("/control/raw", json.str());
}

GatewayState Scene::gatewayState() {
    const auto json = control("/control/state");
    GatewayState state;
    state.pending = json->getValue<Poco::Int64>("pending");
    state.synced = json->getValue<Poco::Int64>("synced");
    state.total = json->getValue<Poco::Int64>("total");
    state.largestAcknowledge = json->getValue<Poco::Int64>("largestAcknowledge");
    const auto requests = json->getObject("requests");
    for (const auto& name : requests->getNames()) state.requests[name] = requests->getValue<Poco::Int64>(name);
    return state;
}

void Scene::setJobKey(const std::string& key, const std::string& value, const std::string& job) {
    if (value.empty())
        _jobs[job].erase(key);
    else
        _jobs[job][key] = value;
    writeJobFile(job);
}

void Scene::writeJobFile(const std::string& job) {
    std::string text;
    for (const auto& [key, value] : _jobs[job]) text += key + " = " + value + "\n";
    write("jobs/" + job + ".properties", text, true);
}

std::filesystem::path Scene::write(const std::filesystem::path& name, const std::string& text, bool secret) {
    const auto path = _folder / name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file || ::chmod(path.c_str(), secret ? 0600 : 0644) != 0) throw Poco::WriteFileException(path.string());
    return path;
}

std::string Scene::read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

Command Scene::carillon(std::vector<std::string> words) const {
    words.insert(words.begin(), {CARILLON_TEST_PROGRAM, "--config", configFile().string()});
    return Command(std::move(words)).limit(std::chrono::seconds(60));
}

RunEnd Scene::sync(const std::vector<std::string>& more) const {
    std::vector<std::string> words{"run", kJob, "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return endOf(run(words));
}

RunEnd Scene::endOf(CommandResult command) {
    RunEnd end{std::move(command), {}};
    if (!end.command.out.empty()) end.report = Poco::JSON::Parser().parse(end.command.out).extract<Object::Ptr>();
    return end;
}

std::string Scene::log(const std::string& job) const {
    return read(_folder / "logs" / (job + ".log"));
}

long long Scene::inboxRows(const std::string& condition) {
    const std::string tables = _agora.kind() == TestDatabase::Kind::MySql
                                   ? "information_schema.tables WHERE table_schema = DATABASE() AND table_name"
                                   : "sqlite_master WHERE name";
    return rows(tables + " = 'passerelle_inbox'") == 0 ? 0 : rows("passerelle_inbox WHERE " + condition);
}

std::string Scene::findHalfDone() {
    const auto applied = inboxRows("state = 'applied'");
    const std::vector<std::pair<std::string, long long>> same{
        {"validations", rows("validations")},
        {"used tokens", rows("validation_tokens WHERE used_at IS NOT NULL")},
        {"answers in the log", rows("campaign_logs WHERE action IN ('validated', 'rejected')")}};
    std::string text;
    for (const auto& [name, count] : same)
        if (count != applied) text += std::to_string(count) + " " + name + " of " + std::to_string(applied) + "; ";
    const auto changed = rows("campaigns WHERE statut IN ('validee', 'refusee')");
    if (const auto logged = rows("campaign_logs WHERE action = 'status_changed'"); logged != changed)
        text += std::to_string(logged) + " changes of status in the log of " + std::to_string(changed) + "; ";
    // Joins of what is counted once: a subquery of each campaign would grow with the square of their number.
    const auto wrong = rows(R"sql(campaigns c
        JOIN (SELECT v.campaign_id, COUNT(*) AS asked, COUNT(a.user_id) AS approved FROM campaign_validators v
          LEFT JOIN (SELECT DISTINCT campaign_id, user_id FROM validations WHERE action = 'valide') a
            ON a.campaign_id = v.campaign_id AND a.user_id = v.user_id
          GROUP BY v.campaign_id) v ON v.campaign_id = c.id
        LEFT JOIN (SELECT DISTINCT campaign_id FROM validations WHERE action = 'refuse') r ON r.campaign_id = c.id
        WHERE c.statut <> CASE WHEN r.campaign_id IS NOT NULL THEN 'refusee'
          WHEN v.approved < v.asked THEN 'en_validation' ELSE 'validee' END)sql");
    if (wrong != 0) text += std::to_string(wrong) + " campaigns with a wrong status";
    return text;
}

long peakMemory(RunningCommand& command) {
    long peak = 0;
    waitUntil(
        [&] {
            notePeaks(command.pid(), peak);
            return command.hasEnded();
        },
        std::chrono::seconds(60));
    return peak;
}

std::string requireEnvironment(const char* name) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
    const std::string reason = std::string(name) + " is not set";
    const char* required = std::getenv("CARILLON_TEST_REQUIRE_MYSQL");
    if (required != nullptr && *required == '1') throw Poco::IllegalStateException(reason);
    throw TestSkipped{reason};
}

std::string textOf(const CommandResult& result) {
    return "exit code " + std::to_string(result.exitCode) + "\nstdout: " + result.out + "\nstderr: " + result.err;
}

void assertExit(int expected, const CommandResult& result) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(textOf(result), expected, result.exitCode);
}

void assertContains(const std::string& wanted, const std::string& text) {
    CPPUNIT_ASSERT_MESSAGE("expected: " + wanted + "\nin: " + text, text.find(wanted) != std::string::npos);
}

void assertNotContains(const std::string& unwanted, const std::string& text) {
    CPPUNIT_ASSERT_MESSAGE("not expected: " + unwanted + "\nin: " + text, text.find(unwanted) == std::string::npos);
}
