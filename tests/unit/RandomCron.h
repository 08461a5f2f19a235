#pragma once

#include <random>
#include <string>

/// Writes random cron expressions, steps beyond the end of a field included; the same ones for the same seed.
class RandomCron {
public:
    explicit RandomCron(unsigned seed) : _random(seed) {}

    int number(int least, int most) { return std::uniform_int_distribution(least, most)(_random); }
    bool chance(int percent) { return number(1, 100) <= percent; }

    std::string expression(bool withSeconds) {
        std::string text = withSeconds ? field(0, 59, 20) + ' ' : "";
        text += field(0, 59, 25) + ' ' + field(0, 23, 40) + ' ';
        text += (chance(25) ? specialDay() : field(1, 31, 55)) + ' ' + field(1, 12, 70) + ' ';
        if (chance(10)) text += '&';
        return text + (chance(20) ? specialWeekday() : field(0, 6, 60));
    }

private:
    std::string field(int least, int most, int percentOfStars) {
        if (chance(percentOfStars)) return chance(30) ? "*/" + std::to_string(number(1, 2 * (most - least + 1))) : "*";
        std::string list = item(least, most);
        while (chance(30)) list += ',' + item(least, most);
        return list;
    }

    std::string item(int least, int most) {
        std::string text = std::to_string(number(least, most));
        if (chance(30)) text += '-' + std::to_string(number(least, most));
        if (chance(20)) text += '/' + std::to_string(number(1, 2 * (most - least + 1)));
        return text;
    }

    std::string specialDay() {
        switch (number(0, 3)) {
            case 0:
                return "L";
            case 1:
                return "L-" + std::to_string(number(1, 27)) + ',' + std::to_string(number(1, 28));
            case 2:
                return "LW";
            default:
                return std::to_string(number(1, 28)) + "W";
        }
    }

    std::string specialWeekday() {
        const std::string weekday = std::to_string(number(0, 6));
        return chance(50) ? weekday + 'L' : weekday + '#' + std::to_string(number(1, 5));
    }

    std::mt19937 _random;
};
