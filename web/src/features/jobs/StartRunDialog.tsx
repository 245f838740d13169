import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useRef, useState } from "react";
import { newRequestId } from "@/api/actions";
import type { ConnectionStatus, Dashboard } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { dashboardQuery, tableNamesQuery } from "@/api/queries";
import { ActionButton } from "@/components/ActionButton";
import { Problem } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { plural } from "@/lib/format";
import { matching } from "@/lib/glob";
import { useDebounced } from "@/lib/hooks";
import type { Wish } from "@/lib/start-run";
import { GlobField } from "./GlobField";
import { PreflightList } from "./PreflightList";
import { configOf, preflightQuery, startWished } from "./queries";
import { type RunOptions, StartOptions } from "./StartOptions";
import { StartSummary } from "./StartSummary";

/** Two clicks start a run of all tables; nothing has to be typed, least of all a secret. */
export function StartRunDialog({
  asked,
  onClose,
  onStarted,
}: {
  asked: Wish;
  onClose: () => void;
  onStarted: (runId: string) => void;
}) {
  const dashboard = useQuery(dashboardQuery()).data;
  const [wished, setConnection] = useState(asked.connection);
  const [include, setInclude] = useState(asked.include);
  const [exclude, setExclude] = useState(asked.exclude);
  const [options, setOptions] = useState<RunOptions>(asked);
  const place = pick(dashboard, wished);
  const connection = place?.name ?? wished;
  // Until the connections are known it is not known either whose tables are to be counted.
  const names = useQuery({ ...tableNamesQuery(connection), enabled: dashboard !== undefined });
  const startButton = useRef<HTMLButtonElement>(null);
  // The same wish sent twice (a double click, a lost answer) is one run.
  const [requestId] = useState(newRequestId);
  const start = useStart(onClose, onStarted);
  const chosen = names.data ? matching(names.data, include, exclude) : null;
  const isAll = include.length === 0 && exclude.length === 0;
  const none = chosen?.length === 0 && !isAll;
  // Where no connection is set up at all, the server's own refusal says how to.
  const nowhere = dashboard !== undefined && dashboard.connections.length > 0 && !place;
  const policy = options.schemaChange ?? place?.schema_change;
  const missing = nowhere
    ? "Choose a connection"
    : policy === "replace" && !options.confirmReplace
      ? "Confirm replace first"
      : null;
  const isReady = !none && missing === null;
  const wish: Wish = { ...options, connection, include, exclude };
  const settled = useDebounced(JSON.stringify(configOf(wish)), 400);
  const preflight = useQuery({
    ...preflightQuery(JSON.parse(settled)),
    enabled: place !== undefined && !none,
  });
  const submit = () => {
    if (isReady && !start.isPending) start.mutate({ ...wish, requestId });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Start a run"
      description={`Brings the chosen tables up to the manifest. ${policy === "replace" ? "Older rows may leave their current version." : "Nothing is deleted."}`}
      className="max-w-[920px]"
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        startButton.current?.focus();
      }}
      footer={
        <>
          <span className="flex items-center gap-1 text-ink-2 text-sm max-s:hidden">
            <Kbd>Ctrl</Kbd>
            <Kbd>Enter</Kbd> starts
          </span>
          <Button className="ml-auto" onClick={onClose}>
            Close
          </Button>
          <ActionButton
            ref={startButton}
            variant="primary"
            className="max-s:flex-1"
            disabled={!isReady || start.isPending}
            onClick={submit}
          >
            <Play aria-hidden /> {missing ?? startWords(chosen, isAll, start.isPending)}
            {preflight.data?.can_start === false && !missing && !start.isPending && " anyway"}
          </ActionButton>
        </>
      }
    >
      <form
        className="grid m:grid-cols-[minmax(0,1fr)_348px]"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
        }}
      >
        <div className="grid content-start gap-4 px-6 py-5 max-s:p-4">
          <ConnectionField
            all={dashboard?.connections ?? []}
            chosen={place}
            missing={nowhere ? wished : null}
            onChange={(next) => {
              setConnection(next);
              setOptions({ ...options, confirmReplace: false });
            }}
          />
          <GlobField label="Tables" hint="all, when empty" globs={include} onChange={setInclude} />
          <GlobField label="Except" hint="" globs={exclude} onChange={setExclude} />
          <StartOptions options={options} usual={place?.schema_change} onChange={setOptions} />
        </div>
        <div className="border-line bg-sunken px-6 py-5 max-m:border-t max-s:p-4 m:border-l">
          <StartSummary
            chosen={chosen}
            total={names.data?.length ?? null}
            namesError={names.error}
            isAll={isAll}
            pending={preflight.data?.pending ?? null}
            usual={preflight.data?.usual ?? null}
          />
          {place && !none && <PreflightList query={preflight} />}
        </div>
        {start.error && (
          <div className="border-line border-t m:col-span-2">
            <Problem problem={toProblem(start.error)} onRetry={submit} />
          </div>
        )}
      </form>
    </Dialog>
  );
}

function startWords(chosen: readonly string[] | null, isAll: boolean, pending: boolean): string {
  if (pending) return "Starting…";
  if (!chosen || (isAll && chosen.length === 0)) return "Start run of all tables";
  if (chosen.length === 0) return "No table matches";
  const all = isAll && chosen.length > 1 ? "all " : "";
  return `Start run of ${all}${plural(chosen.length, "table")}`;
}

function useStart(onClose: () => void, onStarted: (runId: string) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: startWished,
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: ["dashboard"] });
      void client.invalidateQueries({ queryKey: ["jobs"] });
      onClose();
      onStarted(answer.run_id);
    },
  });
}

/** The connection wished for; without a wish the one the server would take, or the first. */
function pick(dashboard: Dashboard | undefined, name: string | null): ConnectionStatus | undefined {
  const all = dashboard?.connections ?? [];
  if (name !== null) return all.find((each) => each.name === name);
  return all.find((each) => each.name === "default") ?? all[0];
}

function ConnectionField({
  all,
  chosen,
  missing,
  onChange,
}: {
  all: readonly ConnectionStatus[];
  chosen: ConnectionStatus | undefined;
  /** The connection wished for that is not there. */
  missing: string | null;
  onChange: (name: string) => void;
}) {
  return (
    <div className="grid gap-1.5">
      <label htmlFor="connection" className="font-[550] text-md">
        Connection
      </label>
      <select
        id="connection"
        value={chosen?.name ?? ""}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 rounded-m border border-control bg-surface px-2.5 text-md max-s:h-10"
      >
        {!chosen && (
          <option value="" disabled>
            {all.length ? "choose one" : "none"}
          </option>
        )}
        {all.map((each) => (
          <option key={each.name} value={each.name}>
            {each.name}
          </option>
        ))}
      </select>
      {chosen && (
        <p className="text-ink-2 text-sm">Credential: {chosen.credential}, nothing to type</p>
      )}
      {missing !== null && (
        <p role="status" className="text-sm text-warn">
          The server has no connection named {missing}.
        </p>
      )}
    </div>
  );
}

function Kbd({ children }: { children: string }) {
  return (
    <kbd className="rounded-s border border-line-2 bg-surface px-1.5 font-medium font-sans text-axis leading-4">
      {children}
    </kbd>
  );
}
