#include "cli/verify/dates.h"

#include <chrono>
#include <optional>
#include <string>

#include "cli/verify/claims.h"

namespace krait::cli {

namespace {
struct ShownDate {
  unsigned weekday = 0;  // from Sunday
  std::chrono::year_month_day date;
  bool has_zero = false;  // `09`
};
}  // namespace

static std::optional<unsigned> indexIn(std::string_view table, std::string_view word) {
  size_t at = word.size() == 3 ? table.find(word) : std::string_view::npos;
  if (at == std::string_view::npos || at % 3 != 0) return std::nullopt;
  return static_cast<unsigned>(at / 3);
}

static std::optional<int> numberOf(std::string_view text) {
  int number = 0;
  for (char c : text) {
    if (c < '0' || c > '9' || number > 99999) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return text.empty() ? std::nullopt : std::optional<int>(number);
}

static std::string_view takeWord(std::string_view& text) {
  text = trimmedClaim(text);
  std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

static std::optional<ShownDate> readDate(std::string_view text) {
  std::optional<unsigned> weekday = indexIn("SunMonTueWedThuFriSat", takeWord(text));
  std::optional<unsigned> month = indexIn("JanFebMarAprMayJunJulAugSepOctNovDec", takeWord(text));
  std::string_view day = takeWord(text), time = takeWord(text);
  std::optional<int> day_number = numberOf(day), year = numberOf(takeWord(text));
  bool is_time = time.size() == 8 && time[2] == ':' && time[5] == ':';
  if (!weekday || !month || !day_number || !year || !is_time || !trimmedClaim(text).empty()) return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month + 1), std::chrono::day(static_cast<unsigned>(*day_number))};
  return ShownDate{.weekday = *weekday, .date = date, .has_zero = day.starts_with("0")};
}

bool isMisprintedDate(std::string_view claim, std::string_view actual) {
  std::optional<ShownDate> said = readDate(claim), seen = readDate(actual);
  if (!said || !seen || seen->has_zero) return false;
  bool is_day = said->date.ok() && std::chrono::weekday(said->date).c_encoding() == said->weekday;
  return said->has_zero || !is_day;
}

}  // namespace krait::cli
