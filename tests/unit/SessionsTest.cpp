#include "access/Sessions.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <memory>
#include <string>

#include "unit/AccessFixture.h"

using namespace carillon;
using namespace std::chrono_literals;

class SessionsTest : public AccessFixture {
    CPPUNIT_TEST_SUITE(SessionsTest);
    CPPUNIT_TEST(whoSignsInIsFoundByTheId);
    CPPUNIT_TEST(eachSessionHasItsOwnSecrets);
    CPPUNIT_TEST(unknownIdsAreNobody);
    CPPUNIT_TEST(signingOutEndsThisSessionOnly);
    CPPUNIT_TEST(useKeepsASessionForItsIdleTime);
    CPPUNIT_TEST(askingWhetherItIsOpenIsNoUse);
    CPPUNIT_TEST(sessionEndsWhateverItsUse);
    CPPUNIT_TEST(oneTooManyEndsTheLongestUnused);
    CPPUNIT_TEST(sessionsThatAreOverMakeRoomFirst);
    CPPUNIT_TEST(removedPersonIsSignedOut);
    CPPUNIT_TEST(changedPasswordSignsOut);
    CPPUNIT_TEST(faultyFileRefusesButForgetsNobody);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        AccessFixture::setUp();
        _alice = person("alice", "correct horse battery");
        write({{_alice}});
        _access = std::make_unique<AccessControl>(file(), _clock);
        _sessions = std::make_unique<Sessions>(*_access, _clock, SessionLimits{8h, 7 * 24h, 3});
    }

    void whoSignsInIsFoundByTheId() {
        const auto made = open();

        const auto found = _sessions->find(made.id);

        CPPUNIT_ASSERT_EQUAL(std::string("alice"), found->principal.name);
        CPPUNIT_ASSERT_EQUAL(made.csrf, found->csrf);
        CPPUNIT_ASSERT(found->signedInAt == _clock.now());
    }

    void eachSessionHasItsOwnSecrets() {
        const auto one = open();
        const auto other = open();

        CPPUNIT_ASSERT_EQUAL(std::size_t{43}, one.id.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{43}, one.csrf.size());
        CPPUNIT_ASSERT(one.id != other.id);
        CPPUNIT_ASSERT(one.csrf != other.csrf);
        CPPUNIT_ASSERT(one.id != one.csrf);
    }

    void unknownIdsAreNobody() {
        const auto made = open();

        for (const std::string& wrong : {std::string(), std::string("x"), made.csrf, sha256Hex(made.id)})
            CPPUNIT_ASSERT(!_sessions->find(wrong));
    }

    void signingOutEndsThisSessionOnly() {
        const auto one = open();
        const auto other = open();

        _sessions->close(one.id);
        _sessions->close("never there");

        CPPUNIT_ASSERT(!_sessions->find(one.id));
        CPPUNIT_ASSERT(_sessions->find(other.id));
    }

    void useKeepsASessionForItsIdleTime() {
        const auto made = open();
        _clock.advance(8h - 1ms);
        CPPUNIT_ASSERT(_sessions->find(made.id));
        _clock.advance(8h - 1ms);
        CPPUNIT_ASSERT(_sessions->find(made.id));

        _clock.advance(8h);

        CPPUNIT_ASSERT(!_sessions->find(made.id));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, _sessions->size());
    }

    void askingWhetherItIsOpenIsNoUse() {
        const auto made = open();
        _clock.advance(8h - 1ms);
        CPPUNIT_ASSERT(_sessions->isOpen(made.id));
        CPPUNIT_ASSERT(!_sessions->isOpen("never there"));

        _clock.advance(1ms);

        CPPUNIT_ASSERT(!_sessions->isOpen(made.id));
        const auto another = open();
        change({{person("bob", "correct horse battery")}});
        CPPUNIT_ASSERT(!_sessions->isOpen(another.id));
    }

    void sessionEndsWhateverItsUse() {
        const auto made = open();
        for (int hour = 1; hour < 7 * 24; ++hour) {
            _clock.advance(1h);
            CPPUNIT_ASSERT(_sessions->find(made.id));
        }

        _clock.advance(1h);

        CPPUNIT_ASSERT(!_sessions->find(made.id));
    }

    void oneTooManyEndsTheLongestUnused() {
        const auto first = open();
        _clock.advance(1s);
        const auto second = open();
        _clock.advance(1s);
        const auto third = open();
        _clock.advance(1s);
        CPPUNIT_ASSERT(_sessions->find(first.id));

        const auto fourth = open();

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, _sessions->size());
        CPPUNIT_ASSERT(!_sessions->find(second.id));
        for (const auto* kept : {&first, &third, &fourth}) CPPUNIT_ASSERT(_sessions->find(kept->id));
    }

    void sessionsThatAreOverMakeRoomFirst() {
        for (int i = 0; i < 3; ++i) open();
        _clock.advance(9h);

        open();

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _sessions->size());
    }

    void removedPersonIsSignedOut() {
        const auto made = open();

        change({{person("bob", "correct horse battery")}});

        CPPUNIT_ASSERT(!_sessions->find(made.id));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, _sessions->size());
    }

    void changedPasswordSignsOut() {
        const auto made = open();

        change({{person("alice", "correct horse battery")}});
        CPPUNIT_ASSERT(!_sessions->find(made.id));

        change({{_alice}});
        CPPUNIT_ASSERT(!_sessions->find(made.id));
    }

    void faultyFileRefusesButForgetsNobody() {
        const auto made = open();
        _folder->write("users.json", "{");
        _clock.advance(1s);
        CPPUNIT_ASSERT(!_sessions->find(made.id));

        change({{_alice}});

        CPPUNIT_ASSERT(_sessions->find(made.id));
    }

private:
    Sessions::SignedIn open() { return _sessions->open(_alice.principal()); }

    Account _alice{};
    std::unique_ptr<AccessControl> _access{};
    std::unique_ptr<Sessions> _sessions{};
};
CPPUNIT_TEST_SUITE_REGISTRATION(SessionsTest);
