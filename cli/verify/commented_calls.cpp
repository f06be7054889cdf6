// Calls of a block's own functions that stand in comments: `# main()`. Notes leave them out because they wait or print a lot;
// what the functions claim is tested all the same.
#include <algorithm>

#include "analyzer/syntax/parser.h"
#include "cli/verify/claims.h"

namespace krait::cli {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

// Does a call name a function of the block: `main()`, `asyncio.run(main())`?
static bool callsOwn(const Ast& ast, NodeId node, const std::vector<std::string>& own) {
  auto call = ast.tryAs<syntax::Call>(node);
  bool is_own = call && ast.is(call->func(), NodeKind::kName) && std::find(own.begin(), own.end(), syntax::nameText(ast, call->func())) != own.end();
  syntax::forEachChild(ast, node, [&](NodeId child) { is_own = is_own || callsOwn(ast, child, own); });
  return is_own;
}

std::string withCallsUncommented(const Ast& ast, const std::vector<std::string>& own, Interner& names) {
  std::string out(ast.text());
  LineIndex lines(ast.text());
  bool is_changed = false;
  for (const syntax::Comment& comment : ast.comments()) {
    if (lines.lineStart(lines.lineOf(comment.begin)) != comment.begin) continue;
    std::string_view code = trimmedClaim(ast.text({comment.begin + 1, comment.end}));
    if (!code.ends_with(")")) continue;
    syntax::ParsedModule module = syntax::parseModule(code, names);
    syntax::NodeList body = syntax::bodyOf(module.ast, module.ast.root());
    auto expression = body.size() == 1 ? module.ast.tryAs<syntax::ExprStmt>(body[0]) : std::nullopt;
    bool is_call = !module.error && expression && module.ast.is(expression->value(), NodeKind::kCall) && callsOwn(module.ast, body[0], own);
    if (!is_call) continue;
    out.replace(comment.begin, comment.end - comment.begin, std::string(code) + std::string(comment.end - comment.begin - code.size(), ' '));
    is_changed = true;
  }
  return is_changed ? out : "";
}

}  // namespace krait::cli
