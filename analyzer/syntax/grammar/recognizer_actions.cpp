// The actions of the grammar's alternatives.
#include "analyzer/syntax/grammar/recognizer.h"

namespace krait::syntax {

namespace {

// Which targets an invalid target is looked for among (CPython: TARGETS_TYPE).
enum class TargetUse : uint8_t { kAssign, kDelete, kFor };

struct ActionContext {
  Recognizer& r;
  const Action& action;
  const NodeIndex* captures;
};

const SyntaxNode& nodeAt(const Recognizer& r, NodeIndex index) { return r.nodes[index]; }

NodeIndex child(const Recognizer& r, const SyntaxNode& node, uint32_t i) { return r.children[node.first_child + i]; }

// PyPegen_last_item of the clauses, then _PyPegen_get_last_comprehension_item: its last condition or its iterable.
NodeIndex lastClauseItem(const Recognizer& r, NodeIndex clauses) {
  const SyntaxNode& list = nodeAt(r, clauses);
  const SyntaxNode& clause = nodeAt(r, child(r, list, list.child_count - 1));
  return child(r, clause, clause.child_count - 1);
}

NodeIndex argument(const ActionContext& c, uint32_t i) {
  const ActionArg& arg = c.action.args[i];
  NodeIndex value = c.captures[arg.capture];
  const SyntaxNode& node = nodeAt(c.r, value);
  switch (arg.selector) {
    case Selector::kWhole: return value;
    case Selector::kFirst: return child(c.r, node, 0);
    case Selector::kLast: return child(c.r, node, node.child_count - 1);
    case Selector::kLastClause: return lastClauseItem(c.r, value);
  }
  return value;
}

std::string_view exprName(SyntaxNodeKind kind) {
  static constexpr std::string_view kNames[] = {
#define SYNTAX_NODE(Name, shown) shown,
#include "analyzer/syntax/grammar/actions.def"
  };
  return kNames[static_cast<uint8_t>(kind)];
}

std::string_view tokenText(const Recognizer& r, const SyntaxNode& node) {
  const Token& token = r.token(node.first_token);
  return r.text.substr(token.begin, token.end - token.begin);
}

// %n: what the first argument is called; %t: its text; %d: its line.
std::string formatMessage(const ActionContext& c) {
  std::string message(c.action.message);
  size_t at = message.find('%');
  if (at == std::string::npos) return message;
  const SyntaxNode& node = nodeAt(c.r, argument(c, 0));
  char letter = message[at + 1];
  std::string shown;
  if (letter == 'n') {
    shown = node.kind == SyntaxNodeKind::kToken ? "name" : exprName(node.kind);
  } else if (letter == 't') {
    shown = tokenText(c.r, node);
  } else {
    shown = std::to_string(linePlaceOf(c.r.text, c.r.token(node.first_token).begin).line);
  }
  return message.replace(at, 2, shown);
}

ActionResult fail(Recognizer& r, SyntaxError error) {
  r.error = std::move(error);
  return ActionResult::kError;
}

ActionResult failRange(const ActionContext& c, NodeIndex first, NodeIndex last, std::string message) {
  return fail(c.r, errorAtTokens(c.r, nodeAt(c.r, first).first_token, nodeAt(c.r, last).last_token, std::move(message)));
}

// The first part of a target that cannot be one (_PyPegen_get_invalid_target), or 0. Nesting of tuples and lists is
// bounded by the tokenizer's 200 brackets.
NodeIndex findInvalidTarget(const Recognizer& r, NodeIndex index, TargetUse use) {
  const SyntaxNode& node = nodeAt(r, index);
  switch (node.kind) {
    case SyntaxNodeKind::kList:
    case SyntaxNodeKind::kTuple:
    case SyntaxNodeKind::kItems:
      for (uint32_t i = 0; i < node.child_count; ++i) {
        NodeIndex found = child(r, node, i) == 0 ? 0 : findInvalidTarget(r, child(r, node, i), use);
        if (found != 0) return found;
      }
      return 0;
    case SyntaxNodeKind::kStarred:
      return use == TargetUse::kDelete ? index : findInvalidTarget(r, child(r, node, 0), use);
    case SyntaxNodeKind::kCompare: {
      if (use != TargetUse::kFor) return index;
      const SyntaxNode& pairs = nodeAt(r, child(r, node, 1));
      bool is_in = nodeAt(r, child(r, pairs, 0)).kind == SyntaxNodeKind::kInPair;
      return is_in ? findInvalidTarget(r, child(r, node, 0), use) : 0;
    }
    case SyntaxNodeKind::kName:
    case SyntaxNodeKind::kAttribute:
    case SyntaxNodeKind::kSubscript: return 0;
    default: return index;
  }
}

ActionResult failTarget(const ActionContext& c, TargetUse use) {
  NodeIndex found = findInvalidTarget(c.r, argument(c, 0), use);
  if (found == 0) return ActionResult::kFailRule;
  std::string what = use == TargetUse::kDelete ? "cannot delete " : "cannot assign to ";
  return failRange(c, found, found, what + std::string(exprName(nodeAt(c.r, found).kind)));
}

bool isLegacyName(const ActionContext& c, NodeIndex index) {
  const SyntaxNode& node = nodeAt(c.r, index);
  if (node.kind != SyntaxNodeKind::kName && node.kind != SyntaxNodeKind::kToken) return false;
  std::string_view name = tokenText(c.r, node);
  return name == "print" || name == "exec";
}

ActionResult failLegacy(const ActionContext& c) {
  NodeIndex name = argument(c, 0);
  if (!isLegacyName(c, name)) return ActionResult::kFailRule;
  std::string shown(tokenText(c.r, nodeAt(c.r, name)));
  return failRange(c, name, argument(c, 1),
                   "Missing parentheses in call to '" + shown + "'. Did you mean " + shown + "(...)?");
}

ActionResult failMissingComma(const ActionContext& c) {
  if (isLegacyName(c, argument(c, 0)) || c.r.token(c.r.mark - 1).depth == 0) return ActionResult::kFailRule;
  return failRange(c, argument(c, 0), argument(c, 1), "invalid syntax. Perhaps you forgot a comma?");
}

// Calls `visit` for each argument of an Args node, in source order; its children are lists and nothing.
template <class Visit>
void forEachArgument(const Recognizer& r, const SyntaxNode& node, Visit visit) {
  for (uint32_t i = 0; i < node.child_count; ++i) {
    NodeIndex index = child(r, node, i);
    if (index == 0) continue;
    const SyntaxNode& item = nodeAt(r, index);
    if (item.kind == SyntaxNodeKind::kItems) {
      forEachArgument(r, item, visit);
    } else {
      visit(index, item.kind);
    }
  }
}

ActionResult failGenexpInCall(const ActionContext& c) {
  uint32_t count = 0;
  NodeIndex last = 0;
  forEachArgument(c.r, nodeAt(c.r, argument(c, 0)), [&](NodeIndex index, SyntaxNodeKind kind) {
    if (kind == SyntaxNodeKind::kKeyword || kind == SyntaxNodeKind::kDoubleStarred) return;
    ++count;
    last = index;
  });
  if (count <= 1) return ActionResult::kFailRule;
  return failRange(c, last, lastClauseItem(c.r, argument(c, 1)), "Generator expression must be parenthesized");
}

ActionResult failPositionalFollows(const ActionContext& c) {
  bool has_unpacking = false;
  forEachArgument(c.r, nodeAt(c.r, argument(c, 0)), [&](NodeIndex, SyntaxNodeKind kind) {
    has_unpacking |= kind == SyntaxNodeKind::kDoubleStarred;
  });
  return fail(c.r, errorAtToken(c.r, c.r.fill - 1,
                                has_unpacking ? "positional argument follows keyword argument unpacking"
                                              : "positional argument follows keyword argument"));
}

ActionResult failBound(const ActionContext& c) {
  bool is_tuple = nodeAt(c.r, argument(c, 1)).kind == SyntaxNodeKind::kTuple;
  std::string message = is_tuple ? "cannot use constraints with " : "cannot use bound with ";
  return fail(c.r, errorFromToken(c.r, nodeAt(c.r, argument(c, 0)).first_token, message + std::string(c.action.message)));
}

ActionResult failIndent(const ActionContext& c) {
  SyntaxError error = errorAtToken(c.r, c.r.fill - 1, formatMessage(c));
  error.error_class = SyntaxErrorClass::kIndentationError;
  return fail(c.r, std::move(error));
}

// The letter of the string around the token: that of the innermost start before it that has no end.
char stringPrefixAround(const Recognizer& r, uint32_t token_index) {
  int depth = 0;
  for (uint32_t i = token_index; i-- > 0;) {
    TokenKind kind = r.token(i).kind;
    depth += kind == TokenKind::kFStringEnd || kind == TokenKind::kTStringEnd;
    if (kind != TokenKind::kFStringStart && kind != TokenKind::kTStringStart) continue;
    if (depth-- == 0) return kind == TokenKind::kFStringStart ? 'f' : 't';
  }
  return 'f';
}

ActionResult checkConversion(const ActionContext& c) {
  const Token& mark = c.r.token(nodeAt(c.r, argument(c, 0)).first_token);
  uint32_t name_index = nodeAt(c.r, argument(c, 1)).first_token;
  const Token& name = c.r.token(name_index);
  std::string_view text = c.r.text.substr(name.begin, name.end - name.begin);
  bool is_adjacent = mark.end == name.begin;
  if (is_adjacent && (text == "s" || text == "r" || text == "a")) return ActionResult::kDone;
  std::string where = std::string(1, stringPrefixAround(c.r, name_index)) + "-string: ";
  if (!is_adjacent) {
    return failRange(c, argument(c, 0), argument(c, 1),
                     where + "conversion type must come right after the exclamation mark");
  }
  return failRange(c, argument(c, 1), argument(c, 1),
                   where + "invalid conversion character '" + std::string(text) + "': expected 's', 'r', or 'a'");
}

ActionResult checkComplexPart(const ActionContext& c, bool wants_imaginary) {
  const SyntaxNode& number = nodeAt(c.r, argument(c, 0));
  if (isImaginary(tokenText(c.r, number)) == wants_imaginary) return ActionResult::kDone;
  return failRange(c, argument(c, 0), argument(c, 0),
                   wants_imaginary ? "imaginary number required in complex literal"
                                   : "real number required in complex literal");
}

ActionResult asResult(Recognizer& r, std::optional<SyntaxError> error) {
  return error ? fail(r, std::move(*error)) : ActionResult::kDone;
}

// _PyPegen_check_barry_as_flufl.
ActionResult checkNotEqual(const ActionContext& c) {
  std::string_view spelling = tokenText(c.r, nodeAt(c.r, argument(c, 0)));
  if (spelling == (c.r.has_barry ? "<>" : "!=")) return ActionResult::kDone;
  if (!c.r.has_barry) return ActionResult::kFailRule;
  return fail(c.r, errorAtToken(c.r, c.r.fill - 1, "with Barry as BDFL, use '<>' instead of '!='"));
}

ActionResult checkFutureImport(Recognizer& r, uint32_t start_mark) {
  auto textAt = [&](uint32_t i) { return r.text.substr(r.token(i).begin, r.token(i).end - r.token(i).begin); };
  if (textAt(start_mark + 1) != "__future__") return ActionResult::kDone;
  for (uint32_t i = start_mark + 3; i < r.mark; ++i) r.has_barry |= textAt(i) == "barry_as_FLUFL";
  return ActionResult::kDone;
}

ActionResult performCheck(const ActionContext& c, uint32_t start_mark) {
  Recognizer& r = c.r;
  auto tokenOf = [&](uint32_t i) { return nodeAt(r, argument(c, i)).first_token; };
  switch (c.action.kind) {
    case ActionKind::k_error_at: return failRange(c, argument(c, 0), argument(c, 0), formatMessage(c));
    case ActionKind::k_error_range: return failRange(c, argument(c, 0), argument(c, 1), formatMessage(c));
    case ActionKind::k_error_from: return fail(r, errorFromToken(r, tokenOf(0), std::string(c.action.message)));
    case ActionKind::k_error_last: return fail(r, errorAtToken(r, r.fill - 1, std::string(c.action.message)));
    case ActionKind::k_error_next: return fail(r, errorAtToken(r, r.mark, std::string(c.action.message)));
    case ActionKind::k_indent_error: return failIndent(c);
    case ActionKind::k_key_error: {
      const SyntaxNode& key = nodeAt(r, argument(c, 0));
      return fail(r, errorAtEndOf(r, key.first_token, key.last_token, std::string(c.action.message)));
    }
    case ActionKind::k_star_target_error: return failTarget(c, TargetUse::kAssign);
    case ActionKind::k_del_target_error: return failTarget(c, TargetUse::kDelete);
    case ActionKind::k_for_target_error: return failTarget(c, TargetUse::kFor);
    case ActionKind::k_bound_error: return failBound(c);
    case ActionKind::k_legacy_error: return failLegacy(c);
    case ActionKind::k_missing_comma_error: return failMissingComma(c);
    case ActionKind::k_genexp_in_call_error: return failGenexpInCall(c);
    case ActionKind::k_positional_follows_error: return failPositionalFollows(c);
    case ActionKind::k_check_not_equal: return checkNotEqual(c);
    case ActionKind::k_check_future_import: return checkFutureImport(r, start_mark);
    case ActionKind::k_check_real: return checkComplexPart(c, false);
    case ActionKind::k_check_imaginary: return checkComplexPart(c, true);
    case ActionKind::k_check_conversion: return checkConversion(c);
    case ActionKind::k_check_spec_text: return asResult(r, checkFormatSpecText(r, tokenOf(0)));
    case ActionKind::k_check_string: return asResult(r, checkStringToken(r, tokenOf(0)));
    case ActionKind::k_check_format_string: return asResult(r, checkFormatString(r, start_mark, r.mark - 1));
    case ActionKind::k_check_concatenation: return asResult(r, checkConcatenation(r, start_mark, r.mark));
    case ActionKind::kPass:
    case ActionKind::kNode: return ActionResult::kDone;
  }
  return ActionResult::kDone;
}

bool hasNoText(TokenKind kind) {
  return kind == TokenKind::kNewline || kind == TokenKind::kIndent || kind == TokenKind::kDedent ||
         kind == TokenKind::kEndMarker;
}

// Some checks yield an expression: what messages call a string depends on whether it has an f prefix.
SyntaxNodeKind resultKind(const Recognizer& r, const Action& action, uint32_t start_mark) {
  if (action.kind == ActionKind::kNode) return action.node_kind;
  if (action.kind != ActionKind::k_check_concatenation) return SyntaxNodeKind::kNode;
  for (uint32_t i = start_mark; i < r.mark; ++i) {
    if (r.token(i).kind == TokenKind::kFStringStart) return SyntaxNodeKind::kFormatString;
  }
  return SyntaxNodeKind::kLiteral;
}

NodeIndex makeNode(Recognizer& r, const ActionContext& c, SyntaxNodeKind kind, uint32_t start_mark) {
  uint32_t last = r.mark;
  while (last > start_mark + 1 && hasNoText(r.token(last - 1).kind)) --last;
  SyntaxNode node{kind, start_mark, last == 0 ? 0 : last - 1, static_cast<uint32_t>(r.children.size()), 0};
  for (uint32_t i = 0; i < c.action.arg_count; ++i) r.children.push_back(argument(c, i));
  node.child_count = c.action.arg_count;
  r.nodes.push_back(node);
  return static_cast<NodeIndex>(r.nodes.size() - 1);
}

// A clause's children are flat: the iterable, then the conditions.
void flattenClause(Recognizer& r, NodeIndex index) {
  NodeIndex conditions = child(r, r.nodes[index], 1);
  r.children.pop_back();
  r.nodes[index].child_count = 1;
  if (conditions == 0) return;
  SyntaxNode list = r.nodes[conditions];
  for (uint32_t i = 0; i < list.child_count; ++i) r.children.push_back(child(r, list, i));
  r.nodes[index].child_count += list.child_count;
}

}  // namespace

ActionResult perform(Recognizer& r, const Action& action, uint32_t start_mark) {
  size_t begin = r.values.size() - action.capture_count;
  ActionContext c{r, action, r.values.data() + begin};
  NodeIndex value = 0;
  if (action.kind == ActionKind::kPass) {
    value = argument(c, 0);
  } else {
    ActionResult result = action.kind == ActionKind::kNode ? ActionResult::kDone : performCheck(c, start_mark);
    if (result != ActionResult::kDone) return result;
    value = makeNode(r, c, resultKind(r, action, start_mark), start_mark);
    if (r.nodes[value].kind == SyntaxNodeKind::kClause) flattenClause(r, value);
  }
  r.values.resize(begin);
  r.values.push_back(value);
  return ActionResult::kDone;
}

}  // namespace krait::syntax
