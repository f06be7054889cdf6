#include "analyzer/semantic/compile_errors/compile_errors.h"

#include <algorithm>

#include "analyzer/semantic/compile_errors/compile_check.h"

namespace krait::semantic {

using namespace syntax;

// Does the tree lack a part of this range? Then what it says there is not to be trusted.
static bool hasErrorNode(const Ast& ast, TextRange range) {
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId id(i);
    bool is_error = ast.kind(id) == NodeKind::kErrorExpr || ast.kind(id) == NodeKind::kErrorStmt;
    if (is_error && ast.range(id).begin >= range.begin && ast.range(id).end <= range.end) return true;
  }
  return false;
}

bool failAt(CompileCheck& check, TextRange range, std::string message) {
  if (hasErrorNode(check.ast, range)) return check.all != nullptr;
  std::string_view text = check.ast.text();
  LinePlace begin = linePlaceOf(text, range.begin);
  LinePlace end = linePlaceOf(text, range.end);
  SyntaxError error;
  error.message = std::move(message);
  error.line = begin.line;
  error.column = static_cast<int32_t>(range.begin - begin.start) + 1;
  error.end_line = end.line;
  error.end_column = static_cast<int32_t>(range.end - end.start) + 1;
  error.range = range;
  if (check.all == nullptr) {
    check.error = std::move(error);
    return false;
  }
  check.all->push_back(std::move(error));
  return true;
}

int32_t lineAt(const CompileCheck& check, uint32_t offset) { return linePlaceOf(check.ast.text(), offset).line; }

static constexpr std::string_view kFeatures[] = {
    "nested_scopes", "generators",       "division",       "absolute_import", "with_statement",
    "print_function", "unicode_literals", "barry_as_FLUFL", "generator_stop",  "annotations",
};

static bool checkFeatures(CompileCheck& check, const ImportFrom& import) {
  for (NodeId name : import.names()) {
    std::string_view feature = nameText(check.ast, check.ast.as<Alias>(name).name());
    if (std::find(std::begin(kFeatures), std::end(kFeatures), feature) != std::end(kFeatures)) continue;
    if (feature == "braces") return failAt(check, name, "not a chance");
    return failAt(check, name, "future feature " + std::string(feature.substr(0, 100)) + " is not defined");
  }
  return true;
}

bool checkFuture(CompileCheck& check) {
  NodeList body = check.ast.as<Module>(check.ast.root()).body();
  size_t first = docstringOf(check.ast, body).valid() ? 1 : 0;
  bool is_done = false;
  uint32_t before = 0;
  for (size_t i = first; i < body.size(); ++i) {
    // Only what stands on the same line as the statement that ends the imports is still looked at.
    uint32_t begin = check.ast.range(body[i]).begin;
    if (is_done && check.ast.text().substr(before, begin - before).find_first_of("\r\n") != std::string_view::npos) return true;
    before = begin;
    auto import = check.ast.tryAs<ImportFrom>(body[i]);
    if (!import || import->level() != 0 || nameText(check.ast, import->module()) != "__future__") {
      is_done = true;
      continue;
    }
    if (is_done) return failAt(check, body[i], kLateFuture);
    if (!checkFeatures(check, *import)) return false;
    check.last_future_import = check.ast.range(body[i]).begin;
  }
  return true;
}

TopLevel topLevelOf(std::string_view path) { return path.ends_with(".ipynb") ? TopLevel::kNotebook : TopLevel::kModule; }

std::optional<SyntaxError> findCompileError(const Ast& ast, Interner& names, TopLevel top_level) {
  CompileCheck check{.ast = ast, .names = names, .awaits_at_top = top_level == TopLevel::kNotebook};
  if (checkFuture(check) && checkSymbols(check)) checkCode(check);
  return std::move(check.error);
}

std::vector<SyntaxError> findCompileErrors(const Ast& ast, Interner& names, TopLevel top_level) {
  std::vector<SyntaxError> all;
  CompileCheck check{.ast = ast, .names = names, .error = std::nullopt, .awaits_at_top = top_level == TopLevel::kNotebook, .all = &all};
  checkFuture(check);
  checkSymbols(check);
  checkCode(check);
  return all;
}

}  // namespace krait::semantic
