#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace passerelle {

/// A set of ids, small where they come one after the other, as a gateway lists them: 16 bytes a gap, whatever the
/// number of ids. One thread.
class IdRanges {
public:
    void add(std::int64_t id);

    /// Takes out the `most` smallest ids, in their order; fewer when there are no more, none when it is empty.
    std::vector<std::int64_t> take(std::size_t most);

private:
    struct Range {
        std::int64_t first = 0;
        std::int64_t last = 0;
    };

    void sort();

    std::vector<Range> _ranges{};
    bool _sorted = true;  // the smallest last, and none touches another
};

}  // namespace passerelle
