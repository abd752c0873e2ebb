#ifndef REEVE_AGENT_CLI_TOP_TOP_FRAME_H_
#define REEVE_AGENT_CLI_TOP_TOP_FRAME_H_

#include <cstddef>
#include <vector>

#include "agent/cli/top/styled_line.h"
#include "agent/cli/top/top_rows.h"
#include "agent/cli/top/top_sample.h"
#include "agent/cli/top/top_state.h"
#include "agent/cli/top/top_view.h"

namespace reeve {

// How many tasks fit on the screen.
size_t PageOf(const TopView& view);

// The whole screen: as many lines as the view has, cut to its width when they
// are rendered. `rows` are RowsOf() the sample.
std::vector<StyledLine> DrawTop(const TopSample& sample,
                                const std::vector<TopRow>& rows,
                                const TopState& state, const TopView& view);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_FRAME_H_
