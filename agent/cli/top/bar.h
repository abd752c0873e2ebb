#ifndef REEVE_AGENT_CLI_TOP_BAR_H_
#define REEVE_AGENT_CLI_TOP_BAR_H_

#include <cstddef>

#include "agent/cli/top/styled_line.h"

namespace reeve {

// A share of 0 to 1 as a bar of `width` columns, in steps of half a column
// where there is more than ASCII. More than nothing shows, and only a whole
// share is a whole bar.
StyledLine Bar(double share, size_t width, TextStyle style, bool unicode);

// How a share of a limit, 0 to 1, is to be taken: a warning from 0.75 on, bad
// from 0.9 on.
TextStyle StyleOfShare(double share);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_BAR_H_
