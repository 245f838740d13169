import { QueryClientProvider } from "@tanstack/react-query";
import { type RouterHistory, RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { makeQueryClient } from "@/api/client";
import { AnnounceProvider } from "@/lib/announce";
import { StartRunProvider, useStartRun } from "@/lib/start-run";
import { ZoneProvider } from "@/lib/time";
import { makeRouter } from "@/router";

const StartRunDialog = lazy(() =>
  import("@/features/jobs/StartRunDialog").then((module) => ({ default: module.StartRunDialog })),
);

export function App({ history }: { history?: RouterHistory }) {
  const [client] = useState(makeQueryClient);
  const [router] = useState(() => makeRouter(history));
  return (
    <QueryClientProvider client={client}>
      <ZoneProvider>
        <AnnounceProvider>
          <StartRunProvider>
            <RouterProvider router={router} />
            <StartRun
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

/** The one start dialog; its code comes once the page is idle, so that it opens at once. */
function StartRun({ onStarted }: { onStarted: (id: string) => void }) {
  const { asked, close } = useStartRun();
  useEffect(() => {
    const timer = setTimeout(() => void import("@/features/jobs/StartRunDialog"), 1500);
    return () => clearTimeout(timer);
  }, []);
  if (asked === null) return null;
  return (
    <Suspense>
      <StartRunDialog tables={asked} onClose={close} onStarted={onStarted} />
    </Suspense>
  );
}
