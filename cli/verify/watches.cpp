#include "cli/verify/watches.h"

#include <algorithm>
#include <array>

#include "cli/verify/readings.h"

namespace krait::cli {

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;

// Fewer elements are not told from what a statement needs anyway.
static constexpr long kFewestElements = 1000;
// A list needs eight bytes for each element.
static constexpr long kLeastBytesOfMany = 4;

static bool isNegation(const std::string& word) {
  static constexpr std::array<std::string_view, 9> kWords = {"not", "no", "never", "without", "t", "avoids", "bypasses", "skips", "nothing"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

Watch watchOf(std::string_view remark) {
  std::vector<std::string> words = wordsOf(lowered(remark));
  bool is_negated = false;
  for (size_t i = 0; i < words.size(); ++i) {
    std::string_view before = i > 0 ? words[i - 1] : std::string_view(), after = i + 1 < words.size() ? words[i + 1] : std::string_view();
    is_negated = is_negated || isNegation(words[i]);
    if (words[i] == "cache") {
      bool is_use = before == "use" || before == "uses" || before == "using" || before == "from" || before == "hits" || before == "hit";
      bool is_article = i > 1 && before == "the";
      if (is_article) is_use = words[i - 2] == "use" || words[i - 2] == "uses" || words[i - 2] == "using" || words[i - 2] == "from" || words[i - 2] == "hits";
      if (after == "hit" || is_use) return is_negated ? Watch::kCacheMiss : Watch::kCacheHit;
      if (after == "miss") return is_negated ? Watch::kCacheHit : Watch::kCacheMiss;
    }
    if (words[i] == "cached" && (after == "result" || after == "value")) return is_negated ? Watch::kCacheMiss : Watch::kCacheHit;
    if (words[i] == "memory" && (before == "in" || before == "into")) return is_negated ? Watch::kNotInMemory : Watch::kInMemory;
  }
  return Watch::kNone;
}

// A name or an attribute of one: what asks for it runs nothing of the program.
static bool isPlainName(const Ast& ast, NodeId node) {
  if (auto attribute = ast.tryAs<syntax::Attribute>(node)) return ast.is(attribute->value(), NodeKind::kName);
  return ast.is(node, NodeKind::kName);
}

// The call that the comment speaks of: the last one that ends on or before its line.
static void findCall(const Ast& ast, NodeId node, uint32_t end, NodeId& found) {
  auto call = ast.tryAs<syntax::Call>(node);
  bool is_it = call && isPlainName(ast, call->func()) && ast.range(node).end <= end;
  // Outer calls are looked at first: `print(f(1))` speaks of f.
  if (is_it) found = node;
  syntax::forEachChild(ast, node, [&](NodeId child) {
    if (ast.range(child).begin < end) findCall(ast, child, end, found);
  });
}

static long callsOf(const Ast& ast, NodeId node, std::string_view function) {
  auto call = ast.tryAs<syntax::Call>(node);
  long count = call && ast.text(call->func()) == function;
  syntax::forEachChild(ast, node, [&](NodeId child) { count += callsOf(ast, child, function); });
  return count;
}

// The largest number that a statement spells out: of how many elements it speaks.
static long largestNumber(std::string_view text) {
  long largest = 0, number = 0;
  for (char c : text) {
    bool is_digit = c >= '0' && c <= '9';
    if (is_digit) number = std::min(number * 10 + (c - '0'), 1L << 40);
    if (!is_digit && c != '_') number = 0;
    largest = std::max(largest, number);
  }
  return largest;
}

void readWatch(const Ast& ast, NodeId statement, Claim& claim) {
  if (claim.watch == Watch::kCacheHit || claim.watch == Watch::kCacheMiss) {
    NodeId call;
    findCall(ast, statement, claim.comment.begin, call);
    if (call.valid()) {
      claim.function = std::string(ast.text(ast.as<syntax::Call>(call).func()));
      claim.quantity = callsOf(ast, statement, claim.function);
      return;
    }
  } else if (claim.watch != Watch::kNone) {
    claim.quantity = largestNumber(ast.text(syntax::fullRange(ast, statement)));
    if (claim.quantity >= kFewestElements) return;
  }
  claim.watch = Watch::kNone;
}

std::optional<bool> judgeWatch(const Claim& claim) {
  if (claim.watch == Watch::kNone || claim.executions.empty() || !claim.executions.back().watched) return std::nullopt;
  long seen = *claim.executions.back().watched;
  switch (claim.watch) {
    case Watch::kNone: return std::nullopt;
    // Each call ran the body: none of them was answered from a cache.
    case Watch::kCacheHit: return seen < claim.quantity;
    case Watch::kCacheMiss: return seen > 0;
    case Watch::kInMemory:
    case Watch::kNotInMemory: break;
  }
  bool is_much = seen >= claim.quantity * kLeastBytesOfMany;
  if (!is_much && seen >= claim.quantity) return std::nullopt;
  return is_much == (claim.watch == Watch::kInMemory);
}

std::string watchedText(const Claim& claim) {
  if (claim.watch == Watch::kNone || claim.executions.empty() || !claim.executions.back().watched) return "";
  std::string seen = std::to_string(*claim.executions.back().watched);
  bool is_cache = claim.watch == Watch::kCacheHit || claim.watch == Watch::kCacheMiss;
  if (!is_cache) return seen + " bytes in use at once";
  return "the body of " + claim.function + " ran " + seen + (seen == "1" ? " time" : " times");
}

}  // namespace krait::cli
