// A Python file as a document.
#include <algorithm>

#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/syntax/parser.h"
#include "cli/verify/blocks.h"
#include "cli/verify/claims.h"

namespace krait::cli {

// Is a Python file a program that says what it prints? What functions of a library say of single values is about calls that
// nobody makes here.
static bool makesClaims(const syntax::Ast& ast, Interner& names) {
  std::vector<Claim> claims = findClaims(ast, names);
  return std::any_of(claims.begin(), claims.end(), [&](const Claim& claim) {
    if (claim.form == ClaimForm::kOutput) return true;
    bool is_at_top = claim.statement.begin == 0 || ast.text()[claim.statement.begin - 1] == '\n';
    bool is_told = claim.form == ClaimForm::kRaises || (claim.form == ClaimForm::kValue && claim.shown_name.empty());
    return is_told && is_at_top;
  });
}

std::vector<TextBlock> findPythonBlocks(const std::string& text, Interner& names) {
  syntax::ParsedModule module = syntax::parseModule(text, names);
  std::vector<TextBlock> blocks;
  if (!module.error) {
    blocks = findDoctests(module.ast);
    if (!semantic::findCompileError(module.ast, names) && !makesClaims(module.ast, names)) return blocks;
  }
  TextBlock whole;
  whole.line = whole.first_line = 1;
  whole.language = "python";
  whole.text = text;
  whole.is_file = true;
  blocks.push_back(std::move(whole));
  return blocks;
}

}  // namespace krait::cli
