#include "cli/edit_ignores.h"

#include <algorithm>
#include <map>

#include "analyzer/base/file_io.h"
#include "analyzer/base/interner.h"
#include "analyzer/syntax/parser.h"

namespace krait::cli {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

namespace {
using Codes = std::vector<std::string_view>;

// One file's text with the comments put in, line by line from the end, so that places before stay right.
struct IgnoreWriter {
  const SourceFile& file;
  const Ast& ast;
  std::string text;

  // False: the line cannot carry a comment.
  bool add(uint32_t line, const Codes& codes);
};
}  // namespace

static std::string listOf(const Codes& codes) {
  std::string list;
  for (std::string_view code : codes) list += (list.empty() ? "" : ", ") + std::string(code);
  return list;
}

static bool isInString(const Ast& ast, uint32_t offset) {
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeKind kind = ast.kind(NodeId(i));
    bool is_text = kind == NodeKind::kConstant || kind == NodeKind::kJoinedStr || kind == NodeKind::kTemplateStr;
    TextRange range = ast.range(NodeId(i));
    if (is_text && range.begin < offset && offset < range.end) return true;
  }
  return false;
}

// The codes in brackets after "type: ignore"; nothing: there are no brackets.
static std::optional<std::pair<TextRange, Codes>> codesOf(std::string_view text, TextRange comment) {
  std::string_view body = text.substr(comment.begin, comment.size());
  size_t open = body.find('['), close = body.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  Codes codes;
  std::string_view rest = body.substr(open + 1, close - open - 1);
  while (!rest.empty()) {
    std::string_view item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(item.size() + 1, rest.size()));
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) codes.push_back(item);
  }
  uint32_t begin = comment.begin + static_cast<uint32_t>(open) + 1;
  return std::pair{TextRange{begin, comment.begin + static_cast<uint32_t>(close)}, codes};
}

bool IgnoreWriter::add(uint32_t line, const Codes& codes) {
  uint32_t begin = file.lines.lineStart(line);
  uint32_t end = begin + static_cast<uint32_t>(file.lines.lineText(line).size());
  for (const syntax::Comment& comment : ast.comments()) {
    if (comment.begin < begin || comment.begin >= end) continue;
    std::string_view body = std::string_view(file.text).substr(comment.begin, comment.end - comment.begin);
    if (!body.starts_with("# type: ignore")) {
      text.insert(comment.begin, "# type: ignore[" + listOf(codes) + "]  ");
      return true;
    }
    auto there = codesOf(file.text, {comment.begin, comment.end});
    if (!there) return false;
    Codes all = there->second;
    for (std::string_view code : codes) {
      if (std::find(all.begin(), all.end(), code) == all.end()) all.push_back(code);
    }
    text.replace(there->first.begin, there->first.size(), listOf(all));
    return true;
  }
  bool is_continued = end > begin && file.text[end - 1] == '\\';
  if (is_continued || isInString(ast, end)) return false;
  text.insert(end, "  # type: ignore[" + listOf(codes) + "]");
  return true;
}

EditedIgnores addIgnores(const Report& report) {
  EditedIgnores out;
  std::map<uint32_t, std::map<uint32_t, Codes>> wanted;  // by file and line
  for (const ReportLine& line : report.lines()) {
    const Diagnostic& diagnostic = *line.diagnostic;
    if (line.isNote() || diagnostic.is_blocker || diagnostic.code == Code::kSyntax || diagnostic.code == Code::kNone) continue;
    Codes& codes = wanted[line.file.value][line.line - 1];
    std::string_view code = codeInfo(diagnostic.code).text;
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
  }
  for (const auto& [id, lines] : wanted) {
    const SourceFile& file = report.files()[FileId(id)];
    if (!file.cells.empty()) {
      out.problems.push_back(file.path + ": comments are not written into notebooks");
      continue;
    }
    Interner names;
    syntax::ParsedModule module = syntax::parseModule(file.text, names);
    IgnoreWriter writer{file, module.ast, file.text};
    size_t added = 0;
    for (auto entry = lines.rbegin(); entry != lines.rend(); ++entry) {
      if (!module.error && writer.add(entry->first, entry->second)) ++added;
      else out.problems.push_back(file.path + ":" + std::to_string(entry->first + 1) + ": this line cannot carry a comment for [" + listOf(entry->second) + "]");
    }
    if (added == 0) continue;
    Result<size_t> written = writeFileAtomically(file.path, writer.text);
    if (!written.ok()) {
      out.problems.push_back(written.message());
      continue;
    }
    out.comments += added;
    ++out.files;
  }
  return out;
}

EditedIgnores removeUnusedIgnores(const SourceFiles& files, const std::vector<Diagnostic>& diagnostics) {
  EditedIgnores out;
  std::map<uint32_t, std::vector<FixEdit>> wanted;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.rule != Rule::kUnusedTypeIgnore || !diagnostic.fix) continue;
    for (const FixEdit& edit : diagnostic.fix->edits) wanted[diagnostic.file.value].push_back(edit);
  }
  for (auto& [id, edits] : wanted) {
    const SourceFile& file = files[FileId(id)];
    if (!file.cells.empty()) {
      out.problems.push_back(file.path + ": comments are not written into notebooks");
      continue;
    }
    std::sort(edits.begin(), edits.end(), [](const FixEdit& a, const FixEdit& b) { return a.range.begin > b.range.begin; });
    std::string text = file.text;
    for (FixEdit edit : edits) {
      // With the comment goes the space before it, unless it stands alone; what follows it stays a comment.
      bool is_all = edit.replacement.empty();
      while (is_all && edit.range.end < text.size() && text[edit.range.end] == ' ') ++edit.range.end;
      bool is_last = edit.range.end >= text.size() || text[edit.range.end] == '\n' || text[edit.range.end] == '\r';
      while (is_all && is_last && edit.range.begin > 0 && (text[edit.range.begin - 1] == ' ' || text[edit.range.begin - 1] == '\t')) --edit.range.begin;
      text.replace(edit.range.begin, edit.range.size(), edit.replacement);
      ++out.comments;
    }
    Result<size_t> written = writeFileAtomically(file.path, text);
    if (!written.ok()) out.problems.push_back(written.message());
    else ++out.files;
  }
  return out;
}

}  // namespace krait::cli
