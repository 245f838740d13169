import type { QueryClient, QueryKey, UseQueryOptions } from "@tanstack/react-query";
import type { RouterHistory } from "@tanstack/react-router";
import { makeQueryClient } from "@/api/client";
import type { Address } from "@/lib/addresses";
import { makeRouter, PAGES } from "@/router";

/** What the page is made of: where one is, and what the server said. */
export interface Begun {
  client: QueryClient;
  router: ReturnType<typeof makeRouter>;
}

export const begin = (history?: RouterHistory): Begun => ({
  client: makeQueryClient(),
  router: makeRouter(history),
});

// biome-ignore lint/suspicious/noExplicitAny: each page has its own answer
type Question = UseQueryOptions<any, Error, any, QueryKey>;

/** A page's module; one that says what it asks first is drawn with the answer at once. */
interface Part {
  first?: (address: Address) => Question;
}

/** An answer that was sent with the page is there by then; any other is waited for on the page. */
const PATIENCE_MS = 100;

/**
 * The part of the first address and the answer to its first question. Drawn before they are there, a
 * page is drawn three times: empty, grey and right, and a slow machine feels each.
 */
export async function firstAnswer({ client, router }: Begun): Promise<void> {
  await router.load();
  const match = router.state.matches.at(-1);
  const page = match?.staticData.page;
  if (!match || !page) return;
  const part = (await PAGES[page]()) as Part;
  const question = part.first?.({ params: match.params, search: match.search });
  if (question) await atMost(PATIENCE_MS, client.prefetchQuery(question));
}

const atMost = (ms: number, work: Promise<unknown>) =>
  Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))]);
