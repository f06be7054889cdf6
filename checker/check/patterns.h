// Patterns of match statements: what each makes of its subject's type, and which names it captures. Follows the rules
// of mypy's checkpattern.py.
#pragma once

#include "checker/check/check.h"

namespace krait::check {

// A name and the type that it gets where the pattern matches. `node` is the identifier in the pattern.
struct Capture {
  NodeId node;
  NameId name;
  TypeId type;
};
using Captures = std::vector<Capture>;

// The type of the subject where the pattern matches (Never: it cannot), what is left where it does not, and the names.
struct PatternResult {
  TypeId matched, rest;
  Captures captures;
};

PatternResult inferPattern(Checker& c, NodeId pattern, TypeId subject);
PatternResult inferSequencePattern(Checker& c, NodeId pattern, TypeId subject);
PatternResult inferMappingPattern(Checker& c, NodeId pattern, TypeId subject);
PatternResult inferClassPattern(Checker& c, NodeId pattern, TypeId subject);
// The pattern inferred for each item of a union subject, and what comes of all.
using PatternFunction = PatternResult (*)(Checker&, NodeId pattern, TypeId subject);
PatternResult inferForEach(Checker& c, NodeId pattern, TypeId union_type, PatternFunction infer);
// Adds `more` to `captures`; a name that is there already is reported.
void addCaptures(Checker& c, Captures& captures, Captures more);
inline bool isNever(World& w, TypeId type) { return w.types.is(proper(w, type), TypeKind::kNever); }
// The parts of `type` that are of the type `wanted`, and the others.
Narrowed splitByPattern(Checker& c, TypeId type, TypeId wanted, NodeId pattern);

}  // namespace krait::check
