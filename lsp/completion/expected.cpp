// What a place asks for: the annotation of the parameter that an argument goes to, exceptions behind `raise` and `except`,
// keys of the TypedDict that a display is assigned to. What fits comes first.
#include <algorithm>
#include <cctype>

#include "lsp/call_place.h"
#include "lsp/class_tree.h"
#include "lsp/completion/completion.h"
#include "lsp/completion/wanted.h"
#include "lsp/functional_fields.h"
#include "lsp/scope_place.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// So many names of the document are asked for their types.
static constexpr size_t kMostTyped = 150;

// Puts an item before all of its rank and below.
static void prefer(Json& item, char rank) { item["sortText"] = rank + ("a" + stringOr(item["label"])); }

// The parts of an annotation that stand beside each other: `A | B`, `Optional[A]`, `Union[A, B]`.
static std::vector<NodeId> partsOf(const Ast& ast, NodeId annotation) {
  std::vector<NodeId> out, pending = {annotation};
  while (!pending.empty()) {
    NodeId node = pending.back();
    pending.pop_back();
    auto subscript = ast.tryAs<Subscript>(node);
    std::string_view outer = subscript ? ast.text(subscript->value()) : std::string_view();
    if (outer.ends_with("Optional") || outer.ends_with("Union")) pending.push_back(subscript->slice());
    else if (ast.is(node, NodeKind::kBinOp) || ast.is(node, NodeKind::kTuple)) forEachChild(ast, node, [&](NodeId child) { pending.push_back(child); });
    else out.push_back(subscript && !outer.ends_with("Literal") ? subscript->value() : node);
  }
  return out;
}

std::vector<std::string> enumMembers(Workspace& workspace, const Target& cls) {
  std::vector<std::string> out;
  const Ast& ast = cls.module->ast();
  if (NodeId call = functionalCall(ast, cls.owner); call.valid()) {
    if (!makesEnum(ast, call)) return out;
    for (const Target& field : functionalFields(*cls.module, call)) out.emplace_back(targetName(field));
    return out;
  }
  if (!ast.is(cls.owner, NodeKind::kClassDef)) return out;
  std::vector<Target> above = ancestorsOf(workspace, cls);
  bool is_enum = std::any_of(above.begin(), above.end(), [](const Target& one) { return nameText(one.module->ast(), one.name) == "Enum"; });
  if (!is_enum) return out;
  for (NodeId statement : ast.as<ClassDef>(cls.owner).body()) {
    auto assign = ast.tryAs<Assign>(statement);
    if (!assign || !ast.is(assign->targets()[0], NodeKind::kName)) continue;
    std::string_view name = nameText(ast, assign->targets()[0]);
    if (name[0] != '_') out.emplace_back(name);
  }
  return out;
}

// `Color.RED` for a class of enumerated values.
static void addEnumMembers(Workspace& workspace, const Target& cls, Items& items) {
  if (!cls.module->ast().is(cls.owner, NodeKind::kClassDef)) return;
  for (const std::string& name : enumMembers(workspace, cls)) items.add(std::string(nameText(cls.module->ast(), cls.name)) + "." + name, kValueItem, 0);
}

static void addLiteralValues(const Ast& ast, NodeId literal, Items& items) {
  NodeId slice = ast.as<Subscript>(literal).slice();
  auto add = [&](NodeId value) {
    if (ast.is(value, NodeKind::kConstant)) items.add(ast.text(value), kValueItem, 0);
  };
  if (ast.is(slice, NodeKind::kTuple)) forEachChild(ast, slice, add);
  else add(slice);
}

// The first names of types that fit the annotation: "int", "Color".
static std::vector<std::string> addExpectedValues(Workspace& workspace, SourceModule& module, NodeId annotation, Items& items) {
  const Ast& ast = module.ast();
  std::vector<std::string> names;
  for (NodeId part : partsOf(ast, annotation)) {
    if (ast.is(part, NodeKind::kSubscript)) {
      addLiteralValues(ast, part, items);
      continue;
    }
    std::string_view text = ast.text(part);
    size_t dot = text.rfind('.');
    names.emplace_back(dot == std::string_view::npos ? text : text.substr(dot + 1));
    if (names.back() == "bool") {
      items.add("True", kKeywordItem, 0);
      items.add("False", kKeywordItem, 0);
    }
    for (const Target& cls : valueTargets(workspace, module, part)) {
      if (cls.module->ast().is(cls.owner, NodeKind::kClassDef)) addEnumMembers(workspace, cls, items);
    }
  }
  return names;
}

static void preferFitting(const CompletionPlace& place, const std::vector<std::string>& names, Items& items) {
  const semantic::SemanticModel& model = place.module.model();
  size_t asked = 0;
  for (Json& item : items.list) {
    if (intOr(item["kind"], 0) != kVariableItem || stringOr(item["label"]).ends_with("=") || asked >= kMostTyped) continue;
    NameId name = place.server.workspace().names().find(stringOr(item["label"]));
    semantic::SymbolId symbol = name.valid() ? model.lookup(scopeAt(place.module, place.cursor), name) : semantic::SymbolId();
    if (!symbol.valid() || model.definitions(model.resolve(symbol)).empty()) continue;
    ++asked;
    std::string type = typeTextAt(place.server.workspace(), place.module, model.definitions(model.resolve(symbol))[0].node);
    std::string first = type.substr(0, type.find_first_of("[ "));
    if (std::find(names.begin(), names.end(), first) != names.end()) prefer(item, '0');
  }
}

void addExpected(const CompletionPlace& place, const CallPlace& call, Items& items) {
  if (!call.is_argument_start && call.keyword.empty()) return;
  Workspace& workspace = place.server.workspace();
  for (const Target& callee : call.callees) {
    NodeId parameter = parameterFor(call, callee);
    if (parameter.isNone()) continue;
    NodeId annotation = callee.module->ast().as<Parameter>(parameter).annotation();
    if (annotation.isNone()) continue;
    std::vector<std::string> names = addExpectedValues(workspace, *callee.module, annotation, items);
    if (!names.empty()) preferFitting(place, names, items);
    return;  // of overloads the first one tells enough
  }
}

uint32_t matchSubjectEnd(const CompletionPlace& place) {
  const LineIndex& lines = place.module.lines();
  auto indentOf = [&](uint32_t line) { return lines.lineText(line).find_first_not_of(" \t"); };
  uint32_t line = lines.lineOf(place.cursor);
  size_t own = indentOf(line);
  if (own == std::string_view::npos || !lines.lineText(line).substr(own).starts_with("case ")) return 0;
  while (line-- > 0) {
    std::string_view above = lines.lineText(line);
    size_t indent = indentOf(line);
    if (indent == std::string_view::npos || indent >= own || above[indent] == '#') continue;
    size_t end = above.find_last_not_of(" \t\r");
    if (!above.substr(indent).starts_with("match ") || above[end] != ':') return 0;
    end = above.substr(0, end).find_last_not_of(" \t");
    return lines.lineStart(line) + static_cast<uint32_t>(end) + 1;
  }
  return 0;
}

// Where the left side of the comparison ends whose right side begins at the place; 0: it is none.
static uint32_t comparedEnd(const CompletionPlace& place) {
  std::string_view before = place.line_before;
  auto dropBlanks = [&] {
    while (!before.empty() && before.back() == ' ') before.remove_suffix(1);
  };
  dropBlanks();
  static constexpr std::string_view kOperators[] = {"==", "!=", " is not", " is"};
  for (std::string_view one : kOperators) {
    if (!before.ends_with(one)) continue;
    before.remove_suffix(one.size());
    dropBlanks();
    return place.word_begin - static_cast<uint32_t>(place.line_before.size() - before.size());
  }
  return 0;
}

void addCompared(const CompletionPlace& place, Items& items) {
  uint32_t end = comparedEnd(place);
  bool is_case = end == 0;
  if (is_case) end = matchSubjectEnd(place);
  if (end == 0) return;
  Workspace& workspace = place.server.workspace();
  TypedPlace typed = typedBefore(workspace, place.module, end, place.cursor, "x", Asking::kWithRepair);
  if (!typed.valid()) return;
  for (const std::string& value : literalTextsOf(typed)) {
    if (value.find_first_of("\"\\\n") == std::string::npos) items.add("\"" + value + "\"", kValueItem, 0);
  }
  for (const Target& cls : typeTargets(workspace, typed)) {
    if (cls.module->ast().is(cls.owner, NodeKind::kClassDef)) addEnumMembers(workspace, cls, items);
  }
}

static bool looksLikeException(std::string_view name) {
  static constexpr std::string_view kEnds[] = {"Error", "Exception", "Warning", "Exit", "Interrupt", "StopIteration", "StopAsyncIteration", "ExceptionGroup"};
  return std::any_of(std::begin(kEnds), std::end(kEnds), [&](std::string_view end) { return name.ends_with(end); });
}

void preferExceptions(const CompletionPlace& place, Items& items) {
  std::string_view line = place.line_before;
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (!line.starts_with("raise ") && !line.starts_with("except ") && !line.starts_with("except* ")) return;
  for (Json& item : items.list) {
    if (looksLikeException(stringOr(item["label"])) && stringOr(item["sortText"]) > "1") prefer(item, stringOr(item["sortText"])[0] == '9' ? '3' : '1');
  }
}

bool addDisplayKeys(const CompletionPlace& place, Items& items) {
  bool is_quoted = place.ends.in_string;
  for (const std::string& key : displayKeysAt(place, is_quoted ? place.ends.string_begin : place.word_begin)) {
    items.add(is_quoted ? key : "\"" + key + "\"", kConstantItem, 0);
  }
  return !items.list.empty();
}

}  // namespace krait::lsp
