#include "analyzer/diagnostics/diagnostic.h"

namespace krait {

DiagnosticBuilder DiagnosticSink::begin(Rule rule, TextRange range, std::initializer_list<std::string_view> arguments) {
  Diagnostic diagnostic;
  diagnostic.rule = rule;
  diagnostic.code = ruleInfo(rule).code;
  diagnostic.severity = ruleInfo(rule).severity;
  diagnostic.file = file_;
  diagnostic.range = range;
  diagnostic.message = formatMessage(rule, arguments);
  diagnostics_.push_back(std::move(diagnostic));
  return DiagnosticBuilder(diagnostics_.back());
}

}  // namespace krait
