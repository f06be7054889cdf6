// Dates that samples of output show: another moment is fine, another form is not.
#pragma once

#include <string_view>

namespace krait::cli {

// True: what was seen is a date in the form of C's asctime (`Sun Jun  9 04:26:40 1993`), and the claim is one that this form
// never gives: a day below ten with a zero, or a weekday that this date does not have. ref: time.asctime()
bool isMisprintedDate(std::string_view claim, std::string_view actual);

}  // namespace krait::cli
