// String literals: plain, bytes, f-strings, t-strings, and their implicit concatenation.
//
// CPython joins adjacent literals into one node: a Constant if none is formatted, else one JoinedStr (or TemplateStr)
// whose neighbouring text parts are merged. The text between replacement fields is read from the source and not from
// tree-sitter's content nodes, which split it at escapes.
#include "analyzer/syntax/joined_string.h"

namespace krait::syntax::lowering {

void flush(LowerContext& context, Joined& joined) {
  if (joined.has_pending && !joined.pending.empty()) {
    uint32_t payload = context.builder.addOwnedString(joined.pending);
    joined.values.add(addExpr(context, NodeKind::kConstant, joined.pending_range, {payload},
                              static_cast<uint8_t>(ConstantKind::kStr)));
  }
  joined.pending.clear();
  joined.has_pending = false;
}

void addText(LowerContext& context, Joined& joined, TextRange range, TextRange shown, const StringPrefix& prefix, bool is_format) {
  if (range.size() == 0) return;
  if (!joined.has_pending) joined.pending_range.begin = shown.begin;
  joined.pending_range.end = shown.end;
  joined.has_pending = true;
  decodeStringContent(context.textOf(range), prefix, is_format, &joined.pending, &joined.is_fine);
}

static NodeId lowerField(LowerContext& context, const TreeNode& node, const StringPrefix& prefix, Joined& joined);

// The parts of an f-string or of a format spec: text in [begin, end) with replacement fields among `children`.
static void lowerParts(LowerContext& context, const Children& children, TextRange range, const StringPrefix& prefix,
                       bool folds_braces, Joined& joined) {
  uint32_t at = range.begin;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.symbol == Symbol::kError) context.suspect();
    if (child.symbol != Symbol::k_interpolation && child.symbol != Symbol::k_format_expression) continue;
    addText(context, joined, {at, child.begin}, {at, child.begin}, prefix, folds_braces);
    joined.values.add(lowerField(context, child, prefix, joined));
    at = child.end;
  }
  if (at < range.end) addText(context, joined, {at, range.end}, {at, range.end}, prefix, folds_braces);
}

static NodeId lowerSpec(LowerContext& context, const TreeNode& node, const StringPrefix& prefix) {
  Children children(context.reader(), node);
  Joined spec(context);
  if (context.spec_depth > 0) context.suspect();  // Python nests fields twice at most
  // tree-sitter takes quotes that end the string for text of the format.
  if (context.textOf(node.range()).find_first_of("\"'") != std::string_view::npos) context.suspect();
  ++context.spec_depth;
  lowerParts(context, children, {node.begin + 1, node.end}, prefix, false, spec);
  --context.spec_depth;
  flush(context, spec);
  if (!spec.is_fine) context.suspect();
  return addExpr(context, NodeKind::kJoinedStr, node.range(), {spec.values.store()});
}

static NodeId lowerFieldValue(LowerContext& context, const TreeNode& value) {
  if (value.symbol == Symbol::k_expression_list || value.symbol == Symbol::k_pattern_list) {
    Children parts(context.reader(), value);
    return lowerExprList(context, parts, 0, parts.size());
  }
  return lowerExpr(context, value);
}

// `{name:=5}` is read as a walrus; it is the field `name` with the format spec "=5".
static NodeId splitWalrus(LowerContext& context, const TreeNode& walrus, NodeId* spec, uint32_t field_end) {
  context.suspect();
  Children children(context.reader(), walrus);
  TreeNode name = children.find(Field::kName);
  uint32_t colon = name.end;
  while (colon < walrus.end && context.text[colon] != ':') ++colon;
  TextRange range{colon + 1, field_end - 1};
  uint32_t payload = context.builder.addString(context.textOf(range));
  NodeId text = addExpr(context, NodeKind::kConstant, range, {payload}, static_cast<uint8_t>(ConstantKind::kStr));
  *spec = addExpr(context, NodeKind::kJoinedStr, {colon, range.end}, {context.builder.list({text})});
  return lowerExpr(context, name);
}

static NodeId lowerField(LowerContext& context, const TreeNode& node, const StringPrefix& prefix, Joined& joined) {
  DepthScope depth(context);
  if (depth.tooDeep()) return lowerErrorExpr(context, node);
  Children children(context.reader(), node);
  TreeNode value = children.find(Field::kExpression);
  TreeNode conversion = children.find(Field::kTypeConversion);
  TreeNode spec_node = children.find(Field::kFormatSpecifier);
  uint32_t conversion_code = 0xffffffffu;
  uint32_t expr_end = node.end - 1;
  if (exists(spec_node)) expr_end = spec_node.begin;
  if (exists(conversion)) {
    expr_end = conversion.begin;
    conversion_code = static_cast<unsigned char>(context.text[conversion.end - 1]);
    if (conversion.end - conversion.begin != 2 || (conversion_code != 's' && conversion_code != 'r' && conversion_code != 'a')) {
      context.suspect();
    }
  }
  NodeId spec;
  bool has_equals = false;
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children[i].symbol == Symbol::kTokenEqual) has_equals = true;
    if (children[i].symbol == Symbol::kError) context.suspect();
  }
  TextRange source{node.begin + 1, expr_end};
  if (has_equals) {
    StringPrefix verbatim;
    verbatim.is_raw = true;
    addText(context, joined, source, source, verbatim, false);
    if (conversion_code == 0xffffffffu && !exists(spec_node)) conversion_code = 'r';
    uint32_t equals = source.end;
    while (equals > source.begin && context.text[equals - 1] != '=') --equals;
    source.end = equals - 1;
  }
  flush(context, joined);
  NodeId lowered;
  if (!exists(value)) {
    lowered = lowerErrorExpr(context, node);
  } else if (value.symbol == Symbol::k_named_expression) {
    lowered = splitWalrus(context, value, &spec, node.end);
  } else {
    if (value.symbol == Symbol::k_lambda) context.suspect();
    lowered = lowerFieldValue(context, value);
  }
  if (exists(spec_node)) spec = lowerSpec(context, spec_node, prefix);
  return addField(context, node.range(), lowered, source, conversion_code, spec, prefix.is_template);
}

NodeId addField(LowerContext& context, TextRange range, NodeId value, TextRange source, uint32_t conversion, NodeId spec, bool is_template) {
  if (!is_template) return addExpr(context, NodeKind::kFormattedValue, range, {value.value, conversion, spec.value});
  std::string_view text = context.textOf(source);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\t')) text.remove_suffix(1);
  uint32_t payload = context.builder.addString(text);
  return addExpr(context, NodeKind::kInterpolation, range, {value.value, payload, conversion, spec.value});
}

TextRange contentOf(TextRange literal, const StringPrefix& prefix) {
  uint32_t begin = literal.begin + prefix.prefix_size + prefix.quote_size;
  uint32_t end = literal.end - prefix.quote_size;
  return {begin, end < begin ? begin : end};
}

NodeId lowerPlainString(LowerContext& context, TextRange literal, const StringPrefix& prefix) {
  TextRange content = contentOf(literal, prefix);
  uint8_t kind = static_cast<uint8_t>(prefix.is_bytes ? ConstantKind::kBytes : ConstantKind::kStr);
  uint32_t payload;
  if (isPlainContent(context.textOf(content), prefix, false)) {
    payload = context.builder.addString(context.textOf(content));
  } else {
    std::string value;
    bool is_fine = true;
    decodeStringContent(context.textOf(content), prefix, false, &value, &is_fine);
    if (!is_fine) context.suspect();
    payload = context.builder.addOwnedString(value);
  }
  return addExpr(context, NodeKind::kConstant, literal, {payload}, kind);
}

static bool isFormatted(const StringPrefix& prefix) { return prefix.is_format || prefix.is_template; }

static void addLiteral(LowerContext& context, const TreeNode& literal, const StringPrefix& prefix, Joined& joined) {
  TextRange content = contentOf(literal.range(), prefix);
  if (!isFormatted(prefix)) {
    addText(context, joined, content, literal.range(), prefix, false);
    return;
  }
  Children children(context.reader(), literal);
  lowerParts(context, children, content, prefix, true, joined);
}

static bool isWholeLiteral(LowerContext& context, const TreeNode& literal, const StringPrefix& prefix) {
  return prefix.is_valid && literal.end >= literal.begin + prefix.prefix_size + 2 * prefix.quote_size &&
         (context.text[literal.end - 1] == '"' || context.text[literal.end - 1] == '\'');
}

// tree-sitter takes some quotes and line ends for text that end a literal: behind a backslash that escapes nothing, between
// literals without a blank. Whether this one may have ended earlier.
static bool mayEndEarlier(std::string_view literal, const StringPrefix& prefix) {
  if (prefix.quote_size == 3) return false;
  uint32_t around = prefix.prefix_size + 1;
  std::string_view content = literal.substr(around, literal.size() - around - 1);
  if (isFormatted(prefix)) return content.find('\n') != std::string_view::npos;
  char quote = literal.back();
  if (content.find(quote) == std::string_view::npos && content.find('\n') == std::string_view::npos) return false;
  for (size_t i = 0; i < content.size(); ++i) {
    if (content[i] == '\\') i += content.substr(i + 1, 2) == "\r\n" ? 2 : 1;
    else if (content[i] == quote || content[i] == '\n') return true;
  }
  return false;
}

NodeId lowerString(LowerContext& context, const TreeNode& node) {
  std::vector<TreeNode> literals;
  if (node.symbol == Symbol::k_string) {
    literals.push_back(node);
  } else {
    Children children(context.reader(), node);
    for (uint32_t i = 0; i < children.size(); ++i) {
      if (children[i].symbol == Symbol::k_string) literals.push_back(children[i]);
    }
  }
  bool is_bytes = false;
  bool is_text = false;
  bool is_template = false;
  bool is_formatted = false;
  bool is_plain_text = false;
  for (const TreeNode& literal : literals) {
    StringPrefix prefix = parseStringPrefix(context.textOf(literal.range()));
    if (!isWholeLiteral(context, literal, prefix)) return lowerErrorExpr(context, node);
    if (mayEndEarlier(context.textOf(literal.range()), prefix)) context.suspect();
    (prefix.is_bytes ? is_bytes : is_text) = true;
    is_template |= prefix.is_template;
    is_formatted |= isFormatted(prefix);
    is_plain_text |= !prefix.is_template;
  }
  if ((is_bytes && is_text) || (is_template && is_plain_text)) context.suspect();
  if (literals.size() == 1 && !is_formatted) {
    return lowerPlainString(context, node.range(), parseStringPrefix(context.textOf(node.range())));
  }
  Joined joined(context);
  for (const TreeNode& literal : literals) {
    addLiteral(context, literal, parseStringPrefix(context.textOf(literal.range())), joined);
  }
  if (!joined.is_fine) context.suspect();
  return finishJoined(context, joined, node.range(), is_bytes, is_formatted, is_template);
}

NodeId finishJoined(LowerContext& context, Joined& joined, TextRange range, bool is_bytes, bool is_formatted, bool is_template) {
  if (!is_formatted) {
    uint32_t payload = context.builder.addOwnedString(joined.pending);
    ConstantKind kind = is_bytes ? ConstantKind::kBytes : ConstantKind::kStr;
    return addExpr(context, NodeKind::kConstant, range, {payload}, static_cast<uint8_t>(kind));
  }
  flush(context, joined);
  NodeKind kind = is_template ? NodeKind::kTemplateStr : NodeKind::kJoinedStr;
  return addExpr(context, kind, range, {joined.values.store()});
}

}  // namespace krait::syntax::lowering
