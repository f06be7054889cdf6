// S103, S104: files that everybody may change or run, sockets that listen everywhere. ref: bandit B103, B104
#include <array>
#include <optional>
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/string_text.h"

namespace krait::lint {

namespace {
struct StatName {
  std::string_view name;
  uint16_t value;
};
// What cannot be told counts as no bits.
struct Mask {
  bool is_valid = true;
  uint16_t value = 0;
};
}  // namespace

static constexpr StatName kStatNames[] = {
    {"ST_MODE", 0x0},      {"S_IFDOOR", 0x0},     {"S_IFPORT", 0x0},     {"ST_INO", 0x1},       {"S_IXOTH", 0x1},
    {"UF_NODUMP", 0x1},    {"ST_DEV", 0x2},       {"S_IWOTH", 0x2},      {"UF_IMMUTABLE", 0x2}, {"ST_NLINK", 0x3},
    {"ST_UID", 0x4},       {"S_IROTH", 0x4},      {"UF_APPEND", 0x4},    {"ST_GID", 0x5},       {"ST_SIZE", 0x6},
    {"ST_ATIME", 0x7},     {"S_IRWXO", 0x7},      {"ST_MTIME", 0x8},     {"S_IXGRP", 0x8},      {"UF_OPAQUE", 0x8},
    {"ST_CTIME", 0x9},     {"S_IWGRP", 0x10},     {"UF_NOUNLINK", 0x10}, {"S_IRGRP", 0x20},     {"UF_COMPRESSED", 0x20},
    {"S_IRWXG", 0x38},     {"S_IEXEC", 0x40},     {"S_IXUSR", 0x40},     {"S_IWRITE", 0x80},    {"S_IWUSR", 0x80},
    {"S_IREAD", 0x100},    {"S_IRUSR", 0x100},    {"S_IRWXU", 0x1c0},    {"S_ISVTX", 0x200},    {"S_ISGID", 0x400},
    {"S_ENFMT", 0x400},    {"S_ISUID", 0x800},    {"S_IFIFO", 0x1000},   {"S_IFCHR", 0x2000},   {"S_IFDIR", 0x4000},
    {"S_IFBLK", 0x6000},   {"S_IFREG", 0x8000},   {"S_IFLNK", 0xa000},   {"S_IFSOCK", 0xc000},  {"S_IFWHT", 0xe000},
};

static Mask maskOf(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  if (isConstant(ast, expr, syntax::ConstantKind::kInt)) {
    auto value = intValue(ast, expr);
    if (!value || *value < 0 || *value > 07777) return {false};
    return {true, static_cast<uint16_t>(*value)};
  }
  if (ast.is(expr, NodeKind::kAttribute)) {
    std::string name = qualifiedName(context, expr);
    for (const StatName& entry : kStatNames) {
      if (name.starts_with("stat.") && std::string_view(name).substr(5) == entry.name) return {true, entry.value};
    }
    return {true, 0};
  }
  auto operation = ast.tryAs<syntax::BinOp>(expr);
  if (!operation) return {};
  Mask left = maskOf(context, operation->left());
  if (!left.is_valid) return left;
  Mask right = maskOf(context, operation->right());
  if (!right.is_valid) return right;
  switch (operation->op()) {
    case syntax::BinaryOp::kBitOr: return {true, static_cast<uint16_t>(left.value | right.value)};
    case syntax::BinaryOp::kBitAnd: return {true, static_cast<uint16_t>(left.value & right.value)};
    case syntax::BinaryOp::kBitXor: return {true, static_cast<uint16_t>(left.value ^ right.value)};
    default: return {};
  }
}

static std::string octalText(uint16_t value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + value % 8));
    value /= 8;
  } while (value > 0);
  return "0o" + digits;
}

void checkFilePermissions(LintContext& context, NodeId node) {
  if (calleeName(context, node) != "os.chmod") return;
  NodeId mode = argumentOf(context.ast, node, "mode", 1);
  if (!mode.valid()) return;
  constexpr uint16_t kWriteOthers = 2, kRunGroup = 8, kRunOthers = 1, kWriteGroup = 16;
  uint16_t forbidden = kWriteOthers | kRunGroup | (context.options.preview ? kRunOthers | kWriteGroup : 0);
  Mask mask = maskOf(context, mode);
  if (!mask.is_valid) context.sink.begin("S103Invalid"_rule, context.ast.range(mode));
  if (mask.is_valid && (mask.value & forbidden) != 0) {
    context.sink.begin("S103"_rule, context.ast.range(mode), {octalText(mask.value)});
  }
}

void checkBindAll(LintContext& context, NodeId node) {
  auto text = syntax::stringValue(context.ast, node);
  if (!text || text->find("0.0.0.0") == std::string_view::npos) return;
  for (const TextPiece& piece : textPieces(context, node)) {
    if (piece.value == "0.0.0.0") context.sink.begin("S104"_rule, piece.range);
  }
}

}  // namespace krait::lint
