#include "analyzer/format/literals.h"

#include <algorithm>

namespace krait::format {

static bool isPrefixLetter(char c) { return std::string_view("furbtFURBT").find(c) != std::string_view::npos; }

size_t prefixSize(std::string_view literal) {
  size_t size = 0;
  while (size < literal.size() && isPrefixLetter(literal[size])) ++size;
  return size;
}

std::string standardPrefix(std::string_view literal) {
  size_t size = prefixSize(literal);
  std::string prefix;
  for (char c : literal.substr(0, size)) {
    if (c == 'u' || c == 'U') continue;
    prefix += c == 'F' ? 'f' : c == 'B' ? 'b' : c == 'T' ? 't' : c;
  }
  if (prefix.size() == 2 && prefix[0] != 'r' && prefix[0] != 'R') std::swap(prefix[0], prefix[1]);
  return prefix.append(literal.substr(size));
}

namespace {
struct BodyChange {
  std::string body;
  bool has_bare_quote = false;  // `quote`, not escaped, somewhere
};
}  // namespace

// Where in `body` the run of backslashes before each `quote` is, handed to `change(out, run, quote)`.
template <class Change>
static std::string rewriteQuotes(std::string_view body, std::string_view quote, Change change) {
  std::string out;
  out.reserve(body.size() + 8);
  for (size_t at = 0; at < body.size();) {
    size_t run_end = at;
    while (run_end < body.size() && body[run_end] == '\\') ++run_end;
    if (body.substr(run_end, quote.size()) == quote) {
      change(out, run_end - at);
      out += quote;
      at = run_end + quote.size();
    } else {
      size_t end = std::min(run_end + 1, body.size());
      out += body.substr(at, end - at);
      at = end;
    }
  }
  return out;
}

static bool hasBareQuote(std::string_view body, std::string_view quote) {
  bool found = false;
  rewriteQuotes(body, quote, [&](std::string&, size_t run) { found = found || run % 2 == 0; });
  return found;
}

// Drops the backslash that escapes `quote`, where one does.
static std::string unescapeQuote(std::string_view body, std::string_view quote) {
  return rewriteQuotes(body, quote, [](std::string& out, size_t run) { out.append(run - run % 2, '\\'); });
}

static std::string escapeQuote(std::string_view body, std::string_view quote) {
  return rewriteQuotes(body, quote, [](std::string& out, size_t run) { out.append(run + (run % 2 == 0), '\\'); });
}

// Whether a replacement field of an f-string has a backslash.
static bool hasBackslashInField(std::string_view body) {
  for (size_t at = 0; at < body.size(); ++at) {
    if (body[at] != '{') continue;
    if (body.substr(at, 2) == "{{") {
      ++at;
      continue;
    }
    size_t depth = 0;
    for (; at < body.size(); ++at) {
      if (body[at] == '{') ++depth;
      if (body[at] == '}' && --depth == 0) break;
      if (body[at] == '\\') return true;
    }
  }
  return false;
}

static size_t countBackslashes(std::string_view text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\\'));
}

static bool contains(std::string_view prefix, char letter) {
  return prefix.find(letter) != std::string_view::npos ||
         prefix.find(static_cast<char>(letter - 32)) != std::string_view::npos;
}

std::string standardQuotes(std::string_view literal, QuoteStyle style) {
  size_t prefix_size = prefixSize(literal);
  std::string_view prefix = literal.substr(0, prefix_size), value = literal.substr(prefix_size);
  if (value.starts_with("\"\"\"")) return std::string(literal);
  bool is_triple = value.starts_with("'''");
  bool is_single = value.starts_with('\'');
  std::string_view old_quote = is_triple ? "'''" : is_single ? "'" : "\"";
  std::string_view new_quote = is_triple ? "\"\"\"" : is_single ? "\"" : "'";
  std::string_view body = value.substr(old_quote.size(), value.size() - 2 * old_quote.size());
  std::string kept(literal), cleaned, changed;
  if (contains(prefix, 'r')) {
    if (hasBareQuote(body, new_quote)) return kept;
    changed = body;
  } else {
    cleaned = unescapeQuote(body, new_quote);
    if (cleaned != body) {
      // The backslashes before the other quote go in any case.
      body = cleaned;
      kept = std::string(prefix).append(old_quote).append(body).append(old_quote);
    }
    changed = escapeQuote(unescapeQuote(body, old_quote), new_quote);
  }
  bool is_format = contains(prefix, 'f') || contains(prefix, 't');
  if (is_format && hasBackslashInField(changed)) return kept;
  if (is_triple && changed.ends_with('"')) changed.insert(changed.size() - 1, 1, '\\');
  size_t old_count = countBackslashes(body), new_count = countBackslashes(changed);
  bool is_preferred = !is_triple && is_single == (style == QuoteStyle::kSingle);
  if (new_count > old_count || (new_count == old_count && is_preferred)) return kept;
  return std::string(prefix).append(new_quote).append(changed).append(new_quote);
}

// Both sides of a point are written.
static std::string withWholePoint(std::string_view text) {
  size_t point = text.find('.');
  if (point == std::string_view::npos) return std::string(text);
  std::string out(point == 0 ? "0" : text.substr(0, point));
  out += '.';
  return out.append(point + 1 == text.size() ? "0" : text.substr(point + 1));
}

std::string standardNumber(std::string_view literal) {
  std::string text(literal);
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (text.starts_with("0o") || text.starts_with("0b")) return text;
  if (text.starts_with("0x")) {
    for (size_t i = 2; i < text.size(); ++i) text[i] = text[i] >= 'a' ? static_cast<char>(text[i] - 32) : text[i];
    return text;
  }
  size_t exponent = text.find('e');
  if (exponent != std::string::npos) {
    std::string power = text.substr(exponent + 1);
    if (power.starts_with('+')) power.erase(0, 1);
    return withWholePoint(std::string_view(text).substr(0, exponent)) + "e" + power;
  }
  if (!text.ends_with('j')) return withWholePoint(text);
  return withWholePoint(std::string_view(text).substr(0, text.size() - 1)) + "j";
}

}  // namespace krait::format
