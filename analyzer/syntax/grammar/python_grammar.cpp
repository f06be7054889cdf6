// The compiled grammar: tables that the build writes from the *.gram.inc files.
#include "analyzer/syntax/grammar/grammar.h"

namespace krait::syntax {

#include "grammar/grammar_tables.inc"

const Grammar& pythonGrammar() {
  static constexpr Grammar kGrammar{kCode, kRules, kActions, kSets, kTables, kFileRule, kStatementRule};
  return kGrammar;
}

}  // namespace krait::syntax
