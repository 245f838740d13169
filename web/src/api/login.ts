import { useMutation, useQueryClient } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { logIn, logOut } from "@/api/generated";
import { session } from "@/api/session";

/** Begin a session. Nothing that was asked before counts any more. */
export function useLogin(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => unwrap(logIn({ body: { token } })),
    onSuccess: () => {
      client.clear();
      onDone();
    },
  });
}

export function useLogout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(logOut()),
    onSuccess: () => {
      session.needed();
      client.clear();
    },
  });
}
