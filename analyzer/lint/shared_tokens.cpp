#include "analyzer/lint/shared_tokens.h"

#include <algorithm>

#include "analyzer/base/file_io.h"
#include "analyzer/lint/name_flow.h"

namespace krait::lint {

SharedTokens::SharedTokens(std::string_view text, const syntax::QuotedTypes& quoted_types) : text_(text), quoted_types_(quoted_types) {}
SharedTokens::~SharedTokens() = default;

const NameFlow& SharedTokens::nameFlow(const LintContext& context) {
  if (!name_flow_) name_flow_ = std::make_unique<NameFlow>(followNames(context));
  return *name_flow_;
}

static bool isEmptyKind(TokenKind kind) {
  return isTrivia(kind) || kind == TokenKind::kIndent || kind == TokenKind::kDedent || kind == TokenKind::kNewline;
}

const std::string& SharedTokens::outermostPackage(const std::string& path) {
  if (outermost_package_) return *outermost_package_;
  outermost_package_.emplace();
  size_t slash = path.rfind('/');
  while (slash != std::string::npos && isFile(path.substr(0, slash) + "/__init__.py")) {
    size_t above = slash == 0 ? std::string::npos : path.rfind('/', slash - 1);
    size_t begin = above == std::string::npos ? 0 : above + 1;
    *outermost_package_ = path.substr(begin, slash - begin);
    slash = above;
  }
  return *outermost_package_;
}

bool SharedTokens::isFoundIn(const std::string& pattern, std::string_view text) {
  auto found = patterns_.find(pattern);
  if (found == patterns_.end()) {
    Result<config::PathRegex> compiled = config::PathRegex::compile(pattern);
    found = patterns_.emplace(pattern, std::nullopt).first;
    if (compiled.ok()) found->second.emplace(std::move(compiled.value()));
  }
  return found->second && found->second->isFoundIn(text);
}

size_t SharedTokens::firstAt(uint32_t offset) {
  const std::vector<Token>& tokens = all();
  auto found = std::lower_bound(tokens.begin(), tokens.end(), offset,
                                [](const Token& token, uint32_t place) { return token.begin < place; });
  return static_cast<size_t>(found - tokens.begin());
}

ptrdiff_t SharedTokens::lastBefore(uint32_t offset) {
  ptrdiff_t at = static_cast<ptrdiff_t>(firstAt(offset)) - 1;
  while (at >= 0 && (tokens_[static_cast<size_t>(at)].end > offset || isEmptyKind(tokens_[static_cast<size_t>(at)].kind))) {
    --at;
  }
  return at;
}

const Token& SharedTokens::nextCode(uint32_t offset) {
  size_t at = firstAt(offset);
  while (at + 1 < tokens_.size() && isTrivia(tokens_[at].kind)) ++at;
  return tokens_[std::min(at, tokens_.size() - 1)];
}

}  // namespace krait::lint
