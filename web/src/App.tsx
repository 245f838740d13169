import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type RouterHistory, RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { makeQueryClient } from "@/api/client";
import { followChanges } from "@/api/live";
import { session } from "@/api/session";
import { checkUpgrade } from "@/api/upgrade";
import { AnnounceProvider } from "@/lib/announce";
import { chosenIn } from "@/lib/chosen";
import { StartRunProvider, useStartRun } from "@/lib/start-run";
import { ZoneProvider } from "@/lib/time";
import { makeRouter, PAGES } from "@/router";

const StartRunDialog = lazy(() =>
  import("@/features/jobs/StartRunDialog").then((module) => ({ default: module.StartRunDialog })),
);

export function App({ history }: { history?: RouterHistory }) {
  const [client] = useState(makeQueryClient);
  const [router] = useState(() => makeRouter(history));
  useEffect(() => fetchTheRest(client), [client]);
  useEffect(() => followChanges(client, checkUpgrade), [client]);
  useEffect(() => session.onNeeded(() => toLogin(router)), [router]);
  return (
    <QueryClientProvider client={client}>
      <ZoneProvider>
        <AnnounceProvider>
          <StartRunProvider>
            <RouterProvider router={router} />
            <StartRun
              chosen={() => chosenIn(router.state.location.search)}
              onStarted={(id) =>
                void router.navigate({ to: "/runs/$runId", params: { runId: id } })
              }
            />
          </StartRunProvider>
        </AnnounceProvider>
      </ZoneProvider>
    </QueryClientProvider>
  );
}

/** Once the first page stands, bring the others: they open at once, also while the server is away. */
function fetchTheRest(client: QueryClient) {
  const parts = [...Object.values(PAGES), () => import("@/features/jobs/StartRunDialog")];
  const timer = setInterval(() => {
    // On a slow line they would come before what the reader waits for.
    if (client.isFetching() > 0) return;
    clearInterval(timer);
    for (const part of parts) part().catch(() => undefined);
  }, 1500);
  return () => clearInterval(timer);
}

/** The one start dialog. */
function StartRun({
  chosen,
  onStarted,
}: {
  /** The connection of the page one is on: meant where none is wished for. */
  chosen: () => string | undefined;
  onStarted: (id: string) => void;
}) {
  const { asked, close } = useStartRun();
  if (asked === null) return null;
  const wish = { ...asked, connection: asked.connection ?? chosen() ?? null };
  return (
    <Suspense>
      <StartRunDialog asked={wish} onClose={close} onStarted={onStarted} />
    </Suspense>
  );
}

/** To the login, and from there back to where one was. */
function toLogin(router: ReturnType<typeof makeRouter>) {
  const { pathname, href } = router.state.location;
  if (pathname !== "/login") void router.navigate({ to: "/login", search: { to: href } });
}
