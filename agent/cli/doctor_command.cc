#include <string>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/doctor/examination.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/finding_text.h"

namespace reeve {
namespace {

Finding CheckAgent(const AgentAddress& address) {
  const absl::Status found = AgentClient::Connect(address).status();
  if (found.ok()) {
    return {"agent", Verdict::kOk, absl::StrCat("listens on ", address.socket),
            ""};
  }
  return {"agent", Verdict::kWarn, std::string(found.message()), ""};
}

}  // namespace

int DoctorCommand(const CommandArgs& args, const CliEnvironment& env) {
  ExaminationOptions options;
  std::string socket;
  bool json = false;
  FlagSet flags(
      "doctor",
      "Shows what this host can enforce and measure, and why not, for "
      "an agent that is started as this command is. Exits with 125 if "
      "tasks cannot be contained.");
  AddJsonFlag(&flags, &json);
  AddSocketFlag(&flags, &socket);
  flags.AddText("--state-dir", "DIR", "The agent's state [that of the agent]",
                &options.state_dir);
  flags.AddText("--cgroup-parent", "PATH",
                "Cgroup that is to hold those of the tasks [that of the agent]",
                &options.cgroup_parent);
  flags.AddText("--shim", "PATH", "reeve-shim [beside this program]",
                &options.shim_path);
  flags.AddText("--path.procfs", "DIR", "Where procfs is mounted [/proc]",
                &options.procfs);
  flags.AddExample("reeve doctor");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  const absl::Status chosen = ChooseStateDir(env, &options.state_dir);
  Findings findings = ExamineHost(options);
  if (!chosen.ok()) {
    findings.findings.push_back(
        {"state directory", Verdict::kFail, std::string(chosen.message()), ""});
  }
  findings.findings.push_back(CheckAgent(FindAgentAddress(socket, env)));
  *env.out << (json ? FindingsJson(findings) : FindingsText(findings));
  const bool failed = absl::c_any_of(
      findings.findings,
      [](const Finding& finding) { return finding.verdict == Verdict::kFail; });
  return failed ? kExitFailed : kExitSuccess;
}

}  // namespace reeve
