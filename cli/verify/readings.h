// What texts about values mean: two texts may speak of the same value and differ in order, signs or words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace krait::cli {

// The words and numbers of a text, without signs.
std::vector<std::string> wordsOf(std::string_view text);
// ASCII letters made small.
std::string lowered(std::string_view text);
// The same words in the same order, capitals or not; at least two.
bool hasSameWords(std::string_view a, std::string_view b);

// A text in which the elements of every set display `{1, 2}` stand in one order.
std::string withOrderedSets(std::string_view text);

// `1, 2, 3` of `range(1, 4)`; the matched text of a match object. None: the value says what it is.
std::optional<std::string> contentOf(std::string_view value);

// A remark that says outright what the value is, `Matches "100"`, `False due to rounding`: does it hold of what was seen? None: the
// remark says something else.
std::optional<bool> judgeRemark(std::string_view remark, std::string_view printed, std::string_view value);

}  // namespace krait::cli
