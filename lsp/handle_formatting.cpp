// textDocument/formatting, rangeFormatting, rangesFormatting and onTypeFormatting (LSP 3.17, 3.18), by `krait fmt`.
#include <algorithm>

#include "analyzer/config/format_settings.h"
#include "analyzer/format/cell.h"
#include "analyzer/format/format.h"
#include "lsp/server.h"

namespace krait::lsp {

// The one replacement that turns a part of the module's text, which begins at `offset`, into another, without what both begin and end
// with: whole lines.
static std::vector<Edit> editsBetween(SourceModule& module, std::string_view old, std::string_view now, uint32_t offset) {
  if (old == now) return {};
  size_t shorter = std::min(old.size(), now.size()), front = 0, back = 0;
  while (front < shorter && old[front] == now[front]) ++front;
  while (front > 0 && old[front - 1] != '\n') --front;
  while (back < shorter - front && old[old.size() - 1 - back] == now[now.size() - 1 - back]) ++back;
  while (back > 0 && old[old.size() - back] != '\n') --back;
  if (back > 0) --back;
  TextRange range{offset + static_cast<uint32_t>(front), offset + static_cast<uint32_t>(old.size() - back)};
  return {{&module, range, std::string(now.substr(front, now.size() - front - back))}};
}

static Json editsJson(Server& server, const std::vector<Edit>& edits) {
  Json out = Json::array();
  for (const Edit& edit : edits) out.push_back({{"range", server.rangeJson(*edit.module, edit.range)}, {"newText", edit.text}});
  return out;
}

// Of a notebook's cell the text as the client has it. Nothing: it has lines that are no Python, and is left alone.
static std::optional<std::string> plainCell(Server& server, SourceModule& module, const NotebookCell& cell) {
  TextRange area = server.areaOf(module);
  std::string_view joined = module.text().substr(area.begin, area.size());
  if (joined.ends_with('\n')) joined.remove_suffix(1);
  return cell.is_code && joined == cell.text ? std::optional(cell.text) : std::nullopt;
}

static Json format(Server& server, const Json& params, const std::vector<format::LineRange>& ranges) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  const NotebookCell* cell = module->cellOf(stringOr(member(member(params, "textDocument"), "uri")));
  if (cell == nullptr && !module->cells.empty()) return nullptr;
  std::optional<std::string> code = cell != nullptr ? plainCell(server, *module, *cell) : std::nullopt;
  if (cell != nullptr && !code) return Json::array();
  Result<config::FormatSettings> settings = config::loadFormatSettings(module->path().substr(0, module->path().rfind('/')), std::nullopt);
  if (!settings.ok()) {
    server.error = {kRequestFailed, settings.message()};
    return nullptr;
  }
  format::FormatOptions options = format::optionsFor(settings.value(), module->path());
  std::string_view text = code ? std::string_view(*code) : module->text();
  format::FormatOutcome outcome = !ranges.empty() ? format::formatLines(text, ranges, options) : code ? format::formatCell(text, options) : format::formatText(text, options);
  if (outcome.error) {
    server.error = {kRequestFailed, "line " + std::to_string(outcome.error->line) + ": " + outcome.error->message};
    return nullptr;
  }
  if (!outcome.failure.empty()) {
    server.error = {kRequestFailed, outcome.failure};
    return nullptr;
  }
  if (!outcome.is_changed) return Json::array();
  std::string_view now = outcome.text;
  // A cell ends where its last line does.
  if (code && !text.ends_with('\n') && now.ends_with('\n')) now.remove_suffix(1);
  return editsJson(server, editsBetween(*module, text, now, server.areaOf(*module).begin));
}

static format::LineRange linesOf(const Json& range) {
  uint32_t first = static_cast<uint32_t>(std::clamp<int64_t>(intOr(member(member(range, "start"), "line"), 0), 0, 0x7ffffff0));
  const Json& end = member(range, "end");
  uint32_t last = static_cast<uint32_t>(std::clamp<int64_t>(intOr(member(end, "line"), first), first, 0x7ffffff0));
  // A selection that ends before a line's first letter does not touch that line.
  if (last > first && intOr(member(end, "character"), 0) == 0) --last;
  return {first + 1, last + 1};
}

Json formatting(Server& server, const Json& params) { return format(server, params, {}); }

Json rangeFormatting(Server& server, const Json& params) { return format(server, params, {linesOf(member(params, "range"))}); }

Json rangesFormatting(Server& server, const Json& params) {
  std::vector<format::LineRange> ranges;
  const Json& given = member(params, "ranges");
  if (given.is_array()) {
    for (const Json& range : given) ranges.push_back(linesOf(range));
  }
  return ranges.empty() ? Json::array() : format(server, params, ranges);
}

static std::string_view trimmedLine(SourceModule& module, uint32_t line, size_t* indent) {
  std::string_view text = module.lines().lineText(line);
  *indent = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(*indent);
}

// May the clause follow a block that begins with the line?
static bool continues(std::string_view opener, std::string_view clause) {
  auto begins = [&](std::string_view word) { return opener.starts_with(word); };
  bool is_if = begins("if ") || begins("elif "), is_try = begins("try:") || begins("except"), is_loop = begins("for ") || begins("while ");
  if (clause.starts_with("elif ")) return is_if;
  if (clause.starts_with("else:")) return is_if || is_loop || begins("except");
  return clause.starts_with("finally:") ? is_try || begins("else:") : is_try;
}

// `else:`, `elif …:`, `except …:` and `finally:` go under the block that they continue.
Json onTypeFormatting(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  Json out = Json::array();
  if (module == nullptr || stringOr(member(params, "ch")) != ":") return out;
  uint32_t line = module->lines().lineOf(server.offsetOf(*module, member(params, "position")));
  size_t indent = 0;
  std::string_view clause = trimmedLine(*module, line, &indent);
  bool is_clause = clause.starts_with("else:") || clause.starts_with("elif ") || clause.starts_with("except") || clause.starts_with("finally:");
  if (!is_clause) return out;
  size_t limit = indent + 1;
  for (uint32_t above = line; above-- > 0;) {
    size_t own = 0;
    std::string_view opener = trimmedLine(*module, above, &own);
    if (opener.empty() || opener[0] == '#' || own >= limit) continue;
    if (continues(opener, clause)) {
      if (own == indent) return out;
      uint32_t begin = module->lines().lineStart(line);
      TextRange range{begin, begin + static_cast<uint32_t>(indent)};
      return editsJson(server, {{module, range, std::string(module->lines().lineText(above).substr(0, own))}});
    }
    limit = own;
  }
  return out;
}

}  // namespace krait::lsp
