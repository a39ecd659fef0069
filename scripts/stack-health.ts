import { httpAnswers } from "../stack/probes.ts";

/** Exit code 0 when the process at the given port of this machine is ready, else 1. For containers. */
const port = Number(process.argv[2]);
process.exitCode = (await httpAnswers(port, "/health/ready").catch(() => false)) ? 0 : 1;
