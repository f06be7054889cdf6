#include "analyzer/lint/format_strings.h"

#include "analyzer/base/text.h"

namespace krait::lint {

static size_t skipAny(std::string_view text, size_t at, std::string_view characters) {
  while (at < text.size() && characters.find(text[at]) != std::string_view::npos) ++at;
  return at;
}

// Digits or a star.
static std::string_view takeAmount(std::string_view text, size_t& at) {
  size_t begin = at;
  at = at < text.size() && text[at] == '*' ? at + 1 : skipAny(text, at, "0123456789");
  return text.substr(begin, at - begin);
}

// Reads the part that begins with the percent sign at `at`; false after an error.
static bool readPercent(std::string_view text, size_t& at, PercentFormat& out) {
  PercentPart part;
  size_t begin = at++;
  if (at < text.size() && text[at] == '(') {
    int depth = 1;
    size_t key = ++at;
    for (; at < text.size() && depth > 0; ++at) depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (depth > 0) return out.error = "incomplete format key", false;
    part.key = text.substr(key, at - 1 - key);
  }
  size_t flags = at;
  at = skipAny(text, at, "#0- +");
  part.flags = text.substr(flags, at - flags);
  part.width = takeAmount(text, at);
  if (at < text.size() && text[at] == '.') {
    part.has_precision = true;
    part.precision = takeAmount(text, ++at);
  }
  if (at < text.size() && std::string_view("lLh").find(text[at]) != std::string_view::npos) ++at;
  if (at >= text.size()) return out.error = "incomplete format", false;
  part.conversion = text[at];
  if (std::string_view("diouxXeEfFgGcrsa%").find(text[at]) == std::string_view::npos) {
    out.bad_character = text.substr(at, bytesOfUnits(text.substr(at), 1, ColumnUnit::kUtf32));
    return false;
  }
  part.text = text.substr(begin, ++at - begin);
  out.parts.push_back(part);
  return true;
}

PercentFormat parsePercentFormat(std::string_view text) {
  PercentFormat out;
  for (size_t at = 0; at < text.size();) {
    size_t sign = std::min(text.find('%', at), text.size());
    if (sign > at) {
      PercentPart literal;
      literal.is_literal = true;
      literal.text = text.substr(at, sign - at);
      out.parts.push_back(literal);
    }
    at = sign;
    if (at < text.size() && !readPercent(text, at, out)) return out;
  }
  return out;
}

static void splitField(BracePart& part, std::string_view inner) {
  // In `[index]` they are of the index.
  size_t end = 0;
  for (bool is_index = false; end < inner.size(); ++end) {
    if (inner[end] == '[') is_index = true;
    if (inner[end] == ']') is_index = false;
    if (!is_index && (inner[end] == ':' || inner[end] == '!')) break;
  }
  std::string_view field = inner.substr(0, end);
  size_t name_end = std::min(field.find_first_of(".["), field.size());
  part.name = field.substr(0, name_end);
  part.accessors = field.substr(name_end);
  std::string_view rest = inner.substr(end);
  if (rest.starts_with('!')) {
    size_t colon = std::min(rest.find(':'), rest.size());
    part.conversion = rest.substr(0, colon);
    rest = rest.substr(colon);
  }
  if (rest.starts_with(':')) {
    part.has_spec = true;
    part.spec = rest.substr(1);
  }
}

// What is wrong with `.attr` and `[index]` behind a field's name; empty when nothing is.
static std::string_view accessorFault(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    bool is_index = text[at] == '[';
    if (!is_index && text[at] != '.') return "Only '.' or '[' may follow ']' in format field specifier";
    size_t end = is_index ? text.find(']', at) : std::min(text.find_first_of(".[", at + 1), text.size());
    if (end == std::string_view::npos) return "Expected '}' before end of string";
    if (end == at + 1) return "Empty attribute in format string";
    at = is_index ? end + 1 : end;
  }
  return {};
}

// Calls the function with the fields in a specification.
template <typename Function>
static void forEachInner(std::string_view spec, Function&& function) {
  for (size_t open = spec.find('{'); open != std::string_view::npos;) {
    int depth = 0;
    size_t end = open;
    do depth += spec[end] == '{' ? 1 : spec[end] == '}' ? -1 : 0;
    while (++end < spec.size() && depth > 0);
    BracePart inner;
    splitField(inner, spec.substr(open + 1, end - open - 2));
    function(inner);
    open = spec.find('{', end);
  }
}

// What is wrong with how the field, or one in its specification, is built; empty when nothing is.
static std::string_view faultOf(const BracePart& part, bool is_nested) {
  bool has_flag = part.conversion.size() == 2 || (part.conversion.size() > 2 && static_cast<unsigned char>(part.conversion[1]) >= 0x80);
  if (!part.conversion.empty() && !has_flag) return "Unexpected error parsing format string";
  if (is_nested && part.spec.find('{') != std::string_view::npos) return "Max format placeholder recursion exceeded";
  std::string_view fault;
  forEachInner(part.spec, [&](const BracePart& inner) {
    if (fault.empty()) fault = faultOf(inner, true);
  });
  return fault;
}

// What is wrong with what the field, or one in its specification, reads; empty when nothing is.
static std::string_view readingFault(const BracePart& part) {
  std::string_view fault = accessorFault(part.accessors);
  if (!fault.empty()) return fault;
  forEachInner(part.spec, [&](const BracePart& inner) {
    if (fault.empty()) fault = accessorFault(inner.accessors);
  });
  return fault;
}

BraceFormat parseBraceFormat(std::string_view text) {
  BraceFormat out;
  size_t literal = 0;
  auto endLiteral = [&](size_t end) {
    if (end > literal) out.parts.push_back({.is_literal = true, .text = text.substr(literal, end - literal)});
  };
  for (size_t at = 0; at < text.size();) {
    char c = text[at];
    if (c != '{' && c != '}') {
      ++at;
      continue;
    }
    if (at + 1 < text.size() && text[at + 1] == c) {
      at += 2;
      continue;
    }
    if (c == '}') return out.error = "Single '}' encountered in format string", out;
    if (at + 1 >= text.size()) return out.error = "Single '{' encountered in format string", out;
    endLiteral(at);
    int depth = 1;
    size_t end = at + 1;
    for (; end < text.size() && depth > 0; ++end) {
      depth += text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0;
      if (depth > 2) return out.error = "Max format placeholder recursion exceeded", out;
    }
    if (depth > 0) return out.error = "Single '{' encountered in format string", out;
    BracePart part;
    part.text = text.substr(at, end - at);
    splitField(part, part.text.substr(1, part.text.size() - 2));
    out.error = faultOf(part, false);
    if (!out.error.empty()) return out;
    out.parts.push_back(part);
    at = literal = end;
  }
  endLiteral(text.size());
  for (const BracePart& part : out.parts) {
    if (out.error.empty() && !part.is_literal) out.error = readingFault(part);
  }
  return out;
}

namespace {
struct Numbering {
  bool has_automatic = false, has_manual = false;
};
}  // namespace

// The fields of the specifications count too.
static void readNumbering(std::string_view text, Numbering& out, int depth) {
  for (const BracePart& part : parseBraceFormat(text).parts) {
    if (part.is_literal) continue;
    out.has_automatic |= part.name.empty();
    out.has_manual |= isDigits(part.name);
    if (depth < 1) readNumbering(part.spec, out, depth + 1);
  }
}

bool mixesNumbering(std::string_view text) {
  Numbering numbering;
  readNumbering(text, numbering, 0);
  return numbering.has_automatic && numbering.has_manual;
}

}  // namespace krait::lint
