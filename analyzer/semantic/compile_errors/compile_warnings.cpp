#include "analyzer/semantic/compile_errors/compile_warnings.h"

#include <algorithm>

#include "analyzer/syntax/string_literal.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::semantic {

using namespace syntax;

// --- escapes
static void findEscapes(std::string_view text, TextRange range, bool is_bytes, std::vector<CompileWarning>& out) {
  std::string_view known = is_bytes ? "\n\r\\'\"abfnrtvx01234567" : "\n\r\\'\"abfnrtvx01234567NuU";
  for (uint32_t i = range.begin; i + 1 < range.end; ++i) {
    if (text[i] != '\\') continue;
    char c = text[++i];
    bool is_octal = c >= '4' && c <= '7' && i + 2 < range.end && text[i + 1] >= '0' && text[i + 1] <= '7' && text[i + 2] >= '0' && text[i + 2] <= '7';
    if (!is_octal && known.find(c) != std::string_view::npos) continue;
    uint32_t size = is_octal ? 3 : 1;
    while (!is_octal && i + size < range.end && (static_cast<unsigned char>(text[i + size]) & 0xC0) == 0x80) ++size;
    std::string shown(text.substr(i, size));
    std::string kind = is_octal ? "an invalid octal escape sequence" : "an invalid escape sequence";
    out.push_back({"\"\\" + shown + "\" is " + kind + ". Such sequences will not work in the future. Did you mean \"\\\\" + shown + "\"? A raw string is also an option.",
                   {i - 1, i + size}});
  }
}
static void findInvalidEscapes(std::string_view text, std::vector<CompileWarning>& out) {
  if (text.find('\\') == std::string_view::npos) return;
  std::vector<bool> raw;  // of the format strings around a token
  for (const Token& token : tokenize(text).tokens) {
    std::string_view written = text.substr(token.begin, token.end - token.begin);
    bool is_start = token.kind == TokenKind::kFStringStart || token.kind == TokenKind::kTStringStart;
    if (is_start) {
      raw.push_back(parseStringPrefix(written).is_raw);
    } else if (token.kind == TokenKind::kFStringEnd || token.kind == TokenKind::kTStringEnd) {
      if (!raw.empty()) raw.pop_back();
    } else if (token.kind == TokenKind::kFStringMiddle || token.kind == TokenKind::kTStringMiddle) {
      if (!raw.empty() && !raw.back()) findEscapes(text, {token.begin, token.end}, false, out);
    } else if (token.kind == TokenKind::kString && written.find('\\') != std::string_view::npos) {
      StringPrefix prefix = parseStringPrefix(written);
      if (!prefix.is_raw) findEscapes(text, {token.begin + prefix.prefix_size + prefix.quote_size, token.end - prefix.quote_size}, prefix.is_bytes, out);
    }
  }
}

// --- leaving `finally`
namespace {
struct FinallyWalk {
  const Ast& ast;
  std::vector<CompileWarning>& out;
};
enum class Inside { kNothing, kFinally, kLoopInFinally };
}  // namespace
static void walkFinally(FinallyWalk& walk, NodeList body, Inside inside);
static void walkFinallyStmt(FinallyWalk& walk, NodeId node, Inside inside) {
  const Ast& ast = walk.ast;
  auto leaves = [&](const char* word) { walk.out.push_back({std::string("'") + word + "' in a 'finally' block", ast.range(node)}); };
  switch (ast.kind(node)) {
    case NodeKind::kReturn:
      if (inside != Inside::kNothing) leaves("return");
      return;
    case NodeKind::kBreak:
      if (inside == Inside::kFinally) leaves("break");
      return;
    case NodeKind::kContinue:
      if (inside == Inside::kFinally) leaves("continue");
      return;
    case NodeKind::kFunctionDef: return walkFinally(walk, ast.as<FunctionDef>(node).body(), Inside::kNothing);
    case NodeKind::kClassDef: return walkFinally(walk, ast.as<ClassDef>(node).body(), Inside::kNothing);
    case NodeKind::kFor: case NodeKind::kWhile: {
      bool is_for = ast.kind(node) == NodeKind::kFor;
      Inside loop = inside == Inside::kNothing ? inside : Inside::kLoopInFinally;
      walkFinally(walk, is_for ? ast.as<For>(node).body() : ast.as<While>(node).body(), loop);
      return walkFinally(walk, is_for ? ast.as<For>(node).orelse() : ast.as<While>(node).orelse(), inside);
    }
    case NodeKind::kIf:
      walkFinally(walk, ast.as<If>(node).body(), inside);
      return walkFinally(walk, ast.as<If>(node).orelse(), inside);
    case NodeKind::kWith: return walkFinally(walk, ast.as<With>(node).body(), inside);
    case NodeKind::kMatch:
      for (NodeId one : ast.as<Match>(node).cases()) walkFinally(walk, ast.as<MatchCase>(one).body(), inside);
      return;
    case NodeKind::kTry: {
      Try attempt = ast.as<Try>(node);
      walkFinally(walk, attempt.body(), inside);
      for (NodeId handler : attempt.handlers()) walkFinally(walk, ast.as<ExceptHandler>(handler).body(), inside);
      walkFinally(walk, attempt.orelse(), inside);
      return walkFinally(walk, attempt.finalbody(), Inside::kFinally);
    }
    default: return;
  }
}
static void walkFinally(FinallyWalk& walk, NodeList body, Inside inside) {
  for (NodeId node : body) walkFinallyStmt(walk, node, inside);
}

// --- literals where they make no sense
static const char* constantType(ConstantKind kind) {
  switch (kind) {
    case ConstantKind::kStr: return "str";
    case ConstantKind::kBytes: return "bytes";
    case ConstantKind::kInt: return "int";
    case ConstantKind::kFloat: return "float";
    case ConstantKind::kComplex: return "complex";
    case ConstantKind::kTrue: case ConstantKind::kFalse: return "bool";
    case ConstantKind::kEllipsis: return "ellipsis";
    default: return "NoneType";
  }
}
// The type of what an expression makes, where its form tells; null otherwise. ref: infer_type.
static const char* typeOfForm(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kTuple: return "tuple";
    case NodeKind::kList: case NodeKind::kListComp: return "list";
    case NodeKind::kDict: case NodeKind::kDictComp: return "dict";
    case NodeKind::kSet: case NodeKind::kSetComp: return "set";
    case NodeKind::kGeneratorExp: return "generator";
    case NodeKind::kLambda: return "function";
    case NodeKind::kTemplateStr: return "string.templatelib.Template";
    case NodeKind::kJoinedStr: return "str";
    case NodeKind::kConstant: return constantType(ast.as<Constant>(node).constantKind());
    default: return nullptr;
  }
}
static bool isPlainConstant(const Ast& ast, NodeId node) {
  if (ast.is(node, NodeKind::kTuple)) {
    NodeList items = ast.as<Tuple>(node).elts();
    return std::all_of(items.begin(), items.end(), [&](NodeId item) { return ast.is(item, NodeKind::kConstant) || isPlainConstant(ast, item); });
  }
  if (!ast.is(node, NodeKind::kConstant)) return false;
  ConstantKind kind = ast.as<Constant>(node).constantKind();
  return kind != ConstantKind::kNone && kind != ConstantKind::kTrue && kind != ConstantKind::kFalse && kind != ConstantKind::kEllipsis;
}
static void checkCompare(const Ast& ast, NodeId node, std::vector<CompileWarning>& out) {
  Compare compare = ast.as<Compare>(node);
  NodeId left = compare.left();
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    NodeId right = compare.comparators()[i];
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    bool is_identity = op == CompareOperator::kIs || op == CompareOperator::kIsNot;
    bool left_is_literal = isPlainConstant(ast, left);
    if (is_identity && (left_is_literal || isPlainConstant(ast, right))) {
      bool is_equal = op == CompareOperator::kIs;
      out.push_back({std::string(is_equal ? "\"is\"" : "\"is not\"") + " with '" + typeOfForm(ast, left_is_literal ? left : right) + "' literal. Did you mean \"" +
                         (is_equal ? "==" : "!=") + "\"?", ast.range(node)});
      return;
    }
    left = right;
  }
}
static void checkCall(const Ast& ast, NodeId node, std::vector<CompileWarning>& out) {
  NodeId callee = ast.as<Call>(node).func();
  const char* type = ast.is(callee, NodeKind::kLambda) ? nullptr : typeOfForm(ast, callee);
  if (type != nullptr) out.push_back({std::string("'") + type + "' object is not callable; perhaps you missed a comma?", ast.range(node)});
}
static void checkSubscript(const Ast& ast, NodeId node, std::vector<CompileWarning>& out) {
  Subscript subscript = ast.as<Subscript>(node);
  if (subscript.context() != ExprContext::kLoad) return;
  const char* type = typeOfForm(ast, subscript.value());
  if (type == nullptr) return;
  std::string_view name = type;
  bool is_sequence = name == "str" || name == "bytes" || name == "tuple" || name == "list";
  if (!is_sequence && name != "dict") {
    out.push_back({std::string("'") + type + "' object is not subscriptable; perhaps you missed a comma?", ast.range(node)});
    return;
  }
  const char* index = is_sequence ? typeOfForm(ast, subscript.slice()) : nullptr;
  if (index == nullptr || std::string_view(index) == "int" || std::string_view(index) == "bool") return;
  out.push_back({std::string(type) + " indices must be integers or slices, not " + index + "; perhaps you missed a comma?", ast.range(node)});
}

std::vector<CompileWarning> findCompileWarnings(const Ast& ast) {
  std::vector<CompileWarning> all, here;
  findInvalidEscapes(ast.text(), all);
  FinallyWalk walk{ast, all};
  walkFinally(walk, ast.as<Module>(ast.root()).body(), Inside::kNothing);
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    switch (ast.kind(node)) {
      case NodeKind::kAssert: {
        NodeId test = ast.as<Assert>(node).test();
        if (ast.is(test, NodeKind::kTuple) && ast.as<Tuple>(test).elts().size() > 0) here.push_back({"assertion is always true, perhaps remove parentheses?", ast.range(node)});
        break;
      }
      case NodeKind::kCompare: checkCompare(ast, node, here); break;
      case NodeKind::kCall: checkCall(ast, node, here); break;
      case NodeKind::kSubscript: checkSubscript(ast, node, here); break;
      default: break;
    }
  }
  std::stable_sort(here.begin(), here.end(), [](const CompileWarning& a, const CompileWarning& b) { return a.range.begin < b.range.begin; });
  all.insert(all.end(), here.begin(), here.end());
  return all;
}

}  // namespace krait::semantic
