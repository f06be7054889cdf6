// Catch2 for the unit tests. Include it last: its CHECK takes the place of the project's.
#pragma once

#undef CHECK
#include <catch2/catch.hpp>
