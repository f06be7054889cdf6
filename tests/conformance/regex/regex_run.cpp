// Runs compiled patterns over texts, for compare.py. Standard input is numbers: for each case
//   mode (0 match, 1 search, 2 fullmatch, 3 all matches, 4: 3 repeated 50 times, for timing)  character size
//   groups  code count, code…  text length, characters…
// One line comes out for each: matches separated by `;`, each as begin,end,lastindex and the groups' marks.
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "runtime/regex/matcher.h"

using namespace krait::regex;

static bool readNumber(uint32_t* value) { return std::scanf("%u", value) == 1; }

static std::vector<uint32_t> readList() {
  uint32_t count = 0;
  if (!readNumber(&count)) return {};
  std::vector<uint32_t> list(count);
  for (uint32_t& value : list) readNumber(&value);
  return list;
}

template <class Char>
static std::vector<uint8_t> packed(const std::vector<uint32_t>& text) {
  std::vector<uint8_t> bytes(text.size() * sizeof(Char) + 1);
  for (size_t i = 0; i < text.size(); ++i) reinterpret_cast<Char*>(bytes.data())[i] = static_cast<Char>(text[i]);
  return bytes;
}

static std::string describe(const Matcher& matcher, uint32_t groups) {
  std::string out = std::to_string(matcher.start()) + "," + std::to_string(matcher.end()) + "," +
                    std::to_string(matcher.lastIndex());
  for (uint32_t i = 0; i < groups; ++i) {
    bool took_part = matcher.mark(2 * i) >= 0 && matcher.mark(2 * i + 1) >= 0;
    out += "," + std::to_string(took_part ? matcher.mark(2 * i) : -1);
    out += "," + std::to_string(took_part ? matcher.mark(2 * i + 1) : -1);
  }
  return out;
}

static std::string allMatches(Matcher& matcher, uint32_t groups, int64_t length, bool is_silent) {
  std::string out;
  matcher.setMustNotEndAt(-1);
  for (int64_t at = 0; at <= length;) {
    if (matcher.search(at) != Outcome::kMatch) break;
    if (!is_silent) out += (out.empty() ? "" : ";") + describe(matcher, groups);
    bool is_empty = matcher.end() == matcher.start();
    matcher.setMustNotEndAt(is_empty ? matcher.end() : -1);
    at = matcher.end();
  }
  return out;
}

int main() {
  uint32_t mode, kind, groups;
  while (readNumber(&mode) && readNumber(&kind) && readNumber(&groups)) {
    std::vector<uint32_t> code = readList();
    std::vector<uint32_t> text = readList();
    auto program = translate(code, groups);
    if (program == nullptr) {
      std::puts("bad");
      continue;
    }
    std::vector<uint8_t> data = kind == 1 ? packed<uint8_t>(text) : kind == 2 ? packed<uint16_t>(text) : packed<uint32_t>(text);
    int64_t length = static_cast<int64_t>(text.size());
    Matcher matcher(*program, {data.data(), static_cast<int>(kind), length}, {.must_reach_end = mode == 2});
    std::string result;
    if (mode == 4) {
      std::clock_t begin = std::clock();
      for (int i = 0; i < 50; ++i) allMatches(matcher, groups, length, true);
      result = std::to_string(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / 50);
    } else if (mode == 3) {
      result = allMatches(matcher, groups, length, false);
    } else if ((mode == 1 ? matcher.search(0) : matcher.match(0)) == Outcome::kMatch) {
      result = describe(matcher, groups);
    }
    std::puts(result.c_str());
  }
}
