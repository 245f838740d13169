import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { cleanUpRuns, getSystem, getSystemLog } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { pollEvery } from "@/api/queries";
import { useAnnounce } from "@/lib/announce";
import { plural } from "@/lib/format";

const PACE_MS = 5000;

export const systemQuery = () =>
  queryOptions({
    queryKey: ["system"],
    queryFn: ({ signal }) => unwrap(getSystem({ signal })),
    refetchInterval: () => pollEvery(PACE_MS),
  });

export const systemLogQuery = () =>
  queryOptions({
    queryKey: ["system-log"],
    queryFn: ({ signal }) => unwrap(getSystemLog({ signal })),
    refetchInterval: (query) => (query.state.error ? false : pollEvery(PACE_MS)),
    retry: false,
  });

/** Forget the runs that the settings no longer keep. */
export function useCleanUp() {
  const { say } = useAnnounce();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(cleanUpRuns({})),
    onSuccess: ({ removed }) => say(`${plural(removed.length, "run")} forgotten.`),
    onError: (error) => {
      const problem = toProblem(error);
      say(`${problem.message} ${problem.hint}`.trim(), { tone: "fail" });
    },
    onSettled: () => client.invalidateQueries(),
  });
}
