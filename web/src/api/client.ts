import { QueryClient } from "@tanstack/react-query";
import { liveness } from "@/api/liveness";
import { isProblem, toProblem } from "@/api/problem";
import { session } from "@/api/session";

type Answer<T> = Promise<{ data?: T | undefined; error?: unknown; response?: Response }>;

/** Wait for a call of the generated client; its data, or an ApiProblem thrown. */
export async function unwrap<T>(call: Answer<T>): Promise<NonNullable<T>> {
  return (await received(call)).data;
}

/** The same for a page of a longer list, with how many there are in all. */
export async function unwrapPage<T>(call: Answer<T[]>): Promise<{ items: T[]; total: number }> {
  const { data: items, response } = await received(call);
  const total = Number(response.headers.get("x-total-count") ?? Number.NaN);
  return { items, total: Number.isInteger(total) ? total : items.length };
}

async function received<T>(call: Answer<T>): Promise<{ data: NonNullable<T>; response: Response }> {
  const began = performance.now();
  const { data, error, response } = await call.catch((thrown: unknown) => {
    if (thrown instanceof DOMException && thrown.name === "AbortError") throw thrown;
    return { data: undefined, error: undefined, response: undefined };
  });
  if (response === undefined || (isGateway(response.status) && !isProblem(error))) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    liveness.silent();
    throw toProblem(undefined);
  }
  if (isProblem(error) && error.code === "LOGIN_REQUIRED") session.needed();
  liveness.answered(performance.now() - began);
  if (data == null || !response.ok) throw toProblem(error, response);
  return { data, response };
}

/** A proxy in front of us that does not reach the server; our own answers say what is wrong. */
const isGateway = (status: number) => status === 502 || status === 503 || status === 504;

export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 1000,
        gcTime: 300_000,
        // Every panel is asked again at its own pace and after silence; an error is told at once.
        retry: false,
        refetchOnWindowFocus: true,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  liveness.onRecovery(() => void client.invalidateQueries());
  return client;
}
