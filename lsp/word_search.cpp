#include "lsp/word_search.h"

#include <algorithm>
#include <cctype>

namespace krait::lsp {

bool isWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

static bool isWordAt(std::string_view text, size_t at, size_t size) {
  return !(at > 0 && isWordByte(text[at - 1])) && !(at + size < text.size() && isWordByte(text[at + size]));
}

bool holdsWord(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (isWordAt(text, at, word.size())) return true;
  }
  return false;
}

// The end of the string that begins with the quote at `at`.
static size_t endOfString(std::string_view text, size_t at) {
  char quote = text[at];
  bool is_long = text.substr(at, 3) == std::string(3, quote);
  for (size_t i = at + (is_long ? 3 : 1); i < text.size(); ++i) {
    if (text[i] == '\\') ++i;
    else if (!is_long && (text[i] == quote || text[i] == '\n')) return i + 1;
    else if (is_long && text[i] == quote && text.substr(i, 3) == std::string(3, quote)) return i + 3;
  }
  return text.size();
}

std::vector<uint32_t> wordPlaces(std::string_view text, std::string_view word, WordUse use) {
  std::vector<uint32_t> out;
  for (size_t i = 0; i < text.size();) {
    char c = text[i];
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '"' || c == '\'') {
      i = endOfString(text, i);
    } else if (isWordByte(c)) {
      size_t begin = i;
      while (i < text.size() && isWordByte(text[i])) ++i;
      bool is_attribute = begin > 0 && text[begin - 1] == '.';
      if (text.substr(begin, i - begin) == word && is_attribute == (use == WordUse::kAttribute)) out.push_back(static_cast<uint32_t>(begin));
    } else {
      ++i;
    }
  }
  return out;
}

std::vector<uint32_t> quotedPlaces(std::string_view text, std::string_view word) {
  static constexpr size_t kLongest = 120;
  std::vector<uint32_t> out;
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (!isWordAt(text, at, word.size())) continue;
    size_t begin = at, end = at + word.size();
    auto isPart = [&](char c) { return isWordByte(c) || std::string_view(" .,|[]").find(c) != std::string_view::npos; };
    while (begin > 0 && isPart(text[begin - 1])) --begin;
    while (end < text.size() && isPart(text[end])) ++end;
    bool is_quoted = begin > 0 && end < text.size() && (text[begin - 1] == '"' || text[begin - 1] == '\'') && text[end] == text[begin - 1];
    if (!is_quoted || end - begin > kLongest) continue;
    size_t before = text.find_last_not_of(" \t\n", begin - 2 < begin ? begin - 2 : 0);
    bool is_annotation = before != std::string_view::npos && std::string_view(":[,|>").find(text[before]) != std::string_view::npos;
    if (is_annotation) out.push_back(static_cast<uint32_t>(at));
  }
  return out;
}

std::string_view aliasOf(std::string_view text, std::string_view module) {
  std::string wanted = std::string(module) + " as ";
  for (size_t at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) {
    size_t line = text.rfind('\n', at) + 1, begin = at + wanted.size(), end = begin;
    std::string_view head = text.substr(std::min(text.find_first_not_of(" \t", line), text.size()));
    if (!isWordAt(text, at, module.size()) || (!head.starts_with("import ") && !head.starts_with("from "))) continue;
    while (end < text.size() && isWordByte(text[end])) ++end;
    return text.substr(begin, end - begin);
  }
  return {};
}

// The name that a line defines, from `first` on; `form` is set with it. Empty: none.
static std::string_view definedBy(std::string_view line, size_t first, SymbolForm& form) {
  auto wordFrom = [&](size_t at) {
    size_t end = at;
    while (end < line.size() && isWordByte(line[end])) ++end;
    return line.substr(at, end - at);
  };
  std::string_view rest = line.substr(first);
  form = SymbolForm::kClass;
  if (rest.starts_with("class ")) return wordFrom(first + 6);
  form = first == 0 ? SymbolForm::kFunction : SymbolForm::kMethod;
  if (rest.starts_with("def ")) return wordFrom(first + 4);
  if (rest.starts_with("async def ")) return wordFrom(first + 10);
  form = SymbolForm::kVariable;
  std::string_view word = first == 0 ? wordFrom(0) : std::string_view();
  size_t after = std::min(line.find_first_not_of(" \t", word.size()), line.size());
  bool is_assigned = line.substr(after, 1) == "=" && line.substr(after, 2) != "==";
  return is_assigned ? word : std::string_view();
}

std::vector<IndexedSymbol> symbolsByLines(std::string_view text) {
  std::vector<IndexedSymbol> out;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    size_t first = line.find_first_not_of(" \t");
    SymbolForm form = SymbolForm::kVariable;
    std::string_view name = first != std::string_view::npos ? definedBy(line, first, form) : std::string_view();
    if (!name.empty()) out.push_back({std::string(name), static_cast<uint32_t>(name.data() - text.data()), form});
    at = end + 1;
  }
  return out;
}

}  // namespace krait::lsp
