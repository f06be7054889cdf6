// Which statements are parsed anew? The smallest run of whole lines that holds the edit and whole statements of one
// block, with a statement before and after it in that block (so that nothing else begins or ends differently):
//
//   class C:
//       def f(self): ...
//       def g(self):          <- the run: the edit lies in it
//           return self.x
//       def h(self): ...
//
// The run must be right when it stands alone, in blocks as deep as its own, and its statements must begin in the block's
// column. Then the text around it means what it meant: it was right before, and the run begins and ends at line starts
// outside brackets and strings, as the exact check of the run shows.
#include "analyzer/syntax/reparse.h"

#include <algorithm>
#include <string>

#include "analyzer/base/check.h"
#include "analyzer/syntax/dump_ast.h"
#include "analyzer/syntax/lower_context.h"
#include "analyzer/syntax/syntax_errors.h"

namespace krait::syntax {

namespace {

// Deeper blocks are not looked into.
constexpr size_t kMostBlocks = 12;

// Statements [first, last) of a block, and the lines that they stand on.
struct Run {
  NodeId owner;  // Module, FunctionDef or ClassDef
  size_t first = 0, last = 0;
  TextRange lines;                // in the old text
  std::vector<uint32_t> columns;  // of the statements around the block, then of the block; empty: the module
};

}  // namespace

static uint32_t listField(NodeKind owner) { return owner == NodeKind::kModule ? 0 : owner == NodeKind::kFunctionDef ? 5 : 4; }

// Where the line begins on which the statement is the first thing; nothing: something stands before it.
static std::optional<uint32_t> lineOf(const Ast& ast, NodeId statement) {
  uint32_t begin = fullRange(ast, statement).begin, line = begin;
  while (line > 0 && ast.text()[line - 1] == ' ') --line;
  if (line > 0 && ast.text()[line - 1] != '\n') return std::nullopt;
  return line;
}

// The run of the block that holds the edit; nothing: the edit reaches out of it.
static std::optional<Run> runIn(const Ast& ast, NodeId owner, const TextEdit& edit) {
  Run run{.owner = owner};
  NodeList body = bodyOf(ast, owner);
  bool is_module = ast.is(owner, NodeKind::kModule);
  run.lines = {0, static_cast<uint32_t>(ast.text().size())};
  auto begins_after = [&](uint32_t offset, NodeId statement) { return offset < fullRange(ast, statement).begin; };
  run.first = static_cast<size_t>(std::upper_bound(body.begin(), body.end(), edit.begin, begins_after) - body.begin());
  run.last = run.first;
  // Back to a statement that begins a line at or before the edit, on to one that begins a line behind it.
  std::optional<uint32_t> line;
  while (run.first > 0 && (!line || *line > edit.begin)) line = lineOf(ast, body[--run.first]);
  if (line && *line <= edit.begin) run.lines.begin = *line;
  else if (!is_module) return std::nullopt;
  // The first statement of a block begins where the header's parts end: the block around it is looked at instead.
  if (run.first == 0 && !is_module) return std::nullopt;
  for (line.reset(); run.last < body.size(); ++run.last) {
    line = lineOf(ast, body[run.last]);
    if (line && *line >= edit.old_end) break;
  }
  if (run.last < body.size()) run.lines.end = *line;
  else if (!is_module) return std::nullopt;
  return run;
}

static std::optional<Run> smallestRun(const Ast& ast, const TextEdit& edit) {
  std::optional<Run> found = runIn(ast, ast.root(), edit);
  while (found && found->last == found->first + 1 && found->columns.size() < kMostBlocks) {
    NodeId inner = bodyOf(ast, found->owner)[found->first];
    if (!ast.is(inner, NodeKind::kFunctionDef) && !ast.is(inner, NodeKind::kClassDef)) break;
    std::optional<Run> deeper = runIn(ast, inner, edit);
    if (!deeper) break;
    deeper->columns = found->columns;
    if (deeper->columns.empty()) deeper->columns.push_back(0);
    deeper->columns.push_back(fullRange(ast, bodyOf(ast, inner)[deeper->first]).begin - deeper->lines.begin);
    found = std::move(deeper);
  }
  return found;
}

// Would Python accept these lines as statements of such blocks?
static bool isRight(std::string_view lines, const std::vector<uint32_t>& columns) {
  std::string text;
  for (size_t i = 0; i + 1 < columns.size(); ++i) text.append(columns[i], ' ').append("if 1:\n");
  text += lines;
  return !findSyntaxError(text);
}

namespace {

// Puts the new tree together: copies with what moved in mind, and the run's new statements.
struct Splice {
  const Ast& before;
  std::string_view text;
  AstBuilder& builder;
  const Run& run;
  uint32_t kept_nodes = 0;   // nodes before the run
  uint32_t rest_nodes = 0;   // in `before`: the first node behind the run
  uint32_t node_shift = 0;   // added (modulo 2^32) to nodes behind the run
  uint32_t place_shift = 0;  // … to places behind it
  std::vector<NodeId> statements;  // the run's new ones

  uint32_t place(uint32_t offset) const { return offset < run.lines.end ? offset : offset + place_shift; }
  NodeId node(NodeId id) const { return id.valid() && id.value >= rest_nodes ? NodeId(id.value + node_shift) : id; }
  uint32_t listOf(NodeId id, uint32_t field);
  uint32_t stringOf(uint32_t payload);
  uint32_t payloadOf(NodeId constant);
  void copy(uint32_t begin, uint32_t end);
  void copyComments(std::vector<Comment> own);
};

}  // namespace

uint32_t Splice::listOf(NodeId id, uint32_t field) {
  NodeList old = before.list(id, field);
  std::vector<NodeId> items;
  items.reserve(old.size());
  bool is_block = id == run.owner && field == listField(before.kind(id));
  for (size_t i = 0; i < old.size(); ++i) {
    if (is_block && i == run.first) items.insert(items.end(), statements.begin(), statements.end());
    if (!is_block || i < run.first || i >= run.last) items.push_back(node(old[i]));
  }
  if (is_block && run.first >= old.size()) items.insert(items.end(), statements.begin(), statements.end());
  return builder.list(items);
}

uint32_t Splice::stringOf(uint32_t payload) {
  std::string_view old = before.string(payload), whole = before.text();
  if (old.data() < whole.data() || old.data() > whole.data() + whole.size()) return builder.addOwnedString(old);
  uint32_t begin = place(static_cast<uint32_t>(old.data() - whole.data()));
  return builder.addString(text.substr(begin, old.size()));
}

uint32_t Splice::payloadOf(NodeId constant) {
  uint32_t payload = before.slot(constant, 0);
  switch (before.as<Constant>(constant).constantKind()) {
    case ConstantKind::kStr:
    case ConstantKind::kBytes: return stringOf(payload);
    case ConstantKind::kInt: return builder.addInt(before.integer(payload));
    case ConstantKind::kFloat:
    case ConstantKind::kComplex: return builder.addFloat(before.floating(payload));
    default: return payload;
  }
}

void Splice::copy(uint32_t begin, uint32_t end) {
  std::vector<uint32_t> slots;
  for (uint32_t i = begin; i < end; ++i) {
    NodeId id(i);
    const NodeRecord& record = before[id];
    std::span<const FieldInfo> fields = fieldsOf(record.kind);
    slots.assign(fields.size(), 0);
    for (uint32_t field = 0; field < fields.size(); ++field) {
      switch (fields[field].kind) {
        case FieldKind::kNode:
        case FieldKind::kOpt: slots[field] = node(before.child(id, field)).value; break;
        case FieldKind::kList:
        case FieldKind::kOpts: slots[field] = listOf(id, field); break;
        case FieldKind::kValues: slots[field] = builder.list(before.list(id, field)); break;
        case FieldKind::kName: slots[field] = before.slot(id, field); break;
        case FieldKind::kInt: {
          bool is_source = record.kind == NodeKind::kInterpolation && field == 1;
          if (record.kind == NodeKind::kConstant) slots[field] = payloadOf(id);
          else slots[field] = is_source ? stringOf(before.slot(id, field)) : before.slot(id, field);
          break;
        }
      }
    }
    builder.copy(record, slots, {place(record.begin), place(record.end)}, node(record.parent));
  }
}

// The run's comments stand between those before it and those behind it.
void Splice::copyComments(std::vector<Comment> own) {
  for (const Comment& comment : before.comments()) {
    if (comment.begin < run.lines.begin) builder.addComment(comment);
  }
  for (const Comment& comment : own) builder.addComment(comment);
  for (const Comment& comment : before.comments()) {
    if (comment.begin >= run.lines.end) builder.addComment({place(comment.begin), place(comment.end)});
  }
}

#ifdef KRAIT_VERIFY
static bool isSame(const Ast& a, const Ast& b) {
  if (a.nodeCount() != b.nodeCount() || a.comments().size() != b.comments().size()) return false;
  for (uint32_t i = 0; i < a.nodeCount(); ++i) {
    NodeId id(i);
    if (a.kind(id) != b.kind(id) || a.range(id) != b.range(id) || a.parent(id) != b.parent(id)) return false;
    if (a[id].detail != b[id].detail || a[id].flags != b[id].flags) return false;
    if (a.is(id, NodeKind::kConstant) && stringValue(a, id) != stringValue(b, id)) return false;
    std::vector<NodeId> left, right;
    forEachChild(a, id, [&](NodeId child) { left.push_back(child); });
    forEachChild(b, id, [&](NodeId child) { right.push_back(child); });
    if (left != right) return false;
  }
  return true;
}
#endif

Ast copyOf(const Ast& tree, Interner& names) {
  AstBuilder builder(tree.text(), names);
  builder.reserve(tree.text().size());
  // Everything stands before an empty run at the end.
  Run none{};
  auto size = static_cast<uint32_t>(tree.text().size());
  none.lines = {size, size};
  Splice splice{.before = tree, .text = tree.text(), .builder = builder, .run = none, .statements = {}};
  splice.kept_nodes = splice.rest_nodes = tree.nodeCount();
  splice.copy(0, tree.nodeCount());
  for (const Comment& comment : tree.comments()) builder.addComment(comment);
  Ast out = builder.finishCopied(tree.root());
#ifdef KRAIT_VERIFY
  CHECK(isSame(tree, out), "the copy of a tree is that tree");
#endif
  return out;
}

// Lowers the run's lines; false: they are not what they seem, or stand in another column. What is broken is taken as far
// as it can be lowered.
static bool lowerRun(lowering::LowerContext& context, TreeReader& reader, const Run& run, bool is_broken, std::vector<NodeId>& out) {
  int32_t column = run.columns.empty() ? 0 : static_cast<int32_t>(run.columns.back());
  context.depth = static_cast<uint32_t>(run.columns.size());
  lowering::ListScope statements(context);
  lowering::lowerStatements(context, reader.root(), column - 1, statements);
  out.assign(statements.items().begin(), statements.items().end());
  if (is_broken) return true;
  if (context.is_suspicious || context.has_errors) return false;
  return out.empty() || lowering::columnIfFirst(context, fullRange(context.builder.ast(), out[0]).begin) == column;
}

// The tree before with the run's lines lowered anew; nothing: see lowerRun.
static std::optional<Ast> spliced(const Ast& before, std::string_view text, const Run& run, uint32_t shift, bool is_broken, Interner& names) {
  TextRange lines{run.lines.begin, run.lines.end + shift};
  SyntaxTree tree = parseTreePart(text, lines);
  TreeReader reader(tree.get());
  lowering::LowerContext context(reader, text, names);
  if (!is_broken && (reader.sawError() || lowering::hasOddCharacters(text.substr(lines.begin, lines.size())))) return std::nullopt;
  context.builder.reserve(text.size());
  NodeList body = bodyOf(before, run.owner);
  Splice splice{.before = before, .text = text, .builder = context.builder, .run = run, .statements = {}};
  splice.kept_nodes = run.first > 0 ? body[run.first - 1].value + 1 : 0;
  splice.rest_nodes = run.last > run.first ? body[run.last - 1].value + 1 : splice.kept_nodes;
  splice.place_shift = shift;
  splice.copy(0, splice.kept_nodes);
  if (!lowerRun(context, reader, run, is_broken, splice.statements)) return std::nullopt;
  uint32_t end = context.builder.ast().nodeCount();
  splice.node_shift = end - splice.rest_nodes;
  context.builder.setParents(splice.kept_nodes, end);
  for (NodeId statement : splice.statements) context.builder.setParent(statement, splice.node(run.owner));
  for (uint32_t i = 0; i < splice.kept_nodes; ++i) context.builder.setParent(NodeId(i), splice.node(before.parent(NodeId(i))));
  splice.copy(splice.rest_nodes, before.nodeCount());
  splice.copyComments(reader.takeComments());
  return context.builder.finishCopied(splice.node(before.root()));
}

Reparsed reparse(const Ast& before, std::string_view text, const TextEdit& edit, Interner& names, KeepBroken keep_broken) {
  std::optional<Run> run = smallestRun(before, edit);
  uint32_t shift = edit.new_end - edit.old_end;
  if (!run || before.text().empty() || run->lines.size() > before.text().size() / 2) return {};
  TextRange lines{run->lines.begin, run->lines.end + shift};
  // `barry_as_FLUFL` changes what an operator is; joined indentation is read with other text.
  bool ends_line = lines.end == text.size() || (lines.end > 0 && text[lines.end - 1] == '\n');
  if (!ends_line || lines.begin > lines.end || text.find("barry_as_FLUFL") != std::string_view::npos || lowering::joinsIndents(text)) return {};
  if (!isRight(text.substr(lines.begin, lines.size()), run->columns)) {
    Reparsed wrong{.ast = std::nullopt, .is_wrong = true, .broken = std::nullopt};
    if (keep_broken == KeepBroken::kYes) wrong.broken = spliced(before, text, *run, shift, true, names);
    return wrong;
  }
  std::optional<Ast> out = spliced(before, text, *run, shift, false, names);
#ifdef KRAIT_VERIFY
  if (out) {
    ParsedModule whole = parseModule(text, names);
    // The two readers number nodes differently: where they do, what the trees say counts.
    auto saysTheSame = [&] { return dumpAst(whole.ast, DumpRanges::kLineColumn) == dumpAst(*out, DumpRanges::kLineColumn); };
    CHECK(!whole.error && (isSame(whole.ast, *out) || saysTheSame()), "the reparsed tree is the tree of the whole text");
  }
#endif
  return {.ast = std::move(out)};
}

}  // namespace krait::syntax
