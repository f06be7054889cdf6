// UP025: the prefix of `u"text"`, which does nothing in Python 3. ref: pyupgrade
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/quoted_types.h"

namespace krait::lint {

void checkUnicodePrefix(LintContext& context) {
  // A type in quotes is no text.
  auto isType = [&](uint32_t begin) {
    for (const syntax::QuotedType& quoted : context.tokens.quotedTypes().all()) {
      if (context.ast.range(quoted.constant).begin == begin) return true;
    }
    return false;
  };
  for (const Token& token : context.tokens.all()) {
    if (token.kind != TokenKind::kString) continue;
    char first = context.ast.text()[token.begin];
    if (first != 'u' && first != 'U') continue;
    if (isType(token.begin)) continue;
    context.sink.begin("UP025"_rule, token.range()).fix("Remove unicode prefix", {{{token.begin, token.begin + 1}, ""}});
  }
}

}  // namespace krait::lint
