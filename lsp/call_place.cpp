#include "lsp/call_place.h"

#include <algorithm>
#include <cctype>

#include "analyzer/base/text_scan.h"
#include "lsp/class_tree.h"
#include "lsp/repair.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

static bool isNameByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

// Where what is called ends: before the parenthesis, and before blanks that may stand there.
static uint32_t nameEndBefore(std::string_view text, uint32_t open) {
  while (open > 0 && (text[open - 1] == ' ' || text[open - 1] == '\t')) --open;
  return open;
}

// Is the parenthesis one of a call: a name or what closes brackets before it, and no `def` or `class` before that?
static bool isCallParenthesis(std::string_view text, uint32_t open) {
  uint32_t begin = nameEndBefore(text, open);
  open = begin;
  while (begin > 0 && isNameByte(text[begin - 1])) --begin;
  if (begin == open) return open > 0 && (text[open - 1] == ')' || text[open - 1] == ']');
  std::string_view word = text.substr(begin, open - begin);
  std::string_view before = text.substr(0, begin);
  while (!before.empty() && before.back() == ' ') before.remove_suffix(1);
  static constexpr std::string_view kNoCalls[] = {"if", "in", "not", "and", "or", "return", "yield", "elif", "while", "assert", "del", "import", "lambda", "with",
                                                "else", "is", "await", "raise", "for", "except", "from", "match", "case"};
  return !before.ends_with("def") && !before.ends_with("class") && std::find(std::begin(kNoCalls), std::end(kNoCalls), word) == std::end(kNoCalls);
}

// Behind blanks, line ends and comments.
static size_t nextCode(std::string_view text, size_t at) {
  while (at < text.size() && (std::isspace(static_cast<unsigned char>(text[at])) || text[at] == '#')) at = text[at] == '#' ? std::min(text.find('\n', at), text.size()) : at + 1;
  return at;
}

static void readArguments(std::string_view text, uint32_t cursor, CallPlace& call) {
  uint32_t begin = call.open + 1;
  auto keywordOf = [&](uint32_t end) -> std::string {
    size_t first = std::min<size_t>(nextCode(text, begin), end);
    std::string_view argument = text.substr(first, end - first);
    size_t name_end = 0;
    while (name_end < argument.size() && isNameByte(argument[name_end])) ++name_end;
    size_t equals = argument.find_first_not_of(" ", name_end);
    bool is_keyword = name_end > 0 && equals != std::string_view::npos && argument[equals] == '=' && argument.substr(equals, 2) != "==";
    return is_keyword ? std::string(argument.substr(0, name_end)) : std::string();
  };
  TextScan scan;
  for (size_t i = begin; i < cursor; ++i) {
    if (!scan.take(text, i) || text[i] != ',' || scan.depth != 0) continue;
    if (std::string name = keywordOf(static_cast<uint32_t>(i)); !name.empty()) call.given.push_back(name);
    ++call.index;
    begin = static_cast<uint32_t>(i) + 1;
  }
  // `f(|name=value)`: the rest of the line, or the line on which the argument begins, tells too.
  size_t next = nextCode(text, cursor);
  bool is_blank = nextCode(text, begin) >= cursor;
  call.keyword = keywordOf(static_cast<uint32_t>(std::min(text.find('\n', is_blank ? next : cursor), text.size())));
  bool stands_behind = next < text.size() && text[next] != ')' && text[next] != ',';
  call.has_argument = stands_behind || !is_blank;
  uint32_t at = begin;
  while (at < cursor && std::isspace(static_cast<unsigned char>(text[at]))) ++at;
  call.is_argument_start = scan.quote == 0 && scan.depth == 0 && std::all_of(text.begin() + at, text.begin() + cursor, isNameByte);
}

// Functions among the targets; classes become their __init__.
static void setCallees(Workspace& workspace, CallPlace& call, bool is_attribute, const std::vector<Target>& targets) {
  for (Target target : targets) {
    const Ast* other = &target.module->ast();
    if (other->is(target.owner, NodeKind::kClassDef)) {
      std::vector<Target> init = constructorsOf(workspace, target);
      call.hides_first = !init.empty();
      call.callees.insert(call.callees.end(), init.begin(), init.end());
      continue;
    } else if (is_attribute && other->is(other->parent(target.owner), NodeKind::kClassDef)) {
      auto function = other->tryAs<FunctionDef>(target.owner);
      bool is_static = function && std::any_of(function->decorators().begin(), function->decorators().end(),
                                               [&](NodeId one) { return nameText(*other, one) == "staticmethod"; });
      call.hides_first = !is_static;
    }
    call.callees.push_back(target);
  }
  std::erase_if(call.callees, [](const Target& one) { return !one.module->ast().is(one.owner, NodeKind::kFunctionDef); });
  // Callers see the overloads, not what implements them.
  if (std::any_of(call.callees.begin(), call.callees.end(), isOverload)) std::erase_if(call.callees, [](const Target& one) { return !isOverload(one); });
}

// The member that is called, when the tree is broken there: by the type before its dot.
static std::vector<Target> memberInBrokenText(Workspace& workspace, SourceModule& module, const CallPlace& call, TextRange member, uint32_t cursor) {
  TypedPlace object = typedBefore(workspace, module, member.begin - 1, cursor, call.keyword.empty() ? "" : "x", Asking::kWithRepair);
  return object.valid() ? memberTargets(workspace, object, module.text().substr(member.begin, member.size())) : std::vector<Target>();
}

// Says the signature nothing of what may be given: `*args, **kwargs`?
static bool isVague(const program::SignatureText& signature) {
  return signature.takes_anything || (!signature.parameters.empty() && std::all_of(signature.parameters.begin(), signature.parameters.end(), [](const auto& one) { return types::isStar(one.kind); }));
}

// Do the names alone tell how it is called? Not of what decorators change, nor of classes that nobody wrote a constructor for.
static bool tellAll(const std::vector<Target>& targets) {
  return !targets.empty() && std::all_of(targets.begin(), targets.end(), [](const Target& one) {
    auto function = one.module->ast().tryAs<FunctionDef>(one.owner);
    return function && (function->decorators().empty() || isOverload(one));
  });
}

// Callees by what the checker knows; false: it knows less than names do.
static bool setKnownCallees(Workspace& workspace, CallPlace& call, const std::vector<Target>& named) {
  bool has_function = std::any_of(named.begin(), named.end(), [](const Target& one) { return one.module->ast().is(one.owner, NodeKind::kFunctionDef); });
  bool is_vague = std::all_of(call.known.begin(), call.known.end(), isVague);
  if (call.known.empty() || (is_vague && has_function)) {
    call.known.clear();
    return false;
  }
  for (const program::SignatureText& signature : call.known) {
    Target definition = definitionOf(workspace, signature);
    if (definition.module == nullptr) {
      call.callees.clear();
      addDefaults(call.known, named);
      return true;
    }
    const Ast& ast = definition.module->ast();
    size_t written = ast.as<Parameters>(ast.as<FunctionDef>(definition.owner).params()).params().size();
    if (call.callees.empty()) call.hides_first = written == signature.parameters.size() + 1;
    call.callees.push_back(definition);
  }
  return true;
}

CallPlace callAround(Workspace& workspace, SourceModule& module, uint32_t cursor) {
  CallPlace call;
  std::string_view text = module.text();
  for (uint32_t open : openEndsAt(text, cursor).parentheses) {
    if (!isCallParenthesis(text, open)) continue;
    call.open = open;
    call.is_call = true;
    readArguments(text, cursor, call);
    uint32_t end = nameEndBefore(text, open);
    NodeId name = nameAt(module.ast(), end);
    uint32_t begin = end;
    while (begin > 0 && isNameByte(text[begin - 1])) --begin;
    bool is_attribute = begin > 0 && text[begin - 1] == '.';
    bool is_plain = begin < end && !is_attribute;
    std::vector<Target> targets;
    if (name.valid()) targets = definitionTargets(workspace, module, name);
    if (targets.empty() && module.syntaxError() && is_plain) targets = nameTargets(workspace, module, cursor, text.substr(begin, end - begin));
    // What is broken is mended only where names do not tell.
    Asking asking = is_plain && tellAll(targets) ? Asking::kWhatIsThere : Asking::kWithRepair;
    TypedPlace callee = typedBefore(workspace, module, end, cursor, call.keyword.empty() ? "" : "x", asking);
    if (callee.valid()) call.known = signaturesOf(callee);
    if (setKnownCallees(workspace, call, targets)) return call;
    if (targets.empty() && module.syntaxError() && is_attribute) targets = memberInBrokenText(workspace, module, call, {begin, end}, cursor);
    setCallees(workspace, call, is_attribute, targets);
    return call;
  }
  return call;
}

NodeId parameterFor(const CallPlace& call, const Target& callee) {
  const Ast& ast = callee.module->ast();
  auto function = ast.tryAs<FunctionDef>(callee.owner);
  if (!function) return NodeId::none();
  NodeList params = ast.as<Parameters>(function->params()).params();
  size_t index = call.index + (call.hides_first ? 1 : 0);
  for (size_t i = 0; i < params.size(); ++i) {
    Parameter parameter = ast.as<Parameter>(params[i]);
    if (!call.keyword.empty() ? nameText(ast, parameter.name()) == call.keyword : i == index) return params[i];
  }
  return NodeId::none();
}

}  // namespace krait::lsp
