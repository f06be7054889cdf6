// Writes the compiled grammar as C++ tables to the standard output, for python_grammar.cpp: parsing needs it at every start.
#include <cstdio>

#include "analyzer/syntax/grammar/grammar_rules.h"

using namespace krait::syntax;

static void writeText(std::string_view text) {
  std::putchar('"');
  for (char c : text) {
    if (c == '"' || c == '\\') std::putchar('\\');
    std::putchar(c);
  }
  std::putchar('"');
}
template <class T>
static unsigned number(T value) {
  return static_cast<unsigned>(value);
}

static void writeAction(const Action& a) {
  std::printf("{ActionKind{%u}, SyntaxNodeKind{%u}, %u, %u, {{{Selector{%u}, %u}, {Selector{%u}, %u}}}, ", number(a.kind), number(a.node_kind),
              number(a.capture_count), number(a.arg_count), number(a.args[0].selector), number(a.args[0].capture), number(a.args[1].selector),
              number(a.args[1].capture));
  writeText(a.message);
  std::printf("},\n");
}
static void writeTable(const JumpTable& table) {
  std::printf("{{{");
  for (const auto& run : table.targets) {
    std::printf("{{");
    for (uint16_t target : run) std::printf("%u,", number(target));
    std::printf("}},");
  }
  std::printf("}}},\n");
}

int main() {
  RuleSet rules = readGrammar(grammarText());
  GrammarTables grammar = compileGrammar(rules);
  std::printf("static constexpr Instruction kCode[] = {\n");
  for (const Instruction& i : grammar.code) std::printf("{Opcode{%u}, %u, %u},\n", number(i.opcode), number(i.operand), number(i.target));
  std::printf("};\nstatic constexpr CompiledRule kRules[] = {\n");
  for (const CompiledRule& r : grammar.rules) {
    std::printf("{%u, Memo{%u}, %s, ", number(r.start), number(r.memo), r.is_quiet ? "true" : "false");
    writeText(r.name);
    std::printf("},\n");
  }
  std::printf("};\nstatic constexpr Action kActions[] = {\n");
  for (const Action& a : grammar.actions) writeAction(a);
  std::printf("};\nstatic constexpr TokenSet kSets[] = {\n");
  for (const TokenSet& s : grammar.sets) std::printf("{0x%llxull, 0x%llxull},\n", static_cast<unsigned long long>(s[0]), static_cast<unsigned long long>(s[1]));
  std::printf("};\nstatic constexpr JumpTable kTables[] = {\n");
  for (const JumpTable& t : grammar.tables) writeTable(t);
  std::printf("};\nstatic constexpr uint16_t kFileRule = %u, kStatementRule = %u;\n", number(grammar.file_rule), number(grammar.statement_rule));
  return 0;
}
