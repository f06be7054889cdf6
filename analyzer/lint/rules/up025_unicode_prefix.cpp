// UP025: the prefix of `u"text"`, which does nothing in Python 3. ref: pyupgrade
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

void checkUnicodePrefix(LintContext& context) {
  for (const Token& token : context.tokens.all()) {
    if (token.kind != TokenKind::kString) continue;
    char first = context.ast.text()[token.begin];
    if (first != 'u' && first != 'U') continue;
    context.sink.begin(Rule::kUP025, token.range()).fix("Remove unicode prefix", {{{token.begin, token.begin + 1}, ""}});
  }
}

}  // namespace krait::lint
