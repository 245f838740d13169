import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { addToken, listTokens, type Role, revokeToken } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { useAnnounce } from "@/lib/announce";

export const tokensQuery = () =>
  queryOptions({
    queryKey: ["tokens"],
    queryFn: ({ signal }) => unwrap(listTokens({ signal })),
  });

export function useAddToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; role: Role }) => unwrap(addToken({ body })),
    // The answer holds the token itself: it goes with the dialog.
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: ["tokens"] }),
  });
}

export function useRevokeToken() {
  const client = useQueryClient();
  const { say } = useAnnounce();
  return useMutation({
    mutationFn: (name: string) => unwrap(revokeToken({ path: { name } })),
    onSuccess: (_, name) => say(`Token ${name} is revoked, and every login with it.`),
    onError: (error) => say(toProblem(error).message, { tone: "fail" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["tokens"] }),
  });
}
