import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { unwrap } from "@/api/client";
import { type Action, pauseRuns, type RetryOffer, resumeRuns } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { cancelRun, refreshIndex, retryRun, startRun } from "@/api/queries";
import { useAnnounce } from "@/lib/announce";
import { plural, shortId } from "@/lib/format";
import { actionWord } from "@/lib/vocabulary";

/** Start, retry, cancel: each says what came of it and lets every list look again. */

export const newRequestId = () =>
  crypto.randomUUID?.() ?? `r${Date.now()}-${Math.random().toString(36).slice(2)}`;

function useRunAction<Variables, Answer>(
  act: (variables: Variables) => Promise<Answer>,
  words: (answer: Answer, variables: Variables) => string,
) {
  const client = useQueryClient();
  const { say } = useAnnounce();
  return useMutation({
    mutationFn: act,
    onSuccess: (answer, variables) => say(words(answer, variables)),
    onError: (error) => {
      const problem = toProblem(error);
      say(`${problem.message} ${problem.hint}`.trim(), { tone: "fail" });
    },
    onSettled: () =>
      Promise.all(
        ["dashboard", "jobs", "job", "tables", "connections"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}

export const useRetryRun = () =>
  useRunAction(
    retryRun,
    (answer) => `Retrying the failed tables of run ${shortId(answer.run_id)}.`,
  );

/** Everything that failed, each connection's tables in one run. */
export const useRetryFailed = () =>
  useRunAction(
    (offers: readonly RetryOffer[]) => Promise.all(offers.map(retryOffer)),
    (_, offers) =>
      `Retrying ${plural(
        offers.reduce((sum, offer) => sum + offer.tables.length, 0),
        "failed table",
      )}.`,
  );

const retryOffer = ({ run_id, connection, tables }: RetryOffer) =>
  run_id
    ? retryRun(run_id)
    : startRun({ config: { connection, table_names: tables }, request_id: newRequestId() });

/** Ask the server for a fresh look at manifest and target. */
export function useLookAgain() {
  const client = useQueryClient();
  const { say } = useAnnounce();
  return useMutation({
    mutationFn: refreshIndex,
    onSuccess: () => say("Looking at manifest and target again."),
    onError: (error) => say(toProblem(error).message, { tone: "fail" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["dashboard"] }),
  });
}

export const useCancelRun = () =>
  useRunAction(cancelRun, () => "Cancellation requested. The run stops at the next folder.");

/** Let no run of connections begin until somebody resumes them. */
export const usePauseRuns = () =>
  useRunAction(
    (names: readonly string[]) =>
      Promise.all(names.map((name) => unwrap(pauseRuns({ path: { name } })))),
    (_, names) => `Runs of ${names.join(", ")} are paused.`,
  );

export const useResumeRuns = () =>
  useRunAction(
    (name: string) => unwrap(resumeRuns({ path: { name } })),
    (_, name) => `Runs of ${name} begin again.`,
  );

/** A run of a few tables of a connection, from the button beside them. */
export const useRunTables = () =>
  useRunAction(
    ({ connection, tables }: { connection: string; tables: readonly string[] }) =>
      startRun({ config: { connection, table_names: [...tables] }, request_id: newRequestId() }),
    (answer, { tables }) =>
      `Run ${shortId(answer.run_id)} of ${plural(tables.length, "table")} started.`,
  );

interface ChoiceToMake {
  table: { name: string; connection: string };
  action: Action;
  since: number | null;
  files: readonly string[] | null;
  requestId: string;
}

const startChoice = ({ table, action, since, files, requestId }: ChoiceToMake) =>
  startRun({
    config: {
      connection: table.connection,
      table_names: [exactly(table.name)],
      action,
      ...(since === null ? {} : { since }),
      ...(files === null ? {} : { files: [...files] }),
    },
    request_id: requestId,
  });

/** A table's name may look like a glob. */
const exactly = (name: string) => name.replace(/[*?[]/g, "[$&]");

/** What a person chose for one table. */
export const useStartChoice = () =>
  useRunAction(
    startChoice,
    (answer, { table, action }) =>
      `${actionWord(action)} of ${table.name} started, run ${shortId(answer.run_id)}.`,
  );

/** A verification of one table; the reader is led to its run. */
export function useVerify() {
  const start = useStartChoice();
  const navigate = useNavigate();
  return {
    isPending: start.isPending,
    mutate: ({ name, connection }: ChoiceToMake["table"]) =>
      start.mutate(
        {
          table: { name, connection },
          action: "verify",
          since: null,
          files: null,
          requestId: newRequestId(),
        },
        {
          onSuccess: ({ run_id: runId }) =>
            void navigate({ to: "/runs/$runId", params: { runId } }),
        },
      ),
  };
}
