#include "analyzer/syntax/keywords.h"

namespace krait::syntax {

bool isKeyword(std::string_view text) {
  switch (text.size()) {
    case 2: return text == "as" || text == "if" || text == "in" || text == "is" || text == "or";
    case 3: return text == "and" || text == "def" || text == "del" || text == "for" || text == "not" || text == "try";
    case 4:
      return text == "None" || text == "True" || text == "elif" || text == "else" || text == "from" || text == "pass" ||
             text == "with";
    case 5:
      return text == "False" || text == "async" || text == "await" || text == "break" || text == "class" ||
             text == "raise" || text == "while" || text == "yield";
    case 6: return text == "assert" || text == "except" || text == "global" || text == "import" || text == "lambda" ||
                   text == "return";
    case 7: return text == "finally";
    case 8: return text == "continue" || text == "nonlocal";
    default: return false;
  }
}

bool isSoftKeyword(std::string_view text) {
  return text == "match" || text == "case" || text == "type" || text == "_";
}

}  // namespace krait::syntax
