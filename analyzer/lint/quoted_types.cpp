#include "analyzer/lint/quoted_types.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/string_text.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

NodeId wholeType(const Ast& ast, NodeId part) {
  for (NodeId parent = ast.parent(part);; parent = ast.parent(part)) {
    auto subscript = ast.tryAs<syntax::Subscript>(parent);
    auto call = ast.tryAs<syntax::Call>(parent);
    auto both = ast.tryAs<syntax::BinOp>(parent);
    bool is_part = (subscript && subscript->value() == part) || ast.is(parent, NodeKind::kAttribute) || (call && call->func() == part) ||
                   (both && both->op() == syntax::BinaryOp::kBitOr);
    if (!is_part) return part;
    part = parent;
  }
}

// Where the string literal that begins at `at`, its prefix included, ends; `at` where none does.
static size_t literalEnd(std::string_view text, size_t at) {
  size_t quote = at;
  while (quote < text.size() && quote < at + 3 && std::isalpha(static_cast<unsigned char>(text[quote])) != 0) ++quote;
  if (quote >= text.size() || (text[quote] != '"' && text[quote] != '\'')) return at;
  syntax::StringPrefix prefix = syntax::parseStringPrefix(text.substr(at));
  std::string_view close = text.substr(quote, prefix.quote_size);
  for (size_t end = quote + prefix.quote_size; end < text.size(); ++end) {
    if (text[end] == '\\') {
      ++end;
    } else if (text.substr(end).starts_with(close)) {
      return end + close.size();
    }
  }
  return text.size();
}

// Calls `part` for each string literal of the code, `other` for each piece in between.
template <class Part, class Other>
static void splitLiterals(std::string_view code, Part&& part, Other&& other) {
  for (size_t at = 0; at < code.size();) {
    size_t end = literalEnd(code, at);
    if (end > at) {
      part(code.substr(at, end - at));
      at = end;
      continue;
    }
    size_t word = at;
    while (word < code.size() && (std::isalnum(static_cast<unsigned char>(code[word])) != 0 || code[word] == '_')) ++word;
    end = std::max(word, at + 1);
    other(code.substr(at, end - at));
    at = end;
  }
}

// The literal's value between other quotes.
static std::string requoted(std::string_view literal, char quote) {
  syntax::StringPrefix prefix = syntax::parseStringPrefix(literal);
  std::string_view letters = literal.substr(0, prefix.prefix_size);
  if (letters.find_first_of("fFtTbB") != std::string_view::npos) return std::string(literal);
  size_t head = prefix.prefix_size + prefix.quote_size;
  std::string_view content = literal.substr(head, literal.size() - head - prefix.quote_size);
  std::string other(prefix.quote_size, quote);
  if (prefix.is_triple) return std::string(letters) + other + std::string(content) + other;
  if (prefix.is_raw) return content.find(quote) != std::string_view::npos ? std::string(literal) : std::string(letters) + other + std::string(content) + other;
  std::string value;
  bool is_fine = true;
  syntax::decodeStringContent(content, prefix, false, &value, &is_fine);
  return quotedText(value, letters, quote);
}

// Does the name or chain of attributes belong to an import, a builtin, a class or a function?
static bool isKnownType(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  while (auto attribute = ast.tryAs<syntax::Attribute>(expr)) expr = attribute->value();
  if (!ast.is(expr, NodeKind::kName)) return false;
  SymbolId owner = context.model.ownerAt(expr);
  if (!owner.valid()) return false;
  std::span<const Definition> definitions = context.model.definitions(owner);
  if (definitions.empty()) return context.builtins.has(context.model[owner].name);
  DefinitionKind kind = definitions.back().kind;
  return kind == DefinitionKind::kImport || kind == DefinitionKind::kImportFrom || kind == DefinitionKind::kClass || kind == DefinitionKind::kFunction;
}

// Does a part of `type` stand inside the brackets of something that is not known?
static bool isInUnknownGeneric(const LintContext& context, NodeId part, NodeId type) {
  for (NodeId at = part; at != type; at = context.ast.parent(at)) {
    auto subscript = context.ast.tryAs<syntax::Subscript>(context.ast.parent(at));
    if (subscript && !isKnownType(context, subscript->value())) return true;
  }
  return false;
}

std::string quotedType(const LintContext& context, NodeId type) {
  const Ast& ast = context.ast;
  std::string quote = inPreferredQuotes(context, "").substr(0, 1);
  char inner = quote == "'" ? '"' : '\'';
  // Which of the literals are types, in the order in which they stand there.
  std::vector<std::pair<uint32_t, NodeId>> constants;
  anyOver(ast, type, [&](NodeId node) {
    if (syntax::stringValue(ast, node) || isConstant(ast, node, syntax::ConstantKind::kBytes)) constants.emplace_back(ast.range(node).begin, node);
    return false;
  });
  std::sort(constants.begin(), constants.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  enum class Kind : uint8_t { kText, kType, kUnknown };
  std::vector<Kind> kinds;
  for (const auto& [begin, node] : constants) {
    bool is_type = syntax::stringValue(ast, node).has_value() && isTypeDefinition(context, node);
    Kind kind = isInUnknownGeneric(context, node, type) ? Kind::kUnknown : is_type ? Kind::kType : Kind::kText;
    splitLiterals(ast.text(node), [&](std::string_view) { kinds.push_back(kind); }, [](std::string_view) {});
  }
  size_t count = 0;
  std::string code, out;
  splitLiterals(
      generatedCode(ast, type),
      [&](std::string_view literal) {
        syntax::StringPrefix prefix = syntax::parseStringPrefix(literal);
        size_t head = prefix.prefix_size + prefix.quote_size;
        Kind kind = count < kinds.size() ? kinds[count] : Kind::kText;
        ++count;
        if (kind == Kind::kType) {
          code += literal.substr(head, literal.size() - head - prefix.quote_size);
        } else {
          code += kind == Kind::kUnknown ? std::string(literal) : requoted(literal, inner);
        }
      },
      [&](std::string_view other) { code += other; });
  if (code.find(quote) != std::string::npos && code.find(inner) == std::string::npos) quote = std::string(1, inner);
  for (char c : code) {
    if (c == '\\' || c == quote[0]) out += '\\';
    out += c;
  }
  return quote + out + quote;
}

}  // namespace krait::lint
