// What a class inherits from, as far as its own file tells: bases by their qualified names, through classes of the same
// file.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Where the names of bases are looked up.
enum class BasesFrom : uint8_t { kPlace, kModule };
// The bases as written, without keywords; and those of bases that this file defines. A class is visited once.
std::vector<NodeId> allBases(const LintContext& context, NodeId cls, BasesFrom from = BasesFrom::kPlace);
// Is one of the bases (through subscripts, as in `Generic[T]`) called so?
bool hasBase(const LintContext& context, NodeId cls, std::initializer_list<std::string_view> names);
enum class IsMetaclass : uint8_t { kNo, kYes, kMaybe };
// Judged as flake8's and ruff's rules for names judge it: with the module's classes, even in a function that has others.
IsMetaclass isMetaclass(const LintContext& context, NodeId cls);
// Does the class derive from enum.Enum or one of its subclasses?
bool isEnum(const LintContext& context, NodeId cls);

}  // namespace krait::lint
