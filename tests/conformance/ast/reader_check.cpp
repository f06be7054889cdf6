// reader_check LISTING [--show]: reads each file named in LISTING (one path a line) in both ways, from tree-sitter's tree and
// from the tokens alone (token_parser.h), and compares the two trees in every node, place, flag and value. Texts that Python
// rejects are left out; those that tree-sitter reads wrongly and knows it are counted. Exit code 1: a tree differs, or was not read whole.
#include <cstdio>
#include <cstring>

#include "analyzer/base/file_io.h"
#include "analyzer/syntax/dump_ast.h"
#include "analyzer/syntax/lower_context.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/source_text.h"
#include "analyzer/syntax/syntax_errors.h"
#include "analyzer/syntax/token_parser/token_parser.h"
#include "analyzer/syntax/verify_ast.h"

using namespace krait::syntax;

// What the dump does not say: the nodes' flags, in the order of the dump.
static void appendFlags(const Ast& ast, NodeId node, std::string& out) {
  if (ast[node].flags != 0) out += std::string(kindName(ast.kind(node))) + " " + std::to_string(ast[node].begin) + "-" + std::to_string(ast[node].end) + " flags " + std::to_string(ast[node].flags) + "\n";
  forEachChild(ast, node, [&](NodeId child) { appendFlags(ast, child, out); });
}

static std::string describe(const Ast& ast) {
  std::string out = dumpAst(ast, DumpRanges::kLineColumn);
  appendFlags(ast, ast.root(), out);
  for (const Comment& comment : ast.comments()) out += " " + std::to_string(comment.begin) + "-" + std::to_string(comment.end);
  return out;
}

static size_t firstDifference(const std::string& a, const std::string& b) {
  size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  return at;
}

static std::string around(const std::string& text, size_t at) {
  size_t begin = text.rfind('\n', at > 0 ? at - 1 : 0);
  begin = begin == std::string::npos ? 0 : begin + 1;
  return text.substr(begin, std::min<size_t>(160, text.find('\n', at) - begin));
}

struct Counts {
  int equal = 0, different = 0, broken = 0, unread = 0;
};

static void compareFile(const std::string& path, Counts& counts) {
  krait::Result<std::string> bytes = krait::readFile(path);
  if (!bytes.ok()) return;
  SourceText source = decodeSource(bytes.value());
  if (source.error || findSyntaxError(source.text)) return;
  krait::Interner names;
  lowering::LowerContext context(source.text, names);
  LoweredModule second = lowering::TokenParser(context).parse();
  std::string problem = second.has_errors ? "not read whole" : verifyAst(second.ast);
  if (!problem.empty()) {
    ++counts.broken;
    std::printf("%s: %s\n", path.c_str(), problem.c_str());
    return;
  }
  LoweredModule first = lower(parseTree(source.text), source.text, names);
  if (first.has_errors) {
    ++counts.unread;
    return;
  }
  std::string a = describe(first.ast), b = describe(second.ast);
  // A tree in doubt is not used.
  bool is_doubtful = first.is_suspicious || lowering::joinsIndents(source.text);
  ++(a == b ? counts.equal : is_doubtful ? counts.unread : counts.different);
  if (a == b || is_doubtful) return;
  size_t at = firstDifference(a, b);
  std::printf("%s\n  tree:   %s\n  tokens: %s\n", path.c_str(), around(a, at).c_str(), around(b, at).c_str());
}

int main(int argc, char** argv) {
  krait::Result<std::string> listing = krait::readFile(argc > 1 ? argv[1] : "");
  if (!listing.ok()) {
    std::fprintf(stderr, "usage: reader_check LISTING\n");
    return 2;
  }
  Counts counts;
  std::string_view rest = listing.value();
  while (!rest.empty()) {
    size_t end = std::min(rest.find('\n'), rest.size());
    if (end > 0) compareFile(std::string(rest.substr(0, end)), counts);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::printf("%d trees equal, %d differ, %d broken; %d texts only from their tokens\n", counts.equal, counts.different, counts.broken, counts.unread);
  return counts.different + counts.broken > 0 || counts.equal == 0 ? 1 : 0;
}
