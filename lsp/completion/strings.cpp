// Inside strings and brackets: keys of dicts and TypedDicts, literals that a comparison or parameter takes.
#include <algorithm>
#include <cctype>

#include "lsp/completion/completion.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// Keys that the file itself writes for this expression: in a display that is assigned to it, in subscripts of it.
static void addWrittenKeys(const Ast& ast, std::string_view expression, std::vector<std::string>* keys) {
  auto add = [&](NodeId node) {
    if (node.isNone()) return;
    std::optional<std::string_view> text = stringValue(ast, node);
    if (text && std::find(keys->begin(), keys->end(), *text) == keys->end()) keys->emplace_back(*text);
  };
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (auto subscript = ast.tryAs<Subscript>(node); subscript && ast.text(subscript->value()) == expression) add(subscript->slice());
    NodeId value;
    if (auto assign = ast.tryAs<Assign>(node); assign && ast.text(assign->targets()[0]) == expression) value = assign->value();
    if (auto assign = ast.tryAs<AnnAssign>(node); assign && ast.text(assign->target()) == expression) value = assign->value();
    if (auto dict = ast.tryAs<Dict>(value)) {
      for (NodeId key : dict->keys()) add(key);
    }
  }
}

// The expression in front of the bracket at `bracket`, as far as one line tells: names, dots and brackets.
static std::string_view expressionText(std::string_view text, uint32_t bracket) {
  uint32_t begin = bracket;
  int depth = 0;
  while (begin > 0) {
    char c = text[begin - 1];
    if (c == ')' || c == ']') ++depth;
    if ((c == '(' || c == '[') && depth-- == 0) break;
    bool is_part = depth > 0 || c == '(' || c == '[' || c == '.' || c == '_' || std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
    if (!is_part || c == '\n') break;
    --begin;
  }
  return text.substr(begin, bracket - begin);
}

// `list[|`: a class by its name has type arguments, no keys; the checker need not be asked.
static bool isClassName(const CompletionPlace& place, std::string_view expression) {
  bool is_name = !expression.empty() && expression.find_first_of(".()[]") == std::string_view::npos;
  std::vector<Target> targets = is_name ? nameTargets(place.server.workspace(), place.module, place.cursor, expression) : std::vector<Target>();
  return !targets.empty() && std::all_of(targets.begin(), targets.end(), [](const Target& one) { return one.module->ast().is(one.owner, NodeKind::kClassDef); });
}

static void addKeys(const CompletionPlace& place, uint32_t bracket, bool is_quoted, Items& items) {
  Workspace& workspace = place.server.workspace();
  if (isClassName(place, expressionText(place.module.text(), bracket))) return;
  std::vector<std::string> keys;
  std::string_view closing = is_quoted ? "x" : "0";
  TypedPlace typed = typedBefore(workspace, place.module, bracket, place.cursor, closing, Asking::kWithRepair);
  if (typed.valid()) keys = keysOf(typed);
  if (keys.empty()) addWrittenKeys(place.module.ast(), expressionText(place.module.text(), bracket), &keys);
  for (const std::string& key : keys) {
    if (!is_quoted && key.find_first_of("\"\\\n") != std::string::npos) continue;
    items.add(is_quoted ? key : "\"" + key + "\"", kConstantItem, 0);
  }
}

// The str literals that an annotation names: `Literal["a", "b"] | None`, also behind an alias.
static void addLiteralsOf(Workspace& workspace, SourceModule& module, NodeId annotation, Items& items) {
  const Ast& ast = module.ast();
  std::vector<NodeId> pending = {annotation};
  while (!pending.empty()) {
    NodeId node = pending.back();
    pending.pop_back();
    if (ast.is(node, NodeKind::kConstant)) {
      if (std::optional<std::string_view> value = stringValue(ast, node)) items.add(*value, kConstantItem, 0);
    } else if (auto subscript = ast.tryAs<Subscript>(node)) {
      std::string_view outer = ast.text(subscript->value());
      if (outer.ends_with("Literal") || outer.ends_with("Optional") || outer.ends_with("Union")) pending.push_back(subscript->slice());
    } else if (ast.is(node, NodeKind::kTuple) || ast.is(node, NodeKind::kBinOp)) {
      forEachChild(ast, node, [&](NodeId child) { pending.push_back(child); });
    } else if (ast.is(node, NodeKind::kName)) {
      for (const Target& alias : targetsOf(workspace, module, node, FollowImports::kYes)) {
        const Ast& other = alias.module->ast();
        NodeId value;
        if (auto assign = other.tryAs<Assign>(alias.owner)) value = assign->value();
        if (auto assign = other.tryAs<AnnAssign>(alias.owner)) value = assign->value();
        if (auto type_alias = other.tryAs<TypeAlias>(alias.owner)) value = type_alias->value();
        auto subscript = other.tryAs<Subscript>(value);
        if (!subscript || !other.text(subscript->value()).ends_with("Literal")) continue;
        auto add = [&](NodeId child) {
          if (std::optional<std::string_view> one = stringValue(other, child)) items.add(*one, kConstantItem, 0);
        };
        add(subscript->slice());
        forEachChild(other, subscript->slice(), add);
      }
    }
  }
}

// The same of a type as the checker writes it.
static void addLiteralsIn(std::string_view type, Items& items) {
  size_t begin = type.find("Literal[");
  if (begin == std::string_view::npos) return;
  for (size_t at = type.find('\'', begin); at != std::string_view::npos;) {
    size_t end = type.find('\'', at + 1);
    if (end == std::string_view::npos) return;
    items.add(type.substr(at + 1, end - at - 1), kConstantItem, 0);
    at = type.find('\'', end + 1);
  }
}

static void addLiteralTexts(const TypedPlace& typed, Items& items) {
  if (!typed.valid()) return;
  for (const std::string& value : literalTextsOf(typed)) items.add(value, kConstantItem, 0);
}

// `movie.get("|`: the keys of what the method belongs to.
static void addKeysOfMethod(const CompletionPlace& place, const CallPlace& call, Items& items) {
  static constexpr std::string_view kMethods[] = {".get", ".pop", ".setdefault"};
  std::string_view before = place.module.text().substr(0, call.open);
  for (std::string_view method : kMethods) {
    if (!call.valid() || call.index != 0 || !before.ends_with(method)) continue;
    uint32_t dot = call.open - static_cast<uint32_t>(method.size());
    TypedPlace typed = typedBefore(place.server.workspace(), place.module, dot, place.cursor, "x", Asking::kWithRepair);
    std::vector<std::string> keys;
    if (typed.valid()) keys = keysOf(typed);
    if (keys.empty()) addWrittenKeys(place.module.ast(), expressionText(place.module.text(), dot), &keys);
    for (const std::string& key : keys) items.add(key, kConstantItem, 0);
  }
}

// `x: Mode = "|`, `return "|`: what the variable or the function is declared to hold or give.
static NodeId declaredTypeAt(const Ast& ast, uint32_t cursor) {
  std::vector<NodeId> path = nodesAt(ast, cursor);
  bool is_returned = false;
  for (size_t i = path.size(); i-- > 0;) {
    NodeKind kind = ast.kind(path[i]);
    bool passes = kind == NodeKind::kConstant || kind == NodeKind::kIfExp || kind == NodeKind::kReturn || (i > 0 && is_returned);
    if (auto assign = ast.tryAs<AnnAssign>(path[i])) return assign->annotation();
    if (auto function = ast.tryAs<FunctionDef>(path[i])) return is_returned ? function->returns() : NodeId::none();
    if (!passes) return NodeId::none();
    is_returned |= kind == NodeKind::kReturn;
  }
  return NodeId::none();
}

// `x == "|`, `case "|`, `f("|`, `f(mode="|`.
static void addLiterals(const CompletionPlace& place, Items& items) {
  Workspace& workspace = place.server.workspace();
  std::string_view text = place.module.text();
  uint32_t at = place.ends.string_begin;
  while (at > 0 && (text[at - 1] == ' ' || std::isalpha(static_cast<unsigned char>(text[at - 1])))) --at;
  if (at >= 2 && (text.substr(at - 2, 2) == "==" || text.substr(at - 2, 2) == "!=")) {
    at -= 2;
    while (at > 0 && text[at - 1] == ' ') --at;
    addLiteralTexts(typedBefore(workspace, place.module, at, place.cursor, "x", Asking::kWithRepair), items);
    return;
  }
  if (uint32_t subject = matchSubjectEnd(place); subject != 0) {
    addLiteralTexts(typedBefore(workspace, place.module, subject, place.cursor, "x", Asking::kWithRepair), items);
    return;
  }
  CallPlace call = callAround(workspace, place.module, place.cursor);
  addKeysOfMethod(place, call, items);
  for (const Target& callee : call.callees) {
    NodeId parameter = parameterFor(call, callee);
    NodeId annotation = parameter.valid() ? callee.module->ast().as<Parameter>(parameter).annotation() : NodeId::none();
    if (annotation.valid()) addLiteralsOf(workspace, *callee.module, annotation, items);
  }
  for (const program::SignatureText& signature : call.known) {
    if (!call.callees.empty()) break;
    for (size_t i = 0; i < signature.parameters.size(); ++i) {
      bool is_meant = call.keyword.empty() ? i == call.index : signature.parameters[i].name == call.keyword;
      if (is_meant) addLiteralsIn(signature.parameters[i].type, items);
    }
  }
  if (call.valid()) return;
  if (NodeId annotation = declaredTypeAt(place.module.ast(), place.cursor); annotation.valid()) addLiteralsOf(workspace, place.module, annotation, items);
}

bool addStringContents(const CompletionPlace& place, Items& items) {
  if (place.ends.in_comment) return true;
  std::string_view text = place.module.text();
  if (!place.ends.in_string) {
    // `d[|`: the key with its quotes, besides all else.
    bool is_bracket = place.word_begin > 0 && text[place.word_begin - 1] == '[' && place.word_begin > 1 &&
                      (std::isalnum(static_cast<unsigned char>(text[place.word_begin - 2])) || text[place.word_begin - 2] == '_' || text[place.word_begin - 2] == ']' || text[place.word_begin - 2] == ')');
    if (is_bracket) addKeys(place, place.word_begin - 1, false, items);
    return false;
  }
  uint32_t begin = place.ends.string_begin;
  if (begin > 0 && text[begin - 1] == '[') addKeys(place, begin - 1, true, items);
  else if (!addDisplayKeys(place, items)) addLiterals(place, items);
  return true;
}

}  // namespace krait::lsp
