#include "analyzer/syntax/type_comments.h"

#include <algorithm>
#include <map>
#include <string>

#include "analyzer/syntax/ast_builder.h"
#include "analyzer/syntax/parser.h"

namespace krait::syntax {

namespace {

struct TypeText {
  uint32_t begin = 0;  // of the comment
  std::string_view text;
};

struct Converter {
  AstBuilder builder;
  Interner& names;
  std::vector<TypeCommentProblem>& problems;
  std::vector<TypeText> comments;
  std::map<uint32_t, std::vector<NodeId>> before;  // declarations to stand before a statement

  const Ast& ast() const { return builder.ast(); }
  const TypeText* commentAfter(uint32_t offset, uint32_t limit) const;
  const TypeText* headerComment(uint32_t offset, uint32_t limit) const;
  NodeId annotation(std::string_view text, TextRange range);
  NodeId copyTarget(NodeId target);
  void declare(NodeId target, std::string_view type, NodeId statement);
  void assign(NodeId node);
  void header(NodeId node);
  void function(NodeId node);
  void parameterComments(NodeId node);
  void signature(NodeId node, std::string_view text);
  uint32_t withDeclarations(NodeList list);
  void rewriteLists(NodeId node);
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// The type in a comment, or nothing: no type comment, or one to ignore findings.
std::string_view typeOf(std::string_view comment) {
  comment = trimmed(comment.substr(1));
  if (!comment.starts_with("type:")) return {};
  comment = trimmed(comment.substr(5));
  if (comment.starts_with("ignore")) return {};
  // A comment may follow.
  char quote = 0;
  for (size_t i = 0; i < comment.size(); ++i) {
    if (quote != 0) {
      if (comment[i] == quote) quote = 0;
    } else if (comment[i] == '"' || comment[i] == '\'') {
      quote = comment[i];
    } else if (comment[i] == '#') {
      return trimmed(comment.substr(0, i));
    }
  }
  return comment;
}

// The parts between commas that stand in no bracket.
std::vector<std::string_view> splitTypes(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  char quote = 0;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    char c = i < text.size() ? text[i] : ',';
    if (quote != 0 && i < text.size()) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c != ',' || (depth > 0 && i < text.size())) continue;
    std::string_view part = trimmed(text.substr(begin, i - begin));
    if (!part.empty()) parts.push_back(part);
    begin = i + 1;
  }
  return parts;
}

// The text inside parentheses that enclose all of it, or the text.
std::string_view withoutParentheses(std::string_view text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return text;
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : (text[i] == ')' ? -1 : 0);
    if (depth == 0 && i + 1 < text.size()) return text;
  }
  return trimmed(text.substr(1, text.size() - 2));
}

}  // namespace

// The comment on the line where `offset` is, after it, before `limit`.
const TypeText* Converter::commentAfter(uint32_t offset, uint32_t limit) const {
  auto found = std::lower_bound(comments.begin(), comments.end(), offset, [](const TypeText& c, uint32_t at) { return c.begin < at; });
  if (found == comments.end() || found->begin >= limit) return nullptr;
  std::string_view between = ast().text().substr(offset, found->begin - offset);
  return between.find('\n') == std::string_view::npos ? &*found : nullptr;
}

// The first comment between a header's last expression and its body.
const TypeText* Converter::headerComment(uint32_t offset, uint32_t limit) const {
  auto found = std::lower_bound(comments.begin(), comments.end(), offset, [](const TypeText& c, uint32_t at) { return c.begin < at; });
  return found == comments.end() || found->begin >= limit ? nullptr : &*found;
}

NodeId Converter::annotation(std::string_view text, TextRange range) {
  return builder.add(NodeKind::kConstant, range, {builder.addString(text)}, static_cast<uint8_t>(ConstantKind::kStr));
}

// A name or `name.attribute` once more; none: another target.
NodeId Converter::copyTarget(NodeId target) {
  TextRange range = ast().range(target);
  if (auto name = ast().tryAs<Name>(target)) {
    return builder.add(NodeKind::kName, range, {name->name().value}, static_cast<uint8_t>(ExprContext::kStore));
  }
  auto attribute = ast().tryAs<Attribute>(target);
  if (!attribute || !ast().is(attribute->value(), NodeKind::kName)) return NodeId::none();
  NodeId value = attribute->value(), attr = attribute->attr();
  NodeId base = builder.add(NodeKind::kName, ast().range(value), {ast().as<Name>(value).name().value}, static_cast<uint8_t>(ExprContext::kLoad));
  NodeId field = builder.add(NodeKind::kIdentifier, ast().range(attr), {ast().as<Identifier>(attr).name().value});
  return builder.add(NodeKind::kAttribute, range, {base.value, field.value}, static_cast<uint8_t>(ExprContext::kStore));
}

void Converter::declare(NodeId target, std::string_view type, NodeId statement) {
  if (auto starred = ast().tryAs<Starred>(target)) {
    declare(starred->value(), type, statement);
    return;
  }
  if (ast().is(target, NodeKind::kTuple) || ast().is(target, NodeKind::kList)) {
    NodeList view = ast().is(target, NodeKind::kTuple) ? ast().as<Tuple>(target).elts() : ast().as<List>(target).elts();
    std::vector<NodeId> items(view.begin(), view.end());
    std::vector<std::string_view> types = splitTypes(withoutParentheses(type));
    for (size_t i = 0; i < items.size() && types.size() == items.size(); ++i) declare(items[i], types[i], statement);
    return;
  }
  NodeId copy = copyTarget(target);
  if (!copy.valid()) return;
  TextRange range = ast().range(statement);
  NodeId made = builder.add(NodeKind::kAnnAssign, range, {copy.value, annotation(type, range).value, NodeId::none().value},
                            ast().is(target, NodeKind::kName) ? 1 : 0);
  before[statement.value].push_back(made);
}

void Converter::assign(NodeId node) {
  TextRange range = ast().range(node);
  const TypeText* comment = commentAfter(range.end, static_cast<uint32_t>(ast().text().size()));
  if (comment == nullptr) return;
  auto statement = ast().as<Assign>(node);
  std::vector<NodeId> targets(statement.targets().begin(), statement.targets().end());
  NodeId value = statement.value();
  bool is_simple = ast().is(targets[0], NodeKind::kName) || ast().is(targets[0], NodeKind::kAttribute);
  if (targets.size() == 1 && is_simple) {
    uint8_t detail = ast().is(targets[0], NodeKind::kName) ? 1 : 0;
    builder.replace(node, NodeKind::kAnnAssign, {targets[0].value, annotation(comment->text, range).value, value.value}, detail);
    return;
  }
  for (NodeId target : targets) declare(target, comment->text, node);
}

// for and with: the comment on the header's line declares the targets.
void Converter::header(NodeId node) {
  std::vector<NodeId> targets;
  uint32_t end = 0, body = 0;
  if (auto loop = ast().tryAs<For>(node)) {
    targets.push_back(loop->target());
    end = ast().range(loop->iter()).end;
    body = loop->body().empty() ? 0 : ast().range(loop->body()[0]).begin;
  } else {
    auto with = ast().as<With>(node);
    for (NodeId item : with.items()) {
      NodeId target = ast().as<WithItem>(item).optionalVars();
      if (target.valid()) targets.push_back(target);
      end = ast().range(item).end;
    }
    body = with.body().empty() ? 0 : ast().range(with.body()[0]).begin;
  }
  const TypeText* comment = commentAfter(end, body);
  if (comment == nullptr) return;
  if (targets.empty()) return problems.push_back({node, "Invalid type comment: \"with\" statement has no targets", false});
  if (targets.size() == 1) {
    declare(targets[0], comment->text, node);
    return;
  }
  std::vector<std::string_view> types = splitTypes(withoutParentheses(comment->text));
  if (types.size() != targets.size()) {
    bool is_one = types.size() == 1;
    problems.push_back({node, is_one ? "Multiple types expected for multiple \"with\" targets" : "Incompatible number of types for \"with\" targets", false});
    return;
  }
  for (size_t i = 0; i < targets.size(); ++i) declare(targets[i], types[i], node);
}

// A comment behind one parameter.
void Converter::parameterComments(NodeId node) {
  auto def = ast().as<FunctionDef>(node);
  std::vector<NodeId> params(ast().as<Parameters>(def.params()).params().begin(), ast().as<Parameters>(def.params()).params().end());
  uint32_t body = def.body().empty() ? 0 : ast().range(def.body()[0]).begin;
  for (size_t i = 0; i < params.size(); ++i) {
    if (ast().as<Parameter>(params[i]).annotation().valid()) continue;
    uint32_t limit = i + 1 < params.size() ? ast().range(params[i + 1]).begin : body;
    const TypeText* comment = commentAfter(ast().range(params[i]).end, limit);
    if (comment == nullptr || comment->text.find("->") != std::string_view::npos) continue;
    builder.setSlot(params[i], 1, annotation(comment->text, ast().range(params[i])).value);
  }
}

// Does the text read as an expression, where something is written at all?
static bool isExpression(Interner& names, std::string text) { return !parseModule(text, names).error; }

// "(int, *str) -> T".
void Converter::signature(NodeId node, std::string_view text) {
  auto def = ast().as<FunctionDef>(node);
  NodeList view = ast().as<Parameters>(def.params()).params();
  std::vector<NodeId> params(view.begin(), view.end());
  size_t close = 0;
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' || text[i] == '[' ? 1 : (text[i] == ')' || text[i] == ']' ? -1 : 0);
    if (depth == 0) {
      close = i;
      break;
    }
  }
  size_t arrow = text.find("->", close);
  std::string arguments = close > 0 ? "f" + std::string(text.substr(0, close + 1)) : std::string("(");
  bool is_fine = arrow != std::string_view::npos && trimmed(text.substr(close + 1, arrow - close - 1)).empty() && isExpression(names, arguments) &&
                 isExpression(names, "(" + std::string(trimmed(text.substr(std::min(text.size(), arrow + 2)))) + ")");
  if (!is_fine) return problems.push_back({node, "Syntax error in type comment \"" + std::string(text) + "\""});
  TextRange range = ast().range(node);
  builder.setSlot(node, 4, annotation(trimmed(text.substr(arrow + 2)), ast().range(def.name())).value);
  std::vector<std::string_view> types = splitTypes(text.substr(1, close - 1));
  if (types.size() == 1 && types[0] == "...") return;
  for (std::string_view type : types) {
    if (type == "...") problems.push_back({node, "Ellipses cannot accompany other parameter types in function type signature"});
    if (type == "...") return;
  }
  // A method need not speak of self.
  bool is_method = ast().is(ast().parent(node), NodeKind::kClassDef);
  size_t skipped = is_method && types.size() + 1 == params.size() ? 1 : 0;
  if (types.size() + skipped != params.size()) {
    problems.push_back({node, types.size() > params.size() ? "Type signature has too many parameters" : "Type signature has too few parameters"});
    return;
  }
  for (size_t i = skipped; i < params.size(); ++i) {
    std::string_view type = types[i - skipped];
    while (type.starts_with("*")) type.remove_prefix(1);
    if (!ast().as<Parameter>(params[i]).annotation().valid()) builder.setSlot(params[i], 1, annotation(trimmed(type), range).value);
  }
}

void Converter::function(NodeId node) {
  auto def = ast().as<FunctionDef>(node);
  NodeList params = ast().as<Parameters>(def.params()).params();
  bool is_annotated = def.returns().valid();
  for (NodeId param : params) is_annotated = is_annotated || ast().as<Parameter>(param).annotation().valid();
  parameterComments(node);
  if (def.body().empty()) return;
  uint32_t after = params.empty() ? ast().range(def.name()).end : ast().range(params.back()).end;
  if (def.returns().valid()) after = ast().range(def.returns()).end;
  uint32_t body = ast().range(def.body()[0]).begin;
  for (const TypeText* comment = headerComment(after, body); comment != nullptr; comment = headerComment(comment->begin + 1, body)) {
    if (!comment->text.starts_with("(") || comment->text.find("->") == std::string_view::npos) {
      // On a line of its own it can be nothing but a signature.
      size_t line = ast().text().rfind('\n', comment->begin);
      bool is_own = line != std::string_view::npos && trimmed(ast().text().substr(line + 1, comment->begin - line - 1)).empty() && line >= after;
      bool is_last = headerComment(comment->begin + 1, body) == nullptr;
      if (!is_own || !is_last) continue;
      std::string note = comment->text.starts_with("(") ? "" : "Suggestion: wrap argument types in parentheses";
      return problems.push_back({node, "Syntax error in type comment \"" + std::string(comment->text) + "\"", true, note});
    }
    if (is_annotated) return problems.push_back({node, "Function has duplicate type signatures"});
    return signature(node, comment->text);
  }
  if (is_annotated) return;
  // `def f(x): return x  # type: (int) -> int`
  NodeId last = def.body().back();
  std::string_view line = ast().text().substr(after, body - after);
  if (line.find('\n') != std::string_view::npos) return;
  const TypeText* comment = commentAfter(ast().range(last).end, static_cast<uint32_t>(ast().text().size()));
  if (comment != nullptr && comment->text.starts_with("(") && comment->text.find("->") != std::string_view::npos) signature(node, comment->text);
}

uint32_t Converter::withDeclarations(NodeList list) {
  std::vector<NodeId> items;
  for (NodeId item : std::vector<NodeId>(list.begin(), list.end())) {
    auto found = before.find(item.value);
    if (found != before.end()) items.insert(items.end(), found->second.begin(), found->second.end());
    items.push_back(item);
  }
  return builder.list(items);
}

void Converter::rewriteLists(NodeId node) {
  std::vector<std::pair<uint32_t, NodeList>> lists;
  const Ast& tree = ast();
  switch (tree.kind(node)) {
    case NodeKind::kModule: lists = {{0, tree.as<Module>(node).body()}}; break;
    case NodeKind::kFunctionDef: lists = {{5, tree.as<FunctionDef>(node).body()}}; break;
    case NodeKind::kClassDef: lists = {{4, tree.as<ClassDef>(node).body()}}; break;
    case NodeKind::kFor: lists = {{2, tree.as<For>(node).body()}, {3, tree.as<For>(node).orelse()}}; break;
    case NodeKind::kWhile: lists = {{1, tree.as<While>(node).body()}, {2, tree.as<While>(node).orelse()}}; break;
    case NodeKind::kIf: lists = {{1, tree.as<If>(node).body()}, {2, tree.as<If>(node).orelse()}}; break;
    case NodeKind::kWith: lists = {{1, tree.as<With>(node).body()}}; break;
    case NodeKind::kTry:
      lists = {{0, tree.as<Try>(node).body()}, {2, tree.as<Try>(node).orelse()}, {3, tree.as<Try>(node).finalbody()}};
      break;
    case NodeKind::kExceptHandler: lists = {{2, tree.as<ExceptHandler>(node).body()}}; break;
    default: return;
  }
  for (const auto& entry : lists) {
    bool wanted = false;
    for (NodeId item : entry.second) wanted = wanted || before.count(item.value) != 0;
    if (!wanted) continue;
    std::vector<NodeId> copy(entry.second.begin(), entry.second.end());
    builder.setSlot(node, entry.first, withDeclarations(copy));
  }
}

std::vector<TextRange> typeCommentRanges(const Ast& ast) {
  std::vector<TextRange> ranges;
  for (const Comment& comment : ast.comments()) {
    std::string_view type = typeOf(ast.text({comment.begin, comment.end}));
    uint32_t begin = static_cast<uint32_t>(type.data() - ast.text().data());
    if (!type.empty()) ranges.push_back({begin, begin + static_cast<uint32_t>(type.size())});
  }
  return ranges;
}

Ast applyTypeComments(Ast ast, Interner& names, std::vector<TypeCommentProblem>& problems) {
  std::vector<TypeText> comments;
  for (const Comment& comment : ast.comments()) {
    std::string_view type = typeOf(ast.text({comment.begin, comment.end}));
    if (!type.empty()) comments.push_back({comment.begin, type});
  }
  if (comments.empty()) return ast;
  uint32_t count = ast.nodeCount();
  NodeId root = ast.root();
  Converter converter{AstBuilder(std::move(ast)), names, problems, std::move(comments), {}};
  for (uint32_t i = 0; i < count; ++i) {
    NodeId node(i);
    switch (converter.ast().kind(node)) {
      case NodeKind::kAssign: converter.assign(node); break;
      case NodeKind::kFor:
      case NodeKind::kWith: converter.header(node); break;
      case NodeKind::kFunctionDef: converter.function(node); break;
      default: break;
    }
  }
  for (uint32_t i = 0; i < count && !converter.before.empty(); ++i) converter.rewriteLists(NodeId(i));
  return converter.builder.finish(root);
}

}  // namespace krait::syntax
