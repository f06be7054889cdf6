#include "runtime/compile/tree_options.h"

#include <algorithm>
#include <cctype>

#include "analyzer/syntax/tokens/tokenizer.h"
#include "runtime/compile/input_mode.h"

namespace krait::compile {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;
using syntax::SyntaxError;
using syntax::Token;
using syntax::TokenKind;

// --- type comments
namespace {
class CommentFinder {
 public:
  explicit CommentFinder(const Ast& ast) : ast_(ast), tokens_(syntax::tokenize(ast.text()).tokens), lines_(ast.text()) {}

  TypeComments find() {
    for (const syntax::Comment& comment : ast_.comments()) read(comment);
    for (uint32_t i = 0; i < ast_.nodeCount() && !out_.error; ++i) claim(NodeId{i});
    for (size_t i = 0; i < comments_.size() && !out_.error; ++i) {
      if (!claimed_[i]) fail(comments_[i], "invalid syntax");
    }
    return std::move(out_);
  }

 private:
  struct Found {
    TextRange whole, type;
  };

  void read(const syntax::Comment& comment) {
    std::string_view text = ast_.text();
    auto skipBlanks = [&](uint32_t at) {
      while (at < comment.end && (text[at] == ' ' || text[at] == '\t')) ++at;
      return at;
    };
    uint32_t at = skipBlanks(comment.begin + 1);
    if (!text.substr(at, comment.end - at).starts_with("type:")) return;
    at = skipBlanks(at + 5);
    uint32_t after = at + 6;
    bool ignores = text.substr(at, comment.end - at).starts_with("ignore") &&
                   (after == comment.end || !(static_cast<unsigned char>(text[after]) >= 128 || std::isalnum(static_cast<unsigned char>(text[after]))));
    if (ignores) {
      out_.ignores.push_back({lines_.lineOf(comment.begin) + 1, {after, comment.end}});
    } else {
      comments_.push_back({{comment.begin, comment.end}, {at, comment.end}});
      claimed_.push_back(false);
    }
  }
  void fail(const Found& comment, const char* message) {
    if (!out_.error) out_.error = errorAt(ast_.text(), comment.whole, message);
  }
  // The last token before the comment.
  const Token* tokenBefore(const Found& comment) const {
    auto at = std::find_if(tokens_.rbegin(), tokens_.rend(), [&](const Token& t) { return t.end <= comment.whole.begin && t.end > t.begin && t.kind != TokenKind::kNewline; });
    return at == tokens_.rend() ? nullptr : &*at;
  }
  void take(size_t comment, NodeId owner) {
    if (!out_.of.emplace(owner.value, comments_[comment].type).second) return fail(comments_[comment], "invalid syntax");
    claimed_[comment] = true;
  }
  // Only `allowed` characters stand between `from` and the comment.
  bool follows(uint32_t from, const Found& comment, std::string_view allowed) const {
    if (comment.whole.begin < from) return false;
    return ast_.text().substr(from, comment.whole.begin - from).find_first_not_of(allowed) == std::string_view::npos;
  }

  void claim(NodeId id) {
    switch (ast_.kind(id)) {
      case NodeKind::kAssign: return claimBehind(id, ast_.range(id).end, " \t)");
      case NodeKind::kFor: return claimBehind(id, ast_.range(ast_.as<syntax::For>(id).iter()).end, " \t):");
      case NodeKind::kWith: return claimBehind(id, ast_.range(ast_.as<syntax::With>(id).items().back()).end, " \t):");
      case NodeKind::kFunctionDef: return claimOfFunction(id);
      default: return;
    }
  }
  void claimBehind(NodeId id, uint32_t end, std::string_view allowed) {
    for (size_t i = 0; i < comments_.size(); ++i) {
      if (!claimed_[i] && follows(end, comments_[i], allowed)) return take(i, id);
    }
  }
  void claimOfFunction(NodeId id) {
    auto f = ast_.as<syntax::FunctionDef>(id);
    uint32_t begin = ast_.range(f.name()).end, end = ast_.range(f.body()[0]).begin;
    for (size_t i = 0; i < comments_.size(); ++i) {
      const Found& comment = comments_[i];
      if (claimed_[i] || comment.whole.begin < begin || comment.whole.begin > end) continue;
      const Token* before = tokenBefore(comment);
      if (before == nullptr) continue;
      if (before->depth > 0) {
        NodeId owner;
        for (NodeId p : ast_.list(f.params(), 0)) {
          if (ast_.range(p).begin < comment.whole.begin) owner = p;
        }
        if (owner.valid()) take(i, owner);
      } else if (before->kind == TokenKind::kColon) {
        if (out_.of.contains(id.value)) return fail(comment, "Cannot have two type comments on def");
        take(i, id);
      }
    }
  }

  const Ast& ast_;
  std::vector<Token> tokens_;
  LineIndex lines_;
  std::vector<Found> comments_;
  std::vector<bool> claimed_;
  TypeComments out_;
};
}  // namespace

TypeComments findTypeComments(const Ast& ast) { return CommentFinder(ast).find(); }

// --- versions
namespace {
struct Newer {
  const Ast& ast;
  int minor;
  std::optional<SyntaxError> error;

  void need(int since, NodeId at, const char* what) {
    if (minor >= since || (error && error->range.begin <= ast.range(at).begin)) return;
    error = errorAt(ast.text(), ast.range(at), std::string(what) + " only supported in Python 3." + std::to_string(since) + " and greater");
  }
  void look(NodeId id);
};
void Newer::look(NodeId id) {
  switch (ast.kind(id)) {
    case NodeKind::kBinOp:
      if (ast.as<syntax::BinOp>(id).op() == syntax::BinaryOp::kMatMult) need(5, id, "The '@' operator is");
      return;
    case NodeKind::kAugAssign:
      if (ast.as<syntax::AugAssign>(id).op() == syntax::BinaryOp::kMatMult) need(5, id, "The '@' operator is");
      return;
    case NodeKind::kFunctionDef: {
      auto f = ast.as<syntax::FunctionDef>(id);
      if (f.isAsync()) need(5, id, "Async functions are");
      if (!f.typeParams().empty()) need(12, f.typeParams()[0], "Type parameter lists are");
      return;
    }
    case NodeKind::kClassDef: {
      auto c = ast.as<syntax::ClassDef>(id);
      if (!c.typeParams().empty()) need(12, c.typeParams()[0], "Type parameter lists are");
      return;
    }
    case NodeKind::kFor:
      if (ast.as<syntax::For>(id).isAsync()) need(5, id, "Async for loops are");
      return;
    case NodeKind::kWith: {
      auto with = ast.as<syntax::With>(id);
      if (with.isAsync()) need(5, id, "Async with statements are");
      return;
    }
    case NodeKind::kComprehension:
      if (ast.as<syntax::Comprehension>(id).isAsync()) need(6, id, "Async comprehensions are");
      return;
    case NodeKind::kAwait: return need(5, id, "Await expressions are");
    case NodeKind::kAnnAssign: return need(6, id, "Variable annotation syntax is");
    case NodeKind::kNamedExpr: return need(8, id, "Assignment expressions are");
    case NodeKind::kMatch: return need(10, id, "Pattern matching is");
    case NodeKind::kTypeAlias: return need(12, id, "Type statement is");
    case NodeKind::kTypeVar: case NodeKind::kParamSpec: case NodeKind::kTypeVarTuple:
      if (ast.child(id, ast.is(id, NodeKind::kTypeVar) ? 2 : 1).valid()) need(13, id, "Type parameter defaults are");
      return;
    case NodeKind::kTemplateStr: return need(14, id, "t-strings are");
    case NodeKind::kTry:
      if (ast.as<syntax::Try>(id).isStar()) need(11, id, "Exception groups are");
      return;
    case NodeKind::kExceptHandler: {
      NodeId type = ast.as<syntax::ExceptHandler>(id).type();
      bool is_bare = type.valid() && ast.is(type, NodeKind::kTuple) && ast.text()[ast.range(type).begin] != '(';
      if (is_bare) need(14, id, "except expressions without parentheses are");
      return;
    }
    case NodeKind::kParameters:
      for (NodeId p : ast.list(id, 0)) {
        if (ast.as<syntax::Parameter>(p).parameterKind() == syntax::ParameterKind::kPositionalOnly) need(8, p, "Positional-only parameters are");
      }
      return;
    case NodeKind::kConstant: {
      std::string_view text = ast.text(ast.range(id));
      bool is_number = !text.empty() && (std::isdigit(static_cast<unsigned char>(text[0])) || text[0] == '.');
      if (is_number && text.find('_') != std::string_view::npos) need(6, id, "Underscores in numeric literals are");
      return;
    }
    default: return;
  }
}
}  // namespace

std::optional<SyntaxError> findNewerSyntax(const Ast& ast, int minor) {
  Newer newer{ast, minor, std::nullopt};
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) newer.look(NodeId{i});
  return std::move(newer.error);
}

// --- signatures
FunctionType readFunctionType(std::string_view text) {
  FunctionType out;
  out.text = text;
  syntax::TokenList list = syntax::tokenize(text);
  const std::vector<Token>& tokens = list.tokens;
  auto fail = [&](size_t i) {
    out.error = list.error ? list.error->error : errorAt(text, i < tokens.size() ? tokens[i].range() : TextRange{static_cast<uint32_t>(text.size()), static_cast<uint32_t>(text.size())}, "invalid syntax");
    return out;
  };
  if (list.error || tokens.empty() || tokens[0].kind != TokenKind::kLeftParen) return fail(0);
  size_t i = 1;
  bool begins = true;
  int stars = 0;  // of the argument before: 1 after `*`, 2 after `**`
  for (; i < tokens.size() && tokens[i].kind != TokenKind::kEndMarker && tokens[i].kind != TokenKind::kNewline; ++i) {
    const Token& token = tokens[i];
    if (token.depth == 0) break;
    if (begins) {
      int own = token.kind == TokenKind::kStar ? 1 : token.kind == TokenKind::kDoubleStar ? 2 : 0;
      if (stars > 0 && own <= stars) return fail(i);
      stars = own;
      if (own > 0) std::fill(out.text.begin() + token.begin, out.text.begin() + token.end, ' ');
      ++out.arguments;
      begins = false;
      if (own > 0) continue;
    }
    if (token.kind == TokenKind::kComma && token.depth == 1) begins = true;
  }
  if (i >= tokens.size() || tokens[i].kind != TokenKind::kRightParen || (begins && out.arguments > 0)) return fail(i);
  if (i + 1 >= tokens.size() || tokens[i + 1].kind != TokenKind::kArrow) return fail(i + 1);
  out.text[tokens[i + 1].begin] = ',';
  out.text[tokens[i + 1].begin + 1] = ' ';
  for (size_t k = i + 2; k < tokens.size(); ++k) {
    if (tokens[k].depth == 0 && tokens[k].kind == TokenKind::kComma) return fail(k);
  }
  return out;
}

}  // namespace krait::compile
